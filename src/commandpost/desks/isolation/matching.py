"""Whose temperature report it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commandpost.desks.isolation.cases import Case
from commandpost.desks.shapes.coverage import Report


def match(reports: Sequence[Report], there: Sequence[Case]) -> dict[int, dict[tuple[date, str], Report]]:
    """Isolation id → its reports by day and slot. By name and room; by the name alone when it can mean
    only one: one isolation of that name, and no report under it from another known room."""
    same_name: dict[str, list[Case]] = {}
    for case in there:
        same_name.setdefault(case.row.name, []).append(case)
    found: dict[int, dict[tuple[date, str], Report]] = {}
    for report in reports:
        named = same_name.get(report.name, [])
        persons = {case.row.person for case in named}
        fitting = [case for case in named if case.row.place and case.row.place == report.room]
        if not fitting and len(persons) == 1:
            fitting = [case for case in named if not (_is_room(case.row.place) and _is_room(report.room))]
        for case in fitting:
            # What is reported later in the sheet corrects what stands above it.
            found.setdefault(case.row.id, {})[report.day, report.slot] = report
    return found


def _is_room(place: str) -> bool:
    """A canonical room, 3-2-501: two of them that differ are two places."""
    return place.replace("-", "").isdigit() and "-" in place
