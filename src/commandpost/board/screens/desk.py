"""A full desk on the line widget: any of millions of rows, by pages fetched in the source thread."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, ClassVar

from commandpost.board import lines
from commandpost.board.actions import Where
from commandpost.board.lines import Line, Span
from commandpost.board.screens.base import LinesScreen
from commandpost.board.screens.rows import DESK_OF, kept, with_rows

if TYPE_CHECKING:
    from commandpost.board.frame import Pane

PAGE = 200
"""Rows fetched at a time."""
PAGES = 16
"""Pages kept."""


class DeskScreen(LinesScreen):
    """One pane in the whole window. Desks are asked page by page; to-do and intake are in the picture."""

    where: ClassVar[Where] = "desk"

    def __init__(self, pane: Pane, filter: str = "") -> None:
        super().__init__()
        self.pane: Pane = pane
        self.filter = filter
        self.cursor = self.top = 0
        self.total: int | None = None
        self._room = 10
        self._pages: OrderedDict[int, tuple[Any, ...]] = OrderedDict()
        self._asked: set[int] = set()
        self._tick = -1
        self._version = 0
        self._opening = False
        """Enter was pressed on a row that is still being fetched: it opens once it is there."""

    @property
    def _paged(self) -> bool:
        return self.pane in DESK_OF

    def _forget(self) -> None:
        """What was fetched is of an older tick or another filter."""
        self._version += 1
        self._pages.clear()
        self._asked.clear()

    def _fetch(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        name, filter = DESK_OF[self.pane], self.filter

        def ask(look: Any, engine: Any) -> Any:
            from commandpost.desks import DESKS

            desk = next(desk for desk in DESKS if desk.name == name)
            return desk.count(look, filter), tuple(desk.page(look, filter, page * PAGE, PAGE))

        self.board.source.ask(("desk", id(self), self._version, page), ask)

    def answered(self, name: tuple[Any, ...], answer: Any) -> None:
        if name[:3] != ("desk", id(self), self._version) or answer is None:
            return
        self.total, rows = answer
        self._pages[name[3]] = rows
        while len(self._pages) > PAGES:
            gone, _ = self._pages.popitem(last=False)
            self._asked.discard(gone)
        self.redraw(now=False)
        if self._opening and self.app.screen is self:
            self.action_open()

    def _rows(self, start: int, stop: int) -> list[Any | None]:
        """Rows start…stop, None where they are still being fetched."""
        picture = self.board.picture
        if picture is None:
            return []
        if not self._paged:
            met = kept(picture, self.pane, self.filter)
            self.total = len(met)
            return list(met[start:stop])
        found: list[Any | None] = []
        for page in range(start // PAGE, (stop - 1) // PAGE + 1):
            rows = self._pages.get(page)
            if rows is None:
                self._fetch(page)
            else:
                self._pages.move_to_end(page)
            for index in range(max(start, page * PAGE), min(stop, (page + 1) * PAGE)):
                at = index - page * PAGE
                found.append(rows[at] if rows is not None and at < len(rows) else None)
        return found

    def drawn(self, width: int, height: int) -> tuple[Line, ...]:
        app = self.board
        picture = app.picture
        if picture is None:
            return self.starting(width, height)
        from commandpost.board import frame
        from commandpost.board.panes.edges import IntakeState, header, too_small
        from commandpost.desks.shapes import masking

        view = frame.View(focus=self.pane, intake=app.intake or IntakeState(), ascii=app.ascii_only)
        pen = frame.pen_for(picture, view, app.words)
        if (width, height) < frame.SMALLEST or height < frame.SMALLEST[1]:
            return too_small(pen, width, height, frame.SMALLEST)
        if picture.tick != self._tick:
            # Rows newest first: a new fact moves them all. What is shown stays until the new page is there.
            self._tick, first = picture.tick, self._tick < 0
            if not first:
                self._version += 1
                self._asked.clear()
                self._fetch(self.top // PAGE) if self._paged else None
        if self.total is not None:
            self.cursor = max(min(self.cursor, self.total - 1), 0)
        for _ in range(2):
            self.top = max(min(self.top, self.cursor), self.cursor - self._room + 1, 0)
            window = self._rows(self.top, self.top + height)
            rows = tuple(row for row in window if row is not None)
            seen = with_rows(picture, self.pane, masking.masked(rows) if app.masked else rows)
            shown = frame.View(
                focus=self.pane,
                cursors={self.pane: self.cursor - self.top},
                filters={self.pane: self.filter},
                folder=str(app.places.drops),
                ascii=app.ascii_only,
            )
            box = frame.box(self.pane, seen, (width, height - 2), shown, app.words)
            room = sum(row is not None for row in box.rows)
            if len(rows) <= room or room == self._room or not room:
                break
            self._room = room
        place = f" {self.cursor + 1 if self.total else 0}/{'…' if self.total is None else self.total} "
        foot = lines.spread(self.footer(width - len(place) - 1), (Span(place, "muted"),), width)
        told = (header(picture, pen, width, intake=view.intake), *box.lines, foot)
        return lines.ascii_only(told) if app.ascii_only else told

    def _go(self, index: int) -> None:
        self._opening = False
        self.cursor = max(min(index, (self.total or 1) - 1), 0)
        self.redraw()

    def action_move(self, by: int) -> None:
        self._go(self.cursor + by)

    def action_page(self, by: int) -> None:
        self._go(self.cursor + by * max(self._room, 1))

    def action_end(self, which: int) -> None:
        self._go((self.total or 1) - 1 if which > 0 else 0)

    def action_pane(self, pane: Pane) -> None:
        if pane == self.pane:
            self.action_back()
        else:
            self.app.switch_screen(DeskScreen(pane))

    def action_open(self) -> None:
        rows = self._rows(self.cursor, self.cursor + 1)
        row = rows[0] if rows else None
        self._opening = row is None and (self.total is None or self.cursor < self.total)
        if row is not None:
            self.board.open_row(self.pane, row)

    def action_filter(self) -> None:
        def chosen(text: str | None) -> None:
            if text is not None:
                self.filter, self.cursor, self.top, self.total = text.strip(), 0, 0, None
                self._forget()
                self.redraw()

        self.ask_filter(self.filter, chosen)
