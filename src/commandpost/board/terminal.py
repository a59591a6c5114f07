"""The terminal the board is drawn on, and how large it really is."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """Textual's driver, which believes COLUMNS and LINES and asks stdout for its size; the board is drawn on
    stderr. A shell that exports them, or a stdout that goes to a file, would make a board of 80×24 in any
    window, and one that no resize reaches."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self._size is None:
            self._size = self._get_terminal_size()

    def _get_terminal_size(self) -> tuple[int, int]:
        for stream in (sys.__stderr__, sys.__stdin__):
            with suppress(AttributeError, ValueError, OSError):
                width, height = os.get_terminal_size(stream.fileno())  # type: ignore[union-attr]
                if width and height:
                    return width, height
        return super()._get_terminal_size()
