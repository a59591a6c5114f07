"""The to-do band 待办: what, since when or how late, and the next act."""

from __future__ import annotations

from collections.abc import Sequence

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.board.panes.common import (
    SIGN_TONES,
    SIGNS,
    Body,
    Count,
    Drawn,
    Head,
    Pen,
    alert_clock,
    window,
)
from commandpost.desks.shapes.common import Alert
from commandpost.picture import Picture

ACT_CELLS = 15
"""▸ and the act, at the right end of every line."""
_WORDS = {"critical": "CRIT", "warning": "WARN", "info": "INFO"}


def head(picture: Picture, pen: Pen) -> Head:
    def count(severity: str) -> str:
        return str(sum(alert.severity == severity for alert in picture.todo))

    word = pen.words.short
    counts = (
        Count(word("severity", "critical"), count("critical"), "critical"),
        Count(word("severity", "warning"), count("warning"), "warning"),
        Count(word("severity", "info"), count("info"), "info"),
    )
    return Head("0", word("pane", "To do"), counts, foot=word("age", "live"))


def kind(alert: Alert, pen: Pen) -> str:
    """发热, 缺岗, 超时: the alert's rule in one word."""
    said = lines.safe(pen.words.short("alert", alert.rule))
    return said if pen.chinese else said.upper()


def _kind_cells(pen: Pen) -> int:
    return 4 if pen.chinese else 7


def _act(alert: Alert, pen: Pen) -> str:
    return "" if alert.act is None or pen.past else "▸" + lines.safe(pen.words.say(alert.act))


def _line(alert: Alert, pen: Pen, width: int, cursor: bool) -> Line:
    tone = SIGN_TONES[alert.severity]
    left = [Span(SIGNS[alert.severity], tone)]
    if width >= 120:
        left.append(Span(lines.pad(pen.words.short("severity", _WORDS[alert.severity]), 4), tone))
    left.append(Span("▌" if cursor else " ", "cursor" if cursor else "text"))
    plain = alert.severity
    left.append(Span(lines.pad(kind(alert, pen), _kind_cells(pen)), plain))
    left.append(Span(" "))
    left.append(lines.data(pen.words.say(alert.text)))
    right = (
        Span(" " + alert_clock(pen, alert) + " "),
        Span(lines.pad(_act(alert, pen), ACT_CELLS), "strong"),
    )
    line = lines.spread(left, right, width)
    ground = "selected" if cursor else "critical-row" if alert.severity == "critical" else ""
    return lines.on(line, ground) if ground else line


def nothing(picture: Picture, pen: Pen) -> list[Span]:
    """无待办 · 最近核对 20:14."""
    return [
        Span("   "),
        Span(pen.words("Nothing to do"), "ok"),
        Span(" · " + pen.words("last checked {time}", time=f"{pen.moment:%H:%M}"), "muted"),
    ]


def _empty(picture: Picture, pen: Pen) -> bool:
    fresh = (picture.gate, picture.isolation, picture.duty, picture.supply)
    return picture.drops.last_received is None and not any(desk.freshness.newest for desk in fresh)


def hint(picture: Picture, pen: Pen, folder: str, width: int) -> list[Span]:
    """What an empty post says. A folder too long for the line keeps its end: …/post/drops."""
    where = lines.safe(folder) or "drops/"

    def said() -> Span:
        return Span(pen.words("No sheet received yet. Put spreadsheets into {folder}.", folder=where))

    lead = Span("   ")
    whole = where
    over = lines.length((lead, said())) - width
    while over > 0 and len(whole) > 1:
        # The sign of the cut takes a cell of its own.
        whole = whole[1:]
        where = "…" + whole
        over = lines.length((lead, said())) - width
    return [lead, said()]


def draw(picture: Picture, pen: Pen, width: int, height: int, folder: str = "") -> Drawn:
    """The band: one line an alert. Criticals that do not fit are counted at the end of the last line."""
    body = Body(pen, width, height)
    if not picture.todo:
        body.add(nothing(picture, pen))
        if _empty(picture, pen):
            body.add(hint(picture, pen, folder, width))
        return body.drawn()
    todo = picture.todo
    shown = window(len(todo), height, pen)
    drawn = []
    for index in shown:
        line = _line(todo[index], pen, width, index == pen.cursor)
        if index == shown[-1]:
            line = _left_over(line, todo, shown, pen, width)
        drawn.append((line, index))
    rest = height - len(drawn)
    if rest and _empty(picture, pen):
        drawn.append((lines.fit(hint(picture, pen, folder, width), width), -1))
        rest -= 1
    return Drawn(
        (*(line for line, _ in drawn), *(lines.blank(width) for _ in range(rest))),
        (*(index if index >= 0 else None for _, index in drawn), *([None] * rest)),
        shown.start,
    )


def _left_over(line: Line, todo: Sequence[Alert], shown: range, pen: Pen, width: int) -> Line:
    hidden = sum(alert.severity == "critical" for i, alert in enumerate(todo) if i not in shown)
    if not hidden:
        return line
    more = Span(f" +{hidden}!! ", "critical-block")
    return (*lines.fit(line, width - lines.length((more,))), more)


def column(picture: Picture, pen: Pen, width: int, height: int, folder: str = "") -> Drawn:
    """The wall's column: two lines an alert and a blank between, on which the act stands when the text
    leaves it no room."""
    body = Body(pen, width, height)
    if not picture.todo:
        body.add(nothing(picture, pen))
    if _empty(picture, pen):
        _, said = hint(picture, pen, folder, 3 * (width - 4))
        rest = said.text
        while rest:
            part = lines.take(rest, width - 4)
            body.add((Span("   "), Span(part)))
            rest = rest[len(part) :]
    todo = picture.todo
    shown = window(len(todo), max((height + 1) // 3, 1), pen)
    for index in shown:
        alert = todo[index]
        ground = "critical-row" if alert.severity == "critical" else ""
        if index == pen.cursor:
            ground = "selected"
        tone = SIGN_TONES[alert.severity]
        first = (
            Span("▌" if index == pen.cursor else " ", "cursor"),
            Span(
                SIGNS[alert.severity] + lines.pad(pen.words.short("severity", _WORDS[alert.severity]), 4),
                tone,
            ),
            Span(" "),
            Span(kind(alert, pen), alert.severity),
        )
        clock = (Span(" " + alert_clock(pen, alert) + " ", "strong"),)
        second = (Span("   "), lines.data(pen.words.say(alert.text)))
        act = (Span(" " + _act(alert, pen) + " ", "strong"),)
        parted = lines.length(second) + lines.length(act) > width and body.room > 2
        told = [lines.spread(first, clock, width)]
        told += [lines.fit(second, width), lines.spread((), act, width)] if parted else []
        told += [] if parted else [lines.spread(second, act, width)]
        for line in told:
            body.add(lines.on(line, ground) if ground else line, index)
        left = len(todo) - shown.stop
        if index == shown[-1] and left and body.room:
            body.add((Span("   "), Span(pen.words("{n} more", n=left), "muted")))
        elif not parted:
            body.blank()
    return body.drawn()
