"""Term 在管隔离: who is open, on which day of how many, due when, today's reports."""

from __future__ import annotations

from commandpost.board import lines
from commandpost.board.lines import Span
from commandpost.board.panes.common import (
    GUTTER,
    Body,
    Count,
    Drawn,
    Head,
    Pen,
    column,
    gutter,
    head_of,
    waiting,
)
from commandpost.desks.isolation.picture import IsolationPicture, IsolationRow, Slot

_MODES = {"CENTRAL": "centr", "HOME": "home", "MONITORING": "monit"}
HISTORY_DAYS = 14


def head(isolation: IsolationPicture, pen: Pen) -> Head:
    word = pen.words.short
    counts = (
        Count(word("head", "open isolations"), str(isolation.open)),
        Count(word("head", "due today"), str(isolation.due_today), "warning"),
        Count(word("head", "overdue"), str(isolation.overdue), isolation.loudest_of("isolation-overdue")),
        Count(word("head", "missing"), str(isolation.missing), isolation.loudest_of("report-missing")),
    )
    return head_of(pen, "2", "Isolation", counts, isolation.freshness)


def _bar_cells(width: int) -> int:
    """Product's widths of the bar: 14 at 80, none at 58, 10 at 72."""
    if width >= 78:
        return 14
    return 10 if width >= 70 else 0


def _mode_cells(pen: Pen) -> int:
    return 4 if pen.chinese else 5


def _heads(pen: Pen, bar: int) -> list[Span]:
    return [
        Span(" " * GUTTER),
        *column(pen.column("name"), 8, "muted"),
        *column(pen.column("mode"), _mode_cells(pen), "muted"),
        *column(pen.column("day"), 5, "muted", right=True),
        *(column("", bar) if bar else ()),
        *column(pen.column("due"), 5, "muted"),
        *column(pen.column("AM"), 4, "muted", right=True),
        *column(pen.column("PM"), 4, "muted", right=True),
        *column(pen.column("place"), 9, "muted"),
        Span(pen.column("flag"), "muted"),
    ]


def _slot(slot: Slot, pen: Pen, febrile: bool) -> Span:
    """`febrile`: the fever is open; one that a later report ended is told apart and calls nobody."""
    if slot.state == "missing":
        return Span(lines.pad(pen.words.short("slot", "MISS"), 4, True), "warning-block")
    if slot.state == "reported":
        # Masked or unreadable: it was reported, the figure is not shown.
        told = pen.words.short("slot", "HOT") if slot.fever else "✓"
        text = told if slot.temperature is None else f"{slot.temperature:.1f}"
        return Span(
            lines.pad(text, 4, True), "text" if not slot.fever else "critical-block" if febrile else "strong"
        )
    return Span(lines.pad("·" if slot.state == "not due" else "", 4, True), "muted")


def _due(row: IsolationRow, pen: Pen) -> Span:
    if row.due == pen.moment.date():
        return Span(lines.pad(pen.words.short("timing", "today"), 5), "warning")
    tone = "warning" if row.stage == "overdue" else "text"
    return Span(lines.pad(f"{row.due:%m-%d}", 5), tone)


def _row(row: IsolationRow, pen: Pen, bar: int, cursor: bool) -> list[Span]:
    pressing = row.severity in ("critical", "warning")
    flags = " ".join(pen.words.say(flag) for flag in row.flags)
    done = min(max(round(bar * row.day / row.days), 0), bar) if row.days else 0
    return [
        *gutter(row.severity, cursor),
        *column(lines.safe(row.name), 8, "strong" if pressing else "text"),
        *column(pen.words.short("mode", _MODES[row.mode]), _mode_cells(pen)),
        *column(f"{row.day}/{row.days}", 5, right=True),
        *((Span("━" * done, "bar"), Span("─" * (bar - done), "bar-rest"), Span(" ")) if bar else ()),
        _due(row, pen),
        Span(" "),
        _slot(row.am, pen, row.febrile is not None),
        Span(" "),
        _slot(row.pm, pen, row.febrile is not None),
        Span(" "),
        *column(lines.safe(row.place), 9),
        lines.data(flags, str(row.severity) if pressing else "muted"),
    ]


def _history_sign(slot: Slot) -> Span:
    if slot.state == "reported":
        return Span("✓", "critical" if slot.fever else "text")
    if slot.state == "missing":
        return Span("✗", "warning")
    return Span("·" if slot.state == "not due" else " ", "muted")


def _history(row: IsolationRow, pen: Pen) -> tuple[list[Span], list[Span]]:
    days = row.history[-HISTORY_DAYS:]
    first = [Span(" " * GUTTER), *column(lines.safe(row.name), 8)]
    second = [Span(" " * GUTTER), *column("", 8)]
    for spans, slot, number in ((first, "AM", 1), (second, "PM", 2)):
        spans.append(Span(lines.pad(pen.column(slot), 2), "muted"))
        for day in days:
            report = day[number]
            spans += [Span("  "), _history_sign(report)]  # type: ignore[arg-type]
    return first, second


def _totals(isolation: IsolationPicture, pen: Pen, width: int) -> list[str]:
    words = pen.words
    ended = words(
        "so far released {r} transferred {t} lost {l}",
        r=isolation.released,
        t=isolation.transferred,
        l=isolation.lost,
    )
    reports = words(
        "reports AM{a}/{b} PM{c}/{d}",
        a=isolation.am_reported,
        b=isolation.am_expected,
        c=isolation.pm_reported,
        d=isolation.pm_expected,
    )
    weekdays = [words.short("weekday", name) for name in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
    coming = []
    for index, (day, count) in enumerate(isolation.coming):
        name = weekdays[day.weekday()]
        if pen.chinese:
            coming.append(f"{name if index == 0 else name.removeprefix('周')}{count}")
        else:
            coming.append(f"{name} {count}")
    told = [f"{ended}  {reports}"]
    if lines.width(told[0]) + GUTTER > width:
        told = [ended, reports]
    if coming:
        told.append(words("due in 7 d") + "  " + " ".join(coming))
    return told


def draw(isolation: IsolationPicture, pen: Pen, width: int, height: int) -> Drawn:
    body = Body(pen, width, height)
    bar = _bar_cells(width)
    if height >= 6:
        body.add(_heads(pen, bar))
    if not isolation.rows:
        waiting(body, isolation.freshness, pen.words("Nobody is in isolation"))
    known = isolation.freshness.newest is not None
    totals = _totals(isolation, pen, width) if height >= 10 and known else []
    kept = len(totals) + 1 if totals else 0
    body.rows(
        len(isolation.rows),
        body.room - kept,
        lambda index, cursor: _row(isolation.rows[index], pen, bar, cursor),
    )
    reported = [row for row in isolation.rows if row.history]
    if width >= 70 and reported and body.room - kept >= 4:
        body.blank()
        body.text(pen.words("Temperature reports of 14 days  AM/PM  ✓made ✗missing ·not due"))
        for row in reported[: (body.room - kept) // 2]:
            for spans in _history(row, pen):
                body.add(spans)
    if totals:
        body.blank()
        for line in totals:
            body.text(line)
    return body.drawn()
