"""All that a source said, said again by another at a stroke.

For logs alone: there every row of a sheet that its team sends again says what the team said last, and is a
duplicate whatever others said meanwhile (domain §2). What one by one costs 10 µs a row costs 1 µs so.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise, repeat
from operator import gt, itemgetter, ne, sub
from typing import Any, Protocol

from sqlalchemy import Engine

from commandpost.store.records import Version
from commandpost.store.runs import MAX_RUN, RUNS, Run, put_runs, run_of
from commandpost.store.shape import shape_of
from commandpost.store.writing import Writing

_SPANS = (
    "SELECT e.first, e.last FROM extent e JOIN tick t ON t.n = e.tick "
    "WHERE t.source_id = ? AND e.table_name = ? ORDER BY e.first"
)
_SPANS_AT_ONCE = 32
"""Spans of ids are those of a transaction: 5,000 rows of a long load."""
_MANY = 100_000
"""Rows that share a key: of so many a sheet cannot be told apart line by line."""
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
        found = [Run(*row) for row in asked(RUNS, source_id, name)]
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


def versions_by_line(
    engine: Engine, table: type[Version], source_id: int, lines: int
) -> Generator[None, None, array[int] | None]:
    """The version that each line 0…`lines` of a source states (again), which no other row of any source can
    be meant by; 0 where there is none, or are several. None where too many rows share all but their count. A
    step is a fraction of a second."""
    shape = shape_of(table)
    versions = array("q", bytes(8 * (lines + 1)))
    with _asking(engine) as asked:
        # Rows that share all but their count: which is meant depends on those around them.
        same = shape.same("v", "o", shape.base)
        pairs = f"SELECT o.id, v.id FROM {shape.name} o JOIN {shape.name} v ON {same} WHERE o.nth > 0 LIMIT ?"
        several = {id_ for pair in asked(pairs, _MANY) for id_ in pair}
        spans = [*asked(_SPANS, source_id, shape.name)]
    if len(several) >= _MANY:
        return None
    own = f"SELECT line, id, said_at FROM {shape.name} {_OWN} ORDER BY id"
    joined = "group_concat(line)" if engine.dialect.name == "sqlite" else "string_agg(line::text, ',')"
    # A text of all lines costs half of what a row for each does.
    of = f"SELECT {joined}, count(*), count(said_at), min(id), max(id) FROM ({own}) v"
    for some in range(0, len(spans), _SPANS_AT_ONCE):
        yield
        with _asking(engine) as asked:
            for span in spans[some : some + _SPANS_AT_ONCE]:
                ((told, n, said, first, last),) = asked(of, *span, source_id)
                if n and not said and last - first == n - 1:
                    ids = range(first, last + 1)
                    _note(versions, zip(map(int, told.split(",")), ids, repeat(None), strict=False))
                else:
                    _note(versions, [*asked(own, *span, source_id)])
    yield
    with _asking(engine) as asked:
        for run in map(Run._make, asked(RUNS, source_id, shape.name)):
            _note(versions, ((line, run.record + at, run.said_at) for at, line in enumerate(run.numbers())))
    if several or -1 in versions:
        several.add(-1)
        for line, version in enumerate(versions):
            if version in several:
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
        runs = map(Run._make, asked(RUNS, source_id, shape_of(table).name))
        found = [at for run in runs for at in run.numbers() if at > line]
    if not found:
        return None
    known = bytearray(max(found) + 1)
    for at in found:
        known[at] = 1
    return known


def state_lines(writing: Writing, table: type[Version], lines: Sequence[int], records: Sequence[int]) -> None:
    """This transaction's source says at `lines` what these versions say."""
    if any(map(gt, records, records[1:])):
        # The indexes of repeats grow at their ends where versions come in order.
        records, lines = zip(*sorted(zip(records, lines, strict=True)), strict=True)
    breaks = [i for i, step in enumerate(map(sub, records[1:], records), 1) if step != 1]
    runs = []
    for a, b in pairwise([0, *breaks, len(lines)]):
        runs += [run_of(lines[at : min(at + MAX_RUN, b)], records[at]) for at in range(a, b, MAX_RUN)]
    put_runs(writing, shape_of(table).name, runs)


def state_again(writing: Writing, table: type[Version], runs: list[Run]) -> None:
    """This transaction's source says at the same lines what `runs` say."""
    put_runs(writing, shape_of(table).name, runs)
