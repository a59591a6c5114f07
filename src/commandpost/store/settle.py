"""New claims of some keys, settled: what becomes current, what ends, and the writing of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from commandpost.store.histories import ABSENT, Claim, Held, History, winner
from commandpost.store.records import Version
from commandpost.store.runs import LINE, MAX_RUN, Run, put_runs
from commandpost.store.shape import FIXED, Shape, Values, join_of, stage
from commandpost.store.writing import Writing

Rollup = Callable[[Writing, Sequence[Values], Sequence[Values]], None]
"""`rollup(writing, began, ended)`: told of every change of current versions, in the transaction that makes
it: the values (KEY + SAID, stored form) of versions that became current, and of those that ceased to be.
A version that begins and ends in the same transaction is not told."""


@dataclass(frozen=True)
class Kept:
    """A version table and what is kept beside it."""

    table: type[Version]
    rollup: Rollup | None = None
    reads: tuple[str, ...] | None = None
    """The columns the rollup looks at; None: all. The undo of a large drop tells it no others."""


def scope_of(shape: Shape, values: Sequence[Any]) -> str:
    """The scope fields' values as `Scope.of` keeps them."""
    return scope_text([values[shape.position(name)] for name in shape.scope])


def scope_text(values: Iterable[Any]) -> str:
    """As `Scope.of` keeps them: a JSON list, dates as ISO text."""
    return json.dumps([v.isoformat() if isinstance(v, date) else v for v in values], ensure_ascii=False)


