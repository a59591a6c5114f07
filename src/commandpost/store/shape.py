"""A version table as the store writes it: column names, statements and stored forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Boolean, Date, Table

from commandpost.contract.rows import Column
from commandpost.store.bulk import put
from commandpost.store.records import Moment, Version
from commandpost.store.writing import Writing

FIXED = ("id", "entity", "said_at", "known_from", "known_until", "source_id", "line", "claim")
"""The columns every version has besides `event_at` (which is in KEY or SAID)."""

Values = tuple[Any, ...]
"""A row's KEY and SAID columns in that order, in stored form: moments as UTC seconds, dates as the database
keeps them."""


@dataclass(frozen=True)
class Shape:
    """What a version table looks like."""

    name: str
    key: tuple[str, ...]
    base: tuple[str, ...]
    """The key without `nth`."""
    values: tuple[str, ...]
    """KEY + SAID."""
    moments: tuple[int, ...]
    """Positions in `values`."""
    dates: tuple[int, ...]
    bools: tuple[int, ...]
    named: tuple[str, ...]
    scope: tuple[str, ...]

    @property
    def log(self) -> bool:
        return self.key[-1] == "nth"

    @property
    def columns(self) -> str:
        return ", ".join(FIXED + self.values)

    @property
    def insert(self) -> str:
        places = ", ".join("?" * (len(FIXED) + len(self.values)))
        return f"INSERT INTO {self.name} ({self.columns}) VALUES ({places})"

    def position(self, column: str) -> int:
        return self.values.index(column)

    def same(self, left: str, right: str, columns: Iterable[str]) -> str:
        return " AND ".join(f"{left}.{c} = {right}.{c}" for c in columns)

    def python(self, values: Sequence[Any]) -> dict[str, Any]:
        """Values as people's code wants them: aware datetimes, dates, bools."""
        row = dict(zip(self.values, values, strict=True))
        for i in self.moments:
            if isinstance(row[self.values[i]], int):
                row[self.values[i]] = datetime.fromtimestamp(row[self.values[i]], UTC)
        for i in self.dates:
            if isinstance(row[self.values[i]], str):
                row[self.values[i]] = date.fromisoformat(row[self.values[i]])
        for i in self.bools:
            if row[self.values[i]] is not None:
                row[self.values[i]] = bool(row[self.values[i]])
        return row


def seconds(moment: datetime | int) -> int:
    """UTC seconds of an aware datetime (or of what is seconds already)."""
    if isinstance(moment, int):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return int(moment.timestamp())


@cache
def shape_of(table: type[Version]) -> Shape:
    """The shape of a desk's version table. Its KEY and SAID must name all its columns."""
    columns = cast(Table, table.__table__).columns  # type: ignore[attr-defined]
    values = (*table.KEY, *table.SAID)
    missing = {c.name for c in columns} - set(FIXED) - set(values)
    if missing or len(set(values)) != len(values):
        raise TypeError(f"{table.__name__}: KEY and SAID must name each column once, {sorted(missing)}")
    base = table.KEY[:-1] if table.KEY[-1] == "nth" else table.KEY

    def positions(kind: type[Any]) -> tuple[int, ...]:
        return tuple(i for i, name in enumerate(values) if isinstance(columns[name].type, kind))

    return Shape(
        # A name of SQLAlchemy is bound ten times slower than text.
        f"{cast(Table, table.__table__).name}",  # type: ignore[attr-defined]
        table.KEY, base, values, positions(Moment), positions(Date), positions(Boolean), table.NAMED, table.SCOPE,
    )  # fmt: skip


def stage(writing: Writing, shape: Shape, what: str, columns: Mapping[str, Column]) -> str:
    """Puts rows, given as columns of `values` and `i`, into a temporary table that has all the columns of
    `values`, and returns its name. The others are null there."""
    name = f"{what}_{shape.name}"
    if name not in writing.staged:
        of = ", ".join(shape.values)
        if writing.sqlite:
            writing.run(
                f"CREATE TEMP TABLE IF NOT EXISTS {name} AS SELECT 0 AS i, {of} FROM {shape.name} LIMIT 0"
            )
        else:
            writing.run(
                f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT 0::bigint AS i, {of} FROM {shape.name} LIMIT 0"
            )
            # Without statistics PostgreSQL would scan the whole table for a handful of staged keys.
            # And with these off its costs look so high that it would compile every statement.
            for way in ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "jit"):
                writing.run(f"SET LOCAL {way} = off")
        writing.staged.add(name)
    writing.run(f"DELETE FROM {name}")
    put(writing, name, columns, {})
    return name


def join_of(writing: Writing) -> str:
    """The join that goes from the staged rows to the table, never the other way round."""
    return "CROSS JOIN" if writing.sqlite else "JOIN"
