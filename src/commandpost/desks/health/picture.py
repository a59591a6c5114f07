"""Temperature reports as other desks need them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from commandpost.desks.health.tables import HealthReport
from commandpost.desks.shapes.asking import Question, day_of, midnight
from commandpost.desks.shapes.common import Look
from commandpost.desks.shapes.coverage import Report
from commandpost.desks.shapes.fever import is_fever

_SEEKS = 20_000
"""More index look-ups than this cost more than reading the days whole (about 1 µs each)."""


_t: Any = HealthReport
_COLUMNS = (_t.event_at, _t.slot, _t.name, _t.room, _t.temperature, _t.symptoms, _t.nth, _t.entity)
_OF_DAYS = _t.event_at.in_(bindparam("days", expanding=True))
_BY_NAME = _t.slot.in_(["AM", "NOON", "PM"]) & _t.name.in_(bindparam("names", expanding=True))

_DAYS = Question(HealthReport, lambda known: select(*_COLUMNS).where(known, _OF_DAYS))
_PERSONS = Question(HealthReport, lambda known: select(*_COLUMNS).where(known, _OF_DAYS, _BY_NAME))
_FEVERS = Question(
    HealthReport,
    lambda known: select(*_COLUMNS).where(
        known,
        _OF_DAYS,
        (_t.temperature >= bindparam("fever")) | (_t.temperature.is_(None) & (_t.symptoms != "")),
    ),
)


def reports(look: Look, days: Collection[date], names: Collection[str]) -> list[Report]:
    """The reports of these people on these days, in the order of day, slot and correction."""
    if not days or not names:
        return []
    starts = [midnight(look, day) for day in sorted(days)]
    if len(days) * len(names) * 3 <= _SEEKS and len(names) <= 500:
        rows = _PERSONS(look, days=starts, names=sorted(names))
    else:
        rows = _DAYS(look, days=starts)
    wanted = set(names)
    rows = sorted(
        (row for row in rows if row.name in wanted), key=lambda r: (r.event_at, r.slot, r.name, r.room, r.nth)
    )
    return [
        Report(day_of(look, r.event_at), r.slot, r.name, r.room, r.temperature, r.symptoms, r.entity)
        for r in rows
    ]


def fevers(look: Look, days: Collection[date]) -> list[Report]:
    """Reports of these days that tell of a fever (`shapes.fever`)."""
    starts = [midnight(look, day) for day in days]
    limit = look.settings.thresholds.fever
    rows = [row for row in _FEVERS(look, days=starts, fever=limit) if is_fever(row, limit)]
    found = [
        Report(day_of(look, r.event_at), r.slot, r.name, r.room, r.temperature, r.symptoms, r.entity)
        for r in rows
    ]
    return sorted(found, key=lambda r: (r.day, r.slot, r.name, r.room))
