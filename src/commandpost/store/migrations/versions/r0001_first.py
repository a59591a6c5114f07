"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite gives ids by itself only to INTEGER primary keys.
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CURRENT = "known_until IS NULL"
_ENDED = "known_until IS NOT NULL"


def _index(name: str, table: str, columns: list[str], where: str = "", unique: bool = False) -> None:
    chosen: dict[str, Any] = (
        {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    )
    op.create_index(name, table, columns, unique=unique, **chosen)


def _versions(name: str, key: list[str], *columns: sa.Column) -> None:  # type: ignore[type-arg]
    op.create_table(
        name,
        sa.Column("id", _BIG, primary_key=True, nullable=False),
        sa.Column("entity", _BIG, nullable=False),
        sa.Column("event_at", _BIG, nullable=False),
        sa.Column("said_at", _BIG),
        sa.Column("known_from", _BIG, nullable=False),
        sa.Column("known_until", _BIG),
        sa.Column("source_id", _BIG, nullable=False),
        sa.Column("line", _BIG, nullable=False),
        sa.Column("claim", _BIG, nullable=False),
        *columns,
    )
    _index(f"uq_{name}_current", name, key, _CURRENT, unique=True)
    _index(f"ix_{name}_ended", name, key, _ENDED)


def upgrade() -> None:
    op.create_table(
        "drop",
        sa.Column("id", _BIG, primary_key=True, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("size", _BIG, nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("delimiter", sa.Text(), nullable=False),
        sa.Column("settings_sha", sa.Text(), nullable=False),
        sa.Column("lines_done", _BIG, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("received_at", _BIG, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("superseding", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("outdated", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
    )
    _index("ix_drop_received_at", "drop", ["received_at"])
    _index("ix_drop_sha256", "drop", ["sha256"])
    op.create_table(
        "extent",
        sa.Column("tick", _BIG, primary_key=True, nullable=False),
        sa.Column("table_name", sa.Text(), primary_key=True, nullable=False),
        sa.Column("first", _BIG, nullable=False),
        sa.Column("last", _BIG, nullable=False),
    )
    op.create_table(
        "gate_day",
        sa.Column("day", _BIG, primary_key=True, nullable=False),
        sa.Column("gate", sa.Text(), primary_key=True, nullable=False),
        sa.Column("direction", sa.Text(), primary_key=True, nullable=False),
        sa.Column("verdict", sa.Text(), primary_key=True, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    _versions(
        "gate_pass",
        ["event_at", "gate", "direction", "who", "nth"],
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("temperature", sa.Float()),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("trail", sa.Boolean()),
        sa.Column("permit", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
    )
    _index(
        "ix_gate_pass_notable",
        "gate_pass",
        ["event_at", "verdict", "temperature"],
        "known_until IS NULL AND (verdict NOT IN ('', 'ADMITTED') OR temperature >= 37.0)",
    )
    op.create_table(
        "gate_quarter",
        sa.Column("quarter", _BIG, primary_key=True, nullable=False),
        sa.Column("gate", sa.Text(), primary_key=True, nullable=False),
        sa.Column("direction", sa.Text(), primary_key=True, nullable=False),
        sa.Column("verdict", sa.Text(), primary_key=True, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    _versions(
        "health_report",
        ["event_at", "slot", "name", "room", "nth"],
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("temperature", sa.Float()),
        sa.Column("symptoms", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
    )
    _versions(
        "household",
        ["address"],
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer()),
        sa.Column("present", sa.Integer()),
        sa.Column("owner", sa.Text(), nullable=False),
    )
    _versions(
        "isolation",
        ["event_at", "mode", "person"],
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer()),
        sa.Column("due", sa.Date()),
        sa.Column("released", sa.Date()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
    )
    op.create_table(
        "reject",
        sa.Column("id", _BIG, primary_key=True, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False),
        sa.Column("line", _BIG, nullable=False),
        sa.Column("warning", sa.Boolean(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
    )
    _index("ix_reject_drop", "reject", ["drop_id", "line"])
    _index("ix_reject_sha256", "reject", ["sha256"])
    op.create_table(
        "repeat",
        sa.Column("id", _BIG, primary_key=True, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("source_id", _BIG, nullable=False),
        sa.Column("tick", _BIG, nullable=False),
        sa.Column("line", _BIG, nullable=False),
        sa.Column("record", _BIG, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("said_at", _BIG),
    )
    _index("ix_repeat_record", "repeat", ["table_name", "record"])
    _index("ix_repeat_source", "repeat", ["source_id", "record"])
    op.create_table(
        "scope",
        sa.Column("id", _BIG, primary_key=True, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("source_id", _BIG, nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
    )
    _index("ix_scope_of", "scope", ["table_name", "of"])
    _index("ix_scope_source", "scope", ["source_id"])
    _versions(
        "shift",
        ["event_at", "post", "name"],
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ends_at", _BIG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
    )
    op.create_table(
        "source",
        sa.Column("id", _BIG, primary_key=True, nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("said_at", _BIG, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes", _BIG),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    _versions(
        "stock_movement",
        ["event_at", "item", "reference", "nth"],
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Float()),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
    )
    _versions(
        "supply_request",
        ["reference"],
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Float()),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("deliver_to", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
    )
    op.create_table(
        "tick",
        sa.Column("n", _BIG, primary_key=True, nullable=False),
        sa.Column("committed_at", _BIG, nullable=False),
        sa.Column("source_id", _BIG, nullable=False),
    )
    _index("ix_tick_committed_at", "tick", ["committed_at"])
    _index("ix_tick_source_id", "tick", ["source_id"])
