"""Gate tallies, check-ins, donations; the sheets of a workbook; what a person answered a file that asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commandpost.store.tables import BIG, index, versions

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    versions(
        "gate_tally",
        ["event_at", "gate", "ends_at", "nth"],
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("ends_at", BIG, nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("came_in", sa.Integer()),
        sa.Column("went_out", sa.Integer()),
        sa.Column("approximate", sa.Boolean(), nullable=False),
    )
    versions(
        "check_in",
        ["event_at", "post", "name", "nth"],
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("left_at", BIG),
        sa.Column("temperature", sa.Float()),
        sa.Column("phone", sa.Text(), nullable=False),
    )
    versions(
        "donation",
        ["event_at", "donor", "item", "nth"],
        sa.Column("donor", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Float()),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
    )
    op.create_table(
        "answer",
        sa.Column("id", BIG, primary_key=True, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("known_from", BIG, nullable=False),
        sa.Column("known_until", BIG),
    )
    index("uq_answer_current", "answer", ["team", "header"], "known_until IS NULL", unique=True)
    op.add_column("reject", sa.Column("mended_by", BIG))
    for name in ("sheet", "header", "mapping"):
        op.add_column("drop", sa.Column(name, sa.Text(), nullable=False, server_default=""))
