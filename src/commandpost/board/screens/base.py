"""What every screen of the board shares: one widget of lines, keys from the table, a word at the foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer

from commandpost.board import lines
from commandpost.board.actions import ACTIONS, Action, Where, in_menu, key_name
from commandpost.board.lines import Line, Span
from commandpost.board.shell import Choice
from commandpost.board.skeleton import skeleton
from commandpost.board.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from commandpost.board.panes.edges import Key
    from commandpost.board.shell import Shell
    from commandpost.board.source import Ask

SAID = 4.0
"""Seconds a word stands at the foot."""


def bindings(where: Where) -> list[Binding]:
    """Textual's bindings of a screen, each with an id that a keymap may name."""
    return [
        Binding(",".join(action.keys), action.run, action.label, show=False, id=action.id, priority=False)
        for action in ACTIONS
        if where in action.where
    ]


class LinesScreen(Screen[None]):
    """A screen drawn as lines. `drawn` says what is on it."""

    where: ClassVar[Where] = "board"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.BINDINGS = [*bindings(cls.where)]
        super().__init_subclass__(**kwargs)

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        self._quiet: Timer | None = None

    @property
    def board(self) -> Shell:
        """The application, as a screen may use it."""
        return cast("Shell", self.app)

    def compose(self) -> ComposeResult:
        yield LinesView(self.board.colours)

    def on_mount(self) -> None:
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        self.redraw()

    def on_screen_resume(self) -> None:
        self.redraw()

    def redraw(self, *, now: bool = True) -> None:
        """Draws for the size there is; `now` is False for what no key asked for."""
        width, height = self.app.size
        views = self.query(LinesView)
        if not views or not width:
            return
        told = list(self.drawn(width, height))
        if self._said and told:
            told[-1] = lines.fit((Span(" "), Span(f" {self._said} ", "warning-block")), width)
        views.first().show(told, now=now)

    def drawn(self, width: int, height: int) -> tuple[Line, ...]:
        """`height` lines of exactly `width` cells; a screen says which."""
        return self.starting(width, height)

    def answered(self, name: tuple[Any, ...], answer: Any) -> None:
        """The source thread's answer to what this (or another) screen asked."""

    def say(self, text: str) -> None:
        """A word at the foot, for some seconds."""
        self._said = lines.safe(text)
        if self._quiet is not None:
            self._quiet.stop()
        self._quiet = self.set_timer(SAID, self._hush)
        self.redraw()

    def _hush(self) -> None:
        self._said, self._quiet = "", None
        self.redraw()

    def footer_keys(self) -> tuple[Key, ...]:
        from commandpost.board.panes.edges import Key, keys_of

        picture = self.board.picture
        keys = keys_of(self.where, self.board.words, len(picture.todo) if picture else None)
        return tuple(Key(self.key_word(key), label) for key, label in keys)

    def key_word(self, text: str) -> str:
        """A key as this terminal can show it."""
        return lines.enter_in_words(text) if self.board.ascii_only else text

    def footer(self, width: int) -> Line:
        from commandpost.board.panes.edges import footer

        return footer(self.footer_keys(), width)

    def starting(self, width: int, height: int) -> tuple[Line, ...]:
        """The first frame, or why there is no data."""
        app = self.board
        text, tone = app.words("Opening the post …"), "muted"
        if app.unavailable is not None:
            if app.kiosk:
                text = app.words("No data source, trying again")
            else:
                text = app.words.say(app.unavailable) + " · " + app.words("trying again")
            tone = "warning"
        return skeleton(width, height, app.words, lines.data(text, tone))

    def action_mask(self) -> None:
        self.board.masked = not self.board.masked
        self.board.source.take_again(masked=self.board.masked)

    def action_back(self) -> None:
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def action_menu(self) -> None:
        words = self.board.words

        def choice(action: Action) -> Choice:
            label, help = words.short("key", action.label), words(action.help) if action.help else ""
            return Choice(label, help, key_name(action.keys[0]), lambda: self.run_action(action.run))

        self.board.open_menu(words("What there is to do"), [choice(one) for one in in_menu(self.where)])

    def ask_filter(self, text: str, chosen: Callable[[str | None], None], prompt: str = "") -> None:
        """Words typed in the last line, `text` at first; `chosen` is told them, None when Esc left it."""
        from commandpost.board.screens.filter import FilterScreen

        prompt = prompt or self.board.words("Words to look for; Enter filters, Esc goes back")
        self.app.push_screen(FilterScreen(text, prompt), chosen)

    def action_people(self) -> None:
        def chosen(text: str | None) -> None:
            if text and text.strip():
                self.board.open_people(text.strip())

        prompt = self.board.words("Name, pinyin or initials, end of a phone, room or plate; Enter finds")
        self.ask_filter("", chosen, prompt)

    def action_help(self) -> None:
        self.board.open_help()

    def action_leave(self) -> None:
        if self.board.source.child is None or self._said == self._leaving():
            self.board.end()
        else:
            self.say(self._leaving())

    def _leaving(self) -> str:
        return self.board.words("Intake stops too. Press again to leave.")


class ScrolledScreen(LinesScreen):
    """A page of text lines longer than the window."""

    where: ClassVar[Where] = "record"

    def __init__(self) -> None:
        super().__init__()
        self._top = 0
        self._room = 1
        self._total = 0

    def told(self, width: int) -> tuple[str, list[Line]]:
        """The title and all lines, of any width; a page says which."""
        return "", []

    def drawn(self, width: int, height: int) -> tuple[Line, ...]:
        title, told = self.told(width)
        self._room, self._total = max(height - 2, 1), len(told)
        self._top = max(min(self._top, self._total - self._room), 0)
        shown = [lines.fit((Span("  "), *line), width) for line in told[self._top : self._top + self._room]]
        shown += [lines.blank(width)] * (self._room - len(shown))
        more = self._total - self._top - self._room
        head = [Span(f" {lines.safe(title)} ", "focus-title")]
        tail = [Span(f"↓{more} ", "muted")] if more > 0 else []
        out = (lines.spread(head, tail, width), *shown, self.footer(width))
        return lines.ascii_only(out) if self.board.ascii_only else out

    def _scroll(self, top: int) -> None:
        self._top = top
        self.redraw()

    def action_move(self, by: int) -> None:
        self._scroll(self._top + by)

    def action_page(self, by: int) -> None:
        self._scroll(self._top + by * self._room)

    def action_end(self, which: int) -> None:
        self._scroll(self._total if which > 0 else 0)


class AskingScreen(ScrolledScreen):
    """A page of what the source thread is asked for; asked again after every tick."""

    def __init__(self) -> None:
        super().__init__()
        self._tick = -1

    def question(self) -> Ask:
        """What is asked; a page says which."""
        raise NotImplementedError

    def took(self, answer: Any) -> None:
        """Keeps the answer; None: it failed."""

    def redraw(self, *, now: bool = True) -> None:
        picture = self.board.picture
        if picture is not None and picture.tick != self._tick:
            self._tick = picture.tick
            self.board.source.ask((type(self).__name__, id(self)), self.question())
        super().redraw(now=now)

    def answered(self, name: tuple[Any, ...], answer: Any) -> None:
        if name == (type(self).__name__, id(self)):
            self.took(answer)
            self.redraw()
