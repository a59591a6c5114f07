"""One consistent look at the whole post at a moment: every pane, alerts, freshness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commandpost.desks.duty.picture import DutyPicture
from commandpost.desks.gate.picture import GatePicture
from commandpost.desks.isolation.picture import IsolationPicture
from commandpost.desks.people.picture import PeoplePicture
from commandpost.desks.shapes.common import Alert, Private
from commandpost.desks.supply.picture import SupplyPicture
from commandpost.words import Message


@dataclass(frozen=True, slots=True)
class DropRow:
    """One drop as the board and `drops` list it."""

    id: int
    received: datetime
    name: Private
    team: str
    kind: str
    verdict: str
    """`taken`, `held`, `asks`, `refused`, `` while loading."""
    why: Message | None
    rows: int
    new: int
    """accepted + superseding"""
    duplicate: int
    rejected: int
    stands: bool


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A declared team against its timetable."""

    name: str
    label: str
    english: str
    kinds: tuple[str, ...]
    last_received: datetime | None
    due: datetime | None
    """The latest moment by which something was due; None: no timetable."""
    late: bool


@dataclass(frozen=True, slots=True)
class DropsPicture:
    today: int = 0
    rejected_rows: int = 0
    """Of today's drops."""
    held: int = 0
    asking: int = 0
    last_received: datetime | None = None
    rows: tuple[DropRow, ...] = ()
    """The latest 30, newest first."""
    teams: tuple[TeamRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """The post at a moment, as known at a tick. Equal pictures draw the same."""

    moment: datetime
    tick: int
    """The last tick it knows."""
    name: str
    short: str
    english: str
    zone: str
    lockdown_day: int | None = None
    clear_day: int | None = None
    people: PeoplePicture = PeoplePicture()
    gate: GatePicture = GatePicture()
    isolation: IsolationPicture = IsolationPicture()
    duty: DutyPicture = DutyPicture()
    supply: SupplyPicture = SupplyPicture()
    todo: tuple[Alert, ...] = ()
    """Criticals, then warnings, then infos; within each the longest waiting first."""
    drops: DropsPicture = DropsPicture()
    masked: bool = False
