"""What a table that asks could be: a kind and its columns, by what is in them. Only ever a proposal.

Every column of the first rows is read with every reader the kinds have. A column looks like a field when
nearly all of its cells read, and the more so the fewer other things that reader takes (a remark takes
everything and says nothing). What stands above the column helps where it is near a known name. Each kind
then gets the assignment of columns to fields with the best total, no column twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from commandpost.contract.kind import Column, Kind
from commandpost.contract.reading import Bad, Context, Flagged, Read
from commandpost.contract.values.dates import date_
from commandpost.contract.values.text import clean
from commandpost.contract.values.text import header as normal
from commandpost.desks.aliases import names_of
from commandpost.intake.assign import best_pairs
from commandpost.intake.looks import LOOKS, OTHER, PATTERNS, PROBES, look_of
from commandpost.intake.recognise import lacking
from commandpost.words import Message, message

ROWS = 50
"""Rows that are looked at."""
FIRST = 10
"""Where most of so many cells do not read, the others are not tried: nearly all pairs end here."""
COLUMNS = 64
"""Columns that are looked at: reading one with every reader takes 5 ms."""
LONGEST = 80
"""Characters. What is longer is a remark, and readers of short things may take long over it."""
ENOUGH = 0.6
"""A smaller share of readable cells says nothing."""
NEAR = 0.6
"""Headers less alike have nothing to do with each other."""
_HEADER, _KNOWN, _CONTENT = 1.5, 3.0, 2.0
"""What a near header, a known one and fitting cells count."""
_NEEDED = 0.4
"""What a column that the kind needs is put before one it can do without."""
_ONLY_BY_NAME = {"updated": NEAR, "retest": _KNOWN}
"""What the header must count: any time could be when a row was last touched, any temperature a second one."""
_WORTH = 0.5
"""Less is no reason to propose anything."""
_COMPLETE, _LACKING = 2.0, 1.5
"""What a kind gains with all it needs, and loses for each column it lacks."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One column of the table, and what it seems to be."""

    index: int
    column: Column
    """Of the kind."""
    reason: Message
    score: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A kind the table could be."""

    kind: Kind
    guesses: tuple[Guess, ...]
    """In the order of the table's columns."""
    lacking: tuple[str, ...]
    """Headers of the columns the kind needs, for which there is none; empty: it is complete."""
    score: float

    @property
    def columns(self) -> dict[int, str]:
        """Index of a column → field."""
        return {guess.index: guess.column.field for guess in self.guesses}


def propose(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    kinds: Sequence[Kind],
    context: Context,
    *,
    likely: Iterable[str] = (),
    fixed: Mapping[Kind, Mapping[int, str]] | None = None,
) -> list[Proposal]:
    """The kinds the table could be, the likeliest first. `likely`: names of kinds that are meant where two
    are as likely (its team sends them, the table fits them). `fixed`: what some columns are of a kind. The
    same for the same table always."""
    table = _Table(header, [tuple(row) for _, row in zip(range(ROWS), rows, strict=False)], context)
    favoured = frozenset(likely)
    told = [
        found
        for kind in kinds
        if (found := _proposed(kind, table, kind.name in favoured, (fixed or {}).get(kind, {})))
    ]
    return sorted(told, key=lambda one: -one.score)


def _proposed(kind: Kind, table: _Table, likely: bool, fixed: Mapping[int, str]) -> Proposal | None:
    days = {column.after for column in kind.columns if column.after}
    settled = frozenset(fixed.values())

    def guess(index: int, column: Column) -> Guess | None:
        if (index in fixed or column.field in settled) and fixed.get(index) != column.field:
            return None
        return table.guess(index, column, day=column.field in days)

    found = [[guess(index, column) for index in range(table.width)] for column in kind.columns]
    needed = {field for group in kind.any_of for field in group}
    scores = [
        [
            guess.score + (_NEEDED if column.required or column.field in needed else 0.0) if guess else 0.0
            for guess in of
        ]
        for column, of in zip(kind.columns, found, strict=True)
    ]
    pairs = best_pairs(scores)
    guesses = [one for field, index in pairs if (one := found[field][index]) and one.score >= _WORTH]
    if not guesses:
        return None
    missing = lacking(kind, (guess.column.field for guess in guesses), table.dated)
    total = sum(guess.score for guess in guesses)
    total += -_LACKING * len(missing) if missing else _COMPLETE
    guesses.sort(key=lambda guess: guess.index)
    return Proposal(kind, tuple(guesses), missing, total + likely)


