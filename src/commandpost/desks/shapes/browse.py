"""The full desk on one table: how many rows meet a filter, and any page of them, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from commandpost.desks.shapes.common import Look
from commandpost.store.records import Version


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk of the post as the board opens it. `filter` is what a person typed: each of its words must
    stand in a name, plate, gate, place, number or item of the row (no case); empty: all rows."""

    name: str
    """Its pane: gate, isolation, duty, supply."""
    tables: tuple[type[Version], ...]
    """Where its newest fact is looked for."""
    feeds: tuple[str, ...]
    """The drop kinds that make it old when they do not come."""
    count: Callable[[Look, str], int]
    """(look, filter) → how many rows there are."""
    page: Callable[[Look, str, int, int], Sequence[Any]]
    """(look, filter, offset, limit) → the pane's row dataclasses, newest first."""


def words_of(filter: str) -> list[str]:
    return filter.casefold().split()


def contains(columns: Sequence[Any], filter: str) -> list[ColumnElement[bool]]:
    """Conditions: each word of the filter stands in one of the columns. `%` and `_` mean themselves.

    As typed or in capitals, without `lower()`: that would make a million rows cost twice as much.
    """
    return [
        or_(
            false(),
            *(column.contains(form, autoescape=True) for column in columns for form in {word, word.upper()}),
        )
        for word in filter.split()
    ]


def meets(texts: Sequence[str], filter: str) -> bool:
    """The same for rows that are there already."""
    folded = [text.casefold() for text in texts]
    return all(any(word in text for text in folded) for word in words_of(filter))
