"""Whole numbers of people or things."""

from __future__ import annotations

from typing import Any

from commandpost.contract.reading import Bad, Flagged, Reader
from commandpost.contract.values.numbers import amount
from commandpost.contract.values.text import cell, fold
from commandpost.words import message


def count() -> Reader:
    """A whole number ≥ 0 of people or things; its unit is dropped, a vague one is flagged."""

    def read(said: str) -> Any:
        if fold(said) in ("无", "没有"):
            return None
        found = amount(said)
        if isinstance(found, Bad):
            return found
        if found is None or found.value is None or found.packs or not found.value.is_integer():
            return Bad("value", message("Not a whole number."), message("Write a whole number such as 12."))
        return _rough(int(found.value)) if found.approximate else int(found.value)

    return lambda context: cell(context, read)


def _rough(value: int) -> Flagged:
    return Flagged(value, "approximate", message("The number is approximate."))
