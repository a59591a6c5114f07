"""A chunk of rows on its way to become claims: the rows as stored, and what became of each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from commandpost.contract.kind import Rule
from commandpost.contract.reading import Bad
from commandpost.contract.rows import Column, Rows, Same, columns_of
from commandpost.store.repeated import Repeated
from commandpost.store.settle import Rollup
from commandpost.store.shape import Shape, Values, seconds
from commandpost.store.writing import Writing

Outcome = Literal["accepted", "superseding", "duplicate", "outdated"]
Moves = Callable[[Mapping[str, Any], Mapping[str, Any]], Bad | None]


@dataclass
class Unsaid:
    """A column of which some rows say nothing, so that a correction of others leaves it as it is known."""

    column: str
    rows: dict[int, Any]
    """Row → what it is stored with: what stands in `rows` of `state`, or what was known."""


class Chunk:
    """`rows`: (line, said, *base key, *SAID), as `claims.state` describes them."""

    def __init__(
        self,
        writing: Writing,
        shape: Shape,
        rule: Rule,
        rows: Sequence[Sequence[Any]],
        moves: Moves | None,
        rollup: Rollup | None,
        unsaid: Unsaid | None = None,
        given: Mapping[int, int] | None = None,
        repeated: Repeated | None = None,
    ) -> None:
        self.writing, self.shape, self.rule = writing, shape, rule
        self.moves, self.rollup = moves, rollup
        self.unsaid = unsaid
        self.given = given or {}
        """Row → its nth, where that is known already."""
        self.repeated = repeated or Repeated()
        self.me = writing.source(writing.source_id)
        self.after = 2 + len(shape.base)
        """Where SAID begins in a row."""
        self.rows = self._stored(rows)
        """As columns, all equally long."""
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

    def key(self, i: int) -> Values:
        """A row's key without `nth`."""
        return tuple([column[i] for column in self.rows.columns[2 : self.after]])

    @cached_property
    def keys(self) -> list[Values]:
        """Those of all rows: a usual chunk does without."""
        return list(zip(*self.rows.columns[2 : self.after], strict=True))

    def said(self, i: int) -> Values:
        """What a row says besides its key."""
        return tuple([column[i] for column in self.rows.columns[self.after :]])

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
                column = columns[at]
                if isinstance(column, Same):
                    columns[at] = (
                        Same(change(column.value), len(column)) if isinstance(column.value, kind) else column
                    )
                elif any(issubclass(t, kind) for t in set(map(type, column))):
                    columns[at] = [change(v) if isinstance(v, kind) else v for v in column]
        if columns and columns[1].count(None) < len(columns[1]):
            # Nobody can have said anything later than it was received.
            columns[1] = [None if v is None else min(seconds(v), self.me.at) for v in columns[1]]
        return stored

    def values_of(self, i: int) -> Values:
        """KEY + SAID of a row, in stored form."""
        if not self.shape.log:
            return (*self.key(i), *self.said(i))
        return (*self.key(i), self.nth.get(i, 0), *self.said(i))

    def is_named(self, i: int) -> bool:
        """Whether a row names somebody or a plate: said twice it is then one fact."""
        return any(self.rows.columns[p][i] for p in self.named)

    def version(self, i: int) -> int:
        """The version a row became or repeated."""
        if i in self.versions:
            return self.versions[i]
        for rows, start in self.inserted:
            place = bisect_left(rows, i)
            if place < len(rows) and rows[place] == i:
                return start + place
        raise KeyError(i)
