"""The board: first a frame, then the post's data; one thread reads, the screens draw what it tells."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
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
from commandpost.clock import Clock, RealClock
from commandpost.places import STYLES, PostPlaces
from commandpost.words import Language, Words, locale_language

if TYPE_CHECKING:
    from commandpost.board.panes.edges import IntakeState
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


def colours_of(environment: Mapping[str, str]) -> Colours:
    """The colour table a terminal is drawn with, from NO_COLOR, COLORTERM and TERM."""
    if environment.get("NO_COLOR"):
        return "none"
    term = environment.get("TERM", "")
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "256color" in term:
        return "256"
    return "256" if term.split("-")[-1] in ("kitty", "direct", "ghostty") else "16"


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
        self.set_class(self.colours != "256", "plain")
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGHUP, signal.SIGTERM):
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

    def action_help_quit(self) -> None:
        """Textual's own ctrl+c hint is not ours."""

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


def crash_lines(error: BaseException) -> list[str]:
    """Where it broke, without values: the error's text and the locals may be people."""
    told = [type(error).__name__]
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        told.append(f"  {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return told


def run(
    places: PostPlaces, clock: Clock | None = None, language: Language | None = None, *, kiosk: bool = False
) -> int:
    """Shows the board until somebody leaves; what the process should end with."""
    colours = colours_of(os.environ)
    # The console's font has no Chinese.
    console = os.environ.get("TERM") == "linux"
    kind: type[BoardApp] = BoardApp
    if kiosk:
        from commandpost.board.kiosk import KioskApp

        kind = KioskApp

    app = kind(places, clock or RealClock(), "en" if console else language, colours, ascii=console)
    died: list[int] = []

    def early(number: int, frame: FrameType | None) -> None:
        died.append(number)
        raise SystemExit(128 + number)

    for sign in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(sign, early)
    try:
        app.run(mouse=not kiosk)
        app.restored.set()
    finally:
        if app.source.is_alive():
            app.source.stop()
    if app.crash is not None:
        with suppress(OSError):
            sys.stderr.write(
                "\n".join(
                    [
                        app.words("commandpost: an error of the program; nothing of the post is lost"),
                        *crash_lines(app.crash),
                    ]
                )
                + "\n"
            )
    return app.return_code or 0
