"""Runs `watch` and kills it, as the power does, at a chosen stage of a drop's way.

python killed.py POST STAGE NTH    kills at the nth time STAGE is reached; STAGE "" never
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

STAGES = (
    "before commandpost.intake.giveback.copy",
    "after commandpost.intake.giveback.copy",
    "before commandpost.intake.decode.examine",
    "after commandpost.intake.clerk.open_table",
    "before commandpost.intake.clerk.recognise",
    "before os.fsync",
    "before os.replace",
    "after os.replace",
    "before commandpost.intake.load.state",
    "after commandpost.intake.load.put_findings",
    "before commit",
    "after commit",
    "before commandpost.intake.giveback.give_back",
    "after commandpost.intake.giveback.give_back",
    "before commandpost.store.changes.send",
)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(stage: str, nth: int) -> None:
    when, _, where = stage.partition(" ")
    left = [nth]

    def reached() -> None:
        left[0] -= 1
        if left[0] == 0:
            kill()

    if where == "commit":
        from sqlalchemy import Connection

        _wrap(Connection, "_commit_impl", when, reached)
        return
    module, _, name = where.rpartition(".")
    _wrap(import_module(module), name, when, reached)


def _wrap(owner: Any, name: str, when: str, reached: Callable[[], None]) -> None:
    real = getattr(owner, name)

    def wrapped(*args: Any, **named: Any) -> Any:
        if when == "before":
            reached()
        result = real(*args, **named)
        if when == "after":
            reached()
        return result

    setattr(owner, name, wrapped)


if __name__ == "__main__":
    from commandpost.clock import RealClock
    from commandpost.intake.watcher import watch
    from commandpost.places import PostPlaces

    if sys.argv[2]:
        arm(sys.argv[2], int(sys.argv[3]))
    watch(PostPlaces(Path(sys.argv[1])), RealClock())
