"""Rows kept as columns: a long table is handed on so, from its cells to the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any, overload

Column = Sequence[Any]


class Same(Sequence[Any]):
    """A column in which every row says the same."""

    __slots__ = ("n", "value")

    def __init__(self, value: Any, n: int) -> None:
        self.value, self.n = value, n

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[Any]:
        return repeat(self.value, self.n)

    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return Same(self.value, len(range(self.n)[at]))
        if not -self.n <= at < self.n:
            raise IndexError(at)
        return self.value

    def count(self, value: Any) -> int:
        return self.n if self.value is value or self.value == value else 0


class Rows(Sequence[tuple[Any, ...]]):
    """Rows kept as columns of the same length; a row is made when it is asked for."""

    __slots__ = ("columns",)

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = list(columns)

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return zip(*self.columns, strict=True)

    @overload
    def __getitem__(self, at: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> tuple[Any, ...] | Rows:
        if isinstance(at, slice):
            return Rows([column[at] for column in self.columns])
        return tuple([column[at] for column in self.columns])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def columns_of(rows: Sequence[Sequence[Any]], places: Sequence[int] | None = None) -> list[Column]:
    """Some columns (or all) of rows that are held either way."""
    if isinstance(rows, Rows):
        return rows.columns[:] if places is None else [rows.columns[place] for place in places]
    if places is None:
        return list(zip(*rows, strict=True))
    return [list(map(itemgetter(place), rows)) for place in places]


def without(column: Column, places: Sequence[int]) -> Column:
    """All of a column (or of rows) but what is at `places` (ascending): where they are few, whole stretches
    are copied at once."""
    if isinstance(column, Rows):
        return Rows([without(of, places) for of in column.columns])
    if isinstance(column, Same):
        return Same(column.value, column.n - len(places))
    if len(places) == len(column):
        return []
    if 2 * len(places) > len(column):
        away = frozenset(places)
        return [value for place, value in enumerate(column) if place not in away]
    kept: list[Any] = []
    start = 0
    for place in places:
        kept += column[start:place]
        start = place + 1
    kept += column[start:]
    return kept
