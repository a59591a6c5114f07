"""Everything is a record with a source (domain §2): sources, ticks, drops, rejects, versions, runs of repeats."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy
from sqlalchemy import BigInteger, ColumnElement, Dialect, Index, Text, TypeDecorator, and_, or_
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Field, SQLModel


class Moment(TypeDecorator[datetime]):
    """An aware datetime in Python, integer UTC seconds in the table. Naive ones are refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


@compiles(BigInteger, "sqlite")
def _integer_on_sqlite(type_: BigInteger, compiler: Any, **kw: Any) -> str:
    """SQLite makes only `INTEGER PRIMARY KEY` an alias of the row id."""
    return "INTEGER"


class Source(SQLModel, table=True):
    """Where knowledge came from: a drop, an officer's action, or changed settings."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    sort: str = Field(sa_type=Text)
    """`drop`, `action` or `settings`."""
    at: datetime = Field(sa_type=Moment)
    """When it came in or was done."""
    said_at: datetime = Field(sa_type=Moment)
    """How new what it says is: the sheet's own date, else `at`."""
    team: str = Field(default="", sa_type=Text)
    officer: str = Field(default="", sa_type=Text)
    user: str = Field(default="", sa_type=Text)
    """The system user beside the officer."""
    reason: str = Field(default="", sa_type=Text)
    undoes: int | None = Field(default=None, sa_type=BigInteger)
    """The source this action made stand or not stand."""
    stands: bool = True
    text: str = Field(default="", sa_type=Text)
    """Settings: post.toml as it was then."""


class Tick(SQLModel, table=True):
    """One committed transaction: the post's clock of knowledge. `committed_at` never decreases."""

    n: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    committed_at: datetime = Field(sa_type=Moment, index=True)
    source_id: int = Field(sa_type=BigInteger, index=True)


class Drop(SQLModel, table=True):
    """A file from a team, and what came of it. `id` is its source's id."""

    id: int = Field(primary_key=True, sa_type=BigInteger)
    sha256: str = Field(sa_type=Text, index=True)
    name: str = Field(sa_type=Text)
    """The file's name as cleaned for showing."""
    path: str = Field(default="", sa_type=Text, index=True)
    """Below drops/, undecodable bytes as surrogate escapes made visible."""
    sheet: str = Field(default="", sa_type=Text)
    """Of a workbook: the name of its sheet this drop is; the others are drops of their own."""
    team: str = Field(default="", sa_type=Text)
    kind: str = Field(default="", sa_type=Text)
    verdict: str = Field(default="", sa_type=Text)
    """`taken`, `held`, `asks`, `refused`; empty while loading."""
    why: str = Field(default="", sa_type=Text)
    """For `held`, `asks`, `refused`: the reason, a JSON message."""
    size: int = Field(default=0, sa_type=BigInteger, index=True)
    encoding: str = Field(default="", sa_type=Text)
    delimiter: str = Field(default="", sa_type=Text)
    header: str = Field(default="", sa_type=Text)
    """Of a table that asks, or has a `mapping`: the cells of its header, a JSON list."""
    mapping: str = Field(default="", sa_type=Text)
    """Field → index of its column, a JSON object, where more than the header decided (an answer, an alias, a
    command line): a broken load goes on by it."""
    settings_sha: str = Field(default="", sa_type=Text)
    """Of the settings that judged its rows: when they change, rejected rows may count again."""
    lines_done: int = Field(default=0, sa_type=BigInteger)
    """Physical lines committed so far: where a broken load goes on."""
    done: bool = False
    received_at: datetime = Field(sa_type=Moment, index=True)
    rows: int = 0
    records: int = 0
    accepted: int = 0
    superseding: int = 0
    duplicate: int = 0
    outdated: int = 0
    rejected: int = 0
    warned: int = 0


