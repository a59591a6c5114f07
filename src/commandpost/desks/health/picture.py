"""Temperature reports as other desks need them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from commandpost.desks.health.tables import HealthReport
from commandpost.desks.shapes.asking import day_of, known_rows, midnight
from commandpost.desks.shapes.common import Look
from commandpost.desks.shapes.coverage import Report

_SEEKS = 20_000
"""More index look-ups than this cost more than reading the days whole (about 1 µs each)."""


def reports(look: Look, days: Collection[date], names: Collection[str]) -> list[Report]:
    """The reports of these people on these days, in the order of day, slot and correction."""
    if not days or not names:
        return []
    t: Any = HealthReport
    where = [t.event_at.in_([midnight(look, day) for day in sorted(days)])]
    if len(days) * len(names) * 3 <= _SEEKS and len(names) <= 500:
        where += [t.slot.in_(["AM", "NOON", "PM"]), t.name.in_(sorted(names))]
    columns = (t.event_at, t.slot, t.name, t.room, t.temperature, t.symptoms, t.nth, t.entity)
    rows = known_rows(look, HealthReport, columns, *where)
    wanted = set(names)
    rows = sorted(
        (row for row in rows if row.name in wanted), key=lambda r: (r.event_at, r.slot, r.name, r.room, r.nth)
    )
    return [
        Report(day_of(look, r.event_at), r.slot, r.name, r.room, r.temperature, r.symptoms, r.entity)
        for r in rows
    ]


def fevers(look: Look, days: Collection[date]) -> list[Report]:
    """Reports of these days at or above the fever threshold."""
    t: Any = HealthReport
    columns = (t.event_at, t.slot, t.name, t.room, t.temperature, t.symptoms, t.entity)
    rows = known_rows(
        look,
        HealthReport,
        columns,
        t.event_at.in_([midnight(look, day) for day in days]),
        t.temperature >= look.settings.thresholds.fever,
    )
    found = [
        Report(day_of(look, r.event_at), r.slot, r.name, r.room, r.temperature, r.symptoms, r.entity)
        for r in rows
    ]
    return sorted(found, key=lambda r: (r.day, r.slot, r.name, r.room))
