"""What must not be missed about people in isolation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from commandpost.desks.isolation.picture import IsolationPicture, IsolationRow
from commandpost.desks.shapes.asking import at_time, midnight
from commandpost.desks.shapes.common import Alert, Look, Severity
from commandpost.words import Message, message

_MODES = {
    "CENTRAL": "central isolation",
    "HOME": "home isolation",
    "MONITORING": "home monitoring",
}


def alerts(look: Look, picture: IsolationPicture) -> Iterator[Alert]:
    """Due and overdue isolations, missing reports, fevers, people lost, modes that overlap: every call of
    every row in words, but for a breach, which is told with its passes (`people.alerts`)."""
    for row in picture.rows:
        for call in row.calls:
            if call.rule == "isolation-breach":
                continue
            yield _SAID[call.rule](look, row, call.severity)


def _alert(
    row: IsolationRow, rule: str, severity: Severity, text: Message, act: Message, **clock: object
) -> Alert:
    return Alert(
        rule=rule,
        severity=severity,
        subject=f"isolation:{row.entity}",
        text=text,
        act=act,
        desk="isolation",
        entity=row.entity,
        **clock,  # type: ignore[arg-type]
    )


def _overdue(look: Look, row: IsolationRow, severity: Severity) -> Alert:
    ends = midnight(look, row.due + timedelta(days=1))
    mode = message(_MODES[row.mode])
    return _alert(
        row,
        "isolation-overdue",
        severity,
        message("{name} {mode}, ended {day}", name=row.name, mode=mode, day=f"{row.due:%m-%d}"),
        message("arrange release"),
        since=ends,
        at=ends,
        timing="late",
    )


def _due(look: Look, row: IsolationRow, severity: Severity) -> Alert:
    ends = midnight(look, row.due + timedelta(days=1))
    mode = message(_MODES[row.mode])
    if row.due == look.today:
        text, timing = message("{name} {mode}, ends today", name=row.name, mode=mode), "today"
    elif row.due > look.today:
        text = message("{name} {mode}, ends {day}", name=row.name, mode=mode, day=f"{row.due:%m-%d}")
        timing = "in"
    else:
        text = message("{name} {mode}, ended {day}", name=row.name, mode=mode, day=f"{row.due:%m-%d}")
        timing = "ago"
    since = midnight(look, row.due)
    if row.stage == "blocked":
        text = message("{what}: {why}, hold", what=text, why=row.flags[0])
    return _alert(
        row, "isolation-due", severity, text, message("arrange release"), since=since if since <= look.moment else None,
        at=ends, timing=timing,
    )  # fmt: skip


def _missing(look: Look, row: IsolationRow, severity: Severity) -> Alert:
    """The latest report that is missing today."""
    limits = look.settings.thresholds
    pm = row.pm.state == "missing"
    due = at_time(look, look.today, limits.report_due_pm if pm else limits.report_due_am)
    text = "{name} {room} PM temperature, due {time}" if pm else "{name} {room} AM temperature, due {time}"
    return _alert(
        row,
        "report-missing",
        severity,
        message(text, name=row.name, room=row.place, time=f"{due:%H:%M}"),
        message("phone"),
        since=due,
        at=due,
        timing="late",
    )


def _fever(look: Look, row: IsolationRow, severity: Severity) -> Alert:
    assert row.febrile is not None
    said = {"name": row.name, "room": row.place, "mode": message(_MODES[row.mode])}
    text = message("{name} not measured {room} {mode}", **said)
    if row.febrile.temperature is not None:
        text = message("{name} {temperature:.1f} {room} {mode}", temperature=row.febrile.temperature, **said)
    return _alert(
        row,
        "fever",
        severity,
        text,
        message("call clinic"),
        since=midnight(look, row.febrile.day),
        timing="today" if row.febrile.day == look.today else "",
    )


def _lost(look: Look, row: IsolationRow, severity: Severity) -> Alert:
    return _alert(
        row,
        "isolation-lost",
        severity,
        message("{name} {room}, cannot be reached", name=row.name, room=row.place),
        message("find"),
    )


def _overlap(look: Look, row: IsolationRow, severity: Severity) -> Alert:
    return _alert(
        row,
        "isolation-overlap",
        severity,
        message("{name} {room}, two modes from the same day", name=row.name, room=row.place),
        message("decide"),
    )


_SAID = {
    "isolation-overdue": _overdue,
    "isolation-due": _due,
    "report-missing": _missing,
    "fever": _fever,
    "isolation-lost": _lost,
    "isolation-overlap": _overlap,
}
"""Rule → its alert."""
