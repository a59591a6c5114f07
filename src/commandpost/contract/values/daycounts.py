"""Numbers of days: 14, 十四天, 14+7."""

from __future__ import annotations

import re
from typing import Any

from commandpost.contract.reading import Bad, Flagged, Reader
from commandpost.contract.values.numbers import NUMERAL, negative, numeral
from commandpost.contract.values.text import cell, fold
from commandpost.words import message

_LONGEST = 80
"""Characters; no number of days is longer."""
_STAGES = message("The days of several stages are added up.")
_DAYS = re.compile(
    rf"([0-9.]+|[{NUMERAL}]+)(?:天|日|days?|d)?(?:\([^0-9]*\)|[^0-9\-~至到周月年余多几来]{{0,8}})"
)


def days() -> Reader:
    """A number of days, 1–366: 14, 14天, 十四天; 14+7, 14天集中+7天居家 are 21, flagged: of two stages only one
    may be this row's."""

    wrong = Bad("value", message("Not a number of days."), message("Write a whole number such as 14."))

    def read(said: str) -> Any:
        folded = fold(said[:_LONGEST]).replace(" ", "").lower()
        if folded.startswith("-"):
            return wrong if type(read(folded[1:])) is Bad else negative(folded[1:])
        total = 0.0
        stages = re.split(r"\+|加", folded)
        for part in stages:
            found = _DAYS.fullmatch(part)
            value = numeral(found[1]) if found else None
            if value is None or not value.is_integer():
                return wrong
            total += value
        if not 1 <= total <= 366:
            return wrong
        return Flagged(int(total), "value", _STAGES) if len(stages) > 1 else int(total)

    return lambda context: cell(context, read)
