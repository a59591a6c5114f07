"""Gates in a header: 东门进 | 东门出 | 西门进 | 西门出, also as two lines, 东门 over 进 | 出."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from commandpost.contract.reading import Context
from commandpost.contract.values.places import gates_among
from commandpost.contract.values.text import fold
from commandpost.contract.values.words import DIRECTIONS

_LONGEST = 40
"""Characters of a cell that may be a gate and a way."""
_WAYS = {
    word: way for way, words in DIRECTIONS.items() for word in words if len(word) > 1 or not word.isascii()
}
_WAY = re.compile(
    rf"(.*?)[\s\-_/:(\[]*({'|'.join(sorted(map(re.escape, _WAYS), key=len, reverse=True))})(?:人[数次])?[)\]]*",
    re.I,
)
_GATE = re.compile(r".*(?:门|口|岗|岗亭|卡|卡点|gate|entrance)\s*\d*", re.I)


def gate_heads(cells: Sequence[str], context: Context) -> Mapping[int, tuple[str, str]]:
    """The columns that are one way through one gate: index → (gate as written, IN or OUT).

    Empty unless every one of these gates has both ways and is a declared one, or called like one where
    the post declares none.
    """
    found = {
        i: (parts[1].strip(), _WAYS[parts[2].lower()])
        for i, cell in enumerate(cells)
        if cell and len(cell) <= _LONGEST and (parts := _WAY.fullmatch(fold(cell))) and parts[1].strip()
    }
    written = {gate for gate, _ in found.values()}
    declared = gates_among([*written], context)
    if declared is None:
        sound = all(_GATE.fullmatch(gate) for gate in written)
    else:
        sound = bool(declared)
    both = len(set(found.values())) == len(found) == 2 * len(written)
    return found if found and sound and both else {}


def joined(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """One line of names from two, where the lower one says both ways below each of two names or more."""
    names: list[str] = []
    ways: dict[str, set[str]] = {}
    group = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above.strip() or group
        if not below.strip():
            names.append(above)
            continue
        way = _WAYS.get(fold(below).lower())
        if way is None or not group or way in ways.get(group, ()):
            return None
        ways.setdefault(group, set()).add(way)
        names.append(f"{group} {below.strip()}")
    return names if len(ways) > 1 and all(len(found) == 2 for found in ways.values()) else None
