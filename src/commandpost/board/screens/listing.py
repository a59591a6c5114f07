"""A list that is asked of the source thread: rows under a title, a cursor, Enter on a row."""

from __future__ import annotations

from typing import Any, ClassVar

from commandpost.board import lines
from commandpost.board.actions import Where
from commandpost.board.lines import Line, Span
from commandpost.board.screens.base import AskingScreen


class ListScreen(AskingScreen):
    """`head` stands above the rows and stays there."""

    where: ClassVar[Where] = "list"

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0

    def heading(self) -> str:
        return ""

    def head(self, width: int) -> list[Line]:
        """The lines above the rows."""
        return []

    def rows(self) -> list[Any] | None:
        """What there is to choose from; None: it is not there yet."""
        raise NotImplementedError

    def row(self, row: Any, width: int) -> list[Span]:
        """One row, without its cursor."""
        raise NotImplementedError

    def empty(self) -> str:
        """What stands there instead of no rows."""
        return ""

    def chosen(self, row: Any) -> None:
        """Enter on a row."""

    def drawn(self, width: int, height: int) -> tuple[Line, ...]:
        rows, above = self.rows(), self.head(width)
        told: list[Line] = [lines.fit((Span("  "), *line), width) for line in above]
        self._room = max(height - 2 - len(above), 1)
        self._total = len(rows or ())
        self.cursor = max(min(self.cursor, self._total - 1), 0)
        self._top = max(min(self._top, self.cursor), self.cursor - self._room + 1, 0)
        if not rows:
            told.append(lines.fit((Span("  "), Span("…" if rows is None else self.empty(), "muted")), width))
        for index, row in enumerate((rows or [])[self._top : self._top + self._room], self._top):
            here = index == self.cursor
            line = lines.fit(
                (Span("▌" if here else " ", "cursor"), Span(" "), *self.row(row, width - 2)), width
            )
            told.append(lines.on(line, "selected") if here else line)
        told = told[: height - 2]
        told += [lines.blank(width)] * (height - 2 - len(told))
        name = Span(f" {lines.safe(self.heading())} ", "focus-title")
        place = Span(f"{self.cursor + 1 if self._total else 0}/{self._total} ", "muted")
        out = (lines.spread((name,), (place,), width), *told, self.footer(width))
        return lines.ascii_only(out) if self.board.ascii_only else out

    def _go(self, index: int) -> None:
        self.cursor = max(min(index, self._total - 1), 0)
        self.redraw()

    def action_move(self, by: int) -> None:
        self._go(self.cursor + by)

    def action_page(self, by: int) -> None:
        self._go(self.cursor + by * self._room)

    def action_end(self, which: int) -> None:
        self._go(self._total - 1 if which > 0 else 0)

    def action_filter(self) -> None:
        self.action_people()

    def action_open(self) -> None:
        rows = self.rows()
        if rows:
            self.chosen(rows[self.cursor])