class _Table:
    """The first rows by columns, and how each reads with each reader."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], context: Context) -> None:
        self.header = [clean(cell) for cell in header[:COLUMNS]]
        self.width = len(self.header)
        self.dated = context.sheet_date is not None
        self._context = context
        self.cells = [
            [text for row in rows if index < len(row) and (text := clean(row[index][: LONGEST + 1]))]
            for index in range(self.width)
        ]
        self._reads: dict[Any, tuple[Read, float]] = {}
        self._shares: dict[tuple[Any, int], tuple[int, float]] = {}

    @cached_property
    def _names(self) -> list[str]:
        return [normal(cell) for cell in self.header]

    def guess(self, index: int, column: Column, *, day: bool) -> Guess | None:
        """Whether a column may be this one of a kind. `day`: it is read together with another, as a day."""
        above = self._above(index, column)
        read, special, key = self._reader(column, day)
        good, strength = self._share(key, index, read, special)
        filled = len(self.cells[index])
        if strength < 0:
            if above < _KNOWN:
                return None
            strength = 0.0
        score = above + _CONTENT * strength
        if score < _WORTH or above < _ONLY_BY_NAME.get(column.field, 0.0):
            return None
        if strength * _CONTENT >= above and strength:
            what = LOOKS.get(look_of(column, day), OTHER)
            reason = message(
                "{n} of {all} cells are {what}", n=good, all=filled, what=message(what, column=column.header)
            )
        elif above >= _KNOWN:
            reason = message("its header says so")
        else:
            reason = message("its header is near to {name}", name=column.header)
        return Guess(index, column, reason, score)

    def _above(self, index: int, column: Column) -> float:
        name = self._names[index]
        if not name:
            return 0.0
        names = tuple(names_of(column))
        if name in names:
            return _KNOWN
        near = max((_alike(name, other) for other in names), default=0.0)
        return near * _HEADER if near >= NEAR else 0.0

    def _reader(self, column: Column, day: bool) -> tuple[Read, float, Any]:
        """How a column of a kind is read, how special what it takes is (0: it takes all), and a name for it."""
        key = (look_of(column, day), *_closure(column.read))
        found = self._reads.get(key)
        if found is None:
            read = _looking(look_of(column, day), (date_() if day else column.read)(self._context))
            taken = sum(_reads(read, probe) for probe in PROBES)
            found = self._reads[key] = (read, 1 - taken / len(PROBES))
        return (*found, key)

    def _share(self, key: Any, index: int, read: Read, special: float) -> tuple[int, float]:
        """How many cells of a column read, and how much that says: below 0, that it is something else."""
        found = self._shares.get((key, index))
        if found is None:
            texts = self.cells[index]
            first = texts[:FIRST]
            if sum(_reads(read, text) for text in first) < (1 - ENOUGH) * len(first):
                texts = first
            known = {text: _reads(read, text) for text in set(texts)}
            good = sum(known[text] for text in texts)
            share = good / len(texts) if texts else 0.0
            if share >= ENOUGH:
                strength = share * share * special
            else:
                # A reader that takes little and nearly none of these: they are something else.
                strength = -1.0 if texts and share < 1 - ENOUGH and special > ENOUGH else 0.0
            found = self._shares[key, index] = (good, strength)
        return found


def _closure(read: Callable[..., Any]) -> tuple[Any, ...]:
    """What tells two readers of the same sort apart: the words of a list, the place that is declared."""
    return tuple(id(cell.cell_contents) for cell in read.__closure__ or ())


def _looking(look: str, read: Read) -> Read:
    """Readers that take any text as it is take what looks like their thing."""
    pattern = PATTERNS.get(look)
    if pattern is None:
        return read
    return lambda text: read(text) if pattern(text) else None


def _reads(read: Read, text: str) -> bool:
    """Whether a cell reads as what it should be: neither unknown, nor wrong, nor taken with a doubt of that."""
    if len(text) > LONGEST:
        return False
    value = read(text)
    if isinstance(value, Flagged):
        return value.code != "value"
    return value is not None and not isinstance(value, Bad)


def _alike(one: str, other: str) -> float:
    """0…1: how near two headers are; one that holds the other is near."""
    if len(other) > 1 and other in one:
        return 0.7 + 0.3 * len(other) / len(one)
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
