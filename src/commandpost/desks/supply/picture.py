"""What supply shows: open requests by urgency and age, stock on hand, days of cover."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import bindparam, select

from commandpost.desks.shapes.asking import Question
from commandpost.desks.shapes.common import Freshness, Look, Private, Severity, minutes, unit_or_person
from commandpost.desks.supply.stock import Stock, stocks
from commandpost.desks.supply.tables import SupplyRequest

Priority = Literal["URGENT", "HIGH", "NORMAL"]
State = Literal[
    "SUBMITTED", "APPROVED", "ALLOCATED", "DISPATCHED", "PARTIAL", "DELIVERED", "CLOSED", "REJECTED", "CANCELLED"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestRow:
    id: int
    entity: int
    number: str
    """As written; empty when people asked without one."""
    item: str
    item_english: str
    quantity: float | None
    unit: str
    requester: str
    """A unit or a person: a `Name`, masked like a person, unless it is declared in the settings."""
    priority: Priority
    at: datetime
    waited: int
    """Minutes since submission."""
    over: int | None
    """Minutes past its limit, None while within it."""
    state: State
    deliver_to: Private
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class StockRow:
    item: str
    english: str
    quantity: float
    unit: str
    cover_days: float | None
    """None: no use in the last 7 days."""
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class SupplyPicture:
    open: int = 0
    urgent: int = 0
    late: int = 0
    oldest: int | None = None
    """Minutes the oldest open request has waited."""
    by_priority: tuple[tuple[str, int], ...] = ()
    by_state: tuple[tuple[str, int], ...] = ()
    rows: tuple[RequestRow, ...] = ()
    """Open ones: late first, then by priority, then age; at most 500."""
    stock: tuple[StockRow, ...] = ()
    freshness: Freshness = Freshness()


PRIORITIES: tuple[Priority, ...] = get_args(Priority)
STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("SUBMITTED", "APPROVED", "ALLOCATED", "DISPATCHED", "PARTIAL")
"""Nobody waits any more for what was delivered, closed, rejected or cancelled."""
SHOWN = 500

_t: Any = SupplyRequest
COLUMNS = (
    _t.id, _t.entity, _t.event_at, _t.number, _t.item, _t.quantity, _t.unit, _t.requester, _t.priority,
    _t.state, _t.deliver_to,
)  # fmt: skip
_OPEN = Question(
    SupplyRequest,
    lambda known: select(*COLUMNS).where(known, _t.state.in_(OPEN), _t.event_at <= bindparam("until")),
)


def picture(look: Look, freshness: Freshness) -> SupplyPicture:
    """Open requests and stock at the look's moment."""
    english = {item.name: item.english for item in look.settings.item}
    until = look.moment + look.settings.thresholds.clock_ahead
    rows = [request_row(look, row, english) for row in _OPEN(look, until=until)]
    rows.sort(key=lambda r: (r.over is None, PRIORITIES.index(r.priority), r.at, r.id))
    priorities = Counter(row.priority for row in rows)
    states = Counter(row.state for row in rows)
    return SupplyPicture(
        open=len(rows),
        urgent=priorities["URGENT"],
        late=sum(row.over is not None for row in rows),
        oldest=max((row.waited for row in rows), default=None),
        by_priority=tuple((name, priorities[name]) for name in PRIORITIES),
        by_state=tuple((name, states[name]) for name in OPEN),
        rows=tuple(rows[:SHOWN]),
        stock=_stock(look, english),
        freshness=freshness,
    )


def limit(look: Look, priority: str) -> timedelta:
    """How long a request of this priority may wait."""
    limits = look.settings.thresholds
    by_priority = {"URGENT": limits.request_urgent, "HIGH": limits.request_high}
    return by_priority.get(priority, limits.request_normal)


def request_row(look: Look, row: Any, english: dict[str, str]) -> RequestRow:
    """One version as the pane shows it. Past its limit means: waited as long as the limit, or longer."""
    waited = look.moment - row.event_at
    allowed = limit(look, row.priority)
    late = row.state in OPEN and waited >= allowed
    return RequestRow(
        id=row.id,
        entity=row.entity,
        number=row.number,
        item=row.item,
        item_english=english.get(row.item, ""),
        quantity=row.quantity,
        unit=row.unit,
        requester=unit_or_person(look, row.requester),
        priority=row.priority,
        at=row.event_at,
        waited=max(0, minutes(waited)),
        over=minutes(waited - allowed) if late else None,
        state=row.state,
        deliver_to=Private(row.deliver_to),
        severity="warning" if late else None,
    )


def _stock(look: Look, english: dict[str, str]) -> tuple[StockRow, ...]:
    """Declared items in their order, then the others by name."""
    order = {item.name: n for n, item in enumerate(look.settings.item)}
    rows = [
        StockRow(
            item, english.get(item, ""), stock.on_hand, unit, stock.cover_days, stock_severity(look, stock)
        )
        for (item, unit), stock in stocks(look).items()
    ]
    return tuple(sorted(rows, key=lambda r: (order.get(r.item, len(order)), r.item, r.unit)))


def stock_severity(look: Look, stock: Stock) -> Severity | None:
    limits = look.settings.thresholds
    days = stock.cover_days
    if days is not None and days < limits.cover_days_critical:
        return "critical"
    if stock.on_hand < 0 or (days is not None and days < limits.cover_days):
        return "warning"
    return None
