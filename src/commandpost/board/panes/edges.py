"""What stands around the panes: header, latest drops, footer, and the line of a window too small."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from commandpost.board import lines
from commandpost.board.actions import ACTIONS, Where
from commandpost.board.lines import Line, Span
from commandpost.board.panes.common import Pen, age, span_words
from commandpost.picture import DropRow, Picture
from commandpost.words import Words


class Key(NamedTuple):
    """A key the footer shows, from the board's table of actions."""

    key: str
    label: str
    """In the reader's language."""


class IntakeState(NamedTuple):
    """Whether files are being taken in."""

    running: bool = True
    stopped: datetime | None = None
    """Since when it is not; None: nobody saw it run."""


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _counts(picture: Picture, ground: str) -> tuple[Span, ...]:
    found = dict.fromkeys(("critical", "warning", "info"), 0)
    for alert in picture.todo:
        found[alert.severity] += 1
    critical = Span(f"!!{found['critical']}", "critical-block" if found["critical"] else "header-muted")
    return (
        critical._replace(ground="" if found["critical"] else ground),
        Span(" "),
        Span(f"!{found['warning']}", "warning" if found["warning"] else "header-muted"),
        Span(" "),
        Span(f"·{found['info']}", "info" if found["info"] else "header-muted"),
    )


def _officer(picture: Picture) -> str:
    """Who is on duty in the duty room, the desk that sits before this screen."""
    rooms = [on for on in picture.duty.on_duty if "值班" in on.post]
    return lines.safe(rooms[0].person) if rooms else ""


def _right(picture: Picture, pen: Pen, wide: bool, kiosk: bool, intake: IntakeState) -> list[Span]:
    word = pen.words.short
    if not intake.running:
        since = span_words(pen.words, pen.moment - intake.stopped, True) if intake.stopped else ""
        state = [Span(f"!! {word('header', 'intake stopped')} {since}".rstrip(), "critical-block")]
    else:
        last = age(pen, picture.drops.last_received)
        if wide:
            state = [Span(f"● {word('header', 'intake ok')} {last}", "header")]
        else:
            state = [Span(word("header", "intake {age}").format(age=last), "header")]
    if kiosk:
        tail = f"{word('header', 'kiosk')} {word('header', 'read-only')}"
    else:
        tail = _officer(picture)
        if tail and wide and pen.chinese:
            tail = f"{word('header', 'duty')} {tail}"
    return [*state, Span("  " if wide else " "), Span(tail, "header"), Span(" ")]


def header(
    picture: Picture,
    pen: Pen,
    width: int,
    *,
    kiosk: bool = False,
    readonly: bool = False,
    intake: IntakeState | None = None,
    now: datetime | None = None,
) -> Line:
    """Who, when, the days, what is open at the left; intake and the officer at the right.

    `now` is given when the picture is of the past."""
    word = pen.words.short
    if now is not None:
        return _past_header(picture, pen, width, now)
    wide = width >= 120
    right = _right(picture, pen, wide, kiosk, intake or IntakeState())
    if readonly and not kiosk:
        right = [Span(word("header", "read-only") + "  ", "header-strong"), *right]
    name = picture.name if wide or not picture.short else picture.short
    name = pen.name(name, picture.english)
    day = word("weekday", WEEKDAYS[pen.moment.weekday()])
    date = f"{pen.moment:%m-%d} {day}" if pen.chinese else f"{day} {pen.moment:%m-%d}"
    when = (Span(f"  {date} ", "header"), Span(f"{pen.moment:%H:%M}", "header-accent"))
    days: list[Span] = []
    for number, long, short in (
        (picture.lockdown_day, "lockdown day {n}", "day {n}"),
        (picture.clear_day, "clear day {n}", "clear {n}"),
    ):
        if number is not None:
            gap = " " if days and pen.chinese else "  "
            days.append(Span(gap + word("header", long if wide else short).format(n=number), "header-muted"))
    counts = (Span("  "), *_counts(picture, "header"))
    room = width - lines.length(right) - 2
    fixed = lines.length((*when, *counts))
    while days and fixed + lines.length(days) + min(lines.width(name), 12) > room:
        days.pop()
    name = lines.cut(name, max(room - fixed - lines.length(days), 0))
    left = (Span(" "), Span(name, "header-strong"), *when, *days, *counts)
    return _grounded(lines.spread(left, right, width), "header")


def _grounded(line: Line, ground: str) -> Line:
    return tuple(span if span.tone.endswith("-block") else span._replace(ground=ground) for span in line)


