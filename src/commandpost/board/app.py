"""The board: first a frame, then the post's data; one thread reads, the screens draw what it tells."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.events import Key, Paste
from textual.screen import Screen

from commandpost.board.actions import ascii_key, of_character
from commandpost.board.lines import width as cells
from commandpost.board.messages import Answered, IntakeChanged, Pictured, Unavailable
from commandpost.board.screens.base import LinesScreen
from commandpost.board.screens.board import BoardScreen
from commandpost.board.source import Source
from commandpost.board.terminal import TerminalDriver
from commandpost.board.tones import Colours
from commandpost.clock import Clock
from commandpost.places import STYLES, PostPlaces
from commandpost.words import Language, Words, locale_language

if TYPE_CHECKING:
    from commandpost.board.frame import Pane
    from commandpost.board.panes.edges import IntakeState
    from commandpost.board.shell import Choice
    from commandpost.desks.people.search import Ref
    from commandpost.picture import Picture
    from commandpost.settings import Settings
    from commandpost.words import Message as Said

AGE = 5.0
"""Seconds between two looks at the ages of an idle board."""
POLL = 0.25
"""Seconds between two looks whether the terminal is still there."""
LIMIT = 0.7
"""Seconds the whole ending may take; then the process ends itself."""
RESTORE = (
    b"\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""What gives a terminal back, should Textual not come to it."""


