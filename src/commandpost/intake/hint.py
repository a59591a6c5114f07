"""A quick word that something happened in drops/: watchfiles in a thread, restarted whatever happens to it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

DEBOUNCE_MS = 50
STEP_MS = 15
"""How often watchfiles looks at its queue. A change is told after one to two steps; idle CPU was measured
as 0.6 % at 10, 0.14 % at 50."""
REMEMBERED = 20_000
"""Paths kept between two looks; beyond that only that a scan is due."""
PAUSE = (0.2, 30.0)
"""Seconds before a restart after an error: the first, and the longest after many."""


class Hint:
    """Watches a folder and calls `wake` from its thread."""

    def __init__(self, folder: Path, wake: Callable[[], None], told: Callable[[str], None]) -> None:
        """`told` is given the name of an error's type, once a kind."""
        self._folder = folder
        self._wake = wake
        self._told = told
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._scan = True
        self._ended = threading.Event()
        self._again = threading.Event()
        self._said: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="hint", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._again.set()

    def restart(self) -> None:
        """Watch anew: the folder, or one in it, is another one by now."""
        self._again.set()

    def take(self) -> tuple[set[str], bool]:
        """The paths something happened to since the last call, and whether a scan is due: after each
        start of the watch, and when there were too many to remember."""
        with self._lock:
            paths, self._paths = self._paths, set()
            scan, self._scan = self._scan, False
        return paths, scan

    def _run(self) -> None:
        import watchfiles

        pause = PAUSE[0]
        while not self._ended.is_set():
            self._again.clear()
            try:
                for changes in watchfiles.watch(
                    self._folder,
                    watch_filter=None,
                    debounce=DEBOUNCE_MS,
                    step=STEP_MS,
                    stop_event=self._again,
                    rust_timeout=1000,
                    yield_on_timeout=True,
                    raise_interrupt=False,
                    force_polling=False,
                    ignore_permission_denied=True,
                ):
                    if changes:
                        pause = PAUSE[0]
                        self._heard({path for _, path in changes})
            except BaseException as error:  # noqa: BLE001 - its panics are no Exceptions; a scan follows
                name = type(error).__name__
                if name not in self._said:
                    self._said.add(name)
                    self._told(name)
                self._again.clear()
                self._ended.wait(pause)
                pause = min(pause * 2, PAUSE[1])
            self._heard(None)

    def _heard(self, paths: set[str] | None) -> None:
        with self._lock:
            if paths is None or len(self._paths) + len(paths) > REMEMBERED:
                self._scan = True
            else:
                self._paths |= paths
        self._wake()