def _past_header(picture: Picture, pen: Pen, width: int, now: datetime) -> Line:
    word = pen.words.short
    back = pen.words.short("age", "{span}").format(span=span_words(pen.words, now - pen.moment))
    criticals = sum(alert.severity == "critical" for alert in picture.todo)
    known = word("header", "as known at")
    at = f"{pen.moment:%m-%d %H:%M}"
    left = [
        Span(" << "),
        Span(
            f"{word('header', 'back')} {at} {known}"
            if pen.chinese
            else f"{word('header', 'back')} {known} {at}"
        ),
        Span(f"  {word('header', 'read-only')}  {back}   "),
        Span(f"{word('header', 'now')} {now.astimezone(pen.moment.tzinfo):%H:%M}  !!{criticals}"),
    ]
    return lines.on(
        tuple(span._replace(tone="past-title") for span in lines.fit(left, width)),
        "past",
    )


def short_number(number: int) -> str:
    """27, 9999, 12k, 1.2M: four cells at most."""
    if number < 10_000:
        return str(number)
    return f"{number // 1000}k" if number < 1_000_000 else f"{number / 1_000_000:.1f}M"


def drop_name(row: DropRow, pen: Pen) -> str:
    """The file's name; where names are masked its kind."""
    return lines.safe(row.name or pen.words.short("kind", row.kind)) or "—"


def _drop(row: DropRow, pen: Pen) -> list[Span]:
    word = pen.words.short
    spans = [Span(f"{pen.clock(row.received)} {drop_name(row, pen)} ")]
    if row.verdict in ("held", "asks", "refused"):
        spans.append(Span(word("verdict of a drop", row.verdict), "warning"))
    elif not row.verdict:
        spans.append(Span(word("verdict of a drop", "loading"), "info"))
    else:
        spans.append(Span(word("drop", "{n} rows").format(n=row.rows) + " "))
        spans.append(Span(word("drop", "new {n}").format(n=row.new) + " "))
        spans.append(Span(word("drop", "dup {n}").format(n=row.duplicate) + " "))
        back = word("drop", "back {n}").format(n=row.rejected)
        spans.append(Span(back, "warning" if row.rejected else "text"))
    return spans


def latest(picture: Picture, pen: Pen, width: int) -> Line:
    """The line of the latest drops: as many as fit whole."""
    line: list[Span] = [Span(f" {pen.words.short('drop', 'Latest drop')} ", "muted")]
    shown = 0
    for row in picture.drops.rows:
        drop = [*([Span("  ")] if shown else []), *_drop(row, pen), Span("  "), Span("│", "line")]
        if shown and lines.length(line) + lines.length(drop) > width:
            break
        line += drop
        shown += 1
    if not shown:
        line.append(Span("—", "muted"))
    return lines.fit(line, width)


def keys_of(where: Where, words: Words, todo: int | None = None) -> tuple[Key, ...]:
    """The keys of a screen's footer; `todo`: how many lines the to-do list has."""
    told = []
    for action in ACTIONS:
        if action.shown and where in action.where:
            label = words.short("key", action.label)
            if action.id == "todo" and todo is not None:
                label += str(todo)
            told.append(Key(action.shown, label))
    return tuple(told)


def footer(keys: Sequence[Key], width: int) -> Line:
    """The keys that work here; those that do not fit are left off from the middle, never the last (F1)."""
    gap = "  " if width >= 120 else " "
    shown = list(keys)

    def total() -> int:
        return 1 + sum(lines.width(key.key + key.label) for key in shown) + len(gap) * (len(shown) - 1)

    while len(shown) > 1 and total() > width:
        del shown[-2]
    spans = [Span(" ")]
    for index, key in enumerate(shown):
        spans += [Span(gap if index else ""), Span(key.key, "key"), Span(key.label)]
    return lines.fit(spans, width)


def kiosk_footer(
    picture: Picture, pen: Pen, width: int, *, page: int | None, pages: int, seconds: int
) -> Line:
    """姓名已遮 · 只读 · 数据截至 20:14:32 · 窗格 1/4 ▰▰▱▱ 12秒后换."""
    word = pen.words.short
    told = []
    if picture.masked:
        told.append(pen.words("names masked"))
    told += [word("header", "read-only"), pen.words("data as of {time}", time=f"{pen.moment:%H:%M:%S}")]
    text = " " + " · ".join(told)
    if page is not None:
        text += " · " + pen.words("pane {page}/{pages}", page=page + 1, pages=pages)
        left = span_words(pen.words, timedelta(seconds=seconds), True)
        text += (
            " " + "▰" * (page + 1) + "▱" * (pages - page - 1) + " " + pen.words("next in {time}", time=left)
        )
    return lines.fit((Span(text, "muted"),), width)


def too_small(pen: Pen, width: int, height: int, needs: tuple[int, int]) -> tuple[Line, ...]:
    """Says what is needed and what there is."""
    text = pen.words("Window too small: needs {w}×{h}, is {a}×{b}", w=needs[0], h=needs[1], a=width, b=height)
    return (lines.fit((Span(text, "warning"),), width), *(lines.blank(width) for _ in range(height - 1)))