class BoardApp(App[None]):
    """The board of one post at a terminal."""

    CSS_PATH = STYLES / "board.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []
    kiosk = False

    def __init__(
        self,
        places: PostPlaces,
        clock: Clock,
        language: Language | None = None,
        colours: Colours = "256",
        *,
        ascii: bool = False,
    ) -> None:
        # Numbered colours reach the terminal as numbers: half the bytes, and the same over SSH.
        super().__init__(driver_class=TerminalDriver, ansi_color=True)
        self.places, self.clock, self.colours, self.ascii_only = places, clock, colours, ascii
        self._language = language
        self.words = Words(language or locale_language())
        self.picture: Picture | None = None
        self.settings: Settings | None = None
        self.intake: IntakeState | None = None
        self.unavailable: Said | None = None
        self.mistake: Said | None = None
        """What is wrong in the settings; the last good ones hold."""
        self.masked = self.kiosk
        self.crash: BaseException | None = None
        self.restored = threading.Event()
        """Set when Textual has given the terminal back."""
        self.source = Source(places, clock, self.post_message, intake=not self.kiosk, masked=self.masked)

    def get_default_screen(self) -> Screen[Any]:
        return BoardScreen()

    def on_mount(self) -> None:
        self.set_class(self.colours == "none", "plain")
        self.set_class(self.colours == "16", "sixteen")
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            with suppress(ValueError, RuntimeError, NotImplementedError):
                loop.add_signal_handler(sign, self.end, 128 + sign)
        self.set_interval(AGE, self._aged)
        if not self.is_headless:
            self.set_interval(POLL, self._still_there)
        self.call_after_refresh(self.source.start)

    def on_unmount(self) -> None:
        if self.source.is_alive():
            self.source.stop()

    def end(self, code: int = 0) -> None:
        """Leaves, whatever hangs."""
        self.source.ending()
        _deadline(code, self.source, self.restored)
        self.exit(return_code=code)

    def _still_there(self) -> None:
        """A terminal that is gone without SIGHUP: Textual's input thread would spin for ever."""
        poll = select.poll()
        poll.register(sys.__stdin__.fileno() if sys.__stdin__ else 0, 0)
        if any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0)):
            self.end(128 + signal.SIGHUP)

    def _aged(self) -> None:
        if self.picture is not None:
            self.picture = replace(self.picture, moment=self.clock.now())
        self._redraw(now=False)

    def _redraw(self, *, now: bool = True) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, LinesScreen):
                screen.redraw(now=now)

    def on_pictured(self, message: Pictured) -> None:
        self.picture, self.unavailable, self.mistake = message.picture, None, message.mistake
        if self.settings is not message.settings:
            self.settings = message.settings
            language = self._language or message.settings.language
            if language and language != self.words.language:
                self.words = Words(language)
        self._redraw(now=False)

    def on_unavailable(self, message: Unavailable) -> None:
        self.unavailable = message.why
        self._redraw(now=False)

    def on_intake_changed(self, message: IntakeChanged) -> None:
        self.intake = message.state
        self._redraw(now=False)

    def open_desk(self, pane: Pane, filter: str = "") -> None:
        from commandpost.board.screens.desk import DeskScreen

        self.push_screen(DeskScreen(pane, filter))

    def open_row(self, pane: Pane, row: Any) -> None:
        from commandpost.board.screens.record import DropScreen, RecordScreen
        from commandpost.board.screens.rows import OF_DESK, TABLES
        from commandpost.board.screens.shifts import ShiftsScreen

        if pane in TABLES:
            self.push_screen(RecordScreen(TABLES[pane], row.id))
        elif pane == "intake":
            self.push_screen(DropScreen(row))
        elif pane == "todo":
            desk = OF_DESK.get(row.desk)
            table = row.table or (TABLES.get(desk) if desk else None)
            if table and row.entity is not None:
                self.push_screen(RecordScreen(table, row.entity, latest=True))
            else:
                self.open_desk(desk or "todo")
        else:
            self.push_screen(ShiftsScreen(row.name))

    def open_record(self, table: str, version: int) -> None:
        from commandpost.board.screens.record import RecordScreen

        self.push_screen(RecordScreen(table, version))

    def open_people(self, text: str) -> None:
        from commandpost.board.screens.people import PeopleScreen

        self.push_screen(PeopleScreen(text))

    def open_person(self, ref: Ref) -> None:
        from commandpost.board.screens.people import PersonScreen

        self.push_screen(PersonScreen(ref))

    def open_menu(self, title: str, choices: Sequence[Choice]) -> None:
        from commandpost.board.screens.menu import MenuScreen

        self.push_screen(MenuScreen(title, choices))

    def open_help(self) -> None:
        from commandpost.board.screens.help import HelpScreen

        self.push_screen(HelpScreen())

    def on_answered(self, message: Answered) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, LinesScreen):
                screen.answered(message.name, message.answer)

    def on_key(self, event: Key) -> None:
        """What no binding took: a full-width sign counts as its ASCII key; a Chinese character says why
        nothing happens."""
        screen = self.screen
        if not isinstance(screen, LinesScreen) or not event.character or event.character.isascii():
            return
        action = of_character(ascii_key(event.character), screen.where)
        if action is not None:
            self.call_later(screen.run_action, action.run)
        elif cells(event.character) > 1:
            screen.say(self.words("Input method is on: press Shift, or use digits and F keys"))

    def on_paste(self, event: Paste) -> None:
        screen = self.screen
        if isinstance(screen, LinesScreen):
            screen.say(self.words("Pasted text is not taken as keys"))

    async def action_quit(self) -> None:
        """Ctrl+Q in front of a menu or a filter asks as everywhere: intake may stop with the board."""
        screen = self.screen
        while len(self.screen_stack) > 1 and (not isinstance(screen, LinesScreen) or screen.where == "menu"):
            await self.pop_screen()
            screen = self.screen
        if isinstance(screen, LinesScreen):
            screen.action_leave()

    def action_help_quit(self) -> None:
        """Ctrl+C, which in a terminal of ours is a key: it says how to leave."""
        if isinstance(self.screen, LinesScreen):
            self.screen.say(self.words("Press q to leave"))

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing of the board's is put on a clipboard by an escape sequence."""

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """No link of a sheet is opened."""

    def _handle_exception(self, error: Exception) -> None:
        # Textual prints a traceback with locals; ours hold names and temperatures.
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.crash = error
        self._close_messages_no_wait()


def _deadline(code: int, source: Source, restored: threading.Event) -> None:
    """Ends the process after LIMIT seconds should anything hang; the child ends with its pipe."""

    def wait() -> None:
        time.sleep(LIMIT)
        if not restored.is_set():
            with suppress(OSError):
                os.write(2, RESTORE)
        if source.child is not None:
            source.child.kill()
        os._exit(code)

    threading.Thread(target=wait, name="deadline", daemon=True).start()
