"""A chunk of rows becomes claims: in bulk what is all new or says again what is known, one by one the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from operator import eq
from typing import Any

from commandpost.contract.reading import Bad
from commandpost.contract.rows import Column, Rows, Same, without
from commandpost.store.bulk import apart, literal, picked, put
from commandpost.store.chunk import Chunk, Outcome
from commandpost.store.onebyone import OneByOne
from commandpost.store.settle import put_repeats
from commandpost.store.shape import Values, stage

_MANY_ENDED = 2000
"""More ended versions than this in a chunk's span of time are looked up by staging instead."""


class Stating(Chunk):
    """One chunk, stated.

    The usual rows cost a few list comprehensions and one `executemany`: 5,000 of them are one loop of C.
    """

    def run(self) -> list[Outcome | Bad]:
        if self.outcomes:
            self._run()
            if self.shape.log:
                self.repeated.add(self.versions.values())
        return self.outcomes

    def _run(self) -> None:
        names = ("line", "said_at", *self.shape.base, *self.shape.values[len(self.shape.key) :])
        self.apart = apart(names, self.rows.columns)
        left: Sequence[int] = range(len(self.outcomes))
        if self.given:
            OneByOne(self).run(left)
            return
        groups, twins = self._groups()
        if twins:
            left = without(left, [i for i, _ in twins])
        if left and self.rule != "snapshot" and self.me.stands:
            if not self._met_before():
                left = self._put_new(left, groups)
            if left:
                left = self._compare(left, groups)
        if left:
            OneByOne(self).run(left)
        if twins:
            OneByOne(self).put_twins(twins)

    def _again(self) -> list[tuple[int, int, Values]]:
        """The rows whose key an earlier one has: (row, the first with its key, the key)."""
        firsts = self.rows.columns[2]
        told = sorted(firsts)
        shared = list(compress(range(len(told)), map(eq, told, told[1:])))
        if not shared:
            return []
        suspects: Sequence[int] = range(len(told))
        if len(shared) * 2 < len(told):
            # In most sheets few rows share even their moment: only their keys are put together.
            order = sorted(suspects, key=firsts.__getitem__)
            suspects = sorted({row for at in shared for row in order[at : at + 2]})
        first: dict[Values, int] = {}
        keys = zip(*picked(self.rows.columns[2 : self.after], suspects), strict=True)
        found = ((i, first.setdefault(key, i), key) for i, key in zip(suspects, keys, strict=True))
        return [(i, j, key) for i, j, key in found if i != j]

    def _groups(self) -> tuple[dict[Values, list[int]], list[tuple[int, int]]]:
        """Keys that several rows have, with these rows, their nth counted; and apart from them the exact
        repeats of rows that name somebody, as (row, the row it repeats)."""
        again = self._again()
        found: dict[Values, list[int]] = {key: [first] for _, first, key in again}
        twins: list[tuple[int, int]] = []
        told = {(key, self.said(first)): first for _, first, key in again} if self.shape.log else {}
        for i, _, key in again:
            group = found[key]
            if self.shape.log:
                twin = told.setdefault((key, self.said(i)), i)
                if twin != i and self.is_named(i):
                    twins.append((i, twin))
                    continue
                self.nth[i] = len(group)
            group.append(i)
        return {key: group for key, group in found.items() if len(group) > 1}, twins

    def _met_before(self) -> bool:
        """Whether the first, middle or last key is known: then the chunk is probably a sheet sent again."""
        where = " AND ".join(f"{c} = ?" for c in self.shape.base)
        return any(
            self.writing.run(
                f"SELECT 1 FROM {self.shape.name} WHERE {where} AND known_until IS NULL LIMIT 1", key
            ).fetchone()
            for key in map(self.key, (0, len(self.outcomes) // 2, -1))
        )

    def _put_new(self, rows: Sequence[int], groups: Mapping[Values, list[int]]) -> Sequence[int]:
        """Inserts the rows of whose keys nothing is known; returns the others."""
        ended = self._ended()
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
            key = self.keys[i]
            if key in ended or (key in groups and len(groups[key]) > 1 and self.rule != "log"):
                left.append(i)
            elif i not in self.nth:
                first.append(i)
        refused = self._insert(first)
        left += refused
        known = {self.key(i) for i in refused} | ended
        for key, group in groups.items():
            if self.rule != "log" or key in ended:
                continue
            if key in known:
                left += group[1:]
            else:
                self._insert_nth(group[1:])
        return sorted(left)

    def _ended(self) -> set[Values] | None:
        """The keys that have ended versions; None when that is better found out by staging."""
        writing, shape = self.writing, self.shape
        if not writing.has_ended(shape.name):
            return set()
        if shape.base[0] != "event_at":
            return None
        times = self.rows.columns[2]
        found = writing.run(
            f"SELECT {', '.join(shape.base)} FROM {shape.name} "
            f"WHERE known_until IS NOT NULL AND event_at BETWEEN ? AND ? LIMIT {_MANY_ENDED}",
            (min(times), max(times)),
        ).fetchall()
        if len(found) == _MANY_ENDED:
            return None
        return {tuple(row) for row in found}.intersection(self.keys) if found else set()

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
            n = len(inserted)
            values = [varying[name] if name in varying else Same(same[name], n) for name in shape.values]
            self.rollup(writing, Rows(values), ())
        return refused

    def _insert_nth(self, rows: Sequence[int]) -> None:
        """Inserts the further facts of a key whose first one was new."""
        for i in rows:
            self._insert([i], self.nth[i])

    def _compare(self, rows: Sequence[int], groups: Mapping[Values, list[int]]) -> Sequence[int]:
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
        known = (row[1] for row in found if row[1])
        mine = self.repeated.among(known, writing, shape) if shape.log else set()
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
            return self._sort_out(rows, groups, new, same)
        self._put_same(same)
        return ()

    def _sort_out(
        self,
        rows: Sequence[int],
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
