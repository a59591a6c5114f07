"""How drops stood at every tick. Of those that are there, how they stand now is all that is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commandpost.store.tables import BIG

revision = "0002"
down_revision = "0001"

_SAME = '"name", "team", "kind", "verdict", "why", "received_at", "rows", "accepted", "superseding", "duplicate", "rejected"'


def upgrade() -> None:
    op.create_table(
        "drop_then",
        sa.Column("drop_id", BIG, primary_key=True, nullable=False),
        sa.Column("known_from", BIG, primary_key=True, nullable=False),
        sa.Column("known_until", BIG),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "team", "kind", "verdict", "why")),
        sa.Column("received_at", BIG, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows", "accepted", "superseding", "duplicate", "rejected")
        ),
    )
    op.create_index("ix_drop_then_received_at", "drop_then", ["received_at"])
    op.execute(
        f"INSERT INTO drop_then (drop_id, known_from, {_SAME}) "
        f'SELECT id, began.n, {_SAME} FROM "drop" '
        'JOIN (SELECT source_id, min(n) AS n FROM tick GROUP BY source_id) AS began ON began.source_id = "drop".id'
    )
