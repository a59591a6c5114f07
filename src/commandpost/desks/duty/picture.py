"""What duty shows: who is on, where nobody will be, until when the roster reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commandpost.desks.shapes.common import Freshness, Name, Severity


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one post's strip with the same people on it. Half-open."""

    start: datetime
    end: datetime
    people: tuple[Name, ...]
    gap: bool = False
    """Within declared hours and a received roster, and fewer than nobody: no one."""
    short: bool = False
    """Someone, but below the minimum."""
    required: bool = True
    """False: outside the post's declared hours, or hours not declared."""
    unknown: bool = False
    """Beyond the roster received: `?`, not a gap."""


@dataclass(frozen=True, slots=True)
class Gap:
    post: str
    english: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OnDuty:
    post: str
    organisation: str
    person: Name
    until: datetime


@dataclass(frozen=True, slots=True)
class PostRow:
    id: str
    """The post's name."""
    name: str
    english: str
    organisation: str
    declared: bool
    on: int
    need: int
    spans: tuple[Span, ...]
    """From one hour before the moment to twelve after; contiguous."""
    roster_until: datetime | None
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class HandOver:
    at: datetime
    post: str
    english: str
    leaving: tuple[Name, ...]
    coming: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class StandIn:
    person: Name
    rested_hours: int
    enough: bool


@dataclass(frozen=True, slots=True)
class DutyPicture:
    posts: int = 0
    """Posts that need someone at the moment."""
    covered: int = 0
    """Of these, with at least their minimum."""
    on: int = 0
    """People on duty, over all posts."""
    need: int = 0
    rows: tuple[PostRow, ...] = ()
    on_duty: tuple[OnDuty, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Within the next 72 h, each maximal."""
    gaps_soon: int = 0
    """Of these, beginning within 12 h."""
    roster_until: datetime | None = None
    """The earliest end of a declared post's received roster; None: none received."""
    next_handover: HandOver | None = None
    stand_ins: tuple[StandIn, ...] = ()
    freshness: Freshness = Freshness()
