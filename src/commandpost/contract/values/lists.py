"""Several things in one cell, and several numbers or units in the cells beside it: 口罩/手套 | 100/50 | 个/双."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.numbers import Quantity, quantity
from commandpost.contract.values.places import item
from commandpost.contract.values.supplies import Wanted, apart, wanted
from commandpost.contract.values.text import fold

_LINES = re.compile(r"[\r\n]+")
_BETWEEN = re.compile(r"[、/;|]+|,(?![0-9]{3}(?![0-9]))")


@dataclass(frozen=True, slots=True)
class Things:
    """What a cell names."""

    entries: tuple[Wanted, ...]
    written: str
    """The whole cell as one thing's name: its declared one, else as written."""
    apart: tuple[str, ...] = ()
    """Of one thing whose name may be two things' (口罩和手套), theirs: a number of each tells."""


def things() -> Reader:
    """The things of a cell as `wanted` reads them → `Things`."""

    def reader(context: Context) -> Read:
        several, alone = wanted()(context), item()(context)

        def read(text: str) -> Any:
            found = several(text)
            entries = found.value if type(found) is Flagged else found
            if type(entries) is not tuple:
                return found
            told = Things(entries, alone(text), _apart(entries, alone))
            # Where none has a number in the cell they are all told beside it, or missed there.
            if type(found) is Flagged and any(one.quantity for one in entries):
                return Flagged(told, found.code, found.reason)
            return told

        return read

    return reader


def _apart(entries: tuple[Wanted, ...], alone: Read) -> tuple[str, ...]:
    if len(entries) > 1 or entries[0].quantity is not None:
        return ()
    return tuple(alone(side) for side in apart(fold(entries[0].item)))


def parts(text: str) -> list[str]:
    """个/双 → 个, 双."""
    return [part for one in _BETWEEN.split(fold(_LINES.sub(";", text))) if (part := one.strip())]


def quantities(*, signed: bool = False) -> Reader:
    """A quantity as `quantity` reads it; of several (100/50) a tuple of them, when each is a number."""

    def reader(context: Context) -> Read:
        alone = quantity(signed=signed)(context)

        def read(text: str) -> Any:
            found = alone(text)
            if type(found) is not Bad or found.code != "value" or len(listed := parts(text[:400])) < 2:
                return found
            each = tuple(alone(part) for part in listed)
            known = all(type(one) is Quantity and one.value is not None and not one.packs for one in each)
            return each if known else found

        return read

    return reader
