"""A file that asks, as text: its first rows, what it could be and why, what to type. For page and command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commandpost.board.lines import pad, safe, take, width
from commandpost.words import Words

if TYPE_CHECKING:
    from commandpost.intake.peek import Seen
    from commandpost.intake.propose import Proposal

WIDEST = 20
"""Cells of a column."""


def first_rows(seen: Seen, rows: int) -> Iterator[str]:
    """Header and first rows, a line each, columns under each other, their numbers above."""
    from commandpost.intake.peek import cells_shown

    count = len(seen.header)
    shown = [[f"#{n + 1}" for n in range(count)], cells_shown(seen.header, count)]
    shown += [cells_shown(cells, count) for _, cells in seen.rows[:rows]]
    shown = [[safe(cell) for cell in row] for row in shown]
    widths = [max(2, min(WIDEST, max(width(row[n]) for row in shown))) for n in range(count)]
    lines = ["", str(seen.header_line), *(str(line) for line, _ in seen.rows[:rows])]
    edge = max(map(len, lines))
    for line, row in zip(lines, shown, strict=True):
        cells = (pad(cell, size) for cell, size in zip(row, widths, strict=True))
        yield f"{line:>{edge}}  {'  '.join(cells)}".rstrip()


def guesses(header: tuple[str, ...], proposal: Proposal, words: Words) -> Iterator[str]:
    """What each column seems to be, and why; what is missing."""
    for guess in proposal.guesses:
        name = f"#{guess.index + 1} {header[guess.index]}"
        what = f"{guess.column.header} {guess.column.field}"
        yield safe(f"  {name} → {what}  ({words.say(guess.reason)})")
    if proposal.lacking:
        yield words("  not found: {columns}", columns="、".join(proposal.lacking))


def folded(text: str, cells: int) -> Iterator[str]:
    """The text in lines of at most so many cells."""
    while text:
        part = take(text, cells)
        yield part
        text = text[len(part) :]
