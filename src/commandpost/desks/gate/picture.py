"""What the gates show: states, the day by the hour, the latest and the notable passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from commandpost.desks.shapes.common import Celsius, Freshness, Name, Plate, Private, Severity
from commandpost.words import Message

Verdict = Literal["ADMITTED", "REFUSED", "TURNED_BACK", "HELD", ""]
Direction = Literal["IN", "OUT"]


@dataclass(frozen=True, slots=True)
class GateState:
    name: str
    english: str
    state: Literal["OPEN", "CLOSED"]
    declared: bool
    """False: seen in drops only, shown as new."""
    since: date | None
    in_: int
    """Admitted (or verdict unknown) since the post's midnight."""
    out: int
    breaches: int
    """Passes today while closed."""
    last_event: datetime | None


@dataclass(frozen=True, slots=True)
class Hour:
    start: datetime
    in_: int
    out: int


@dataclass(frozen=True, slots=True)
class PassRow:
    id: int
    """Of the version, in `gate_pass`."""
    entity: int
    at: datetime
    direction: Direction
    name: Name
    plate: Plate
    temperature: Celsius | None
    fever: bool
    verdict: Verdict
    gate: str
    purpose: Private
    note: Message | None
    """Shown instead of the purpose: 复测 20:31 前, 证明不全 stays purpose."""
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class GatePicture:
    """Counts are of the post's day up to the moment."""

    gates: tuple[GateState, ...] = ()
    hours: tuple[Hour, ...] = ()
    """24 hours of the post's day; those after the moment are not in it."""
    in_: int = 0
    out: int = 0
    inside: int | None = None
    """None: nothing known to count from."""
    inside_from: Literal["census", "first record", ""] = ""
    inside_base: int = 0
    """The census' count (0 without one)."""
    refused: int = 0
    turned_back: int = 0
    held: int = 0
    fever: int = 0
    last_event: datetime | None = None
    rows: tuple[PassRow, ...] = ()
    """Criticals of the last 12 h first, then warnings, then the latest: at most 60."""
    total: int = 0
    """Passes known, all days."""
    freshness: Freshness = Freshness()
