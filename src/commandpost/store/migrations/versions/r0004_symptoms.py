"""What gates and check-ins say of symptoms; passes with one are among the unusual ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from commandpost.store.tables import index

revision = "0004"
down_revision = "0003"

_UNUSUAL = "(verdict NOT IN ('', 'ADMITTED') OR temperature >= 37.0 OR symptoms <> '')"


def upgrade() -> None:
    for name in ("gate_pass", "check_in"):
        op.add_column(name, sa.Column("symptoms", sa.Text(), nullable=False, server_default=""))
    op.drop_index("ix_gate_pass_notable", "gate_pass")
    index(
        "ix_gate_pass_notable",
        "gate_pass",
        ["event_at", "verdict", "temperature"],
        f"known_until IS NULL AND {_UNUSUAL}",
    )
