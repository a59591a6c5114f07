"""Opens a post's database: SQLite by default, PostgreSQL by URL.

Engines hide parameters: a row is a person, and errors print rows.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError

from commandpost.errors import CommandpostError
from commandpost.places import PostPlaces
from commandpost.store import migrate
from commandpost.store.sealed import open_sealed, watch_seals

BUSY_LIMIT = 30.0
"""Seconds a writer waits for its turn before it says that the database is busy."""

LOG_LIMIT = 64_000_000
"""Bytes the log beside the database keeps once it is started anew. A reader that stays lets it grow without
a limit (0.1 MB a thousand passes), and without this it never shrank again."""

_BUSY_STEP = 0.002
"""Seconds between tries: SQLite's own handler backs off to 100 ms, which let an officer beside a running
load wait 1-4 s (p99)."""

WRITES = "commandpost_writes"
_TURN = "commandpost_turn"


class DatabaseBusy(CommandpostError):
    """Another writer held the database for longer than the limit."""


def explain(error: BaseException, name: str = "post.db") -> CommandpostError:
    """The one line for what a database said. Never holds a row."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = str(original).lower()
    if "locked" in text or "busy" in text:
        return DatabaseBusy("{file}: the database is busy: try again", file=name)
    if "disk is full" in text or "no space" in text:
        return CommandpostError("{file}: the disk is full: make room, then try again", file=name)
    if "not a database" in text or "malformed" in text:
        return CommandpostError(
            "{file}: this is no post's database, or it is damaged: restore a backup", file=name
        )
    if "readonly" in text or "read-only" in text or "permission" in text:
        return CommandpostError("{file}: may not be written: check its owner and permissions", file=name)
    if "unable to open" in text or "disk i/o" in text:
        return CommandpostError("{file}: cannot be opened: check the folder and its permissions", file=name)
    if "connect" in text and not isinstance(original, sqlite3.Error):
        return CommandpostError(
            "the database cannot be reached: check that it runs, and `database` in post.toml"
        )
    # What SQLite says names tables and columns, never a value; PostgreSQL's words quote rows.
    what = str(original) if isinstance(original, sqlite3.Error) else type(original).__name__
    return CommandpostError("{file}: the database failed ({what})", file=name, what=what)


@contextmanager
def explained(name: str = "post.db") -> Iterator[None]:
    """Turns what a database says into its one line."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise explain(error, name) from None


def asked(engine: Engine, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of one question with `?` places, straight from the driver: what is asked of every file takes
    50 µs so, through SQLAlchemy 250. Raises CommandpostError."""
    with explained():
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute(sql if engine.dialect.name == "sqlite" else sql.replace("?", "%s"), values)
            return list(cursor.fetchall())
        finally:
            raw.close()


