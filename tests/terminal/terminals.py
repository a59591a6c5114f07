"""A pty, its bytes read back by an emulator."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pexpect
import pyte

START = 40.0
"""Seconds a test waits for the board: the machine may be busy with other tests."""


class Terminal:
    def __init__(
        self, *arguments: str, size: tuple[int, int] = (80, 24), stdout: str = "", **environment: str
    ) -> None:
        """`stdout`: a file it goes to instead of the terminal."""
        env = {**os.environ, "TERM": "xterm-256color", "LANG": "zh_CN.UTF-8", **environment}
        for name in {"NO_COLOR", "COLORTERM", "COLUMNS", "LINES"} - environment.keys():
            env.pop(name, None)
        width, height = size
        command = [sys.executable, "-m", "commandpost", *arguments]
        if stdout:
            command = ["/bin/sh", "-c", 'out=$1; shift; exec "$@" >"$out"', "sh", stdout, *command]
        self.child = pexpect.spawn(command[0], command[1:], env=env, dimensions=(height, width))
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.pid = self.child.pid

    def text(self) -> str:
        # A wide character takes two cells, the second of which is empty.
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)) for row in self._rows())

    def _rows(self) -> list[dict[int, pyte.screens.Char]]:
        return [self.screen.buffer[y] for y in range(self.screen.lines)]

    def pump(self) -> bool:
        """Reads what there is; False at the end."""
        try:
            new = self.child.read_nonblocking(65536, 0.05)
        except pexpect.TIMEOUT:
            return True
        except (pexpect.EOF, OSError):
            return False
        self.bytes += new
        self.stream.feed(new)
        return True

    def until(self, met: Callable[[], bool], limit: float = START) -> None:
        end = time.monotonic() + limit
        while not met():
            assert time.monotonic() < end, f"not seen:\n{self.text()}"
            if not self.pump():
                assert met(), f"ended:\n{self.text()}"
                return

    def sees(self, *words: str, limit: float = START) -> None:
        """Waits until all of `words` stand on the screen at once."""

        def shown() -> bool:
            text = self.text()
            return all(word in text for word in words)

        self.until(shown, limit)

    def settle(self, quiet: float = 0.3) -> None:
        """Until nothing more is drawn for a while."""
        last, end = time.monotonic(), time.monotonic() + START
        while time.monotonic() - last < quiet and time.monotonic() < end:
            before = len(self.bytes)
            if not self.pump():
                return
            if len(self.bytes) > before:
                last = time.monotonic()

    def end(self) -> None:
        """Ends it, whatever it does; pexpect's own way gives up after a tenth of a second."""
        if self.child.closed:
            return
        if alive(self.pid):
            os.kill(self.pid, signal.SIGKILL)
        self.child.ptyproc.fileobj.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        self.child.closed = self.child.ptyproc.closed = True
        self.child.terminated = self.child.ptyproc.terminated = True

    def children(self) -> list[int]:
        found: list[int] = []
        for task in os.listdir(f"/proc/{self.pid}/task"):
            found += map(int, Path(f"/proc/{self.pid}/task/{task}/children").read_text().split())
        return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
