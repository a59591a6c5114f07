"""Who is on duty: the one function that says so, and what a roster says about each post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from commandpost.desks.duty.tables import Shift
from commandpost.desks.shapes.asking import Question, midnight
from commandpost.desks.shapes.common import Look, unit_or_person
from commandpost.desks.shapes.coverage import Unfit, UnfitOf, covered_hours

LONGEST = timedelta(days=3)
"""A shift longer than this is not looked for (30-hour ones happened)."""
NEAR = timedelta(days=30)
"""Only what a strip or a search for gaps can touch: the past of years stays unread."""

_t: Any = Shift
_SHIFTS = Question(
    Shift,
    lambda known: select(_t.id, _t.post, _t.name, _t.day, _t.event_at, _t.ends_at, _t.role).where(
        known, _t.event_at >= bindparam("since"), _t.state == "PLANNED"
    ),
)
_BOUNDS = Question(
    Shift,
    lambda known: (
        select(_t.post, func.min(_t.event_at), func.max(_t.ends_at), func.min(_t.day), func.max(_t.day))
        .where(known, _t.event_at >= bindparam("since"))
        .group_by(_t.post)
    ),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned shift. Half-open."""

    id: int
    post: str
    name: str
    """A `Name`, or a unit that the settings declare."""
    day: date
    start: datetime
    end: datetime
    role: str


@dataclass(frozen=True, slots=True)
class PostPlan:
    """A post and what is known of who will be there."""

    name: str
    english: str
    organisation: str
    declared: bool
    hours: str | None
    minimum: int
    shifts: tuple[Planned, ...]
    known_from: datetime | None
    known_until: datetime | None
    """How far its roster reaches: the end of its last day, or of the last shift where that is later."""
    unfit: tuple[tuple[Planned, Unfit], ...] = ()
    """Stretches of shifts whose person is unfit. What is surely no cover is not among `shifts`."""

    def at(self, moment: datetime) -> tuple[Planned, ...]:
        """Who is planned to be there; leaders first, then in the order of their start."""
        return tuple(shift for shift in self.shifts if shift.start <= moment < shift.end)

    def required(self, look: Look, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """When somebody must be there, in UTC like the shifts: moments of one zone compare ten times as
        fast."""
        if self.hours is None or not self.declared:
            return []
        stretches = covered_hours(self.hours, look.settings.zone, start, end)
        return [(begins.astimezone(UTC), ends.astimezone(UTC)) for begins, ends in stretches]

    def received(self, moment: datetime) -> bool:
        """Whether a roster of this post tells about the moment."""
        return (
            self.known_from is not None
            and self.known_until is not None
            and self.known_from <= moment < self.known_until
        )


def plans(look: Look, unfit_of: UnfitOf) -> list[PostPlan]:
    """Declared posts in their order, then those only rosters know, by name. Who is unfit is no cover."""
    shifts: dict[str, list[Planned]] = {}
    # Unpacked: a row's value costs 0.5 µs by its name.
    for id, where, name, day, start, end, role in _SHIFTS(look, since=look.moment - LONGEST):
        who = unit_or_person(look, name)
        shifts.setdefault(where, []).append(Planned(id, where, who, day, start, end, role))
    unfit = unfit_of({shift.name for here in shifts.values() for shift in here})
    bounds = _bounds(look)
    found = []
    declared = {post.name: post for post in look.settings.duty_post}
    gates = {gate.name: gate for gate in look.settings.gate}
    for name in (*declared, *sorted((shifts.keys() | bounds.keys()) - declared.keys())):
        here = tuple(sorted(shifts.get(name, ()), key=_turn))
        post, gate = declared.get(name), gates.get(name)
        if post is None and not here:
            continue  # an old roster's post
        here, lost = _fit(here, unfit) if unfit else (here, ())
        first, last = bounds.get(name, (None, None))
        found.append(
            PostPlan(
                name=name,
                english=post.english if post else gate.english if gate else "",
                organisation=post.organisation if post else "",
                declared=post is not None,
                hours=post.hours if post else None,
                minimum=post.minimum if post else gate.minimum if gate else 0,
                shifts=here,
                known_from=first,
                known_until=last,
                unfit=lost,
            )
        )
    return found


def _fit(
    shifts: Sequence[Planned], unfit: Mapping[str, Sequence[Unfit]]
) -> tuple[tuple[Planned, ...], tuple[tuple[Planned, Unfit], ...]]:
    """(what is left of the shifts, the stretches of them in which their people are unfit)."""
    left: list[Planned] = []
    lost: list[tuple[Planned, Unfit]] = []
    for shift in shifts:
        parts = [shift]
        for reason in unfit.get(shift.name, ()):
            rest: list[Planned] = []
            for part in parts:
                start = max(part.start, reason.start)
                end = part.end if reason.end is None else min(part.end, reason.end)
                if start >= end:
                    rest.append(part)
                    continue
                lost.append((replace(part, start=start, end=end), reason))
                if not reason.sure:
                    rest.append(part)
                    continue
                rest += [
                    replace(part, start=begins, end=ends)
                    for begins, ends in ((part.start, start), (end, part.end))
                    if begins < ends
                ]
            parts = rest
        left += parts
    left.sort(key=_turn)
    return tuple(left), tuple(lost)


def _turn(shift: Planned) -> tuple[datetime, bool, str, int]:
    return shift.start, shift.role != "LEADER", shift.name, shift.id


def _bounds(look: Look) -> dict[str, tuple[datetime, datetime]]:
    """Post → from when and until when its roster was received: whole days, or a shift past midnight."""
    found: dict[str, tuple[datetime, datetime]] = {}
    for post, start, end, first, last in _BOUNDS(look, since=look.moment - NEAR):
        start = min(start, midnight(look, first).astimezone(UTC))
        end = max(end, midnight(look, last + timedelta(days=1)).astimezone(UTC))
        if post in found:
            start, end = min(start, found[post][0]), max(end, found[post][1])
        found[post] = (start, end)
    return found


def on_duty(at: datetime, posts: Sequence[PostPlan]) -> list[Planned]:
    """Who is on duty at a moment, over all posts. Everything that needs to know asks this."""
    return [shift for post in posts for shift in post.at(at)]
