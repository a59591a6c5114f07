"""Who sends when: declared teams against what came from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from commandpost.desks.shapes.asking import at_time
from commandpost.desks.shapes.common import Look
from commandpost.desks.shapes.coverage import covered_hours
from commandpost.settings import Team

Received = Mapping[tuple[str, str], datetime]
"""(team, kind) → when the latest drop was taken."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One team against its timetable. Any drop of a team keeps it: a warden's census is not due daily."""

    team: Team
    kinds: tuple[str, ...]
    """What it is declared to send, else what it has sent lately."""
    last: datetime | None
    missed: datetime | None
    """The earliest moment by which something was due and did not come."""
    next: datetime | None
    """The next moment by which something is due, when nothing was missed."""


def timings(look: Look, received: Received, since: datetime | None) -> list[Timing]:
    """Every declared team. `since`: when the post began; nothing was due before."""
    found = []
    for team in look.settings.team:
        mine = {kind: at for (name, kind), at in received.items() if name == team.name}
        last = max(mine.values(), default=None)
        missed, upcoming = _due(look, team, last, since)
        found.append(Timing(team, team.kinds or tuple(sorted(mine)), last, missed, upcoming))
    return found


def _due(
    look: Look, team: Team, last: datetime | None, since: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """(missed, next) of a team's timetable; `every` and `due` both count when both are declared."""
    missed: list[datetime] = []
    coming: list[datetime] = []
    if team.every is not None:
        due = _every(look, team, team.every, last, since)
        if due is not None:
            (missed if due < look.moment else coming).append(due)
    if team.due:
        times = sorted(team.due)
        dues = sorted(
            at_time(look, look.today + timedelta(days=n), clock) for n in (-2, -1, 0, 1) for clock in times
        )
        past = [due for due in dues if due < look.moment]
        # What is due at a time may come any time after the one before.
        if since is not None and past[-1] > since and (last is None or last <= past[-2]):
            missed.append(past[-1])
        coming.append(dues[len(past)])
    if missed:
        return min(missed), None
    return None, min(coming, default=None)


def _every(
    look: Look, team: Team, span: timedelta, last: datetime | None, since: datetime | None
) -> datetime | None:
    """When the next drop is due: `span` after the last one, counted in the team's hours alone."""
    start = last if last is not None else since
    if start is None:
        return None
    left = span
    for begins, ends in covered_hours(
        team.hours, look.settings.zone, start, start + span + timedelta(days=8)
    ):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    return None


def stale_kinds(timed: list[Timing]) -> set[str]:
    """Kinds fed by a team that is past its time, from one second past it on."""
    return {kind for timing in timed if timing.missed is not None for kind in timing.kinds}
