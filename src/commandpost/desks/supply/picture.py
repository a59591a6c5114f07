"""What supply shows: open requests by urgency and age, stock on hand, days of cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commandpost.desks.shapes.common import Freshness, Name, Private, Severity

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
    requester: Name
    """A unit or a person: masked like a person unless it is a declared place."""
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
