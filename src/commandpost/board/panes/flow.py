"""Flow 门岗通行: each gate's state, the day by the hour, the latest and the notable passes."""

from __future__ import annotations

from collections.abc import Sequence

from commandpost.board import lines
from commandpost.board.lines import Line, Span
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
from commandpost.desks.gate.picture import GatePicture, GateState, PassRow

_LEVELS = " ▁▂▃▄▅▆▇█"
_VERDICTS = {"ADMITTED": "admit", "REFUSED": "refuse", "TURNED_BACK": "turned", "HELD": "held", "": "?"}
GATES = 3
"""Lines of gates below the chart; those passed while closed come first."""
TALL = 10
"""Lines from which the chart has an axis and more than one row."""


def head(gate: GatePicture, pen: Pen) -> Head:
    word = pen.words.short
    inside = "?" if gate.inside is None else str(gate.inside)
    counts = (
        Count(word("head", "in"), str(gate.in_)),
        Count(word("head", "out"), str(gate.out)),
        Count(word("head", "inside"), inside),
        Count(word("head", "fever"), str(gate.fever + gate.fever_before), gate.fever_severity),
        Count(word("head", "turned"), str(gate.turned_back), "warning"),
        Count(word("head", "refused"), str(gate.refused), "warning"),
    )
    return head_of(pen, "1", "Gate traffic", counts, gate.freshness)


def hourly(gate: GatePicture, pen: Pen) -> list[int | None]:
    """Passes of each hour of the day so far; None: not known."""
    known: dict[int, int] = {}
    if gate.freshness.newest is None:
        return [None] * (pen.moment.hour + 1)
    for hour in gate.hours:
        known[pen.local(hour.start).hour] = hour.in_ + hour.out
    return [known.get(hour) for hour in range(pen.moment.hour + 1)]


def chart(passes: Sequence[int | None], rows: int, each: int) -> list[Line]:
    """The day in `rows` lines of 24 hours, `each` cells an hour; an hour without a pass is ·, unknown ?."""
    peak = max((count for count in passes if count), default=0)
    drawn: list[Line] = []
    for row in reversed(range(rows)):
        spans = []
        for hour, count in enumerate(passes):
            sign = " "
            if count is None:
                sign = "?" if row == 0 else " "
            elif count == 0:
                sign = "·" if row == 0 else " "
            else:
                level = max(round(count * rows * 8 / peak), 1) - row * 8
                sign = _LEVELS[min(max(level, 0), 8)]
            spans.append(Span(sign * each, "spark-now" if hour == len(passes) - 1 else "spark"))
        drawn.append(lines.fit(spans, 24 * each))
    return drawn


def _facts(gate: GatePicture, pen: Pen, passes: Sequence[int | None]) -> list[tuple[Span, ...]]:
    """本时 8, 峰17时 44, 末次 20:12: each a group that is not parted."""
    word = pen.words.short
    now = passes[-1] if passes and passes[-1] is not None else "?"
    parts: list[tuple[Span, ...]] = []
    if pen.chinese:
        parts.append((Span(word("flow", "this hour") + " ", "text"), Span(str(now))))
    else:
        parts.append((Span(f"{now}/h"),))
    known = [(count, -hour) for hour, count in enumerate(passes) if count]
    if known:
        peak, hour = max(known)
        label = word("flow", "peak").format(hour=-hour)
        parts.append((Span(label + " "), Span(str(peak))))
    last = pen.clock(gate.last_event) if gate.last_event else "—"
    parts.append((Span(word("flow", "last") + " "), Span(last)))
    return parts


def _together(parts: Sequence[tuple[Span, ...]], gap: str) -> Line:
    spans: list[Span] = []
    for part in parts:
        if spans:
            spans.append(Span(gap))
        spans.extend(part)
    return tuple(spans)


def _state(gate: GateState, pen: Pen) -> Span:
    if not gate.declared:
        return Span(pen.words.short("gate", "new"), "warning")
    if gate.state == "OPEN":
        return Span(pen.words.short("gate", "open"), "ok")
    return Span(pen.words.short("gate", "closed"), "muted")


def _columns(pen: Pen) -> tuple[int, int, int]:
    """Widths of direction, verdict and of a gate's name beside the chart."""
    return (2, 4, 6) if pen.chinese else (3, 6, 7)


def _gate_line(gate: GateState, pen: Pen) -> list[Span]:
    word = pen.words.short
    spans = [
        Span(" " * GUTTER),
        *column(pen.name(gate.name, gate.english), _columns(pen)[2], "muted"),
        _state(gate, pen),
    ]
    if gate.state == "CLOSED":
        if gate.since:
            spans.append(Span(" " + word("gate", "since {day}").format(day=f"{gate.since:%m-%d}"), "muted"))
        breaches = word("gate", "breaches")
        spans.append(Span(("  " if pen.chinese else ", ") + breaches + " ", "muted"))
        spans.append(Span(str(gate.breaches), "warning" if gate.breaches else "muted"))
    else:
        last = pen.clock(gate.last_event) if gate.last_event else "—"
        told = word("gate", "in {i} out {o} last {time}").format(i=gate.in_, o=gate.out, time=last)
        spans.append(Span(" " + told, "muted"))
    return spans


def _front(gate: GatePicture, pen: Pen) -> tuple[list[Span], list[GateState]]:
    """Words beside the chart, and the gates that get a line of their own."""
    size = _columns(pen)[2]
    opened = [g for g in gate.gates if g.state == "OPEN"]
    if len(opened) == 1:
        name, state = pen.name(opened[0].name, opened[0].english), _state(opened[0], pen)
        others = [g for g in gate.gates if g is not opened[0]]
    else:
        name, state = pen.words.short("gate", "All"), Span(" " * (2 if pen.chinese else 4))
        others = list(gate.gates)
    others.sort(key=lambda g: g.breaches == 0)
    return [Span(" " * GUTTER), *column(name, size, "strong"), state, Span(" ")], others


def _short_chart(gate: GatePicture, pen: Pen, body: Body) -> None:
    start, others = _front(gate, pen)
    passes = hourly(gate, pen)
    spans = [*start, *chart(passes, 1, 1)[0], Span(" ")]
    spans += _together(_facts(gate, pen, passes), " ")
    closed = [g for g in others if g.state == "CLOSED"]
    for index, other in enumerate(closed):
        tail = _short_closed(other, pen)
        if other.breaches and lines.length(spans) + lines.length(tail) > body.width:
            # Rather the figure of those left than the name of a calm gate.
            told = f" {pen.words.short('gate', 'breaches')} {sum(g.breaches for g in closed[index:])}"
            spans.append(Span(told, "warning"))
            break
        if lines.length(spans) + lines.length(tail) <= body.width:
            spans += tail
    body.add(spans)


def _short_closed(gate: GateState, pen: Pen) -> list[Span]:
    """· 东门封闭, and how often it was passed all the same."""
    name, state = pen.name(gate.name, gate.english), _state(gate, pen).text
    told = [Span(f" · {name}{state}" if pen.chinese else f" {name.removesuffix(' gate')} {state}")]
    if gate.breaches:
        told.append(Span(f" {pen.words.short('gate', 'breaches')} {gate.breaches}", "warning"))
    return told


def _tall_chart(gate: GatePicture, pen: Pen, body: Body) -> None:
    each, rows = (2, 3) if body.width >= 72 else (1, 2)
    start, others = _front(gate, pen)
    left = lines.length(start)
    axis = lines.fit((), left)
    labels = "".join(lines.pad(label, 6 * each) for label in ("00", "06", "12", "18"))[: 24 * each - 1] + "24"
    body.add((*axis, Span(labels, "muted")))
    passes = hourly(gate, pen)
    parts = _facts(gate, pen, passes)
    beside = left + 24 * each + 2
    upper, lower = _together(parts[:-1], "  "), _together(parts[-1:], "  ")
    fits = beside + max(lines.length(upper), lines.length(lower)) <= body.width
    drawn = chart(passes, rows, each)
    for index, row in enumerate(drawn):
        last = index == len(drawn) - 1
        words: Line = ()
        if fits and index >= len(drawn) - 2:
            words = lower if last else upper
        body.add((*(start if last else axis), *row, Span("  "), *words))
    whole = () if fits else _together(parts, "  ")
    for index, other in enumerate(others[:GATES]):
        spans = _gate_line(other, pen)
        if index == GATES - 1 and len(others) > GATES:
            spans.append(Span(f"  +{len(others) - GATES}", "muted"))
        if index == 0 and whole and lines.length(spans) + lines.length(whole) + 2 <= body.width:
            body.add(lines.spread(spans, (*whole, Span(" ")), body.width))
            whole = ()
        else:
            body.add(spans)
    if whole:
        body.add(lines.spread((), (*whole, Span(" ")), body.width))


def _heads(pen: Pen) -> list[Span]:
    direction, verdict, _ = _columns(pen)
    return [
        Span(" " * GUTTER),
        *column(pen.column("time"), 5, "muted"),
        *column(pen.column("dir"), direction, "muted"),
        *column(pen.column("name/plate"), 10, "muted"),
        *column(pen.column("temp"), 5, "muted", right=True),
        *column(pen.column("verd."), verdict, "muted"),
        *column(pen.column("gate"), 6, "muted"),
        Span(pen.column("reason"), "muted"),
    ]


def _temperature(row: PassRow, pen: Pen) -> Span:
    if row.temperature is None and not row.fever:
        return Span("    —", "text")
    said = pen.words.short("slot", "HOT") if row.temperature is None else f"{row.temperature:.1f}"
    shown = lines.pad(said, 5, right=True)
    if not row.fever:
        return Span(shown)
    # A fever that is over is told apart from the others, and calls nobody.
    tones = {"critical": "critical-block", "warning": "warning"}
    return Span(shown, tones.get(row.severity or "", "strong"))


def _verdict_tone(row: PassRow) -> str:
    if row.verdict in ("REFUSED", "TURNED_BACK"):
        return "warning"
    return row.severity or "strong" if row.verdict == "HELD" else "text"


def _row(row: PassRow, pen: Pen, cursor: bool) -> list[Span]:
    direction, verdict, _ = _columns(pen)
    inward = row.direction == "IN"
    reason = pen.words.say(row.note) if row.note else row.purpose
    return [
        *gutter(row.severity, cursor),
        *column(pen.clock(row.at), 5),
        *column(
            pen.words.short("direction", "in" if inward else "out"),
            direction,
            "strong" if inward else "muted",
        ),
        *column(lines.safe(row.name or row.plate) or "—", 10, "strong" if row.severity else "text"),
        _temperature(row, pen),
        Span(" "),
        *column(
            pen.words.short("verdict", _VERDICTS[row.verdict]),
            verdict,
            _verdict_tone(row),
        ),
        *column(pen.name(row.gate, pen.gates.get(row.gate, "")), 6),
        lines.data(reason, "text" if row.severity else "muted"),
    ]


def draw(gate: GatePicture, pen: Pen, width: int, height: int) -> Drawn:
    body = Body(pen, width, height)
    if height >= TALL:
        _tall_chart(gate, pen, body)
        body.add(_heads(pen))
    else:
        _short_chart(gate, pen, body)
    if not gate.rows:
        waiting(body, gate.freshness)
    body.rows(len(gate.rows), body.room, lambda index, cursor: _row(gate.rows[index], pen, cursor))
    return body.drawn()