class Answer(SQLModel, table=True):
    """What a person answered a file that asked, for every file of this team with the same header."""

    __table_args__ = (
        Index(
            "uq_answer_current",
            "team",
            "header",
            unique=True,
            sqlite_where=sqlalchemy.text("known_until IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    team: str = Field(default="", sa_type=Text)
    header: str = Field(sa_type=Text)
    """Its cells, normalised as `values.text.header` does, as a JSON list."""
    kind: str = Field(sa_type=Text)
    mapping: str = Field(default="{}", sa_type=Text)
    """Index of a column → field, as a JSON object; a column left out is what its header says, an empty
    field is one to be ignored."""
    source_id: int = Field(sa_type=BigInteger)
    """The officer's action."""
    known_from: int = Field(sa_type=BigInteger)
    known_until: int | None = Field(default=None, sa_type=BigInteger)


class DropThen(SQLModel, table=True):
    """A drop as it stood from tick `known_from` on, until `known_until`: `Drop` holds only what is known now.

    Written by every transaction that touches the drop, so that a look at the past counts what was counted.
    """

    __tablename__ = "drop_then"

    drop_id: int = Field(primary_key=True, sa_type=BigInteger)
    known_from: int = Field(primary_key=True, sa_type=BigInteger)
    known_until: int | None = Field(default=None, sa_type=BigInteger)
    name: str = Field(sa_type=Text)
    team: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    verdict: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Moment, index=True)
    rows: int
    accepted: int
    superseding: int
    duplicate: int
    rejected: int


class Reject(SQLModel, table=True):
    """A row (or, as a warning, a cell) that goes back to its team."""

    __table_args__ = (Index("ix_reject_drop", "drop_id", "line"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    drop_id: int = Field(sa_type=BigInteger)
    line: int = Field(sa_type=BigInteger)
    warning: bool = False
    column: str = Field(default="", sa_type=Text)
    code: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    hint: str = Field(default="", sa_type=Text)
    cells: str = Field(default="", sa_type=Text)
    """The row as it came, a JSON list of cells."""
    sha256: str = Field(default="", sa_type=Text, index=True)
    """Of team, kind, cells and code: a rejected row that comes again is not given back again."""
    mended_by: int | None = Field(default=None, sa_type=BigInteger)
    """The later drop of its team that took this row mended; it counts as long as that drop stands."""
    fresh: bool = True
    """False when the same reject of this team was given back before."""


class Repeat(SQLModel, table=True):
    """A run of rows that said again what versions already say: rows `line…line+n-1` of the source (or those
    that `lines` names) repeat versions `record…record+n-1` of `table_name`."""

    __table_args__ = (
        Index("ix_repeat_record", "table_name", "record"),
        Index("ix_repeat_source", "source_id", "record"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    table_name: str = Field(sa_type=Text)
    source_id: int = Field(sa_type=BigInteger)
    tick: int = Field(sa_type=BigInteger)
    line: int = Field(sa_type=BigInteger)
    record: int = Field(sa_type=BigInteger)
    n: int = Field(default=1)
    said_at: datetime | None = Field(default=None, sa_type=Moment)
    """None: the source's."""
    lines: str = Field(default="", sa_type=Text)
    """The line of each version, nine digits after nine, where they do not follow one another."""


class Extent(SQLModel, table=True):
    """The version ids a tick gave out in a table: how a source's claims are found without an index on
    every row. Ids rise with ticks."""

    tick: int = Field(primary_key=True, sa_type=BigInteger)
    table_name: str = Field(primary_key=True, sa_type=Text)
    first: int = Field(sa_type=BigInteger)
    last: int = Field(sa_type=BigInteger)


class Scope(SQLModel, table=True):
    """What a snapshot drop stated whole: one combination of its kind's scope fields."""

    __table_args__ = (
        Index("ix_scope_of", "table_name", "of"),
        Index("ix_scope_source", "source_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    table_name: str = Field(sa_type=Text)
    source_id: int = Field(sa_type=BigInteger)
    of: str = Field(sa_type=Text)
    """The scope fields' values as a JSON list."""


class Version(SQLModel):
    """What every fact has. Nothing is updated in place but `known_until`, once, when the version ends.

    A row whose `known_from` equals its `known_until` is a claim that was never current (outdated).
    """

    KEY: ClassVar[tuple[str, ...]] = ()
    """The columns of the natural key, `event_at` first where it is part of it, `nth` last for logs."""
    SAID: ClassVar[tuple[str, ...]] = ()
    """The other columns a drop fills: what two claims are compared by."""
    NAMED: ClassVar[tuple[str, ...]] = ()
    """Logs: the columns of which one that is filled names somebody or a plate, so that an exact
    repeat within one drop is a duplicate and not another fact."""
    SCOPE: ClassVar[tuple[str, ...]] = ()
    """Snapshots: the columns whose values together a drop states whole (a roster: its post × its date)."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    entity: int = Field(sa_type=BigInteger)
    """The stable id of the thing: the id of its first version."""
    event_at: datetime = Field(sa_type=Moment)
    """When it happened (or begins) in the field."""
    said_at: datetime | None = Field(default=None, sa_type=Moment)
    """The row's own 更新时间; None: its source's."""
    known_from: int = Field(sa_type=BigInteger)
    known_until: int | None = Field(default=None, sa_type=BigInteger)
    source_id: int = Field(sa_type=BigInteger)
    line: int = Field(default=0, sa_type=BigInteger)
    claim: int = Field(default=0, sa_type=BigInteger)
    """0: this row is a claim; else the id of the claim it states again (after an undo)."""


def key_indexes(table: str, key: tuple[str, ...]) -> tuple[Index, Index]:
    """The two indexes a version table has: its current versions by natural key, and its ended ones.

    The first is unique and is the only one a load of new facts touches. PostgreSQL's tables are made by
    migrations alone; to name its conditions here would load its dialect, 7 % of the board's start.
    """
    from sqlalchemy import text

    return (
        Index(
            f"uq_{table}_current",
            *key,
            unique=True,
            sqlite_where=text("known_until IS NULL"),
        ),
        Index(
            f"ix_{table}_ended",
            *key,
            sqlite_where=text("known_until IS NOT NULL"),
        ),
    )


def known(table: Any, tick: int | None) -> ColumnElement[bool]:
    """The versions known at `tick`; the current ones when it is None."""
    if tick is None:
        return table.known_until.is_(None)  # type: ignore[no-any-return]
    return and_(table.known_from <= tick, or_(table.known_until.is_(None), table.known_until > tick))
