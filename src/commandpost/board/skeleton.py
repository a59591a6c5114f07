"""The first frame: the panes' titles where they will stand, before any module of the post is loaded."""

from __future__ import annotations

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.words import Words

TITLES = ("Gate traffic", "Isolation", "Duty", "Supply")
BESIDE = (120, 36)
"""From this size the panes stand two by two."""


def skeleton(width: int, height: int, words: Words, said: Span) -> tuple[Line, ...]:
    """`height` lines of `width` cells: `said` in the second, and four titles."""
    frame = [lines.blank(width) for _ in range(height)]
    name = lines.fit((Span(f" {words('Command post')}", "header-strong"),), width)
    frame[0] = lines.on(name, "header")
    if height > 1:
        frame[1] = lines.fit((Span("    "), said), width)
    two = width >= BESIDE[0] and height >= BESIDE[1]
    cells = width // 2 if two else width
    rows = []
    for n, title in enumerate(TITLES, 1):
        head = Span(f"─ {n} {words.short('pane', title)} ", "muted")
        rows.append(lines.fit((head, Span("─" * max(cells - lines.width(head.text), 0), "line")), cells))
    top = 5 if two else 4
    step = max((height - top - 1) // (2 if two else 4), 1)
    for n, row in enumerate(rows):
        y = top + (n // 2 if two else n) * step
        if y < height - 1:
            frame[y] = lines.fit((*frame[y], *row), width) if two and n % 2 else row
    return tuple(frame)
