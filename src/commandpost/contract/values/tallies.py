"""How many came in and went out, in one cell of a shift log: 进入3人,外出7人."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from commandpost.contract.reading import Bad, Context, Read, Reader
from commandpost.contract.values.numbers import Quantity, amount
from commandpost.contract.values.text import cell, fold
from commandpost.contract.values.words import DIRECTIONS, plain
from commandpost.words import message


@dataclass(frozen=True, slots=True)
class InAndOut:
    """What a cell counts; None: it says nothing of that direction."""

    came_in: Quantity | None = None
    went_out: Quantity | None = None


NO_COUNT = Bad(
    "value",
    message("It says neither how many came in nor how many went out."),
    message("Write: 进3人，出7人"),
)
_PERSONS = frozenset({"", "人", "人次", "人员", "名", "位", "次", "people", "persons", "person"})
_WORDS = {
    plain(alias): way
    for way, aliases in DIRECTIONS.items()
    for alias in aliases
    if alias[0].isalpha() and alias not in ("i", "o")
}
_WAY = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_MUCH = r"(?:约|大约|近|将近|共计?|合计)?[0-9零一二三四五六七八九十百千万两](?:[0-9.零一二三四五六七八九十百千万两余多]|,(?=[0-9]{3}))*"
_UNIT = r"(?:人次|人员|人|名|位|次|辆次?|台次?|车次?|people|persons?|cars?)?(?:左右)?"
_THING = r"(?:人数|人次|人员|人|总数|数)?"
_AFTER = re.compile(rf"(?P<way>{_WAY}){_THING}[:=]?(?P<much>{_MUCH}{_UNIT})")
_BEFORE = re.compile(rf"(?P<much>{_MUCH}{_UNIT})(?P<way>{_WAY})")
_LONGEST = 200


def in_and_out() -> Reader:
    """People counted in one cell → `InAndOut`: 进入3人,外出7人; 进:3 出:7; 3人进、7人出; in 3, out 7.

    Vehicles beside them (进车2辆) are no people. A direction named twice, or none: Bad `value`.
    """

    def read(said: str) -> Any:
        folded = re.sub(r"\s+", "", fold(said[:_LONGEST]).lower())
        # 3人进7人出 is read from behind: so both ways are found.
        found = max((_counted(pattern, folded) for pattern in (_AFTER, _BEFORE)), key=len)
        if not found or any(len(much) > 1 for much in found.values()):
            return NO_COUNT
        return InAndOut(*(found[way][0] if way in found else None for way in ("IN", "OUT")))

    def reader(context: Context) -> Read:
        return cell(context, read)

    return reader


def _counted(pattern: re.Pattern[str], text: str) -> dict[str, list[Quantity]]:
    """Direction → the numbers of people that stand with it."""
    found: dict[str, list[Quantity]] = {}
    for one in pattern.finditer(text):
        much = amount(one["much"])
        if isinstance(much, Quantity) and much.value is not None and not much.packs and much.unit in _PERSONS:
            found.setdefault(_WORDS[plain(one["way"])], []).append(much)
    return found
