"""What every pane is drawn with: the pen, ages and clocks in words, the gutter, heads and frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.desks.shapes.common import Alert, Freshness, Severity
from commandpost.words import Words

SIGNS: dict[Severity | None, str] = {"critical": "!!", "warning": "! ", "info": "· ", None: "  "}
SIGN_TONES: dict[Severity | None, str] = {
    "critical": "critical-block",
    "warning": "warning",
    "info": "info",
    None: "text",
}
GUTTER = 4
"""Cells of cursor, sign and blank at the left of every row."""
_SIGN_TEXTS = frozenset(("!!", "! ", "· "))


@dataclass(frozen=True, slots=True)
class Pen:
    """What a drawing needs besides its picture."""

    words: Words
    moment: datetime
    """Of the picture, in the post's zone."""
    cursor: int | None = None
    """Index of the row under the cursor; None: no cursor here."""
    focus: bool = False
    offset: int = 0
    """Index of the first row shown, as it was last time; moved only to keep the cursor in sight."""
    stale: bool = False
    past: bool = False
    gates: Mapping[str, str] = field(default_factory=dict)
    """Gates' English names."""

    @property
    def chinese(self) -> bool:
        return self.words.language == "zh"

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.moment.tzinfo)

    def clock(self, moment: datetime) -> str:
        """20:14 today and less than 12 hours away, so that midnight hides no evening; else 02-09: five cells."""
        local = self.local(moment)
        near = local.date() == self.moment.date() or abs(local - self.moment) < timedelta(hours=12)
        return f"{local:%H:%M}" if near else f"{local:%m-%d}"

    def name(self, own: str, english: str) -> str:
        """A place or an item in the reader's language."""
        return lines.safe(own if self.chinese or not english else english)

    def column(self, id: str) -> str:
        return self.words.short("column", id)


class Drawn(NamedTuple):
    """A box drawn: lines of exactly its width, and for each line the index of the row it shows."""

    lines: tuple[Line, ...]
    rows: tuple[int | None, ...]
    offset: int = 0


class Count(NamedTuple):
    """A figure of a pane's head."""

    label: str
    value: str
    severity: Severity | None = None
    """Shown only while the value is not 0."""


def span_words(words: Words, span: timedelta, seconds: bool = False) -> str:
    """13分, 1时46分, 1天11时, 3天 (13m, 1h46, 1d11h, 3d); below a minute seconds when asked for."""
    total = max(int(span.total_seconds()), 0)
    if seconds and total < 60:
        return words.short("span", "{n}s").format(n=total)
    minutes, hours, days = total // 60, total // 3600, total // 86400
    if hours < 1:
        return words.short("span", "{n}m").format(n=minutes)
    if days < 1:
        return words.short("span", "{h}h{m:02}").format(h=hours, m=minutes % 60)
    if days < 3 and hours % 24:
        return words.short("span", "{d}d{h}h").format(d=days, h=hours % 24)
    return words.short("span", "{n}d").format(n=days)


def age(pen: Pen, moment: datetime | None) -> str:
    """2分前 (2m), or nothing known: —."""
    if moment is None:
        return "—"
    return pen.words.short("age", "{span}").format(span=span_words(pen.words, pen.moment - moment, True))


def hours_minutes(minutes: int) -> str:
    """How long something has waited, at most five cells: 5:02, 99:59, 12d."""
    if minutes >= 100 * 60:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}:{minutes % 60:02}"


def alert_clock(pen: Pen, alert: Alert) -> str:
    """13分, 1时46分后, 超1时02分, 迟2时14分, 今日, or —."""
    if alert.timing == "today":
        return pen.words.short("timing", "today")
    moment = alert.at or alert.since
    if moment is None or not alert.timing:
        return "—"
    # What is to come is rounded up to the minute, what has been is rounded down.
    distance = moment - pen.moment + timedelta(seconds=59) if alert.timing == "in" else pen.moment - moment
    pattern = {"ago": "{span}", "in": "in {span}", "over": "{span} over", "late": "{span} late"}
    return pen.words.short("timing", pattern[alert.timing]).format(span=span_words(pen.words, distance))


