"""What the post knows. DESKS is the one list: adding a desk is a folder and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from commandpost.desks.duty import browse as duty
from commandpost.desks.duty.picture import PostRow
from commandpost.desks.duty.tables import CheckIn, Shift
from commandpost.desks.gate import browse as gate
from commandpost.desks.gate.fevers import CALLED_FOR
from commandpost.desks.gate.fevers import called as called_at_gate
from commandpost.desks.gate.picture import PassRow, notable
from commandpost.desks.gate.rollup import rollup as gate_rollup
from commandpost.desks.gate.tables import GatePass, GateTally
from commandpost.desks.health import picture as health
from commandpost.desks.health.fevers import called as called_in_reports
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation import browse as isolation
from commandpost.desks.isolation.cases import cases
from commandpost.desks.isolation.picture import IsolationRow
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.breach import breaches, by_isolation, severities
from commandpost.desks.people.fitness import Fitness
from commandpost.desks.people.register import Register
from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.browse import Desk
from commandpost.desks.shapes.common import Look, Severity
from commandpost.desks.shapes.detail import Detail
from commandpost.desks.shapes.detail import detail as _detail
from commandpost.desks.supply import browse as supply
from commandpost.desks.supply.tables import Donation, StockMovement, SupplyRequest
from commandpost.store.settle import Kept

KEPT: tuple[Kept, ...] = (
    Kept(GatePass, gate_rollup, ("event_at", "gate", "direction", "verdict")),
    Kept(Isolation),
    Kept(HealthReport),
    Kept(Shift),
    Kept(SupplyRequest),
    Kept(StockMovement),
    Kept(Household),
    Kept(GateTally),
    Kept(CheckIn),
    Kept(Donation),
)
"""Every version table, with what is kept beside it."""

ROLLUPS = {str(kept.table.__tablename__): kept.rollup for kept in KEPT if kept.rollup is not None}
"""Table name → what counts its changes."""


def _isolations(look: Look, filter: str, offset: int, limit: int) -> list[IsolationRow]:
    held = by_isolation(breaches(Register(look, cases(look))))
    return isolation.page(
        look, filter, offset, limit, lambda days, names: health.reports(look, days, names), held
    )


def _breached(look: Look) -> Mapping[int, Severity]:
    return severities(breaches(Register(look, cases(look))))


def _passes(look: Look, filter: str, offset: int, limit: int) -> list[PassRow]:
    return gate.page(look, _breached, filter, offset, limit)


def fitness(look: Look) -> Fitness:
    """Who is unfit for duty at the look, and everybody the registers know: what a search goes by."""
    at_gate = called_at_gate(look, notable(look, look.moment - CALLED_FOR))
    return Fitness(Register(look, cases(look)), at_gate, called_in_reports(look))


def _post_count(look: Look, filter: str) -> int:
    return duty.count(look, fitness(look), filter)


def _posts(look: Look, filter: str, offset: int, limit: int) -> list[PostRow]:
    return duty.page(look, fitness(look), filter, offset, limit)


DESKS: tuple[Desk, ...] = (
    Desk("gate", (GatePass, GateTally), ("gate-passes", "gate-tallies"), gate.count, _passes),
    Desk(
        "isolation", (Isolation, HealthReport), ("isolations", "health-reports"), isolation.count, _isolations
    ),
    Desk("duty", (Shift, CheckIn), ("rosters", "check-ins"), _post_count, _posts),
    Desk(
        "supply",
        (SupplyRequest, StockMovement, Donation),
        ("supply-requests", "stock-movements", "donations"),
        supply.count,
        supply.page,
    ),
)
"""The desks of the four panes, in the order of their digits."""


def detail(look: Look, table: str, version_id: int) -> Detail | None:
    """The record behind a row: `table` as in its name (`gate_pass`), `version_id` the row's id."""
    for kept in KEPT:
        if kept.table.__tablename__ == table:
            return _detail(look, kept.table, version_id)
    return None
