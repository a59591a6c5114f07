"""The wall's row of large digits: eight figures in fixed places, each with its name and severity."""

from __future__ import annotations

from typing import NamedTuple

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.board.panes.common import Pen
from commandpost.desks.shapes.common import Freshness, Severity
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
    def known(value: int | None, freshness: Freshness) -> int | None:
        return None if freshness.newest is None else value

    word = pen.words.short
    gate, isolation, duty, supply = picture.gate, picture.isolation, picture.duty, picture.supply
    return (
        Figure(word("figure", "inside"), known(gate.inside, gate.freshness)),
        Figure(word("figure", "isolated"), known(isolation.open, isolation.freshness)),
        Figure(word("figure", "due today"), known(isolation.due_today, isolation.freshness), "warning"),
        Figure(word("figure", "gap"), known(duty.gaps_soon, duty.freshness), "critical"),
        Figure(
            word("figure", "reports missing"),
            known(isolation.missing, isolation.freshness),
            isolation.loudest_of("report-missing"),
        ),
        Figure(word("figure", "open requests"), known(supply.open, supply.freshness)),
        Figure(word("figure", "clear days"), picture.clear_day),
        Figure(word("figure", "lockdown days"), picture.lockdown_day),
    )


def _place(figure: Figure, pen: Pen, cells: int, plain: bool) -> tuple[Line, ...]:
    value = "?" if figure.value is None else str(figure.value)
    severity = figure.severity if figure.value else None
    tone = severity or "strong"
    inner = cells - 2
    large = [" ".join(_SHAPES.get(char, _SHAPES["?"])[row] for char in value) for row in range(3)]
    if plain or lines.width(large[0]) + 8 > inner:
        large = ["", value, ""]
    sign = ""
    if severity:
        mark = "!!" if severity == "critical" else "!"
        sign = f"{mark} {pen.words.short('severity', severity)}"
    beside = (sign, figure.label, "")
    size = max(lines.width(shape) for shape in large)
    rows = []
    for shape, words in zip(large, beside, strict=True):
        inside = (
            Span("  "),
            Span(lines.pad(shape, size), tone),
            Span("  "),
            Span(lines.cut(words, inner - size - 4), tone if severity else "muted"),
        )
        line = lines.fit(inside, inner)
        if severity == "critical":
            line = tuple(span._replace(tone="critical-block") for span in line)
        rows.append((Span(" "), *line, Span(" ")))
    return tuple(rows)


def draw(picture: Picture, pen: Pen, width: int, plain: bool = False) -> tuple[Line, ...]:
    """`plain`: figures as text, for a screen without block signs."""
    cells = width // PLACES
    places = [_place(figure, pen, cells, plain) for figure in figures(picture, pen)]
    rows = [lines.fit((span for place in places for span in place[row]), width) for row in range(3)]
    return (lines.blank(width), *rows, lines.blank(width))