def column(text: str, cells: int, tone: str = "text", right: bool = False) -> tuple[Span, Span]:
    """One column of a row and the blank after it."""
    return Span(lines.pad(text, cells, right), tone), Span(" ")


def gutter(severity: Severity | None, cursor: bool = False) -> tuple[Span, ...]:
    sign, tone = SIGNS[severity], SIGN_TONES[severity]
    return (Span("▌" if cursor else " ", "cursor"), Span(sign, tone), Span(" "))


def indented(text: str, tone: str = "muted") -> tuple[Span, ...]:
    return Span(" " * GUTTER), Span(text, tone)


def window(total: int, room: int, pen: Pen) -> range:
    """Which rows are shown: `room` of `total`, the cursor among them."""
    offset = max(min(pen.offset, total - room), 0)
    if pen.cursor is not None and room > 0:
        cursor = min(max(pen.cursor, 0), max(total - 1, 0))
        offset = min(max(offset, cursor - room + 1), cursor)
    return range(offset, min(offset + max(room, 0), total))


class Body:
    """Collects a pane's lines in a box and greys them when the pane is stale."""

    def __init__(self, pen: Pen, width: int, height: int) -> None:
        self.pen, self.width, self.height = pen, width, height
        self._lines: list[Line] = []
        self._rows: list[int | None] = []
        self._offset = 0

    @property
    def room(self) -> int:
        return self.height - len(self._lines)

    def add(self, spans: Iterable[Span], row: int | None = None) -> None:
        """A line; more than the box holds are left off."""
        if self.room <= 0:
            return
        line = lines.fit(spans, self.width)
        if self.pen.stale:
            line = tuple(_grey(span) for span in line)
        if row is not None and row == self.pen.cursor:
            line = lines.on(line, "selected")
        self._lines.append(line)
        self._rows.append(row)

    def text(self, text: str, tone: str = "muted") -> None:
        self.add(indented(text, tone))

    def blank(self) -> None:
        self.add(())

    def rows(self, total: int, room: int, draw: Callable[[int, bool], Iterable[Span]]) -> None:
        """The rows in sight, `room` lines at most."""
        shown = window(total, min(room, self.room), self.pen)
        self._offset = shown.start
        for index in shown:
            self.add(draw(index, index == self.pen.cursor), index)

    def to_bottom(self, count: int) -> None:
        """Blank lines until only `count` are left."""
        while self.room > count:
            self.blank()

    def drawn(self) -> Drawn:
        self.to_bottom(0)
        return Drawn(tuple(self._lines), tuple(self._rows), self._offset)


def _grey(span: Span) -> Span:
    if span.text in _SIGN_TEXTS or span.tone == "cursor":
        return span
    return Span(span.text, "stale")


def counts_line(counts: Sequence[Count], pen: Pen, cells: int) -> Line:
    """The head's figures in at most `cells`, the rightmost left off first, criticals last."""
    kept = list(counts)
    while kept and sum(lines.width(f"{c.label} {c.value}") for c in kept) + 2 * (len(kept) - 1) > cells:
        calm = [c for c in kept if c.severity != "critical" or c.value == "0"]
        kept.remove(calm[-1] if calm else kept[-1])
    spans: list[Span] = []
    for count in kept:
        if spans:
            spans.append(Span("  "))
        if pen.stale:
            spans.append(Span(f"{count.label} {count.value}", "stale"))
        elif count.severity == "critical" and count.value != "0":
            spans.append(Span(f"{count.label} {count.value}", "critical-block"))
        else:
            tone = "muted" if count.value == "0" else count.severity or "strong"
            spans += [Span(f"{count.label} ", "muted"), Span(count.value, tone)]
    return tuple(spans)


class Frame(NamedTuple):
    """The signs a box is drawn with."""

    corners: str
    """Top left, top right, bottom left, bottom right."""
    across: str
    down: str
    tone: str
    title: str
    """Tone of the title."""


