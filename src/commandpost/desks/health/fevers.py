"""Which reported fevers are called, and how loudly: the one place the to-do and the roster ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from commandpost.desks.health.picture import fevers, reports
from commandpost.desks.shapes.common import Look, Severity
from commandpost.desks.shapes.coverage import Report
from commandpost.desks.shapes.fever import has_symptom, is_cooler, is_fever

MORNING = timedelta(hours=12)
"""Until noon yesterday's fevers are called too: a new report comes with the morning's."""

_SLOTS = ("AM", "NOON", "PM")


@dataclass(frozen=True, slots=True)
class Called:
    """One person's open fever, as reported: name and room as written."""

    name: str
    room: str
    reports: tuple[Report, ...]
    """Those that tell of a fever, oldest first."""

    @property
    def severity(self) -> Severity:
        """Critical with a symptom or when reported again (domain: fever)."""
        return "critical" if len(self.reports) > 1 or has_symptom(self.reports[-1]) else "warning"


def called(look: Look) -> list[Called]:
    """The fevers reported today (until noon: or yesterday) until a later report is normal."""
    days = [look.today]
    if look.moment - look.day_start < MORNING:
        days.append(look.today - timedelta(days=1))
    limit = look.settings.thresholds.fever
    warm: dict[tuple[str, str], list[Report]] = {}
    for report in fevers(look, days):
        warm.setdefault((report.name, report.room), []).append(report)
    if not warm:
        return []
    last: dict[tuple[str, str], Report] = {}
    for report in sorted(reports(look, days, {name for name, _ in warm}), key=_order):
        if report.temperature is not None or is_fever(report, limit):
            last[report.name, report.room] = report
    found = []
    for (name, room), mine in sorted(warm.items()):
        mine.sort(key=_order)
        now = last.get((name, room), mine[-1])
        if not is_cooler(now, limit):
            found.append(Called(name, room, tuple(mine)))
    return found


def _order(report: Report) -> tuple[date, int]:
    return report.day, _SLOTS.index(report.slot) if report.slot in _SLOTS else 0
