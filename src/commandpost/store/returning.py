"""Rows that went back and come again mended: which of the facts known they say anew.

A log counts the rows of a drop that have the same key (`nth`), and the nth of one drop corrects the nth of
another. A returned file holds some rows of a sheet without those between them: counted by itself its first
row would be taken for the first of the whole sheet, and overrule it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commandpost.store.records import Version
from commandpost.store.runs import LINE, RUNS, Run
from commandpost.store.shape import Shape, Values, join_of, shape_of
from commandpost.store.writing import Writing


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a row was taken before."""

    source: int
    line: int
    """Both 0: nowhere, it was rejected."""
    mended_by: int = 0
    """The source that took it mended since; 0: none."""
    of: tuple[int, int] = (0, 0)
    """(source, line) of the sheet that it went back from."""


def places(
    writing: Writing, table: type[Version], rows: Sequence[Sequence[Any]], counted: Mapping[int, Counted]
) -> dict[int, int]:
    """Row (index in `rows`) → its nth, for the rows of a log on the lines of `counted`.

    `rows`: as `claims.state` takes them; key moments in UTC seconds. A row that was taken is what it was
    then; one that never was is another fact, unless it names somebody and says what is known already.
    """
    shape = shape_of(table)
    if not shape.log or not counted:
        return {}
    named = [2 + shape.position(name) for name in shape.named]
    # `rows` have no nth.
    named = [at - 1 if at > 2 + len(shape.base) else at for at in named]
    known = _Known(writing, shape)
    found: dict[int, int] = {}
    for i, row in enumerate(rows):
        before = counted.get(row[0])
        if before is None:
            continue
        base, said = tuple(row[2 : 2 + len(shape.base)]), tuple(row[2 + len(shape.base) :])
        if before.mended_by:
            nth = known.taken(base, before.mended_by)
        elif before.source:
            # Two rows that said the same were one fact; once one of them was mended the other is another.
            nth = known.same(base, said) if known.overruled(base, before.source, before.line) else None
            nth = known.taken(base, before.source, before.line) if nth is None else nth
        else:
            nth = known.same(base, said) if any(row[at] for at in named) else None
        found[i] = known.free(base) if nth is None else nth
    return found


def overtaken(
    writing: Writing, table: type[Version], rows: Sequence[Sequence[Any]], counted: Mapping[int, Counted]
) -> dict[int, int]:
    """Row (index in `rows`) of a register → the moment it speaks for, for rows that were rejected and whose
    own sheet says the same key again further down: of a sheet the last line counts, and would have counted
    had this one been right at once. (A row that was taken goes back for a cell of which the line below may
    be as faulty.)"""
    shape = shape_of(table)
    found: dict[int, int] = {}
    if shape.log:
        return found
    where = " AND ".join(f"v.{name} = ?" for name in shape.base)
    for i, row in enumerate(rows):
        before = counted.get(row[0])
        if before is None or before.source or not before.of[0]:
            continue
        base, (source, line) = tuple(map(_kept, row[2 : 2 + len(shape.base)])), before.of
        below = writing.run(
            f"SELECT 1 FROM {shape.name} v WHERE {where} AND v.source_id = ? AND v.claim = 0 AND v.line > ? "
            f"UNION ALL SELECT 1 FROM {shape.name} v {join_of(writing)} repeat r ON r.table_name = ? "
            "AND r.source_id = ? AND v.id BETWEEN r.record AND r.record + r.n - 1 "
            f"WHERE {where} AND {LINE.format(version='v.id')} > ? LIMIT 1",
            (*base, source, line, shape.name, source, *base, line),
        ).fetchone()
        if below:
            found[i] = writing.source(source).said - 1
    return found


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def identities(
    writing: Writing, table: type[Version], field: str, counted: Mapping[int, Counted]
) -> dict[int, Any]:
    """Line → what `field` was when the row was taken before, for the lines of `counted` on which it is known.

    A row that made several records has none: which is whose nobody knows.
    """
    shape = shape_of(table)
    lines: dict[int, dict[int, int]] = defaultdict(dict)
    for now, before in counted.items():
        if before.source:
            lines[before.source][before.line] = now
    found: dict[int, list[Any]] = defaultdict(list)
    for source, of in lines.items():
        claimed = list(
            writing.run(
                f"SELECT v.line, v.{field} FROM tick t JOIN extent e ON e.tick = t.n AND e.table_name = ? "
                f"JOIN {shape.name} v ON v.id BETWEEN e.first AND e.last AND v.source_id = t.source_id "
                "AND v.claim = 0 WHERE t.source_id = ?",
                (shape.name, source),
            )
        )
        claimed += writing.run(
            f"SELECT {LINE.format(version='v.id')}, v.{field} FROM repeat r {join_of(writing)} {shape.name} v "
            "ON v.id BETWEEN r.record AND r.record + r.n - 1 WHERE r.source_id = ? AND r.table_name = ?",
            (source, shape.name),
        )
        for line, value in claimed:
            if line in of:
                found[of[line]].append(value)
    return {line: values[0] for line, values in found.items() if len(values) == 1}


