"""How somebody is isolated, and for how long where that stands beside it: 居家隔离14天."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from commandpost.contract.reading import Bad, Context, Read, Reader
from commandpost.contract.values.daycounts import days
from commandpost.contract.values.text import cell, fold
from commandpost.contract.values.words import MODES, one_of

_BESIDE = re.compile(r"[(:]?(?<![第剩余还])([0-9]{1,3}|[一二三四五六七八九十]{1,3})[天日]\)?")


@dataclass(frozen=True, slots=True)
class ForDays:
    """A mode, and the days that are written with it."""

    mode: str
    days: int


def mode_and_days() -> Reader:
    """A mode by its word; with a number of days beside it `ForDays`. Two stages (7天集中+7天居家) are no mode."""

    def reader(context: Context) -> Read:
        word, many = one_of(MODES)(context), days()(context)

        def read(said: str) -> Any:
            found = word(said)
            if type(found) is not Bad:
                return found
            folded = fold(said[:40])
            beside = _BESIDE.findall(folded)
            if len(beside) != 1:
                return found
            mode, much = word(_BESIDE.sub("", folded)), many(beside[0])
            return ForDays(mode, much) if type(mode) is str and type(much) is int else found

        return cell(context, read)

    return reader
