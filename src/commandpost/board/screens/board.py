"""The board itself: header, to-do, four panes; a cursor in the focused one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events

from commandpost.board import lines
from commandpost.board.actions import Where
from commandpost.board.lines import Line, Span
from commandpost.board.screens.base import LinesScreen
from commandpost.board.screens.rows import ROUND, kept, rows_of, with_rows

if TYPE_CHECKING:
    from commandpost.board.frame import Layout, Pane, View
    from commandpost.picture import Picture


class BoardScreen(LinesScreen):
    where: ClassVar[Where] = "board"

    def __init__(self) -> None:
        super().__init__()
        self.focus_pane: Pane = "flow"
        self.cursors: dict[Pane, int] = {}
        self.offsets: dict[Pane, int] = {}
        self.filters: dict[Pane, str] = {}
        self._rows: dict[tuple[int, int], tuple[Pane, int | None]] = {}
        self._layout: Layout | None = None

    def narrowed(self) -> Picture | None:
        """The picture with each pane's filter on its rows."""
        picture = self.board.picture
        if picture is None or not any(self.filters.values()):
            return picture
        for pane, wanted in self.filters.items():
            picture = with_rows(picture, pane, kept(picture, pane, wanted))
        return picture

    def view(self) -> View:
        from commandpost.board.frame import View
        from commandpost.board.panes.edges import IntakeState

        app = self.board
        return View(
            focus=self.focus_pane,
            cursors=self.cursors,
            offsets=self.offsets,
            filters=self.filters,
            keys=self.footer_keys(),
            kiosk=app.kiosk,
            intake=app.intake or IntakeState(),
            folder=str(app.places.drops),
            ascii=app.ascii_only,
        )

    def drawn(self, width: int, height: int) -> tuple[Line, ...]:
        picture = self.narrowed()
        if picture is None or (self.board.unavailable is not None and self.board.kiosk):
            return self.starting(width, height)
        from commandpost.board import frame
        from commandpost.board.panes import edges

        view, words = self.view(), self.board.words
        where = self._layout = frame.layout(width, height, view.focus, view.kiosk, view.rotate)
        if where.form == "small":
            shown = edges.too_small(frame.pen_for(picture, view, words), width, height, frame.SMALLEST)
            return lines.ascii_only(shown) if view.ascii else shown
        canvas: list[list[tuple[int, Line]]] = [[] for _ in range(height)]
        self._rows.clear()
        for place, region in where.regions.items():
            drawn = frame.draw(place, where, picture, view, words)
            if place in ROUND:
                self.offsets[place] = drawn.offset
                for index, row in enumerate(drawn.rows):
                    self._rows[region.x, region.y + index] = (place, row)
            for index, line in enumerate(drawn.lines):
                canvas[region.y + index].append((region.x, line))
        told = tuple(
            lines.fit((span for _, line in sorted(row, key=lambda part: part[0]) for span in line), width)
            for row in canvas
        )
        trouble = self._trouble()
        return (*told[:-1], lines.fit((trouble,), width)) if trouble else told

    def _trouble(self) -> Span | None:
        """What the last line says instead of the keys while something of the post is not as it should be."""
        app, words = self.board, self.board.words
        if app.unavailable is not None:
            return lines.data(f" {words.say(app.unavailable)} · {words('trying again')} ", "warning-block")
        if app.mistake is not None and not app.kiosk:
            what = f" {words.say(app.mistake)} · {words('the settings before it hold')} "
            return lines.data(what, "warning-block")
        return None

    def _total(self) -> int:
        picture = self.narrowed()
        return len(rows_of(picture, self.focus_pane)) if picture else 0

    def _cursor(self) -> int:
        return max(min(self.cursors.get(self.focus_pane, 0), self._total() - 1), 0)

    def _go(self, index: int) -> None:
        self.cursors[self.focus_pane] = max(min(index, self._total() - 1), 0)
        self.redraw()

    def action_move(self, by: int) -> None:
        self._go(self._cursor() + by)

    def action_page(self, by: int) -> None:
        self._go(self._cursor() + by * 10)

    def action_end(self, which: int) -> None:
        self._go(self._total() if which > 0 else 0)

    def action_side(self, by: int) -> None:
        there = [pane for pane in ROUND if self._layout is None or pane in self._layout.regions]
        index = there.index(self.focus_pane) if self.focus_pane in there else 0
        self._focus(there[(index + by) % len(there)])

    def _focus(self, pane: Pane) -> None:
        self.focus_pane = pane
        self.redraw()

    def action_pane(self, pane: Pane) -> None:
        shown = self._layout is None or pane in self._layout.regions
        if pane == self.focus_pane or not shown:
            self._zoom(pane)
        else:
            self._focus(pane)

    def action_zoom(self) -> None:
        self._zoom(self.focus_pane)

    def _zoom(self, pane: Pane) -> None:
        if self.board.picture is not None:
            self.board.open_desk(pane, self.filters.get(pane, ""))

    def action_open(self) -> None:
        picture = self.narrowed()
        if picture is None:
            return
        rows = rows_of(picture, self.focus_pane)
        if rows:
            self.board.open_row(self.focus_pane, rows[self._cursor()])

    def action_filter(self) -> None:
        pane = self.focus_pane

        def chosen(text: str | None) -> None:
            if text is not None:
                self.filters[pane] = text.strip()
                self.cursors[pane] = 0
                self.redraw()

        self.ask_filter(self.filters.get(pane, ""), chosen)

    def on_click(self, event: events.Click) -> None:
        """A row is selected, a selected one opened; a head gives its pane the focus."""
        if self._layout is None or self.board.kiosk:
            return
        for place, region in self._layout.regions.items():
            inside = region.x <= event.x < region.x + region.width
            if place in ROUND and inside and region.y <= event.y < region.y + region.height:
                pane, row = self._rows.get((region.x, event.y), (place, None))
                again = pane == self.focus_pane and row is not None and row == self._cursor()
                self.focus_pane = pane
                if row is not None:
                    self.cursors[self.focus_pane] = row
                self.redraw()
                if again:
                    self.action_open()
                return
