"""What isolation shows: who is open, on which day of how many, due when, reports made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from commandpost.desks.shapes.common import Celsius, Freshness, Name, Phone, Room, Severity
from commandpost.words import Message

Mode = Literal["CENTRAL", "HOME", "MONITORING"]
Stage = Literal["planned", "active", "due", "overdue", "blocked", "closed"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One expected temperature report."""

    state: Literal["reported", "missing", "not due", "not expected"] = "not expected"
    temperature: Celsius | None = None
    fever: bool = False


@dataclass(frozen=True, slots=True)
class IsolationRow:
    id: int
    entity: int
    name: Name
    mode: Mode
    category: str
    start: date
    day: int
    """1 on the start day, at most `days`."""
    days: int
    due: date
    stage: Stage
    am: Slot
    pm: Slot
    """Today's."""
    place: Room
    phone: Phone
    flags: tuple[Message, ...]
    severity: Severity | None
    history: tuple[tuple[date, Slot, Slot], ...] = ()
    """The last 14 days, oldest first."""


@dataclass(frozen=True, slots=True)
class IsolationPicture:
    open: int = 0
    due_today: int = 0
    overdue: int = 0
    missing: int = 0
    """People with a report missing today."""
    by_mode: tuple[tuple[str, int], ...] = ()
    by_category: tuple[tuple[str, int], ...] = ()
    rows: tuple[IsolationRow, ...] = ()
    """Open ones, the most pressing first; at most 500."""
    released: int = 0
    transferred: int = 0
    lost: int = 0
    am_reported: int = 0
    am_expected: int = 0
    pm_reported: int = 0
    pm_expected: int = 0
    coming: tuple[tuple[date, int], ...] = ()
    """How many fall due on each of the next 7 days, today first."""
    freshness: Freshness = Freshness()
