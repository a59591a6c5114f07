"""What must not be missed about people in isolation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from commandpost.desks.isolation.picture import IsolationPicture, IsolationRow, missed_in_a_row
from commandpost.desks.shapes.asking import at_time, midnight
from commandpost.desks.shapes.common import Alert, Look, Severity
from commandpost.words import Message, message

_MODES = {
    "CENTRAL": "central isolation",
    "HOME": "home isolation",
    "MONITORING": "home monitoring",
}


def alerts(look: Look, picture: IsolationPicture) -> Iterator[Alert]:
    """Due and overdue isolations, missing reports, fevers reported today, people lost, modes that
    overlap."""
    for row in picture.rows:
        for alert in (_due(look, row), _missing(look, row), _fever(look, row), _lost(row), _overlap(row)):
            if alert is not None:
                yield alert


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


def _due(look: Look, row: IsolationRow) -> Alert | None:
    ends = midnight(look, row.due + timedelta(days=1))
    mode = message(_MODES[row.mode])
    if row.stage == "overdue":
        return _alert(
            row,
            "isolation-overdue",
            "warning",
            message("{name} {mode}, ended {day}", name=row.name, mode=mode, day=f"{row.due:%m-%d}"),
            message("arrange release"),
            since=ends,
            at=ends,
            timing="late",
        )
    if row.stage not in ("due", "blocked"):
        return None
    if row.due == look.today:
        text, timing = message("{name} {mode}, ends today", name=row.name, mode=mode), "today"
    else:
        text = message("{name} {mode}, ended {day}", name=row.name, mode=mode, day=f"{row.due:%m-%d}")
        timing = "ago"
    if row.stage == "blocked":
        text = message("{what}: {why}, hold", what=text, why=row.flags[0])
    return _alert(
        row, "isolation-due", "info", text, message("arrange release"), since=midnight(look, row.due), at=ends,
        timing=timing,
    )  # fmt: skip


def _missing(look: Look, row: IsolationRow) -> Alert | None:
    """The latest report that is missing today; critical when two in a row are."""
    limits = look.settings.thresholds
    pm, am = row.pm.state == "missing", row.am.state == "missing"
    if not (am or pm):
        return None
    due = at_time(look, look.today, limits.report_due_pm if pm else limits.report_due_am)
    text = "{name} {room} PM temperature, due {time}" if pm else "{name} {room} AM temperature, due {time}"
    severity: Severity = "critical" if missed_in_a_row(row.history) >= 2 else "warning"
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


def _fever(look: Look, row: IsolationRow) -> Alert | None:
    """A fever in today's latest report."""
    latest = row.pm if row.pm.state == "reported" else row.am
    if not latest.fever:
        return None
    return _alert(
        row,
        "fever",
        "critical",
        message(
            "{name} {temperature:.1f} {room} {mode}",
            name=row.name,
            temperature=latest.temperature,
            room=row.place,
            mode=message(_MODES[row.mode]),
        ),
        message("call clinic"),
        since=midnight(look, look.today),
        timing="today",
    )


def _lost(row: IsolationRow) -> Alert | None:
    if message("lost") not in row.flags:
        return None
    return _alert(
        row,
        "isolation-lost",
        "critical",
        message("{name} {room}, cannot be reached", name=row.name, room=row.place),
        message("find"),
    )


def _overlap(row: IsolationRow) -> Alert | None:
    if message("two modes") not in row.flags:
        return None
    return _alert(
        row,
        "isolation-overlap",
        "warning",
        message("{name} {room}, two modes from the same day", name=row.name, room=row.place),
        message("decide"),
    )
