"""Starts intake as somebody's child. Imports next to nothing: the board starts it before all else."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

from commandpost.clock import Clock, ScenarioClock
from commandpost.places import PostPlaces
from commandpost.store.lock import is_held

LOG_BYTES = 1_000_000
"""watch.log is put aside (one older one is kept) when a child starts and it is larger."""


def spawn_child(places: PostPlaces, clock: Clock) -> subprocess.Popen[bytes] | None:
    """Start `watch` as our child; None when somebody watches already. Closing its stdin ends it, and
    so does our own end. What it says goes to watch.log of the post."""
    if is_held(places.watch_lock):
        return None
    command = [sys.executable, "-m", "commandpost", "watch", "--child", "--post", str(places.root)]
    if isinstance(clock, ScenarioClock):
        command += ["--clock", str(clock)]
    log = places.root / "watch.log"
    with suppress(OSError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as said:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
