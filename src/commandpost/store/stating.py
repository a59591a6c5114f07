"""A chunk of rows becomes claims: in bulk what is all new or says again what is known, one by one the rest."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import compress
from operator import ne
from typing import Any, Literal

from commandpost.contract.reading import Bad
from commandpost.contract.rows import Column, Rows, columns_of
from commandpost.store.bulk import apart, literal, picked, put, without
from commandpost.store.settle import (
    ABSENT,
    MAX_RUN,
    Claim,
    History,
    Rollup,
    Settling,
    put_repeats,
    said_before,
    winner,
)
from commandpost.store.shape import Shape, Values, seconds, stage
from commandpost.store.writing import Writing

Outcome = Literal["accepted", "superseding", "duplicate", "outdated"]
Rule = Literal["log", "register", "snapshot"]
Moves = Callable[[Mapping[str, Any], Mapping[str, Any]], Bad | None]

_MANY_ENDED = 2000
"""More ended versions than this in a chunk's span of time are looked up by staging instead."""


class Stating:
    """One chunk. `rows`: (line, said, *base key, *SAID), as `claims.state` describes them.

    The usual rows cost a few list comprehensions and one `executemany`: 5,000 of them are one loop of C.
    """

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
        self.moves, self.rollup = moves, rollup
        self.me = writing.source(writing.source_id)
        self.after = 2 + len(shape.base)
        """Where SAID begins in a row."""
        self.rows = self._stored(rows)
        """Every column of them is a list or a tuple, all equally long."""
        self.apart: tuple[dict[str, Column], dict[str, Any]] = {}, {}
        """The columns that say something, and those that say nothing: their one value."""
        self.nth: dict[int, int] = {}
        """Row → its nth, where that is not 0."""
        self.outcomes: list[Any] = ["accepted"] * len(rows)
        self.versions: dict[int, int] = {}
        """Row → the version it became or repeated, for rows that were not simply inserted."""
        self.inserted: list[tuple[Sequence[int], int]] = []
        """Rows inserted together, ascending, and the version id of the first."""
        shift = 1 if shape.log else 0
        self.named = [
            2 + p - (shift if p >= len(shape.base) else 0) for p in map(shape.position, shape.named)
        ]

    def run(self) -> list[Outcome | Bad]:
        if not self.outcomes:
            return []
        names = ("line", "said_at", *self.shape.base, *self.shape.values[len(self.shape.key) :])
        self.apart = apart(names, self.rows.columns)
        keys: list[Values] = list(zip(*self.rows.columns[2 : self.after], strict=True))
        groups: dict[Values, list[int]] = {}
        twins: list[tuple[int, int]] = []
        left: Sequence[int] = range(len(keys))
        first: dict[Values, int] = {}
        before = list(map(first.setdefault, keys, left))
        if len(first) < len(keys):
            groups, twins = self._groups(keys, list(compress(left, map(ne, before, left))), before)
            left = without(left, [i for i, _ in twins])
        if left and self.rule != "snapshot" and self.me.stands:
            if not self._met_before(keys):
                left = self._put_new(left, keys, groups)
            if left:
                left = self._compare(left, keys, groups)
        if left:
            self._one_by_one(left, keys)
        if twins:
            self._put_twins(twins, keys)
        return self.outcomes

    def _stored(self, rows: Sequence[Sequence[Any]]) -> Rows:
        """The rows as columns, with moments as UTC seconds and dates as the database keeps them."""
        stored = Rows(columns_of(rows))
        columns = stored.columns
        shift = 1 if self.shape.log else 0
        changes: tuple[tuple[Sequence[int], type[Any], Callable[[Any], Any]], ...] = (
            (self.shape.moments, datetime, seconds),
            (self.shape.dates if self.writing.sqlite else (), date, date.isoformat),
        )
        for positions, kind, change in changes:
            for p in positions if columns else ():
                at = 2 + p - (shift if p >= len(self.shape.base) else 0)
                if any(issubclass(t, kind) for t in set(map(type, columns[at]))):
                    columns[at] = [change(v) if isinstance(v, kind) else v for v in columns[at]]
        if columns and columns[1].count(None) < len(columns[1]):
            # Nobody can have said anything later than it was received.
            columns[1] = [None if v is None else min(seconds(v), self.me.at) for v in columns[1]]
        return stored

    def _values(self, i: int) -> Values:
        row = self.rows[i]
        if not self.shape.log:
            return row[2:]
        return (*row[2 : self.after], self.nth.get(i, 0), *row[self.after :])

    def _is_named(self, i: int) -> bool:
        return any(self.rows[i][p] for p in self.named)

    def _groups(
        self, keys: list[Values], again: list[int], first: list[int]
    ) -> tuple[dict[Values, list[int]], list[tuple[int, int]]]:
        """Keys that several rows have, with these rows, their nth counted; and apart from them the exact
        repeats of rows that name somebody, as (row, the row it repeats).

        `again`: the rows whose key an earlier one has, `first`: for every row the first with its key.
        """
        found: dict[Values, list[int]] = {keys[i]: [first[i]] for i in again}
        twins: list[tuple[int, int]] = []
        for i in again:
            group = found[keys[i]]
            if self.shape.log:
                said = self.rows[i][self.after :]
                twin = next((j for j in group if self.rows[j][self.after :] == said), None)
                if twin is not None and self._is_named(i):
                    twins.append((i, twin))
                    continue
                self.nth[i] = len(group)
            group.append(i)
        return {key: group for key, group in found.items() if len(group) > 1}, twins

    def _met_before(self, keys: list[Values]) -> bool:
        """Whether the first, middle or last key is known: then the chunk is probably a sheet sent again."""
        where = " AND ".join(f"{c} = ?" for c in self.shape.base)
        return any(
            self.writing.run(
                f"SELECT 1 FROM {self.shape.name} WHERE {where} AND known_until IS NULL LIMIT 1", key
            ).fetchone()
            for key in (keys[0], keys[len(keys) // 2], keys[-1])
        )

    def _put_new(
        self, rows: Sequence[int], keys: list[Values], groups: Mapping[Values, list[int]]
    ) -> Sequence[int]:
        """Inserts the rows of whose keys nothing is known; returns the others."""
        ended = self._ended(keys)
        if ended is None:
            return rows
        if not ended and not groups:
            return self._insert(rows)
        left: list[int] = []
        first: list[int] = []
        if not ended and self.rule == "log":
            first = [i for i in rows if i not in self.nth] if self.nth else list(rows)
            rows = ()
        for i in rows:
            key = keys[i]
            if key in ended or (key in groups and len(groups[key]) > 1 and self.rule != "log"):
                left.append(i)
            elif i not in self.nth:
                first.append(i)
        refused = self._insert(first)
        left += refused
        known = {keys[i] for i in refused} | ended
        for key, group in groups.items():
            if self.rule != "log" or key in ended:
                continue
            if key in known:
                left += group[1:]
            else:
                self._insert_nth(group[1:])
        return sorted(left)

    def _ended(self, keys: list[Values]) -> set[Values] | None:
        """The keys that have ended versions; None when that is better found out by staging."""
        writing, shape = self.writing, self.shape
        if not writing.has_ended(shape.name):
            return set()
        if shape.base[0] != "event_at":
            return None
        times = [key[0] for key in keys]
        found = writing.run(
            f"SELECT {', '.join(shape.base)} FROM {shape.name} "
            f"WHERE known_until IS NOT NULL AND event_at BETWEEN ? AND ? LIMIT {_MANY_ENDED}",
            (min(times), max(times)),
        ).fetchall()
        if len(found) == _MANY_ENDED:
            return None
        return {tuple(row) for row in found} & set(keys)

    def _said_by(self, rows: Sequence[int]) -> tuple[dict[str, Column], dict[str, Any]]:
        """What these rows say: the columns that say something, and the one value of each other."""
        varying, same = self.apart
        return dict(zip(varying, picked(list(varying.values()), rows), strict=True)), dict(same)

    def _insert(self, rows: Sequence[int], nth: int = 0) -> list[int]:
        """Inserts these rows as current versions of this nth; returns those whose key was taken."""
        if not rows:
            return []
        writing, shape = self.writing, self.shape
        start = writing.take_ids(shape.name, len(rows))
        varying, same = self._said_by(rows)
        if shape.log:
            same["nth"] = nth
        fixed = {"known_from": writing.tick, "source_id": writing.source_id, "claim": 0}
        done = put(
            writing, shape.name, varying, same | fixed, (("id", "entity"), start), "ON CONFLICT DO NOTHING"
        )
        refused: list[int] = []
        inserted = rows
        if done != len(rows):
            stored = {
                row[0]
                for row in writing.run(
                    f"SELECT id FROM {shape.name} WHERE id BETWEEN ? AND ?", (start, start + len(rows) - 1)
                )
            }
            refused = [i for id_, i in enumerate(rows, start) if id_ not in stored]
            inserted = [i for id_, i in enumerate(rows, start) if id_ in stored]
            varying, _ = self._said_by(inserted)
        self.inserted.append((rows, start))
        if self.rollup is not None and inserted:
            values = [varying.get(name) or [same[name]] * len(inserted) for name in shape.values]
            self.rollup(writing, Rows(values), ())
        return refused

    def _version(self, i: int) -> int:
        """The version a row became or repeated."""
        if i in self.versions:
            return self.versions[i]
        for rows, start in self.inserted:
            place = bisect_left(rows, i)
            if place < len(rows) and rows[place] == i:
                return start + place
        raise KeyError(i)

    def _insert_nth(self, rows: Sequence[int]) -> None:
        """Inserts the further facts of a key whose first one was new."""
        for i in rows:
            self._insert([i], self.nth[i])

    def _compare(
        self, rows: Sequence[int], keys: list[Values], groups: Mapping[Values, list[int]]
    ) -> Sequence[int]:
        """Tells new, same and different rows apart in bulk; returns those that need a closer look.

        Same: the key has one version ever, it is current and says what the row says. Then every claim of
        the key says so, and one more changes nothing.
        """
        writing, shape = self.writing, self.shape
        said = shape.values[len(shape.key) :]
        varying, same_values = self._said_by(rows)
        for name in ("line", "said_at"):
            varying.pop(name, None)
            same_values.pop(name, None)
        if shape.log and self.nth:
            varying["nth"] = [self.nth.get(i, 0) for i in rows]
        elif shape.log:
            same_values["nth"] = 0
        staged = stage(writing, shape, "rows", {"i": rows, **varying})
        staged_as = {name: f"s.{name}" for name in varying} | {
            name: literal(value) for name, value in same_values.items()
        }
        is_ = "IS" if writing.sqlite else "IS NOT DISTINCT FROM"
        equal = " AND ".join(f"v.{c} {is_} {staged_as[c]}" for c in said)

        def same_key(other: str) -> str:
            return " AND ".join(f"{other}.{c} = {staged_as[c]}" for c in shape.key)

        ended_too = (
            f"EXISTS (SELECT 1 FROM {shape.name} e WHERE {same_key('e')} AND e.known_until IS NOT NULL)"
            if writing.has_ended(shape.name)
            else "1 = 0"
        )
        found = writing.run(
            f"SELECT s.i, v.id, v.source_id, {equal}, {ended_too} FROM {staged} s "
            f"LEFT JOIN {shape.name} v ON {same_key('v')} AND v.known_until IS NULL"
        ).fetchall()
        mine = self._mine([row[1] for row in found if row[1]]) if shape.log else set()
        me = writing.source_id if shape.log else 0
        new: list[int] = []
        same: dict[int, int] = {}
        for i, version, source, equals, ended in found:
            if ended:
                continue
            if version is None:
                new.append(i)
            elif equals and source != me and version not in mine:
                same[i] = version
        if len(same) < len(rows) or groups:
            return self._sort_out(rows, keys, groups, new, same)
        self._put_same(same)
        return ()

    def _sort_out(
        self,
        rows: Sequence[int],
        keys: list[Values],
        groups: Mapping[Values, list[int]],
        new: list[int],
        same: dict[int, int],
    ) -> Sequence[int]:
        """Inserts what is new and notes what is the same, where no row of the same key is otherwise."""
        fresh = set(new)
        closer: set[int] = set()
        for group in groups.values():
            if len(group) > 1:
                whole_new = self.rule == "log" and group[0] in fresh
                if not whole_new and (self.rule != "log" or not all(i in same for i in group)):
                    closer.update(group)
        first = [i for i in rows if i in fresh and i not in closer and i not in self.nth]
        kept = {i: version for i, version in same.items() if i not in closer}
        left = [i for i in rows if i not in kept and (i not in fresh or i in closer)]
        left += self._insert(first)
        self._insert_nth([i for i in rows if i in fresh and i not in closer and i in self.nth])
        self._put_same(kept)
        return sorted(left)

    def _put_same(self, same: dict[int, int]) -> None:
        lines, said = self.rows.columns[:2]
        for i in same:
            self.outcomes[i] = "duplicate"
        self.versions.update(same)
        put_repeats(self.writing, self.shape, [(lines[i], version, said[i]) for i, version in same.items()])

    def _mine(self, ids: list[int]) -> set[int]:
        """Versions among `ids` that this source has repeated in an earlier chunk."""
        if not ids:
            return set()
        runs = self.writing.run(
            "SELECT record, n FROM repeat WHERE source_id = ? AND record BETWEEN ? AND ? AND table_name = ?",
            (self.writing.source_id, min(ids) - MAX_RUN, max(ids), self.shape.name),
        ).fetchall()
        return {id_ for record, n in runs for id_ in range(record, record + n)}

    def _one_by_one(self, rows: Iterable[int], keys: list[Values]) -> None:
        """The whole rule for each of these rows (indexes, ascending). What is current changes at the end:
        what a chunk says and takes back itself never was."""
        writing, shape, width = self.writing, self.shape, len(self.shape.base)
        settling = Settling(writing, shape)
        settling.gather({keys[i] for i in rows})
        next_nth: dict[Values, int] = defaultdict(int)
        told: dict[Values, dict[Values, tuple[History, int, int]]] = defaultdict(dict)
        """Base key → what this source said of it → that key's history, the version that says so, nth."""
        if shape.log:
            for key, history in settling.of_key.items():
                for claim in history.claims:
                    if claim.source == writing.source_id:
                        next_nth[key[:width]] = max(next_nth[key[:width]], key[width] + 1)
                        told[key[:width]][claim.values[width + 1 :]] = (history, claim.version, key[width])
        for i in rows:
            if not shape.log:
                self._one(i, settling)
                continue
            base, rest = keys[i], self.rows[i][self.after :]
            if rest in told[base] and self._is_named(i):
                history, version, self.nth[i] = told[base][rest]
                settling.repeat(history, self._claim(i), version)
                self.outcomes[i] = "duplicate"
                self.versions[i] = version
                continue
            self.nth[i] = next_nth[base]
            next_nth[base] += 1
            told[base][rest] = (self._one(i, settling), self.versions[i], self.nth[i])
        settling.adjust_all(self.rollup)

    def _claim(self, i: int) -> Claim:
        line, said = self.rows[i][:2]
        return Claim(
            self.writing.source_id, line, self.me.said if said is None else said, self._values(i), 0, said
        )

    def _one(self, i: int, settling: Settling) -> History:
        writing = self.writing
        claim = self._claim(i)
        history = settling.history(claim.values[: len(self.shape.key)])
        won = winner(history, writing.source)
        now = won if won is not None and won.values != ABSENT else None
        if self.shape.scope:
            settling.put_scope(history, claim.values)
        before = {c.values: c.version for c in said_before(history, claim, writing.source)}
        if now is not None and now.values == claim.values:
            current = history.current
            known_as = current.id if current is not None and current.values == now.values else now.version
            settling.repeat(history, claim, known_as)
            self.outcomes[i] = "duplicate"
        elif claim.values in before:
            settling.repeat(history, claim, before[claim.values])
            self.outcomes[i] = "duplicate"
        else:
            known = any(writing.source(c.source).stands for c in history.claims)
            wins = self._wins(history, claim)
            if wins and now is not None and self.moves is not None:
                refused = self.moves(self.shape.python(now.values), self.shape.python(claim.values))
                if refused is not None:
                    self.outcomes[i] = refused
                    self.versions[i] = 0
                    return history
            settling.add(history, claim)
            self.outcomes[i] = "outdated" if not wins else "superseding" if known else "accepted"
        self.versions[i] = claim.version
        return history

    def _wins(self, history: History, claim: Claim) -> bool:
        history.claims.append(claim)
        found = winner(history, self.writing.source)
        history.claims.pop()
        return found is not None and found.values == claim.values

    def _put_twins(self, twins: Sequence[tuple[int, int]], keys: list[Values]) -> None:
        """Exact repeats within the chunk are duplicates of whatever became of the row they repeat."""
        for i, _ in twins:
            self.outcomes[i] = "duplicate"
        put_repeats(
            self.writing,
            self.shape,
            [(self.rows[i][0], self._version(twin), self.rows[i][1]) for i, twin in twins],
        )
        # A twin with a date of its own moves its whole source in its team's order.
        moved = {keys[i] for i, twin in twins if self.rows[i][1] != self.rows[twin][1]}
        if moved:
            settling = Settling(self.writing, self.shape)
            settling.gather(moved)
            settling.adjust_all(self.rollup)
