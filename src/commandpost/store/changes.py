"""Who committed? A datagram is the quick way, `PRAGMA data_version` the one that always works."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from sqlalchemy import Connection, Engine

from commandpost.store.sealed import Sealed, seal_of

_SUFFIX = ".sock"


def send(folder: Path, what: bytes = b"changed") -> int:
    """Tells every listener of the folder; returns how many heard it. Never waits.

    A socket nobody listens on any more is removed; a full one is left alone (its owner has much to read
    already); a folder that is missing or may not be read is nobody listening.
    """
    heard = 0
    try:
        found = [entry.path for entry in os.scandir(folder) if _is_socket(entry)]
    except OSError:
        return 0
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for path in found:
            try:
                sender.sendto(what, path)
                heard += 1
            except ConnectionRefusedError:
                Path(path).unlink(missing_ok=True)
            except OSError:
                continue
    return heard


def _is_socket(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.name.endswith(_SUFFIX) and stat.S_ISSOCK(entry.stat(follow_symlinks=False).st_mode)
    except OSError:
        return False


class Listener:
    """A datagram socket in the folder, named for this process. `fileno()` fits an event loop.

    Raises OSError when the socket cannot be made (a read-only folder, a path longer than 107 bytes): then
    the caller looks at `Pulse` alone.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{os.getpid()}-{uuid4().hex[:8]}{_SUFFIX}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        try:
            self.socket.bind(str(self.path))
        except OSError:
            self.socket.close()
            raise

    def fileno(self) -> int:
        return self.socket.fileno()

    def heard(self) -> bool:
        """Whether anything came since the last look; takes all of it."""
        came = False
        while True:
            try:
                self.socket.recv(64)
            except BlockingIOError:
                return came
            came = True

    def close(self) -> None:
        self.socket.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Pulse:
    """Whether anybody has committed since the last look: 6-8 µs on SQLite, works read-only and across
    processes. Holds one connection and no transaction; used from one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        self._sqlite = engine.dialect.name == "sqlite"
        self._last = self._version()

    def _version(self) -> object:
        raw = self._connection.connection.dbapi_connection
        if isinstance(raw, Sealed):
            return seal_of(raw.path)
        cursor = self._connection.connection.cursor()
        try:
            if self._sqlite:
                cursor.execute("PRAGMA data_version")
            else:
                cursor.execute("SELECT coalesce(max(n), 0) FROM tick")
            row = cursor.fetchone()
            return int(row[0]) if row else 0
        finally:
            cursor.close()
            if not self._sqlite:
                self._connection.connection.rollback()

    def changed(self) -> bool:
        """True once after any commit by another connection. Raises what the database raises."""
        now = self._version()
        changed, self._last = now != self._last, now
        return changed

    def close(self) -> None:
        self._connection.close()
