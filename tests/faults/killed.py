"""Runs `watch` and kills it, as a power cut does, at a chosen stage of a drop's way.

python killed.py POST    for each line `STAGE<tab>NTH` of stdin: a child that watches POST and kills itself
                         at the nth time STAGE is reached (never, when STAGE is empty); says the child's pid,
                         and when it has ended its wait status

The children are forked from a process that has imported everything: importing takes most of a start.

A stage is `before`, `after` or `inside` a function below `commandpost.intake` (or of `os`, `commit`);
`inside` is before an fsync it makes: what was written is not yet certain, nor in its place.
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
    "before giveback.copy",
    "after giveback.copy",
    "before workbook.examine",
    "after loading.open_table",
    "before loading.recognised",
    "before giveback.Copy.keep",
    "inside giveback.Copy.keep",
    "after giveback.Copy.keep",
    "before os.replace",
    "after os.replace",
    "before load.state",
    "after load.state",
    "after load.put_findings",
    "before commit",
    "after commit",
    "before ledger.to_give_back",
    "before giveback.give_back",
    "inside giveback.give_back",
    "after giveback.give_back",
    "before ledger.finish",
    "after ledger.finish",
    "before loading.changes.send",
)


def arm(stage: str, nth: int) -> None:
    when, _, where = stage.partition(" ")
    left = [nth]

    def reached() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    owner, name = _found(where)
    real = getattr(owner, name)

    def wrapped(*args: Any, **named: Any) -> Any:
        if when == "before":
            reached()
        if when == "inside":
            with _fsync(reached):
                return real(*args, **named)
        result = real(*args, **named)
        if when == "after":
            reached()
        return result

    setattr(owner, name, wrapped)


class _fsync:
    def __init__(self, reached: Callable[[], None]) -> None:
        self.reached, self.real = reached, os.fsync

    def __enter__(self) -> None:
        def fsync(handle: int) -> None:
            self.reached()
            self.real(handle)

        os.fsync = fsync

    def __exit__(self, *_: object) -> None:
        os.fsync = self.real


def _found(where: str) -> tuple[Any, str]:
    if where == "commit":
        from sqlalchemy import Connection

        return Connection, "_commit_impl"
    if where.startswith("os."):
        return os, where[3:]
    module, *way, name = where.split(".")
    owner: Any = import_module(f"commandpost.intake.{module}")
    for step in way:
        owner = getattr(owner, step)
    return owner, name


def main() -> None:
    from commandpost.clock import RealClock
    from commandpost.desks.kinds import KINDS
    from commandpost.intake import clerk
    from commandpost.intake.watcher import watch
    from commandpost.places import PostPlaces

    import_module("watchfiles")
    import_module("sqlalchemy.dialects.sqlite")
    assert clerk is not None
    assert KINDS
    while command := sys.stdin.readline():
        stage, nth = command.rstrip("\n").split("\t")
        child = os.fork()
        if not child:
            if stage:
                arm(stage, int(nth))
            watch(PostPlaces(Path(sys.argv[1])), RealClock())
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
