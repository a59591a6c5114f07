"""A post that nobody has open, read by somebody who may not write beside it.

A database in WAL mode is read through its `-shm` file, which SQLite makes when it is not there: a reader
without write permission cannot. While there is nothing in the `-wal`, the file alone is the whole post, and
SQLite reads it as `immutable`, without locks. That is right only until somebody writes, so both files are
looked at before and after each read.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

from commandpost.errors import CommandpostError

Seal = tuple[tuple[int, int, int] | None, ...]
"""Which files the database and its log are, and which state of them."""


class Sealed(sqlite3.Connection):
    """A connection that reads the file as it stands, and is of use while `seal` is unbroken."""

    path: Path
    seal: Seal

    def broken(self) -> bool:
        return seal_of(self.path) != self.seal


def seal_of(path: Path) -> Seal:
    """(inode, bytes, time of the last write in ns) of the database and of its log; None: not there."""
    return tuple(map(_stamp, (path, _log(path))))


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def open_sealed(path: Path, uri: str, **how: Any) -> Sealed | None:
    """The file as it stands; None when its log holds more than it does."""
    seal = seal_of(path)
    log = seal[1]
    if log is not None and log[1]:
        return None
    raw = sqlite3.connect(f"{uri}&immutable=1", factory=Sealed, uri=True, **how)
    raw.path, raw.seal = path, seal
    return raw


def watch_seals(engine: Engine) -> None:
    """A connection whose seal is broken is given to nobody any more, and what was read meanwhile does not
    count."""

    @event.listens_for(engine, "checkout")
    def _before(raw: Any, record: Any, proxy: Any) -> None:
        if isinstance(raw, Sealed) and raw.broken():
            raise DisconnectionError

    @event.listens_for(engine, "rollback")
    def _after(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        if isinstance(raw, Sealed) and raw.broken():
            raise CommandpostError("{file}: was written while it was read: try again", file=raw.path.name)
