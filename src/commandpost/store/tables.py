"""How migrations make tables: a version table with its columns and its two indexes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

# SQLite gives ids by itself only to INTEGER primary keys.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def index(name: str, table: str, columns: list[str], where: str = "", unique: bool = False) -> None:
    """An index; `where`: only of the rows for which that holds."""
    chosen: dict[str, Any] = (
        {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    )
    op.create_index(name, table, columns, unique=unique, **chosen)


def versions(name: str, key: list[str], *columns: sa.Column[Any]) -> None:
    """A version table (`records.Version`): `key` as in its KEY, `columns` besides those all have."""
    op.create_table(
        name,
        sa.Column("id", BIG, primary_key=True, nullable=False),
        sa.Column("entity", BIG, nullable=False),
        sa.Column("event_at", BIG, nullable=False),
        sa.Column("said_at", BIG),
        sa.Column("known_from", BIG, nullable=False),
        sa.Column("known_until", BIG),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("line", BIG, nullable=False),
        sa.Column("claim", BIG, nullable=False),
        *columns,
    )
    index(f"uq_{name}_current", name, key, "known_until IS NULL", unique=True)
    index(f"ix_{name}_ended", name, key, "known_until IS NOT NULL")
