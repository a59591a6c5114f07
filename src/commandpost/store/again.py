"""All that a source said, said again by another at a stroke.

For logs alone: there every row of a sheet that its team sends again says what the team said last, and is a
duplicate whatever others said meanwhile (domain §2). What one by one costs 10 µs a row costs 1 µs so.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from operator import itemgetter, ne, sub
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Engine

from commandpost.contract.rows import Column
from commandpost.store.bulk import apart, put
from commandpost.store.records import Version
from commandpost.store.settle import MAX_RUN
from commandpost.store.shape import shape_of
from commandpost.store.writing import Writing


class Run(NamedTuple):
    """Rows `line…line+n-1` state (again) versions `record…record+n-1`."""

    line: int
    record: int
    n: int
    said_at: int | None


_REPEATS = "SELECT line, record, n, said_at FROM repeat WHERE source_id = ? AND table_name = ?"
_SPANS = (
    "SELECT e.first, e.last FROM extent e JOIN tick t ON t.n = e.tick "
    "WHERE t.source_id = ? AND e.table_name = ? ORDER BY e.first"
)
_OWN = "WHERE id BETWEEN ? AND ? AND source_id = ? AND claim = 0"


class _Asked(Protocol):
    def __call__(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]: ...


@contextmanager
def _asking(engine: Engine) -> Iterator[_Asked]:
    """Asks the driver itself, `?` for a value; one answer at a time."""
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        cursor: Any = connection.connection.cursor()

        def asked(sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
            cursor.execute(sql if sqlite else sql.replace("?", "%s"), values)
            yield from cursor

        yield asked


def runs_of(engine: Engine, table: type[Version], source_id: int, most: int) -> list[Run] | None:
    """All claims and repeats of a source; None when they are more than `most` runs."""
    name = shape_of(table).name
    with _asking(engine) as asked:
        found = [Run(*row) for row in asked(_REPEATS, source_id, name)]
        for first, last in [*asked(_SPANS, source_id, name)]:
            own = f"SELECT line, id, said_at FROM {name} {_OWN} ORDER BY id"
            found += _runs([*asked(own, first, last, source_id)])
            if len(found) > most:
                return None
    return sorted(found, key=itemgetter(0, 1))


def _runs(rows: list[tuple[Any, ...]]) -> list[Run]:
    """(line, id, said_at) in order of ids, as stretches in which lines and ids go up together."""
    if not rows:
        return []
    lines, ids, said = zip(*rows, strict=True)
    breaks = [
        i
        for i, (gap, step, differs) in enumerate(
            zip(map(sub, lines[1:], lines), map(sub, ids[1:], ids), map(ne, said[1:], said), strict=False),
            1,
        )
        if gap != 1 or step != 1 or differs
    ]
    return [Run(lines[a], ids[a], b - a, said[a]) for a, b in pairwise([0, *breaks, len(rows)])]


def any_known(engine: Engine, table: type[Version], rows: Sequence[Sequence[Any]]) -> int:
    """How many of some rows, as `claims.state` takes them, have keys with a current version."""
    shape = shape_of(table)
    where = " AND ".join(f"{name} = ?" for name in shape.base)
    query = f"SELECT 1 FROM {shape.name} WHERE {where} AND known_until IS NULL LIMIT 1"
    with _asking(engine) as asked:
        keys = (
            [
                value.isoformat() if isinstance(value, date) else value
                for value in row[2 : 2 + len(shape.base)]
            ]
            for row in rows
        )
        return sum(bool([*asked(query, *key)]) for key in keys)


def versions_by_line(engine: Engine, table: type[Version], source_id: int, lines: int) -> array[int]:
    """The version that each line 0…`lines` of a source states (again), which no other row of any source can
    be meant by; 0 where there is none, or are several."""
    shape = shape_of(table)
    versions = array("q", bytes(8 * (lines + 1)))
    own = f"SELECT line, id, said_at FROM {shape.name} {_OWN} ORDER BY id"
    with _asking(engine) as asked:
        for span in [*asked(_SPANS, source_id, shape.name)]:
            _note(versions, asked(own, *span, source_id))
        for line, record, n, said in asked(_REPEATS, source_id, shape.name):
            _note(versions, ((line + at, record + at, said) for at in range(n)))
        # Rows that share all but their count: which is meant depends on those around them.
        same = shape.same("v", "o", shape.base)
        several = {
            id_
            for pair in asked(
                f"SELECT o.id, v.id FROM {shape.name} o JOIN {shape.name} v ON {same} WHERE o.nth > 0"
            )
            for id_ in pair
        }
    for line, version in enumerate(versions):
        if version < 0 or version in several:
            versions[line] = 0
    return versions


def _note(versions: array[int], rows: Iterable[tuple[Any, ...]]) -> None:
    """(line, version, said_at): -1 where a line says several things, or when it was said."""
    for line, id_, when in rows:
        versions[line] = -1 if versions[line] or when is not None else id_


def stated_beyond(engine: Engine, table: type[Version], source_id: int, line: int) -> bytearray | None:
    """By line: 1 for those behind `line` of which a source that broke off has said again what was known; None
    where there are none."""
    with _asking(engine) as asked:
        name = shape_of(table).name
        runs = [(at, n) for at, _, n, _ in asked(_REPEATS, source_id, name) if at > line]
    if not runs:
        return None
    known = bytearray(max(at + n for at, n in runs))
    for at, n in runs:
        known[at : at + n] = b"\1" * n
    return known


def state_lines(writing: Writing, table: type[Version], lines: Sequence[int], records: Sequence[int]) -> None:
    """This transaction's source says at `lines` what these versions say."""
    breaks = [
        i
        for i, (a, b, c, d) in enumerate(zip(lines, lines[1:], records, records[1:], strict=False), 1)
        if b - a != 1 or d - c != 1
    ]
    starts = [0, *breaks]
    n = [*map(sub, [*breaks, len(lines)], starts)]
    firsts = {"line": [lines[i] for i in starts], "record": [records[i] for i in starts]}
    if max(n) <= MAX_RUN:
        _put(writing, table, firsts | {"n": n}, {})
    else:
        state_again(
            writing, table, [Run(lines[i], records[i], of, None) for i, of in zip(starts, n, strict=True)]
        )


def state_again(writing: Writing, table: type[Version], runs: list[Run]) -> None:
    """This transaction's source says at the same lines what `runs` say."""
    pieces = [
        (run.line + at, run.record + at, min(MAX_RUN, run.n - at), run.said_at)
        for run in runs
        for at in range(0, run.n, MAX_RUN)
    ]
    if pieces:
        columns, same = apart(("line", "record", "n", "said_at"), [*zip(*pieces, strict=True)])
        _put(writing, table, columns, same)


def _put(
    writing: Writing, table: type[Version], columns: Mapping[str, Column], same: Mapping[str, Any]
) -> None:
    first = (writing.run("SELECT max(id) FROM repeat").fetchone()[0] or 0) + 1
    fixed = {"table_name": shape_of(table).name, "source_id": writing.source_id, "tick": writing.tick}
    put(writing, "repeat", columns, {**same, **fixed}, (("id",), first))
