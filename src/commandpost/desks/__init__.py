"""What the post knows. DESKS is the one list: adding a desk is a folder and one line here."""

from __future__ import annotations

from commandpost.contract.kind import Kind
from commandpost.desks.duty.drops import ROSTERS
from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.drops import GATE_PASSES
from commandpost.desks.gate.rollup import rollup as gate_rollup
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.drops import HEALTH_REPORTS
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.drops import ISOLATIONS
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.drops import CENSUS
from commandpost.desks.people.tables import Household
from commandpost.desks.supply.drops import STOCK_MOVEMENTS, SUPPLY_REQUESTS
from commandpost.desks.supply.tables import StockMovement, SupplyRequest
from commandpost.store.settle import Kept

KINDS: tuple[Kind, ...] = (
    GATE_PASSES,
    ISOLATIONS,
    HEALTH_REPORTS,
    ROSTERS,
    SUPPLY_REQUESTS,
    STOCK_MOVEMENTS,
    CENSUS,
)
"""Every kind of drop."""

KEPT: tuple[Kept, ...] = (
    Kept(GatePass, gate_rollup),
    Kept(Isolation),
    Kept(HealthReport),
    Kept(Shift),
    Kept(SupplyRequest),
    Kept(StockMovement),
    Kept(Household),
)
"""Every version table, with what is kept beside it."""

ROLLUPS = {str(kept.table.__tablename__): kept.rollup for kept in KEPT if kept.rollup is not None}
"""Table name → what counts its changes."""
