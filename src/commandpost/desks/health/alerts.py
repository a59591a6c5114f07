"""What must not be missed in temperature reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from commandpost.desks.health.picture import fevers, reports
from commandpost.desks.shapes.asking import midnight
from commandpost.desks.shapes.common import Alert, Celsius, Look, Name, Room, Severity
from commandpost.desks.shapes.coverage import Report
from commandpost.words import message

MORNING = timedelta(hours=12)
"""Until noon yesterday's fevers are called too: a new report comes with the morning's."""

_SLOTS = ("AM", "NOON", "PM")


def alerts(look: Look, known: Collection[int]) -> Iterator[Alert]:
    """Fevers reported today (until noon: or yesterday) until a later report is normal. Critical with a
    symptom or when reported again. `known`: reports (entities) whose fever the isolation desk calls already."""
    days = [look.today]
    if look.moment - look.day_start < MORNING:
        days.append(look.today - timedelta(days=1))
    warm: dict[tuple[str, str], list[Report]] = {}
    for report in fevers(look, days):
        if report.id not in known:
            warm.setdefault((report.name, report.room), []).append(report)
    if not warm:
        return
    last: dict[tuple[str, str], Report] = {}
    for report in sorted(reports(look, days, {name for name, _ in warm}), key=_order):
        if report.temperature is not None:
            last[report.name, report.room] = report
    limit = look.settings.thresholds.fever
    for (name, room), found in sorted(warm.items()):
        latest = max(found, key=_order)
        now = last.get((name, room), latest)
        if now.temperature is not None and now.temperature < limit:
            continue
        severity: Severity = "critical" if len(found) > 1 or latest.symptoms else "warning"
        assert latest.temperature is not None
        yield Alert(
            rule="fever",
            severity=severity,
            subject=f"health_report:{latest.id}",
            text=message(
                "{name} {room} {temperature:.1f} reported {day}",
                name=Name(name),
                room=Room(room),
                temperature=Celsius(latest.temperature),
                day=f"{latest.day:%m-%d}",
            ),
            since=midnight(look, min(report.day for report in found)),
            timing="today" if latest.day == look.today else "",
            act=message("call clinic"),
            desk="health",
            entity=latest.id,
        )


def _order(report: Report) -> tuple[object, int]:
    return report.day, _SLOTS.index(report.slot) if report.slot in _SLOTS else 0
