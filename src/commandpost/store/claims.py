"""What the rows of a drop do when they meet what is known (domain §2).

`state` takes a chunk of rows of the writing's source. Rows that are all new, or that say again what is
known, go in bulk; whatever meets something else is settled key by key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from commandpost.contract.reading import Bad
from commandpost.store.records import Version
from commandpost.store.settle import (
    MAX_RUN,
    Claim,
    History,
    Kept,
    Rollup,
    Settling,
    put_repeats,
    said_before,
    scope_text,
    winner,
)
from commandpost.store.shape import Shape, Values, join_of, seconds, shape_of, stage
from commandpost.store.writing import Writing

__all__ = ["Kept", "Outcome", "Rollup", "close_scope", "resettle", "state"]

Outcome = Literal["accepted", "superseding", "duplicate", "outdated"]
Rule = Literal["log", "register", "snapshot"]
Moves = Callable[[Mapping[str, Any], Mapping[str, Any]], Bad | None]

_MANY_ENDED = 2000
"""More ended versions than this in a chunk's span of time are looked up by staging instead."""


def state(
    writing: Writing,
    table: type[Version],
    rule: Rule,
    rows: Sequence[Sequence[Any]],
    *,
    moves: Moves | None = None,
    rollup: Rollup | None = None,
) -> list[Outcome | Bad]:
    """Every row becomes a claim of the writing's source; returns what became of each, in order.

    `rows`: (line, said_at, *KEY, *SAID) in ascending order of lines, KEY without `nth` (it is given here).
    `said_at`: the row's own 更新时间 or None for the source's. Moments may be aware datetimes or UTC seconds;
    key values are never None. Team and date are the source's own.

    `moves`: (known, row) as dicts of Python values → why the row may not overrule what is known, or None.
    `rollup`: see `settle.Rollup`.
    """
    return _Stating(writing, shape_of(table), rule, rows, moves, rollup).run()


