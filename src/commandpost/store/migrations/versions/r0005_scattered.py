"""Runs of repeats whose versions follow one another and whose lines do not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("repeat", sa.Column("lines", sa.Text(), nullable=False, server_default=""))
