"""Every kind of drop. Apart from the desks: the readers of sheets would cost the board a tenth of its start."""

from __future__ import annotations

from commandpost.contract.kind import Kind
from commandpost.desks.duty.drops import CHECK_INS, ROSTERS
from commandpost.desks.gate.drops import GATE_PASSES, GATE_TALLIES
from commandpost.desks.health.drops import HEALTH_REPORTS
from commandpost.desks.isolation.drops import ISOLATIONS
from commandpost.desks.people.drops import CENSUS
from commandpost.desks.supply.drops import DONATIONS, STOCK_MOVEMENTS, SUPPLY_REQUESTS

KINDS: tuple[Kind, ...] = (
    GATE_PASSES,
    ISOLATIONS,
    HEALTH_REPORTS,
    ROSTERS,
    SUPPLY_REQUESTS,
    STOCK_MOVEMENTS,
    CENSUS,
    GATE_TALLIES,
    CHECK_INS,
    DONATIONS,
)
