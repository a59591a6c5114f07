"""Which isolations there are and what became of each, from their own dates alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.shapes.asking import Question, day_of
from commandpost.desks.shapes.common import Look

_t: Any = Isolation
COLUMNS = (
    _t.id, _t.entity, _t.event_at, _t.mode, _t.person, _t.name, _t.category, _t.days, _t.due, _t.released,
    _t.state, _t.place, _t.needs, _t.phone, _t.known_from, _t.id_number,
)  # fmt: skip
_ALL = Question(Isolation, lambda known: select(*COLUMNS).where(known))

Fate = Literal["open", "planned", "released", "transferred", "lost", "cancelled"]


@dataclass(frozen=True, slots=True)
class Case:
    """One isolation and what its dates say, before reports are looked at."""

    row: Any
    start: date
    due: date
    days: int
    fate: Fate
    overlaps: bool = False
    """Another isolation of the same person is open too, of another mode, and starts the same day."""


def due_date(look: Look, start: date, days: int | None, stated: date | None) -> tuple[date, int]:
    """(the day it ends on, how many days). The start day is day 1, the due date the last one; a planned
    release date stated by the team goes before the computed one."""
    n = days or look.settings.thresholds.isolation_days
    if stated is None:
        return start + timedelta(days=n - 1), n
    return stated, days or max((stated - start).days + 1, 1)


def cases(look: Look) -> list[Case]:
    """Every isolation known, with its fate at the moment; a person's later one of another mode makes the
    earlier one transferred."""
    by_person: dict[str, list[Any]] = {}
    for row in _ALL(look):
        by_person.setdefault(row.person, []).append(row)
    found = []
    for rows in by_person.values():
        rows.sort(key=lambda row: (row.event_at, row.known_from, row.id))
        for row in rows:
            start = day_of(look, row.event_at)
            due, days = due_date(look, start, row.days, row.due)
            others = [other for other in rows if other is not row and other.mode != row.mode]
            followed = any(
                row.event_at < other.event_at <= look.moment and other.state != "CANCELLED"
                for other in others
            )
            found.append(
                Case(
                    row,
                    start,
                    due,
                    days,
                    _fate(look, row, start, followed),
                    any(other.event_at == row.event_at and other.state == "ORDERED" for other in others),
                )
            )
    return found


def _fate(look: Look, row: Any, start: date, followed: bool) -> Fate:
    if row.state == "CANCELLED":
        return "cancelled"
    if row.state == "RELEASED" or (row.released is not None and row.released <= look.today):
        return "released"
    if row.state in ("TRANSFERRED", "CONVERTED") or followed:
        return "transferred"
    if row.state == "LOST":
        return "lost"
    return "planned" if start > look.today else "open"


_HELD = ("MONITORING", "HOME", "CENTRAL")
"""Modes, the strictest last."""


def held_at(look: Look, mine: Iterable[Case], at: datetime) -> Case | None:
    """Which of one person's isolations, however they are written, held them at a moment: the latest begun of
    those not ended by then; of one day the strictest. Its first day belongs to it, the day of a stated
    release does not. One that was ended without a date is not known to have held anybody."""
    day = day_of(look, at)
    held = []
    for case in mine:
        row = case.row
        ended = row.released is not None and row.released <= day
        known = row.state in ("ORDERED", "LOST") or (row.state == "RELEASED" and row.released is not None)
        if case.start <= day and known and not ended:
            held.append(case)
    return max(held, key=lambda case: (case.start, _HELD.index(case.row.mode), case.row.id), default=None)
