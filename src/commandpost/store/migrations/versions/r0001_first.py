"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commandpost.store.tables import BIG, index, versions

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "drop",
        sa.Column("id", BIG, primary_key=True, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("delimiter", sa.Text(), nullable=False),
        sa.Column("settings_sha", sa.Text(), nullable=False),
        sa.Column("lines_done", BIG, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("superseding", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("outdated", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
    )
    index("ix_drop_path", "drop", ["path"])
    index("ix_drop_received_at", "drop", ["received_at"])
    index("ix_drop_sha256", "drop", ["sha256"])
    index("ix_drop_size", "drop", ["size"])
    op.create_table(
        "extent",
        sa.Column("tick", BIG, primary_key=True, nullable=False),
        sa.Column("table_name", sa.Text(), primary_key=True, nullable=False),
        sa.Column("first", BIG, nullable=False),
        sa.Column("last", BIG, nullable=False),
    )
    op.create_table(
        "gate_day",
        sa.Column("day", BIG, primary_key=True, nullable=False),
        sa.Column("gate", sa.Text(), primary_key=True, nullable=False),
        sa.Column("direction", sa.Text(), primary_key=True, nullable=False),
        sa.Column("verdict", sa.Text(), primary_key=True, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    versions(
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
    index(
        "ix_gate_pass_notable",
        "gate_pass",
        ["event_at", "verdict", "temperature"],
        "known_until IS NULL AND (verdict NOT IN ('', 'ADMITTED') OR temperature >= 37.0)",
    )
    op.create_table(
        "gate_quarter",
        sa.Column("quarter", BIG, primary_key=True, nullable=False),
        sa.Column("gate", sa.Text(), primary_key=True, nullable=False),
        sa.Column("direction", sa.Text(), primary_key=True, nullable=False),
        sa.Column("verdict", sa.Text(), primary_key=True, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    versions(
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
    versions(
        "household",
        ["address"],
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer()),
        sa.Column("present", sa.Integer()),
        sa.Column("owner", sa.Text(), nullable=False),
    )
    versions(
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
        sa.Column("id", BIG, primary_key=True, nullable=False),
        sa.Column("drop_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("warning", sa.Boolean(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
    )
    index("ix_reject_drop", "reject", ["drop_id", "line"])
    index("ix_reject_sha256", "reject", ["sha256"])
    op.create_table(
        "repeat",
        sa.Column("id", BIG, primary_key=True, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("tick", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("record", BIG, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("said_at", BIG),
    )
    index("ix_repeat_record", "repeat", ["table_name", "record"])
    index("ix_repeat_source", "repeat", ["source_id", "record"])
    op.create_table(
        "scope",
        sa.Column("id", BIG, primary_key=True, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
    )
    index("ix_scope_of", "scope", ["table_name", "of"])
    index("ix_scope_source", "scope", ["source_id"])
    versions(
        "shift",
        ["event_at", "post", "name"],
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ends_at", BIG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
    )
    op.create_table(
        "source",
        sa.Column("id", BIG, primary_key=True, nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("said_at", BIG, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes", BIG),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    versions(
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
    versions(
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
        sa.Column("n", BIG, primary_key=True, nullable=False),
        sa.Column("committed_at", BIG, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
    )
    index("ix_tick_committed_at", "tick", ["committed_at"])
    index("ix_tick_source_id", "tick", ["source_id"])