class _Known:
    """The facts that are known of some keys."""

    def __init__(self, writing: Writing, shape: Shape) -> None:
        self._writing, self._shape = writing, shape
        self._of: dict[Values, list[tuple[Any, ...]]] = {}
        self._given: dict[Values, set[int]] = defaultdict(set)

    def _versions(self, base: Values) -> list[tuple[Any, ...]]:
        """(nth, id, source, line, whether it is current, what it says) of all claims of a key."""
        if base not in self._of:
            shape = self._shape
            said = ", ".join(shape.values[len(shape.key) :])
            where = " AND ".join(f"{name} = ?" for name in shape.base)
            self._of[base] = self._writing.run(
                f"SELECT nth, id, source_id, line, claim, known_until, {said} FROM {shape.name} "
                f"WHERE {where} ORDER BY nth, id",
                base,
            ).fetchall()
        return self._of[base]

    def taken(self, base: Values, source: int, line: int = 0) -> int | None:
        """The first nth of a key that a source claimed (on this line) and that is not given out yet."""
        return self._first(base, self._claimed(base, source, line))

    def overruled(self, base: Values, source: int, line: int) -> bool:
        """Whether something else is current of all that a source claimed of a key on this line."""
        current = {row[0] for row in self._versions(base) if row[5] is None and row[2] == source}
        return current.isdisjoint(self._claimed(base, source, line))

    def _claimed(self, base: Values, source: int, line: int) -> set[int]:
        versions = self._versions(base)
        claimed = {row[0] for row in versions if row[2] == source and row[4] == 0 and line in (0, row[3])}
        ids = {row[1]: row[0] for row in versions}
        if ids:
            repeated = self._writing.run(
                f"{RUNS} AND record <= ? AND record + n > ?",
                (source, self._shape.name, max(ids), min(ids)),
            )
            for run in map(Run._make, repeated):
                for id_, nth in ids.items():
                    within = run.record <= id_ < run.record + run.n
                    if within and line in (0, run.numbers()[id_ - run.record]):
                        claimed.add(nth)
        return claimed

    def same(self, base: Values, said: Values) -> int | None:
        """The nth of a key that is current and says this."""
        return self._first(
            base, {row[0] for row in self._versions(base) if row[5] is None and tuple(row[6:]) == said}
        )

    def _first(self, base: Values, those: set[int]) -> int | None:
        nth = min(those - self._given[base], default=None)
        if nth is not None:
            self._given[base].add(nth)
        return nth

    def free(self, base: Values) -> int:
        """The next nth of a key."""
        nth = max([row[0] for row in self._versions(base)] + [*self._given[base]], default=-1) + 1
        self._given[base].add(nth)
        return nth
