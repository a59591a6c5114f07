"""The wall's row of large digits: eight figures in fixed places, each with its name and severity."""

from __future__ import annotations

from typing import NamedTuple

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.board.panes.common import Pen
from commandpost.desks.shapes.common import Severity
from commandpost.picture import Picture

_SHAPES = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": (" ▀█", "  █", "  ▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    "?": ("▀▀█", " █▀", " ▄ "),
    "-": ("   ", "▀▀▀", "   "),
}
HEIGHT = 5
"""A blank, three lines of digits, a blank."""
PLACES = 8


class Figure(NamedTuple):
    label: str
    value: int | None
    severity: Severity | None = None
    """Only while the value is above 0."""


def figures(picture: Picture, pen: Pen) -> tuple[Figure, ...]:
    word = pen.words.short
    return (
        Figure(word("figure", "inside"), picture.gate.inside),
        Figure(word("figure", "isolated"), picture.isolation.open),
        Figure(word("figure", "due today"), picture.isolation.due_today, "warning"),
        Figure(word("figure", "gap"), picture.duty.gaps_soon, "critical"),
        Figure(word("figure", "reports missing"), picture.isolation.missing, "warning"),
        Figure(word("figure", "open requests"), picture.supply.open),
        Figure(word("figure", "clear days"), picture.clear_day),
        Figure(word("figure", "lockdown days"), picture.lockdown_day),
    )


def _place(figure: Figure, pen: Pen, cells: int) -> tuple[Line, Line, Line]:
    value = "?" if figure.value is None else str(figure.value)
    severity = figure.severity if figure.value else None
    tone = "warning" if severity == "warning" else "critical" if severity == "critical" else "strong"
    block = severity == "critical"
    label_cells = cells - 4 * len(value) - 5
    rows: list[Line] = []
    label_tone = tone if severity else "muted"
    sign = ""
    if severity:
        sign = ("!! " if block else "! ") + pen.words.short("severity", severity)
    for row in range(3):
        shape = " ".join(_SHAPES.get(char, _SHAPES["?"])[row] for char in value)
        beside = {0: sign, 1: figure.label}.get(row, "")
        if lines.width(shape) + 2 > cells - 3:
            shape, beside = ("", "") if row != 1 else (value, figure.label)
        inside = (
            Span(shape, tone),
            Span("  "),
            Span(lines.cut(beside, max(label_cells, 0)), label_tone),
        )
        line = lines.fit(inside, cells - 5)
        if block:
            line = tuple(span._replace(tone="critical-block") for span in line)
        rows.append(lines.fit((Span("   "), *line), cells))
    return rows[0], rows[1], rows[2]


def draw(picture: Picture, pen: Pen, width: int) -> tuple[Line, ...]:
    cells = width // PLACES
    places = [_place(figure, pen, cells) for figure in figures(picture, pen)]
    rows = [lines.fit((span for place in places for span in place[row]), width) for row in range(3)]
    return (lines.blank(width), *rows, lines.blank(width))