def open_post(
    places: PostPlaces, url: str = "", *, readonly: bool = False, busy_limit: float = BUSY_LIMIT
) -> Engine:
    """The engine of a post, its schema brought up to date (for writing) or checked (read-only).

    `url`: `settings.database`; empty: the SQLite file of the post. Read-only never makes a file.
    Raises CommandpostError when it cannot be opened, is damaged, busy, or of another version.
    """
    engine = connect(places, url, readonly=readonly, busy_limit=busy_limit)
    try:
        with explained(places.database.name):
            if readonly:
                migrate.check(engine)
            elif migrate.is_behind(engine):
                with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
                    migrate.upgrade(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect(
    places: PostPlaces, url: str = "", *, readonly: bool = False, busy_limit: float = BUSY_LIMIT
) -> Engine:
    """The engine alone, whatever the schema."""
    if url and not url.startswith("sqlite"):
        return _postgresql(url, readonly)
    path = Path(url.split("///", 1)[1]) if url else places.database
    if readonly and not path.is_file():
        raise CommandpostError("{file}: no post here: make one with `commandpost init`", file=path.name)
    return _sqlite(path, readonly, busy_limit)


def _sqlite(path: Path, readonly: bool, busy_limit: float) -> Engine:
    uri = f"file:{quote(str(path.resolve()))}?mode={'ro' if readonly else 'rwc'}"
    # Autocommit of the driver: BEGIN is said by the listener below, so that a writer can say BEGIN IMMEDIATE.
    how: dict[str, Any] = {"isolation_level": None, "timeout": 5, "check_same_thread": False}

    def opened() -> sqlite3.Connection:
        raw: sqlite3.Connection = sqlite3.connect(uri, uri=True, **how)
        try:
            if readonly:
                raw = _readable(raw, path, uri, how)
            raw.execute("PRAGMA synchronous=FULL")
            raw.execute("PRAGMA temp_store=MEMORY")
            # 16 MB of pages: the hot ends of a day's indexes; more does not speed up a load.
            raw.execute("PRAGMA cache_size=-16000")
            raw.execute(f"PRAGMA journal_size_limit={LOG_LIMIT}")
            if not readonly and raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                _to_wal(raw)
        except BaseException:
            raw.close()
            raise
        return raw

    engine = create_engine(
        "sqlite://",
        creator=opened,
        # The address alone looks like one in memory, for which a thread would get one connection only.
        poolclass=QueuePool,
        hide_parameters=True,
        execution_options={_TURN: str(path.with_name("turn.lock"))},
    )

    if readonly:
        watch_seals(engine)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            _begin_immediate(connection, busy_limit)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _readable(raw: sqlite3.Connection, path: Path, uri: str, how: Mapping[str, Any]) -> sqlite3.Connection:
    """The connection, or a sealed one where nobody has the post open and we may not."""
    try:
        raw.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        return raw
    except sqlite3.OperationalError as error:
        # By code: the words are those of several mistakes.
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        if not os.access(path, os.R_OK):
            raise
    sealed = open_sealed(path, uri, **how)
    if sealed is None:
        raise CommandpostError(
            "{file}: was not closed, and who may not write cannot open it so: "
            "its owner must open it once (`commandpost status`)",
            file=path.name,
        )
    raw.close()
    return sealed


def _to_wal(raw: sqlite3.Connection) -> None:
    """Two first openers at once: one of them must wait, and SQLite does not call its busy handler here."""
    until = time.monotonic() + 5
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_BUSY_STEP)


def _begin_immediate(connection: Connection, limit: float) -> None:
    raw: Any = connection.connection.dbapi_connection
    until = time.monotonic() + limit
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise explain(error) from None
                time.sleep(_BUSY_STEP)
    finally:
        raw.execute("PRAGMA busy_timeout=5000")


def _postgresql(url: str, readonly: bool) -> Engine:
    try:
        engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except (ArgumentError, ImportError) as error:
        raise CommandpostError(
            "the database's address cannot be used ({what}): check `database` in post.toml",
            what=type(error).__name__,
        ) from None
    if readonly:

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine


def _flag(engine: Engine) -> int | None:
    """A handle on the post's turn file; None where there is none: on PostgreSQL, whose lock queue is fair,
    and where the file cannot be made (it is a courtesy, no condition)."""
    path = engine.get_execution_options().get(_TURN)
    if not path:
        return None
    try:
        return os.open(str(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError:
        return None


@contextmanager
def my_turn(engine: Engine) -> Iterator[None]:
    """Raises the flag that a load looks at between its chunks, for as long as this lasts.

    A shared flock: any number of short writers may want their turn; the kernel takes it down when they die.
    """
    handle = _flag(engine)
    if handle is None:
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def give_way(engine: Engine, limit: float = 1.0) -> None:
    """Called by a load before each chunk: lets every writer that has raised the flag go first.

    Waits at most `limit` seconds, so that nobody can hold up a load for ever.
    """
    handle = _flag(engine)
    if handle is None:
        return
    until = time.monotonic() + limit
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    return
                time.sleep(0.001)
    finally:
        os.close(handle)
