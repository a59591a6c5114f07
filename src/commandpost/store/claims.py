"""What the rows of a drop do when they meet what is known (domain §2).

`state` takes a chunk of rows of the writing's source. Rows that are all new, or that say again what is
known, go in bulk; whatever meets something else is settled key by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commandpost.contract.kind import Rule
from commandpost.contract.reading import Bad
from commandpost.store.chunk import Moves, Outcome, Unsaid
from commandpost.store.records import Version
from commandpost.store.repeated import Repeated
from commandpost.store.settle import Kept, Rollup, Settling, scope_text
from commandpost.store.shape import Shape, Values, join_of, shape_of
from commandpost.store.stating import Stating
from commandpost.store.writing import Writing

__all__ = ["Kept", "Outcome", "Repeated", "Rollup", "Unsaid", "close_scope", "resettle", "state"]


def state(
    writing: Writing,
    table: type[Version],
    rule: Rule,
    rows: Sequence[Sequence[Any]],
    *,
    moves: Moves | None = None,
    rollup: Rollup | None = None,
    unsaid: Unsaid | None = None,
    nth: Mapping[int, int] | None = None,
    repeated: Repeated | None = None,
) -> list[Outcome | Bad]:
    """Every row becomes a claim of the writing's source; returns what became of each, in order.

    `rows`: (line, said_at, *KEY, *SAID) in ascending order of lines, KEY without `nth` (it is given here).
    `said_at`: the row's own 更新时间 or None for the source's. Moments may be aware datetimes or UTC seconds;
    key values are never None. Team and date are the source's own.

    `moves`: (known, row) as dicts of Python values → why the row may not overrule what is known, or None.
    `rollup`: see `settle.Rollup`.
    `unsaid`: rows (not of logs) that say nothing of a column; told what they were stored with.
    `nth`: of a log, the nth of rows that is known already (`returning.places`).
    `repeated`: what the chunks of one drop remember.
    """
    return Stating(writing, shape_of(table), rule, rows, moves, rollup, unsaid, nth, repeated).run()


def close_scope(writing: Writing, table: type[Version], *, rollup: Rollup | None = None) -> int:
    """The writing's source, completely loaded, states its scopes whole: what it does not hold is withdrawn.

    The scopes are the table's SCOPE columns in what it states. Call it once, with the
    drop's last rows or after them, and only when the drop had no rejected rows and is no mended return.
    Returns how many current versions ended.
    """
    shape = shape_of(table)
    found = stated_by(writing, shape, writing.source_id, shape.scope)
    first = (writing.run("SELECT max(id) FROM scope").fetchone()[0] or 0) + 1
    writing.run_many(
        "INSERT INTO scope (id, table_name, source_id, of) VALUES (?, ?, ?, ?)",
        [(i, shape.name, writing.source_id, scope_text(of)) for i, of in enumerate(sorted(found), first)],
    )
    return resettle(writing, Kept(table, rollup), keys_in(writing, shape, found))


def resettle(writing: Writing, kept: Kept, bases: Iterable[Values]) -> int:
    """Makes the winner current for every key with one of these bases; returns how many versions ended."""
    shape = shape_of(kept.table)
    settling = Settling(writing, shape)
    settling.gather(bases)
    return settling.adjust_all(kept.rollup)


def extents_of(writing: Writing, shape: Shape, source: int) -> list[tuple[int, int]]:
    """The ranges of version ids in which `source` made claims, this transaction's included."""
    rows = writing.run(
        "SELECT e.first, e.last FROM tick t JOIN extent e ON e.tick = t.n "
        "WHERE t.source_id = ? AND e.table_name = ? ORDER BY e.first",
        (source, shape.name),
    ).fetchall()
    found = [(row[0], row[1]) for row in rows]
    if source == writing.source_id and shape.name in writing.extents:
        found.append(writing.extents[shape.name])
    return found


def stated_by(writing: Writing, shape: Shape, source: int, columns: Sequence[str]) -> set[Values]:
    """The distinct values of `columns` in what `source` claims, said for the first time or again."""
    of = ", ".join(f"v.{c}" for c in columns)
    found: set[Values] = set()
    for first, last in extents_of(writing, shape, source):
        found.update(
            tuple(row)
            for row in writing.run(
                f"SELECT DISTINCT {of} FROM {shape.name} v "
                "WHERE v.id BETWEEN ? AND ? AND v.source_id = ? AND v.claim = 0",
                (first, last, source),
            )
        )
    found.update(
        tuple(row)
        for row in writing.run(
            f"SELECT DISTINCT {of} FROM repeat r {join_of(writing)} {shape.name} v "
            "ON v.id BETWEEN r.record AND r.record + r.n - 1 WHERE r.source_id = ? AND r.table_name = ?",
            (source, shape.name),
        )
    )
    return found


def keys_in(writing: Writing, shape: Shape, found: Iterable[Values]) -> set[Values]:
    """The keys (without nth) that lie in one of these scopes."""
    where = " AND ".join(f"{c} = ?" for c in shape.scope)
    return {
        tuple(row)
        for of in found
        for row in writing.run(f"SELECT DISTINCT {', '.join(shape.base)} FROM {shape.name} WHERE {where}", of)
    }