class _Stating:
    def __init__(
        self,
        writing: Writing,
        shape: Shape,
        rule: Rule,
        rows: Sequence[Sequence[Any]],
        moves: Moves | None,
        rollup: Rollup | None,
    ) -> None:
        self.writing, self.shape, self.rule = writing, shape, rule
        self.named = [shape.position(name) for name in shape.named]
        self.moves, self.rollup = moves, rollup
        self.width = len(shape.base)
        self.me = writing.source(writing.source_id)
        self.lines: list[int] = [row[0] for row in rows]
        self.saids: list[int | None] = [
            None if row[1] is None else min(seconds(row[1]), self.me.at) for row in rows
        ]
        w = 2 + self.width
        if shape.log:
            self.values: list[list[Any]] = [[*row[2:w], 0, *row[w:]] for row in rows]
        else:
            self.values = [list(row[2:]) for row in rows]
        shape.stored(self.values, writing.sqlite)
        self.outcomes: list[Any] = [None] * len(rows)
        self.versions: list[int] = [0] * len(rows)
        """The version each row became or repeated."""

    def run(self) -> list[Outcome | Bad]:
        groups, twins = self._group()
        if self.rule == "snapshot" or not self.me.stands:
            self._one_by_one(range(len(self.values)))
        else:
            left = groups
            if not self._met_before(groups):
                left = self._put_new(groups)
            if left:
                left = self._compare(left)
            if left:
                self._one_by_one(sorted(i for group in left.values() for i in group))
        self._put_twins(twins)
        return self.outcomes

    def _group(self) -> tuple[dict[Values, list[int]], list[tuple[int, int]]]:
        """Rows by key without nth, with nth counted; and exact repeats as (row, the row it repeats)."""
        groups: dict[Values, list[int]] = {}
        twins: list[tuple[int, int]] = []
        width, values, log = self.width, self.values, self.shape.log
        for i, row in enumerate(values):
            group = groups.setdefault(tuple(row[:width]), [i])
            if group[-1] == i:
                continue
            if log:
                if any(row[p] for p in self.named):
                    twin = next((j for j in group if values[j][width + 1 :] == row[width + 1 :]), None)
                    if twin is not None:
                        twins.append((i, twin))
                        continue
                row[width] = len(group)
            group.append(i)
        return groups, twins

    def _met_before(self, groups: Mapping[Values, list[int]]) -> bool:
        """Whether the first, middle or last key is known: then the chunk is probably a sheet sent again."""
        bases = list(groups)
        where = " AND ".join(f"{c} = ?" for c in self.shape.base)
        return any(
            self.writing.run(
                f"SELECT 1 FROM {self.shape.name} WHERE {where} AND known_until IS NULL LIMIT 1", base
            ).fetchone()
            for base in ({bases[0], bases[len(bases) // 2], bases[-1]} if bases else ())
        )

    def _put_new(self, groups: dict[Values, list[int]]) -> dict[Values, list[int]]:
        """Inserts the groups of which nothing is known; returns the others."""
        ended = self._ended(groups)
        if ended is None:
            return groups
        left = {base: groups[base] for base in ended}
        alone = self.rule != "log"
        first = [g[0] for base, g in groups.items() if base not in left and not (alone and len(g) > 1)]
        if alone:
            left.update((base, g) for base, g in groups.items() if len(g) > 1)
        for i in self._insert(first):
            base = tuple(self.values[i][: self.width])
            left[base] = groups[base]
        if not alone:
            self._insert([i for base, g in groups.items() if base not in left for i in g[1:]])
        return left

    def _ended(self, groups: Mapping[Values, list[int]]) -> set[Values] | None:
        """The keys that have ended versions; None when that is better found out by staging."""
        writing, shape = self.writing, self.shape
        if not writing.run(f"SELECT 1 FROM {shape.name} WHERE known_until IS NOT NULL LIMIT 1").fetchone():
            return set()
        if shape.base[0] != "event_at" or not groups:
            return None
        times = [base[0] for base in groups]
        found = writing.run(
            f"SELECT {', '.join(shape.base)} FROM {shape.name} "
            f"WHERE known_until IS NOT NULL AND event_at BETWEEN ? AND ? LIMIT {_MANY_ENDED}",
            (min(times), max(times)),
        ).fetchall()
        if len(found) == _MANY_ENDED:
            return None
        return {base for row in found if (base := tuple(row)) in groups}

    def _insert(self, picked: Sequence[int]) -> list[int]:
        """Inserts these rows as current versions; returns those whose key was taken."""
        if not picked:
            return []
        writing, shape = self.writing, self.shape
        tick, source = writing.tick, writing.source_id
        start = writing.take_ids(shape.name, len(picked))
        lines, saids, values = self.lines, self.saids, self.values
        done = writing.run_many(
            shape.insert + " ON CONFLICT DO NOTHING",
            [
                (id_, id_, saids[i], tick, None, source, lines[i], 0, *values[i])
                for id_, i in enumerate(picked, start)
            ],
        )
        refused: list[int] = []
        if done != len(picked):
            ids = {
                row[0]
                for row in writing.run(
                    f"SELECT id FROM {shape.name} WHERE id BETWEEN ? AND ?", (start, start + len(picked) - 1)
                )
            }
            refused = [i for id_, i in enumerate(picked, start) if id_ not in ids]
        taken = set(refused)
        began = []
        for id_, i in enumerate(picked, start):
            if i not in taken:
                self.outcomes[i] = "accepted"
                self.versions[i] = id_
                began.append(values[i])
        if self.rollup is not None and began:
            self.rollup(writing, began, ())  # type: ignore[arg-type]
        return refused

    def _compare(self, groups: dict[Values, list[int]]) -> dict[Values, list[int]]:
        """Tells new, same and different rows apart in bulk; returns the groups that need a closer look.

        Same: the key has one version ever, it is current and says what the row says. Then every claim of
        the key says so, and one more changes nothing.
        """
        writing, shape = self.writing, self.shape
        compared = tuple(c for c in shape.values if c not in shape.key)
        is_ = "IS" if writing.sqlite else "IS NOT DISTINCT FROM"
        staged = stage(
            writing, shape, "rows", shape.values,
            [(i, *self.values[i]) for group in groups.values() for i in group],
        )  # fmt: skip
        equal = " AND ".join(f"v.{c} {is_} s.{c}" for c in compared)
        found = writing.run(
            f"SELECT s.i, v.id, v.source_id, {equal}, EXISTS (SELECT 1 FROM {shape.name} e "
            f"WHERE {shape.same('e', 's', shape.key)} AND e.known_until IS NOT NULL) "
            f"FROM {staged} s LEFT JOIN {shape.name} v "
            f"ON {shape.same('v', 's', shape.key)} AND v.known_until IS NULL"
        ).fetchall()
        mine = self._mine([row[1] for row in found if row[1]]) if shape.log else set()
        new: set[int] = set()
        same: dict[int, int] = {}
        for i, version, source, equals, ended in found:
            if ended:
                continue
            if version is None:
                new.add(i)
            elif equals and not (shape.log and (source == writing.source_id or version in mine)):
                same[i] = version
        left: dict[Values, list[int]] = {}
        first: list[int] = []
        more: list[int] = []
        repeats = []
        for base, group in groups.items():
            if len(group) > 1 and self.rule != "log":
                left[base] = group
            elif group[0] in new:
                first.append(group[0])
                more += group[1:]
            elif all(i in same for i in group):
                for i in group:
                    self.outcomes[i] = "duplicate"
                    self.versions[i] = same[i]
                    repeats.append((self.lines[i], same[i], self.saids[i]))
            else:
                left[base] = group
        self._insert(first)
        self._insert(more)
        put_repeats(writing, shape, repeats)
        return left

    def _mine(self, ids: list[int]) -> set[int]:
        """Versions among `ids` that this source has repeated in an earlier chunk."""
        if not ids:
            return set()
        low, high = min(ids), max(ids)
        runs = self.writing.run(
            "SELECT record, n FROM repeat WHERE source_id = ? AND record BETWEEN ? AND ? AND table_name = ?",
            (self.writing.source_id, low - MAX_RUN, high, self.shape.name),
        ).fetchall()
        return {id_ for record, n in runs for id_ in range(record, record + n)}

    def _one_by_one(self, rows: Iterable[int]) -> None:
        """The whole rule for each of these rows (indexes, ascending)."""
        writing, shape, width = self.writing, self.shape, self.width
        rows = list(rows)
        settling = Settling(writing, shape)
        settling.gather({tuple(self.values[i][:width]) for i in rows})
        next_nth: dict[Values, int] = defaultdict(int)
        told: dict[Values, dict[Values, tuple[History, int]]] = defaultdict(dict)
        """Base key → what this source said of it → that key's history and the version that says so."""
        if shape.log:
            for key, history in settling.of_key.items():
                for claim in history.claims:
                    if claim.source == writing.source_id:
                        base = key[:width]
                        next_nth[base] = max(next_nth[base], key[width] + 1)
                        told[base][claim.values[width + 1 :]] = (history, claim.version)
        for i in rows:
            if not shape.log:
                self._one(i, settling)
                continue
            base, rest = tuple(self.values[i][:width]), tuple(self.values[i][width + 1 :])
            if rest in told[base] and any(self.values[i][p] for p in self.named):
                history, version = told[base][rest]
                self.values[i] = [*base, *history.versions[0].values[width : width + 1], *rest]
                settling.repeat(history, self._claim(i), version)
                settling.adjust(history)
                self.outcomes[i] = "duplicate"
                self.versions[i] = version
                continue
            self.values[i][width] = next_nth[base]
            next_nth[base] += 1
            told[base][rest] = (self._one(i, settling), self.versions[i])
        settling.flush(self.rollup)

    def _claim(self, i: int) -> Claim:
        said = self.saids[i]
        return Claim(
            self.writing.source_id, self.lines[i], self.me.said if said is None else said,
            tuple(self.values[i]), 0, said,
        )  # fmt: skip

    def _one(self, i: int, settling: Settling) -> History:
        writing = self.writing
        claim = self._claim(i)
        history = settling.history(claim.values[: len(self.shape.key)])
        if self.shape.scope:
            settling.put_scope(history, claim.values)
        current = history.current
        before = said_before(history, claim, writing.source)
        if current is not None and current.values == claim.values:
            settling.repeat(history, claim, current.id)
            self.outcomes[i] = "duplicate"
        elif before is not None and before.values == claim.values:
            settling.repeat(history, claim, before.version)
            self.outcomes[i] = "duplicate"
        else:
            known = any(writing.source(c.source).stands for c in history.claims)
            wins = self._wins(history, claim)
            if wins and current is not None and self.moves is not None:
                refused = self.moves(self.shape.python(current.values), self.shape.python(claim.values))
                if refused is not None:
                    self.outcomes[i] = refused
                    return history
            settling.add(history, claim)
            self.outcomes[i] = "outdated" if not wins else "superseding" if known else "accepted"
        self.versions[i] = claim.version
        settling.adjust(history)
        return history

    def _wins(self, history: History, claim: Claim) -> bool:
        history.claims.append(claim)
        found = winner(history, self.writing.source)
        history.claims.pop()
        return found is not None and found.values == claim.values

    def _put_twins(self, twins: Sequence[tuple[int, int]]) -> None:
        """Exact repeats within the drop are duplicates of whatever became of the row they repeat."""
        for i, twin in twins:
            self.outcomes[i] = "duplicate"
            self.versions[i] = self.versions[twin]
        put_repeats(
            self.writing, self.shape, [(self.lines[i], self.versions[i], self.saids[i]) for i, _ in twins]
        )
        # A twin with a date of its own moves its whole source in its team's order.
        moved = {
            tuple(self.values[i][: self.width]) for i, twin in twins if self.saids[i] != self.saids[twin]
        }
        if moved:
            settling = Settling(self.writing, self.shape)
            settling.gather(moved)
            settling.adjust_all(self.rollup)


def close_scope(writing: Writing, table: type[Version], *, rollup: Rollup | None = None) -> int:
    """The writing's source, completely loaded, states its scopes whole: what it does not hold is withdrawn.

    The scopes are the table's SCOPE columns in what it states. Call it once, with the
    drop's last rows or after them, and only when the drop had no rejected rows and is no mended return. Returns how many current versions ended.
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
