"""Progress on stderr while a large file is taken in, when somebody is there to see it."""

from __future__ import annotations

import sys
import time

from commandpost.cli.mistakes import one_line
from commandpost.words import Words

_AFTER = 0.5
"""Seconds a file may take before progress is shown."""
_EVERY = 0.1


class Meter:
    """One line, drawn over itself: bytes, rows, rejects, time left."""

    def __init__(self, name: str, words: Words) -> None:
        self._name, self._words = one_line(name), words
        self._began = time.monotonic()
        self._next = self._began + _AFTER
        self._live = sys.stderr.isatty()
        self._shown = False

    def show(self, done: int, size: int, rows: int, rejected: int) -> None:
        """`done` of `size` bytes, so many rows, so many of them rejected."""
        now = time.monotonic()
        if not self._live or now < self._next:
            return
        self._next = now + _EVERY
        left = (now - self._began) * (size - done) / done if done else 0.0
        line = self._words(
            "{name} {percent}% of {size} MB, {rows} rows, {rejected} back, {left} s left",
            name=self._name, percent=100 * done // max(size, 1), size=f"{size / 1e6:.1f}",
            rows=rows, rejected=rejected, left=round(left),
        )  # fmt: skip
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        self._shown = True

    def clear(self) -> None:
        """Take the line away: the result follows."""
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._shown = False
