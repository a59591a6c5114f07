"""The one widget that shows lines: drawn once by content, repainted only where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from commandpost.board import tones
from commandpost.board.lines import Line, width
from commandpost.board.tones import Colours

PAUSE = 0.1
"""Seconds between two paints nobody asked for by a key."""
STRIPS = 4096
"""Lines kept as strips: some pages of a wide wall."""

_styles: dict[tuple[str, str, Colours], Style] = {}

_CUBE = (0, 95, 135, 175, 215, 255)
_INDEX = {
    **{f"#{8 + 10 * n:02X}{8 + 10 * n:02X}{8 + 10 * n:02X}": 232 + n for n in range(24)},
    **{
        f"#{_CUBE[r]:02X}{_CUBE[g]:02X}{_CUBE[b]:02X}": 16 + 36 * r + 6 * g + b
        for r in range(6)
        for g in range(6)
        for b in range(6)
    },
}
"""Every colour of our tables is a member of xterm's 256: its number takes half the bytes of its value."""


def _colour(name: str) -> Color | None:
    if not name:
        return None
    return Color.from_ansi(_INDEX[name]) if name.startswith("#") else Color.parse(name)


def style(tone: str, ground: str, colours: Colours) -> Style:
    """The terminal's style of a span."""
    found = _styles.get((tone, ground, colours))
    if found is None:
        look = tones.look(tone, ground, colours)
        paper = look.ground or tones.PAPER[colours]
        found = _styles[tone, ground, colours] = Style(
            color=_colour(look.fg),
            bgcolor=_colour(paper),
            bold=look.bold,
            dim=look.dim,
            reverse=look.reverse,
        )
    return found


def changed_cells(old: Line, new: Line) -> tuple[int, int]:
    """From which cell up to which the second line differs from the first, whole spans."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    stop = 0
    while stop < min(len(old), len(new)) - start and old[-1 - stop] == new[-1 - stop]:
        stop += 1
    total = sum(width(span.text) for span in new)
    left = sum(width(span.text) for span in new[:start])
    right = total - sum(width(span.text) for span in new[len(new) - stop :])
    if sum(width(span.text) for span in old) != total:
        right = total
    return left, max(right, left)


class LinesView(Widget):
    """Shows lines exactly as they are given; the screen above draws them for the size it has."""

    DEFAULT_CSS = "LinesView { width: 1fr; height: 1fr; }"

    def __init__(self, colours: Colours = "256", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.colours = colours
        self.lines: tuple[Line, ...] = ()
        self._waiting: tuple[Line, ...] | None = None
        self._painted = 0.0
        self._timer: Timer | None = None
        self._strips: dict[Line, Strip] = {}

    def show(self, lines: Sequence[Line], *, now: bool = True) -> None:
        """Shows these lines instead: at once, or (not `now`) at most every 100 ms."""
        lines = tuple(lines)
        left = self._painted + PAUSE - monotonic()
        if now or left <= 0:
            self._paint(lines)
        else:
            self._waiting = lines
            if self._timer is None:
                self._timer = self.set_timer(left, self._late)

    @property
    def waits(self) -> bool:
        """Whether lines were shown that are not painted yet."""
        return self._waiting is not None

    def _late(self) -> None:
        self._timer = None
        if self._waiting is not None:
            self._paint(self._waiting)

    def _paint(self, lines: tuple[Line, ...]) -> None:
        old, self.lines, self._waiting = self.lines, lines, None
        if old == lines:
            return
        self._painted = monotonic()
        if len(old) != len(lines):
            self.refresh()
            return
        regions = []
        for y, (before, after) in enumerate(zip(old, lines, strict=True)):
            if before != after:
                left, right = changed_cells(before, after)
                regions.append(Region(left, y, right - left, 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        if y >= len(self.lines):
            return Strip.blank(self.size.width, style("text", "", self.colours))
        line = self.lines[y]
        strip = self._strips.get(line)
        if strip is None:
            if len(self._strips) > STRIPS:
                self._strips.clear()
            strip = self._strips[line] = Strip(
                [Segment(span.text, style(span.tone, span.ground, self.colours)) for span in line],
                sum(width(span.text) for span in line),
            )
        return strip
