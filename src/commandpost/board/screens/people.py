"""Finding somebody, and their page: everything known in time order, each line opening its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.board.screens.listing import ListScreen

if TYPE_CHECKING:
    from datetime import datetime

    from commandpost.board.source import Ask
    from commandpost.desks.people.page import Entry, PersonPage
    from commandpost.desks.people.search import Found, Ref

_TONES = {"critical": "critical", "warning": "warning"}


class _More(NamedTuple):
    """The last row of what was looked through in part."""

    text: str


class _PeopleScreen(ListScreen):
    def __init__(self) -> None:
        super().__init__()
        self._all = False

    def _again(self) -> None:
        """Asks anew: further back, or for other words."""
        self._tick = -1
        self.redraw()

    def _when(self, at: datetime, *, year: bool = False, whole_day: bool = False) -> str:
        picture = self.board.picture
        local = at.astimezone(ZoneInfo(picture.zone if picture else "UTC"))
        day = f"{local:%Y-%m-%d}" if year else f"{local:%m-%d}"
        return day if whole_day else f"{day} {local:%H:%M}"

    def _shown(self, value: Any) -> Any:
        from commandpost.desks.shapes.masking import masked

        return masked(value) if self.board.masked else value

    def _who(self, one: Found, width: int) -> list[Span]:
        """When they were last spoken of, name, room, phone, what they are."""
        one = self._shown(one)
        words = self.board.words
        last = self._when(one.last) if one.last else ""
        name = " ".join(one.names) or " ".join(one.plates) or "—"
        phone = 12 if width >= 70 else 0
        tone = _TONES.get(one.severity or "", "muted")
        return [
            Span(lines.pad(last, 12), "muted"),
            Span(lines.pad(lines.safe(name), 11), "strong"),
            Span(lines.pad(lines.safe(" ".join(one.rooms)), 12)),
            Span(lines.pad(lines.safe(" ".join(one.phones)), phone)),
            Span({"critical": "!!", "warning": "! "}.get(one.severity or "", "  "), tone),
            Span(" "),
            lines.data(" · ".join(map(words.say, one.what)), tone if one.severity else "text"),
        ]


class PeopleScreen(_PeopleScreen):
    """Who meets what was typed, those spoken of last first."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._found: list[Found] | None = None

    def question(self) -> Ask:
        text, every = self._text, self._all

        def ask(look: Any, engine: Any) -> Any:
            from commandpost import desks
            from commandpost.desks.people.search import search

            return search(look, text, desks.fitness(look), all_time=every)

        return ask

    def took(self, answer: Any) -> None:
        self._found = answer or []

    def heading(self) -> str:
        return f"{self.board.words('People')} · {'***' if self.board.masked else self._text}"

    def rows(self) -> list[Any] | None:
        if self._found is None or self._all:
            return self._found
        return [*self._found, _More(self.board.words("look through all of the past too"))]

    def row(self, row: Any, width: int) -> list[Span]:
        if isinstance(row, _More):
            return [Span(" " * 12), Span(row.text, "focus")]
        return self._who(row, width)

    def empty(self) -> str:
        return self.board.words("Nobody found.")

    def chosen(self, row: Any) -> None:
        if isinstance(row, _More):
            self._all, self._found = True, None
            self._again()
        else:
            self.board.open_person(row.ref)

    def action_filter(self) -> None:
        def chosen(text: str | None) -> None:
            if text is not None and text.strip():
                self._text, self._found, self.cursor = text.strip(), None, 0
                self._again()

        self.ask_filter(self._text, chosen)


class PersonScreen(_PeopleScreen):
    """`ref`: how the person is asked for; who is meant is derived anew with every tick."""

    def __init__(self, ref: Ref) -> None:
        super().__init__()
        self._ref = ref
        self._page: PersonPage | None = None

    def question(self) -> Ask:
        ref, every = self._ref, self._all

        def ask(look: Any, engine: Any) -> Any:
            from commandpost import desks
            from commandpost.desks.people.page import page

            return page(look, ref, desks.fitness(look), all_time=every)

        return ask

    def took(self, answer: Any) -> None:
        self._page = answer

    def heading(self) -> str:
        return self.board.words("Everything known, newest first")

    def head(self, width: int) -> list[Line]:
        if self._page is None:
            return []
        found, words = self._shown(self._page.found), self.board.words
        numbers = (*found.rooms, *found.phones, *found.id_numbers, *found.plates)
        told: list[Line] = [
            (
                lines.data(" ".join(found.names) or "—", "strong"),
                Span("  "),
                lines.data("  ".join(number for number in numbers if number)),
            ),
            (lines.data(" · ".join(map(words.say, found.what)), _TONES.get(found.severity or "", "muted")),),
        ]
        if self._page.others:
            told.append((Span(words("{n} more of this name:", n=len(self._page.others)), "warning"),))
            told += [tuple(self._who(one, width - 2)) for one in self._page.others[:4]]
        return [*told, ()]

    def rows(self) -> list[Any] | None:
        if self._page is None:
            return None
        rows: list[Any] = list(self._page.entries)
        if self._page.since is not None:
            rows.append(_More(self.board.words("look through all of the past too")))
        return rows

    def row(self, row: Any, width: int) -> list[Span]:
        if isinstance(row, _More):
            return [Span(" " * 17), Span(row.text, "focus")]
        one: Entry = self._shown(row)
        words = self.board.words
        degrees = "" if one.temperature is None else f"{one.temperature:.1f}"
        when = self._when(one.at, year=True, whole_day=one.whole_day)
        return [
            Span(lines.pad(when, 17), "muted"),
            Span(lines.pad(words.short("record", one.table), 9)),
            Span(lines.pad(degrees, 5, right=True), "critical" if one.fever else "text"),
            Span(" "),
            Span(lines.pad(words.short("linked", one.by) if one.by else "", 9), "warning"),
            lines.data(" ".join(words.say(one.text).split())),
        ]

    def empty(self) -> str:
        return self.board.words("No row speaks of them.")

    def chosen(self, row: Any) -> None:
        if isinstance(row, _More):
            self._all = True
            self._again()
        else:
            self.board.open_record(row.table, row.id)
