"""The wall: reads only, masked before anything is drawn, nothing to press, click or paste."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import SystemCommand
from textual.binding import BindingsMap, BindingType
from textual.events import Key, Paste
from textual.screen import Screen

from commandpost.board.app import BoardApp
from commandpost.board.screens.board import BoardScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commandpost.board.frame import View

ROTATE = 15
"""Seconds a pane stands on a small screen."""


class KioskScreen(BoardScreen):
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self) -> None:
        super().__init__()
        self._bindings = BindingsMap()
        self._began = monotonic()

    @property
    def turns(self) -> bool:
        """Whether the window is too small for all panes at once."""
        return self._layout is not None and self._layout.form == "single"

    def view(self) -> View:
        passed = int(monotonic() - self._began)
        return replace(
            super().view(),
            kiosk=True,
            readonly=True,
            folder="",
            rotate=passed // ROTATE % 4,
            rotate_in=ROTATE - passed % ROTATE,
        )


class KioskApp(BoardApp):
    """Every way in of Textual's is closed: keys, mouse, palette, links, clipboard, files."""

    kiosk = True
    BINDINGS: ClassVar[list[BindingType]] = []
    COMMANDS: ClassVar[set[Any]] = set()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bindings = BindingsMap()

    def get_default_screen(self) -> Screen[Any]:
        return KioskScreen()

    def on_mount(self) -> None:
        self.set_interval(1, self._turn)

    def _turn(self) -> None:
        screen = self.screen
        if isinstance(screen, KioskScreen) and self.picture is not None and screen.turns:
            screen.redraw(now=False)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        return ()

    async def on_event(self, event: Any) -> None:
        if isinstance(event, Key | Paste):
            return
        await super().on_event(event)

    async def run_action(self, action: Any, default_namespace: Any = None, namespaces: Any = None) -> bool:
        """No action at all: there is nobody to ask for one."""
        return False

    def suspend(self) -> Any:
        raise PermissionError("a kiosk is not suspended")

    def deliver_screenshot(self, *args: Any, **kwargs: Any) -> str | None:
        return None

    def deliver_text(self, *args: Any, **kwargs: Any) -> str | None:
        return None

    def deliver_binary(self, *args: Any, **kwargs: Any) -> str | None:
        return None

    def save_screenshot(self, *args: Any, **kwargs: Any) -> str:
        return ""
