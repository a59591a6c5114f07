"""A board in a real pseudo-terminal, driven and read byte by byte."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence

import pyte


class Terminal:
    """A program in a pty of `columns` × `lines`, its screen kept by pyte."""

    def __init__(self, command: Sequence[str], columns: int = 120, lines: int = 36) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            os.execvp(command[0], list(command))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self, limit: float) -> bytes:
        """What comes within `limit` seconds, at once when something does; fed to the screen."""
        ready, _, _ = select.select([self.fd], [], [], max(0.0, limit))
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.received += len(data)
        with contextlib.suppress(Exception):  # pyte knows fewer sequences than terminals do
            self._stream.feed(data)
        return data

    def write(self, data: bytes) -> None:
        os.write(self.fd, data)

    def until(self, condition: Callable[[], bool], limit: float = 20.0) -> float:
        """Read until `condition()`; the seconds it took. TimeoutError with the screen's text."""
        start = time.perf_counter()
        while not condition():
            left = limit - (time.perf_counter() - start)
            if left <= 0:
                raise TimeoutError("\n".join(self.lines()))
            self.read(min(left, 0.2))
        return time.perf_counter() - start

    def lines(self) -> list[str]:
        """The screen's lines. Not pyte's `display`: it fails where half of a wide character was overwritten."""
        rows = self.screen.buffer
        return [
            "".join(rows[y][x].data for x in range(self.screen.columns)) for y in range(self.screen.lines)
        ]

    def shows(self, text: str) -> bool:
        return any(text in line for line in self.lines())

    def drain(self, seconds: float) -> int:
        """Read for `seconds`; the bytes that came."""
        before, end = self.received, time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        return self.received - before

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGTERM)
        end = time.perf_counter() + 3
        while time.perf_counter() < end:
            self.read(0.05)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
