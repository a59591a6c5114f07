"""A numbered menu in front of a screen: a digit, or the arrows and Enter; 0 and Esc choose nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events

from commandpost.board import lines
from commandpost.board.actions import Where
from commandpost.board.lines import Line, Span
from commandpost.board.screens.base import LinesScreen
from commandpost.board.shell import Choice

LABEL = 10
"""Cells of a choice's name; what it does stands beside it."""
WIDEST = 72


class MenuScreen(LinesScreen):
    """`choices`: at most nine have a digit, the others are reached by the arrows."""

    where: ClassVar[Where] = "menu"

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title = title
        self._choices = tuple(choices)
        self._cursor = 0
        self._corner = (0, 0)

    def _line(self, digit: str, label: str, help: str, keys: str, cells: int, *, chosen: bool) -> Line:
        name = Span(lines.pad(label, LABEL), "strong")
        left = (
            Span("▌" if chosen else " ", "cursor"),
            Span(f"{digit:>2} ", "key"),
            name,
            Span(" "),
            Span(help),
        )
        line = lines.spread(left, (Span(f" {keys} ", "muted"),), cells)
        return lines.on(line, "shift-now") if chosen else line

    def _box(self, cells: int) -> list[Line]:
        """The menu, `cells` wide: two of frame, a line a choice, how to choose."""
        words, inner = self.board.words, cells - 2
        told: list[Line] = [lines.blank(inner)]
        for n, choice in enumerate(self._choices):
            digit = str(n + 1) if n < 9 else ""
            chosen = n == self._cursor
            told.append(self._line(digit, choice.label, choice.help, choice.keys, inner, chosen=chosen))
        chosen = self._cursor == len(self._choices)
        told.append(self._line("0", words.short("key", "cancel"), "", "Esc", inner, chosen=chosen))
        how = self.key_word(words("↑↓ or a digit chooses   ⏎ does it"))
        told += [lines.blank(inner), lines.fit((Span("    "), Span(how, "muted")), inner)]
        head = (Span(f" {self._title} ", "focus-title"),)
        edge = Span("━" * (inner - 1 - lines.length(head)), "focus")
        side = Span("┃", "focus")
        return [
            (Span("┏━", "focus"), *head, edge, Span("┓", "focus")),
            *((side, *line, side) for line in told),
            (Span("┗" + "━" * inner + "┛", "focus"),),
        ]

    def drawn(self, width: int, height: int) -> tuple[Line, ...]:
        under = self.app.screen_stack[-2]
        beneath = (
            under.drawn(width, height) if isinstance(under, LinesScreen) else super().drawn(width, height)
        )
        cells = min(WIDEST, width)
        box = self._box(cells)
        x, y = self._corner = ((width - cells) // 2, max((height - len(box)) // 2, 0))
        front = lines.ascii_only(box) if self.board.ascii_only else box
        return lines.over(beneath, front, x, y)

    def action_move(self, by: int) -> None:
        self._cursor = (self._cursor + by) % (len(self._choices) + 1)
        self.redraw()

    def action_open(self) -> None:
        self._take(self._cursor)

    def action_pick(self, digit: int) -> None:
        if digit <= len(self._choices):
            self._take(digit - 1 if digit else len(self._choices))

    def _take(self, index: int) -> None:
        self.action_back()
        if index < len(self._choices):
            self.app.call_later(self._choices[index].run)

    def on_click(self, event: events.Click) -> None:
        """A choice is taken; beside the menu, none."""
        x, y = self._corner
        index = event.y - y - 2
        inside = x <= event.x < self.app.size.width - x
        self._take(index if inside and 0 <= index < len(self._choices) else len(self._choices))
