"""Header → drop kind and which column is which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commandpost.contract.kind import Kind
from commandpost.settings import Settings
from commandpost.words import Message


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the table is."""

    kind: Kind
    mapping: Mapping[str, int]
    """Field → index of its column in the header."""
    unknown: tuple[int, ...]
    """Columns nobody knows: kept with the raw line."""


@dataclass(frozen=True, slots=True)
class Asks:
    """A person must say: no kind fits, two fit, or a column is there twice."""

    reason: Message
    kinds: tuple[str, ...] = ()
    """Those that fit, when two or more do."""


def known_headers(kinds: Iterable[Kind]) -> frozenset[str]:
    """Every header text of every kind, normalised: what `table.open_table` looks for."""
    raise NotImplementedError


def recognise(
    header: tuple[str, ...],
    kinds: Iterable[Kind],
    settings: Settings,
    *,
    team: str = "",
    name: str = "",
) -> Recognised | Asks:
    """The kind whose columns this header has. `team` (its declared kinds) and `name` (the file's
    name or folder, may hold a kind's name) only break ties."""
    raise NotImplementedError
