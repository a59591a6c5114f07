"""All that a source said, said again by another at a stroke.

For logs alone: there every row of a sheet that its team sends again says what the team said last, and is a
duplicate whatever others said meanwhile (domain §2). What one by one costs 10 µs a row costs 1 µs so.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter, ne, sub
from typing import Any, NamedTuple

from sqlalchemy import Engine

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


def runs_of(engine: Engine, table: type[Version], source_id: int, most: int) -> list[Run] | None:
    """All claims and repeats of a source; None when they are more than `most` runs."""
    name = shape_of(table).name
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        cursor = connection.connection.cursor()

        def asked(sql: str, *values: object) -> list[tuple[Any, ...]]:
            cursor.execute(sql if sqlite else sql.replace("?", "%s"), values)
            return list(cursor.fetchall())

        found = [
            Run(*row)
            for row in asked(
                "SELECT line, record, n, said_at FROM repeat WHERE source_id = ? AND table_name = ?",
                source_id,
                name,
            )
        ]
        for first, last in asked(
            "SELECT e.first, e.last FROM extent e JOIN tick t ON t.n = e.tick "
            "WHERE t.source_id = ? AND e.table_name = ? ORDER BY e.first",
            source_id,
            name,
        ):
            found += _runs(
                asked(
                    f"SELECT line, id, said_at FROM {name} WHERE id BETWEEN ? AND ? AND source_id = ? "
                    "AND claim = 0 ORDER BY id",
                    first,
                    last,
                    source_id,
                )
            )
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


def state_again(writing: Writing, table: type[Version], runs: list[Run]) -> None:
    """This transaction's source says at the same lines what `runs` say."""
    name = shape_of(table).name
    first = (writing.run("SELECT max(id) FROM repeat").fetchone()[0] or 0) + 1
    pieces = [
        (run.line + at, run.record + at, min(MAX_RUN, run.n - at), run.said_at)
        for run in runs
        for at in range(0, run.n, MAX_RUN)
    ]
    writing.run_many(
        "INSERT INTO repeat (id, table_name, source_id, tick, line, record, n, said_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (first + i, name, writing.source_id, writing.tick, line, record, n, said)
            for i, (line, record, n, said) in enumerate(pieces)
        ],
    )
