"""Progress on stderr while something takes its time, when somebody is there to see it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from commandpost.board.lines import pad
from commandpost.cli.mistakes import one_line
from commandpost.words import Words

_AFTER = 0.5
"""Seconds a file may take before progress is shown."""
_EVERY = 0.1


class Line:
    """One line on stderr, drawn over itself; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self.live = sys.stderr.isatty()
        self._shown = False

    def show(self, text: str) -> None:
        # Blanks instead of an escape sequence: every terminal knows them. A line that wraps cannot be
        # drawn over.
        if self.live:
            print(f"\r{pad(text, self._cells())}", end="", file=sys.stderr, flush=True)
            self._shown = True

    def clear(self) -> None:
        """Take the line away: the result follows."""
        if self._shown:
            print(f"\r{' ' * self._cells()}\r", end="", file=sys.stderr, flush=True)
            self._shown = False

    def _cells(self) -> int:
        return (os.get_terminal_size(sys.stderr.fileno()).columns or 80) - 1


class Meter:
    """How far a file is taken in: bytes, rows, rejects, time left."""

    def __init__(self, name: str, words: Words) -> None:
        self._name, self._words = one_line(name), words
        self._began = time.monotonic()
        self._next = self._began + _AFTER
        self._line = Line()

    def show(self, done: int, size: int, rows: int, rejected: int) -> None:
        """`done` of `size` bytes, so many rows, so many of them rejected."""
        now = time.monotonic()
        if not self._line.live or now < self._next:
            return
        self._next = now + _EVERY
        left = (now - self._began) * (size - done) / done if done else 0.0
        line = self._words(
            "{percent}% of {size} MB, {rows} rows, {rejected} back, {left} s left: {name}",
            name=self._name, percent=100 * done // max(size, 1), size=f"{size / 1e6:.1f}",
            rows=rows, rejected=rejected, left=round(left),
        )  # fmt: skip
        self._line.show(line)

    def clear(self) -> None:
        self._line.clear()


Progress = Callable[[int, int, int, int], None]


@contextmanager
def interrupted_between(progress: Progress) -> Iterator[Progress]:
    """Ctrl-C is heard at the next progress, when a chunk is committed, or at the end: within a commit a
    library may print a traceback. A second one is heard at once."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    def show(done: int, size: int, rows: int, rejected: int) -> None:
        progress(done, size, rows, rejected)
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield show
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt
