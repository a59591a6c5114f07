"""The one way to write: a transaction that takes the next tick under the writer's lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from commandpost.clock import Clock, FixedClock
from commandpost.errors import CommandpostError
from commandpost.store.engine import WRITES, explained, give_way, my_turn
from commandpost.store.records import DropThen, Source

_LOCK = 0x636D6470
"""The PostgreSQL advisory lock of the writer ("cmdp")."""

OFFICER = "officer"
"""The team every officer's action speaks for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What settling needs of a source."""

    team: str
    said: int
    """UTC seconds."""
    at: int
    stands: bool


@dataclass
class Writing:
    """A transaction that holds the writer's lock and has taken its tick."""

    conn: Connection
    tick: int
    committed_at: datetime
    source_id: int
    sqlite: bool
    sources: dict[int, Standing] = field(default_factory=dict)
    """Sources looked up so far."""
    staged: set[str] = field(default_factory=set)
    """Temporary tables made so far."""

    next_ids: dict[str, int] = field(default_factory=dict)
    extents: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Table → first and last version id this tick gave out."""

    ended: dict[str, bool] = field(default_factory=dict)

    def take_ids(self, table: str, n: int) -> int:
        """Reserves `n` version ids of `table`; returns the first."""
        first = self.next_ids.get(table)
        if first is None:
            first = (self.run(f"SELECT max(id) FROM {table}").fetchone()[0] or 0) + 1
        self.next_ids[table] = first + n
        if n:
            self.extents[table] = (self.extents.get(table, (first, 0))[0], first + n - 1)
        return first

    def has_ended(self, table: str) -> bool:
        """Whether any version of the table had ended before this transaction looked first."""
        if table not in self.ended:
            self.ended[table] = (
                self.run(f"SELECT 1 FROM {table} WHERE known_until IS NOT NULL LIMIT 1").fetchone()
                is not None
            )
        return self.ended[table]

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """One statement with `?` places, straight to the driver; returns its cursor."""
        cursor = self.conn.connection.cursor()
        cursor.execute(sql if self.sqlite else sql.replace("?", "%s"), values)
        return cursor

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """One statement for many rows; returns how many rows it changed."""
        if not rows:
            return 0
        cursor: Any = self.conn.connection.cursor()
        cursor.executemany(sql if self.sqlite else sql.replace("?", "%s"), rows)
        return int(cursor.rowcount)

    def put(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Stores rows (column → value, all with the same columns) as they are. SQLAlchemy would take 1-2 ms
        to make each statement, longer than a small drop's rows take."""
        if rows:
            names = ", ".join(f'"{name}"' for name in rows[0])
            self.run_many(
                f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(rows[0]))})',
                [
                    [int(v.timestamp()) if isinstance(v, datetime) else v for v in row.values()]
                    for row in rows
                ],
            )

    def source(self, source_id: int) -> Standing:
        """A source's team, said and standing, as of this transaction."""
        found = self.sources.get(source_id)
        if found is None:
            row = self.run(
                "SELECT sort, team, said_at, at, stands FROM source WHERE id = ?", (source_id,)
            ).fetchone()
            if row is None:
                raise CommandpostError("there is no source {id}", id=source_id)
            team = OFFICER if row[0] == "action" else row[1]
            found = self.sources[source_id] = Standing(team, row[2], row[3], bool(row[4]))
        return found


@dataclass(frozen=True, slots=True)
class NewDrop:
    """A source to be stored: a drop of a team (`Source` says what its columns mean). The model itself takes
    half a millisecond to make, as long as the rows of a small drop."""

    team: str
    at: datetime
    said_at: datetime


_BLANK = {name: field.get_default() for name, field in Source.model_fields.items()}


def _add_source(writing: Writing, source: Source | NewDrop, *, not_before: datetime | None) -> int:
    """Stores a new source under the next id and returns it.

    `not_before`: what is said without a date of its own is no older than what was known before, even when
    the host's clock has jumped back.
    """
    source_id = (writing.run("SELECT max(id) FROM source").fetchone()[0] or 0) + 1
    if isinstance(source, NewDrop):
        row = {**_BLANK, "sort": "drop", "team": source.team, "at": source.at, "said_at": source.said_at}
    else:
        row = source.model_dump()
    if not_before is not None and source.said_at == source.at:
        row["said_at"] = max(source.said_at, not_before)
    writing.put("source", [{**row, "id": source_id}])
    return int(source_id)


@dataclass
class _Shared:
    """A transaction that several writes share; it begins with the first of them."""

    engine: Engine
    ends: ExitStack
    conn: Connection | None = None
    staged: set[str] = field(default_factory=set)

    def begun(self) -> Connection:
        if self.conn is None:
            give_way(self.engine)
            self.conn = self.ends.enter_context(self.engine.connect().execution_options(**{WRITES: True}))
            self.ends.enter_context(self.conn.begin())
        return self.conn


_shared: ContextVar[_Shared | None] = ContextVar("shared", default=None)
"""A thread's own."""


@contextmanager
def together(engine: Engine) -> Iterator[None]:
    """All writes of this block are kept at once or none: each has its tick, and they share one transaction.
    A small drop spends nearly all its time waiting for the disk: so several wait once.

    Raises CommandpostError as `write` does.
    """
    with explained(), ExitStack() as ends:
        before = _shared.set(_Shared(engine, ends))
        try:
            yield
        finally:
            _shared.reset(before)


@contextmanager
def _transaction(engine: Engine, long: bool) -> Iterator[tuple[Connection, set[str]]]:
    """The connection to write with, and the temporary tables made in its transaction so far."""
    shared = _shared.get()
    if shared is not None and shared.engine is engine:
        yield shared.begun(), shared.staged
        return
    if long:
        give_way(engine)
    with (
        nullcontext() if long else my_turn(engine),
        engine.connect().execution_options(**{WRITES: True}) as conn,
        conn.begin(),
    ):
        yield conn, set()


@contextmanager
def write(
    engine: Engine, clock: Clock, source: Source | NewDrop | int, *, long: bool = False
) -> Iterator[Writing]:
    """One transaction of `source` (an id, or a new one to be stored with it), or its part of one shared.

    Takes the writer's lock, then tick n+1 with `committed_at` = max(now, the last one's): tick order is
    commit order. `long`: one chunk of a load, which first lets short writers go. Commits at the end,
    rolls back (tick included) when the block raises. Raises CommandpostError: busy, disk full, damaged.
    """
    with explained(), _transaction(engine, long) as (conn, staged):
        sqlite = conn.dialect.name == "sqlite"
        if not sqlite:
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        writing = Writing(conn, 1, clock.now(), 0, sqlite, staged=staged)
        now = int(writing.committed_at.timestamp())
        last = writing.run("SELECT n, committed_at FROM tick ORDER BY n DESC LIMIT 1").fetchone()
        if last:
            writing.tick, now = last[0] + 1, max(now, last[1])
        writing.committed_at = at = datetime.fromtimestamp(now, UTC)
        if not isinstance(source, int):
            # A moment that somebody states is left as it is.
            source = _add_source(writing, source, not_before=None if isinstance(clock, FixedClock) else at)
        writing.source_id = source
        writing.run(
            "INSERT INTO tick (n, committed_at, source_id) VALUES (?, ?, ?)", (writing.tick, now, source)
        )
        yield writing
        _note_drop(writing)
        writing.run_many(
            "INSERT INTO extent (tick, table_name, first, last) VALUES (?, ?, ?, ?)",
            [(writing.tick, name, *span) for name, span in writing.extents.items()],
        )


_KEPT = ", ".join(
    f'"{name}"' for name in DropThen.model_fields if name not in ("drop_id", "known_from", "known_until")
)


def end_drop(writing: Writing, drop_id: int) -> None:
    """From this tick on the drop no longer stands as it did."""
    writing.run(
        "UPDATE drop_then SET known_until = ? WHERE drop_id = ? AND known_until IS NULL",
        (writing.tick, drop_id),
    )


def _note_drop(writing: Writing) -> None:
    """Keeps how the drop stands now whose transaction this is, if it is a drop's."""
    end_drop(writing, writing.source_id)
    writing.run(
        f"INSERT INTO drop_then (drop_id, known_from, {_KEPT}) "
        f'SELECT id, ?, {_KEPT} FROM "drop" WHERE id = ?',
        (writing.tick, writing.source_id),
    )
