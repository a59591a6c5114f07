"""What every desk's picture is made of: the look, private words, alerts, freshness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlmodel import Session

from commandpost.settings import Settings
from commandpost.words import Message

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")


class Name(str):
    """A person's name: 王* when masked."""


class Plate(str):
    """A vehicle's plate: 鄂A***45 when masked."""


class Room(str):
    """A room: the building only when masked."""


class Phone(str):
    """A telephone number: gone when masked."""


class Private(str):
    """Free text or a file name that may hold anything: gone when masked."""


class Code(str):
    """A word of a closed list as it is stored, URGENT: said as `words.short("value", code.word)`."""

    @property
    def word(self) -> str:
        """Its English word, the message id: `turned back`."""
        return self.lower().replace("_", " ")


class Celsius(float):
    """A named person's temperature: gone when masked, unless it is a fever."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a post: everything a picture may depend on besides the tables."""

    session: Session
    moment: datetime
    """Aware."""
    settings: Settings
    tick: int | None = None
    """Known at this tick; None: what is known now."""

    @property
    def local(self) -> datetime:
        return self.moment.astimezone(self.settings.zone)

    @property
    def day_start(self) -> datetime:
        """Midnight of the post's day, aware, in its zone."""
        return self.local.replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def today(self) -> date:
        return self.local.date()

    def clock(self, moment: datetime) -> str:
        """22:00 of the post's day; of any other with its day, 02-09 22:00."""
        local = moment.astimezone(self.settings.zone)
        return f"{local:%H:%M}" if local.date() == self.today else f"{local:%m-%d %H:%M}"


Timing = Literal["ago", "in", "over", "late", "today", ""]
"""How an alert's clock is read: 13分 since, 1时46分后, 超1时02分, 迟2时14分, 今日."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that must not be missed: one per rule and subject, derived, never stored."""

    rule: str
    """`fever`, `gap`, `request-age`, … one word per row of the domain's table of rules."""
    severity: Severity
    subject: str
    """Stable name of what it is about, not shown: `gate_pass:17`, `post:监控室`."""
    text: Message
    """What is the matter, without the kind word (that is said from `rule`). Its arguments that are
    people, rooms, plates are of the private types."""
    since: datetime | None = None
    """When the condition began."""
    at: datetime | None = None
    """The moment its clock counts from or to."""
    timing: Timing = ""
    act: Message | None = None
    """The next act: ▸排班."""
    desk: str = ""
    entity: int | None = None
    """The record it is about, for opening it."""
    table: str = ""
    """The table of `entity`; empty: the one whose rows the desk's pane shows."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a pane's newest fact is, and whether that is older than its timetable."""

    newest: datetime | None = None
    """When the newest fact was received; None: nothing yet."""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What a row of a pane is found by again: the record's table and version id."""

    name: str
    id: int


def unit_or_person(look: Look, text: str) -> str:
    """Who is named where a unit may be: a `Name`, masked like a person, unless the settings declare it
    (`Settings.units`)."""
    return text if text in look.settings.units else Name(text)


def minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


Record = dict[str, Any]