class Settling:
    """Histories of some keys, changed in memory and written at the end."""

    def __init__(self, writing: Writing, shape: Shape) -> None:
        self.writing = writing
        self.shape = shape
        self.of_key: dict[Values, History] = {}
        self._new: list[Held] = []
        self._ended: list[Held] = []
        self._repeats: list[tuple[int, int, int | None]] = []
        self._scopes: dict[str, list[int]] = {}

    def gather(self, bases: Iterable[Values]) -> None:
        """Reads the histories of all keys with these bases (keys without `nth`)."""
        writing, shape = self.writing, self.shape
        keys = stage(
            writing, shape, "keys", dict(zip(shape.base, zip(*set(bases), strict=True), strict=False))
        )
        columns = ", ".join(f"v.{c}" for c in FIXED + shape.values)
        same = shape.same("v", "k", shape.base)
        rows = []
        for part in ("IS NULL", "IS NOT NULL"):
            rows += writing.run(
                f"SELECT {columns} FROM {keys} k {join_of(writing)} {shape.name} v "
                f"ON {same} AND v.known_until {part}"
            ).fetchall()
        rows.sort()
        n, width = len(FIXED), len(shape.key)
        of_id: dict[int, History] = {}
        held_of: dict[int, Held] = {}
        for row in rows:
            values = tuple(row[n:])
            history = self.history(values[:width])
            held = Held(row[0], row[5], row[4], values, list(row), claim=row[7])
            history.entity = row[1]
            history.versions.append(held)
            if held.until is None:
                history.current = held
            of_id[held.id] = history
            held_of[held.id] = held
            if not row[7]:
                history.claims.append(Claim(row[5], row[6], 0, values, row[0], row[2]))
        for id_, source, line, said in self._repeats_of(list(of_id)):
            of_id[id_].claims.append(Claim(source, line, 0, held_of[id_].values, id_, said))
        if self.shape.scope:
            for history in self.of_key.values():
                for claim in history.claims:
                    self.put_scope(history, claim.values)

    def history(self, key: Values) -> History:
        """The history of a key; an empty one when nothing was ever claimed."""
        found = self.of_key.get(key)
        if found is None:
            found = self.of_key[key] = History()
        return found

    def put_scope(self, history: History, values: Values) -> None:
        """The key lies in the scope these values name: what stated that scope whole has a say."""
        of = scope_of(self.shape, values)
        if of in history.scopes:
            return
        if of not in self._scopes:
            self._scopes[of] = [
                row[0]
                for row in self.writing.run(
                    "SELECT source_id FROM scope WHERE table_name = ? AND of = ?", (self.shape.name, of)
                ).fetchall()
            ]
        history.scopes[of] = self._scopes[of]

    def _repeats_of(self, ids: list[int]) -> list[tuple[int, int, int, int | None]]:
        """(version, source, line, said) of every row that repeats one of the versions `ids`."""
        if not ids:
            return []
        wanted = stage(self.writing, self.shape, "ids", {"i": list(ids)})
        return [
            tuple(row)
            for row in self.writing.run(
                f"SELECT s.i, r.source_id, {LINE.format(version='s.i')}, r.said_at FROM {wanted} s "
                f"{join_of(self.writing)} repeat r ON r.table_name = ? AND r.record <= s.i "
                f"AND r.record > s.i - {MAX_RUN} AND r.record + r.n > s.i",
                (self.shape.name,),
            ).fetchall()
        ]

    def add(self, history: History, claim: Claim) -> Held:
        """A new claim of this transaction's source becomes a version, for the time being not current."""
        writing = self.writing
        id_ = writing.take_ids(self.shape.name, 1)
        history.entity = history.entity or id_
        held = Held(id_, claim.source, writing.tick, claim.values, [], fresh=True)
        held.row = [
            id_, history.entity, claim.row_said, writing.tick, writing.tick, claim.source, claim.line, 0,
            *claim.values,
        ]  # fmt: skip
        claim.version = id_
        history.versions.append(held)
        history.put(claim)
        self._new.append(held)
        return held

    def repeat(self, history: History | None, claim: Claim, version: int) -> None:
        """A new claim that says again what `version` says."""
        claim.version = version
        if history is not None:
            history.put(claim)
        self._repeats.append((claim.line, version, claim.row_said))

    def adjust(self, history: History) -> None:
        """Makes the winner current."""
        writing = self.writing
        chosen = winner(history, writing.source)
        current = history.current
        if chosen is None or chosen.values == ABSENT:
            self._end(history)
            return
        if current and current.values == chosen.values and writing.source(current.source).stands:
            return
        self._end(history)
        stated = next(v for v in history.versions if v.id == chosen.version)
        if (
            stated.fresh
            and not stated.claim
            and stated.row[6] == chosen.line
            and stated.source == chosen.source
        ):
            stated.until = stated.row[4] = None
            history.current = stated
            return
        id_ = writing.take_ids(self.shape.name, 1)
        held = Held(id_, chosen.source, None, chosen.values, [], fresh=True, claim=stated.claim or stated.id)
        held.row = [
            id_, history.entity, chosen.row_said, writing.tick, None, chosen.source, chosen.line, held.claim,
            *chosen.values,
        ]  # fmt: skip
        history.versions.append(held)
        history.current = held
        self._new.append(held)

    def _end(self, history: History) -> None:
        current = history.current
        if current is None:
            return
        current.until = current.row[4] = self.writing.tick
        history.current = None
        if not current.fresh:
            self._ended.append(current)

    def adjust_all(self, rollup: Rollup | None) -> int:
        """Makes the winner current for every key gathered; returns how many current versions ended."""
        for history in self.of_key.values():
            self.adjust(history)
        return self.flush(rollup)

    def flush(self, rollup: Rollup | None) -> int:
        """Writes everything; returns how many current versions ended."""
        writing, shape = self.writing, self.shape
        writing.run_many(
            f"UPDATE {shape.name} SET known_until = ? WHERE id = ?",
            [(writing.tick, held.id) for held in self._ended],
        )
        writing.run_many(shape.insert, [held.row for held in self._new])
        if self._ended or any(held.until is not None for held in self._new):
            writing.ended[shape.name] = True
        put_repeats(writing, shape, self._repeats)
        began = [held.values for held in self._new if held.until is None]
        if rollup is not None and (began or self._ended):
            rollup(writing, began, [held.values for held in self._ended])
        ended = len(self._ended)
        self._new, self._ended, self._repeats = [], [], []
        return ended


def put_repeats(writing: Writing, shape: Shape, found: list[tuple[int, int, int | None]]) -> None:
    """Stores (line, version, row's own said) of this transaction's source as runs."""
    runs: list[Run] = []
    line = record = n = 0
    said: int | None = None
    for at, version, when in sorted(found, key=itemgetter(0)):
        if n and n < MAX_RUN and at == line + n and version == record + n and when == said:
            n += 1
            continue
        if n:
            runs.append(Run(line, record, n, said))
        line, record, n, said = at, version, 1, when
    if n:
        runs.append(Run(line, record, n, said))
    put_runs(writing, shape.name, runs)