_NORMAL = Frame("╭╮╰╯", "─", "│", "line", "strong")
_FOCUS = Frame("┏┓┗┛", "━", "┃", "focus", "focus-title")
_STALE = Frame("╭╮╰╯", "╌", "┆", "line", "strong")
_FOCUS_STALE = Frame("┏┓┗┛", "╍", "┇", "focus", "focus-title")
_PAST = Frame("╔╗╚╝", "═", "║", "past", "strong")
_FOCUS_PAST = _PAST._replace(title="past-title")


def frame_of(pen: Pen) -> Frame:
    if pen.past:
        return _FOCUS_PAST if pen.focus else _PAST
    if pen.stale:
        return _FOCUS_STALE if pen.focus else _STALE
    return _FOCUS if pen.focus else _NORMAL


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on a pane's frame."""

    number: str
    title: str
    counts: tuple[Count, ...]
    newest: datetime | None = None
    """The age in its foot; see `foot`."""
    foot: str | None = None
    """Stands there instead of the age."""


def head_of(pen: Pen, number: str, title: str, counts: tuple[Count, ...], freshness: Freshness) -> Head:
    """A desk's head. Of a desk that nothing was ever received for, every figure is unknown, not 0."""
    if freshness.newest is None:
        counts = tuple(Count(count.label, "?") for count in counts)
    return Head(number, pen.words.short("pane", title), counts, freshness.newest)


def _title(pen: Pen, head: Head, frame: Frame) -> tuple[Span, ...]:
    title = Span(f" {head.number} {head.title} ", frame.title)
    if not pen.stale:
        return (title,)
    old = span_words(pen.words, pen.moment - head.newest, True) if head.newest else "—"
    return title, Span(f" {pen.words.short('age', 'old')} {old} ", "stale-block")


def _foot(pen: Pen, head: Head) -> str:
    if head.foot is not None:
        return head.foot
    return "" if pen.stale else age(pen, head.newest)


def band(pen: Pen, head: Head, body: Drawn) -> Drawn:
    """A pane without sides, as wide as the screen: its head as a rule, then its lines."""
    frame = frame_of(pen)
    width = lines.length(body.lines[0]) if body.lines else 80
    rule = Span(frame.across, frame.tone)
    foot = _foot(pen, head)
    tail = (Span(f" {foot} ", "muted"), rule) if foot else (rule,)
    start = (rule, *_title(pen, head, frame), Span(frame.across * 2, frame.tone), Span(" "))
    room = width - lines.length(start) - lines.length(tail) - 3
    line = (*start, *counts_line(head.counts, pen, room), Span("  "))
    fill = max(width - lines.length(line) - lines.length(tail), 0)
    top = lines.fit((*line, Span(frame.across * fill, frame.tone), *tail), width)
    return Drawn((top, *body.lines), (None, *body.rows), body.offset)


def boxed(pen: Pen, head: Head, body: Drawn, width: int) -> Drawn:
    """A pane in a frame `width` wide; `body` is two narrower."""
    frame = frame_of(pen)
    inner = width - 2
    left, right, low_left, low_right = (Span(corner, frame.tone) for corner in frame.corners)
    title = _title(pen, head, frame)
    counts = counts_line(head.counts, pen, inner - lines.length(title) - 4)
    fill = max(inner - lines.length(title) - lines.length(counts) - 3, 0)
    top = lines.fit(
        (*title, Span(frame.across * fill, frame.tone), Span(" "), *counts, Span("  ")),
        inner,
    )
    foot = _foot(pen, head)
    ending = (Span(f" {foot} ", "muted"), Span(frame.across, frame.tone)) if foot else ()
    bottom = (Span(frame.across * (inner - lines.length(ending)), frame.tone), *ending)
    side = Span(frame.down, frame.tone)
    drawn = (
        (left, *top, right),
        *((side, *lines.fit(line, inner), side) for line in body.lines),
        (low_left, *lines.fit(bottom, inner), low_right),
    )
    return Drawn(drawn, (None, *body.rows, None), body.offset)


def waiting(body: Body, freshness: Freshness, none: str = "") -> bool:
    """Says so when nothing has ever come for this pane, True then; else `none`: that there is no row."""
    if freshness.newest is not None:
        if none:
            body.text(none)
        return False
    body.text(body.pen.words("Nothing received yet"))
    return True
