"""What desks of coverage (覆盖) share: hours of the day that must be covered, reports that were made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commandpost.words import Message


@dataclass(frozen=True, slots=True)
class Report:
    """One temperature report as another desk may read it."""

    day: date
    slot: str
    """AM, NOON or PM."""
    name: str
    room: str
    temperature: float | None
    symptoms: str
    id: int = 0
    """Of the fact, the same for all its versions."""


def covered_hours(
    hours: str, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of `hours` ("07:00-19:00", "22:00-06:00", "00:00-24:00") between start and end,
    in the zone's days; touching ones are joined."""
    if hours == "00:00-24:00":
        if start < end:
            yield start, end
        return
    opens, closes = hours.split("-")
    first = time.fromisoformat(opens)
    until = time() if closes == "24:00" else time.fromisoformat(closes)
    day = start.astimezone(zone).date() - timedelta(days=1)
    held: tuple[datetime, datetime] | None = None
    while True:
        begins = datetime.combine(day, first, zone)
        last = day if closes != "24:00" and closes > opens else day + timedelta(days=1)
        ends = datetime.combine(last, until, zone)
        day += timedelta(days=1)
        if begins >= end:
            break
        begins, ends = max(begins, start), min(ends, end)
        if ends <= begins:
            continue
        if held and held[1] >= begins:
            held = (held[0], ends)
        else:
            if held:
                yield held
            held = (begins, ends)
    if held:
        yield held


@dataclass(frozen=True, slots=True)
class Unfit:
    """A stretch of time in which somebody who is planned is no cover, or may be none."""

    start: datetime
    end: datetime | None
    """None: nothing tells when it ends."""
    why: Message
    sure: bool = True
    """False: they count as cover, and a person must look: two may be meant, or they are only monitored."""
    meant: int = 1
    """How many people the name on the roster can mean."""
    by_name: bool = True
    """Linked by nothing but the name."""


UnfitOf = Callable[[Collection[str]], Mapping[str, Sequence[Unfit]]]
"""Names on a roster → those of them who are unfit, and when."""
