"""What is asked for in one cell: "N95（10万）/护目镜（1千）、84消毒液10瓶" is three requests."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from commandpost.contract.reading import Context, Flagged, Read, Reader
from commandpost.contract.values.numbers import Quantity, amount
from commandpost.contract.values.places import bare, known_names
from commandpost.contract.values.text import cell, fold, is_unknown, joined
from commandpost.contract.values.units import UNITS
from commandpost.words import message


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing of a list."""

    item: str
    """Its declared name, else as written."""
    quantity: Quantity | None
    """None: no number stands with it."""


_PLAINUNITS = frozenset("个只件套瓶桶箱盒包袋支双斤份条罐")
"""Those that may follow a Chinese numeral before the thing: 两箱方便面, but 一次性口罩 and 两面针 are names."""
_VAGUE = re.compile(r"(?P<item>.+?)\s*(?:若干|适量|一批|一些|少许|少量)")
_ANY_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_SPLIT_OR_BRACKET = re.compile(
    rf"(?P<open>[(\[【])|(?P<close>[)\]】])|[、;\n+|]|/(?!\s?(?:{_ANY_UNIT}|人|户|天|次|月|日)(?:$|[\s、,;)\]]))"
    r"|,(?![0-9]{3}(?![0-9]))|。(?![0-9])"
)
_NUMERAL = "0-9.,零一二三四五六七八九十百千万亿两半几"
_ABOUT = "(?:约|大约|近|将近|至少|共|各)?"
_LAST = re.compile(
    rf"(?P<item>.*?[^0-9.,a-zA-Z%\-{_NUMERAL[5:]}])\s*[:=x×*]?\s*(?P<much>{_ABOUT}[{_NUMERAL}]+[^0-9]{{0,8}})"
)
_SPACED = re.compile(rf"(?P<item>.*\S)\s*(?:[:=x×*]|\s)\s*(?P<much>{_ABOUT}[{_NUMERAL}]+[^0-9]{{0,8}})")
_LEADING = tuple(
    re.compile(rf"(?P<much>{_ABOUT}[{_NUMERAL}]+[余多]?[^0-9\s]{{{n}}})的?\s*(?P<item>[^\s(的].*)")
    for n in range(1, 7)
)
_RUN = re.compile(
    r"\s*(?P<item>[0-9]{0,3}[^0-9\s][^0-9]*?(?:(?<=[a-zA-Z])[0-9]+[^0-9]*?)?(?<![a-zA-Z\s*×x(:]))"
    rf"\s*[:×x*]?\s*(?P<much>[0-9][0-9.,]*[万千百]?(?:{_ANY_UNIT}))(?![/(a-zA-Z])",
    re.IGNORECASE,
)
"""口罩100个手套50双: things one after another, each with its number and unit."""
_FIRST_OF_LIST = re.compile(r"^\(?1[.、)]\s*(?=[^0-9\s])")
_OF_LIST = re.compile(r"(?:^|[\s、,;])\(?[1-9][0-9]?[.、)]\s*(?=[^0-9\s])")
_ASKING = re.compile(r"^(?:急需|需要|需求|求购|申请|请求|缺少?|急缺|另需)[:]?(?=[^:])")
_EACH = re.compile(r"各\s?(?=[0-9一二三四五六七八九十百千万两半])")
"""口罩、手套各10箱: of each."""
_AND = re.compile(r"\s*(?:以及|和|及|与)\s*|\s+(?:and|&)\s+", re.IGNORECASE)
"""Between two things, where each has a number or the number is of each; else it may be one thing's name."""
_LINES = re.compile(r"[\r\n]+")
_NOTHING = frozenset({"无", "没有", "无需求", "不需要", "暂无需求"})
_BRACKETED = re.compile(r"(?P<item>.+?)\s*[(\[【](?P<much>[^()\[\]【】]*)[)\]】]")


def _much(text: str) -> Quantity | None:
    """The quantity of `text` when it is a number with a unit that is one, or with none."""
    found = amount(text)
    if not isinstance(found, Quantity) or found.value is None or found.packs:
        return None
    return found if not found.unit or found.unit.lower() in UNITS else None


_LONGEST = 100
"""Characters of one entry; a longer one is a remark, not a thing with its number."""


def _one(text: str) -> tuple[str, Quantity | None]:
    if len(text) > _LONGEST:
        return text, None
    if found := _BRACKETED.fullmatch(text):
        item, quantity = _one(found["item"])
        if quantity is not None:
            return item, quantity
        much = amount(found["much"])
        if isinstance(much, Quantity) and (much.value is None or _much(found["much"])):
            return found["item"], much
    for pattern in (_SPACED, _LAST):
        if (found := pattern.fullmatch(text)) and (quantity := _much(found["much"])):
            item = found["item"].rstrip(" :=x×*")
            if item[-1:].isdecimal() and text[len(item) :].lstrip()[:1] in "x×*":
                return text, None  # 口罩100*2: nobody knows how many
            return item, quantity
    for pattern in _LEADING:
        if (found := pattern.fullmatch(text)) is None:
            continue
        quantity = _much(found["much"])
        if quantity and quantity.unit and (found["much"][0].isdecimal() or quantity.unit in _PLAINUNITS):
            return found["item"], quantity
    if found := _VAGUE.fullmatch(text):
        return found["item"], Quantity(None, "", True)
    return text, None


def wanted() -> Reader:
    """The things of a cell → a tuple of `Wanted`, numbers and units read from the text.

    Flagged `approximate` when one of several has no number.
    """

    def reader(context: Context) -> Read:
        names = known_names(context.settings, "item")

        def read(said: str) -> Any:
            if (whole := names.get(bare(said))) is not None:
                return (Wanted(whole, None),)
            found: list[Wanted] = []
            folded = fold(said)
            if _FIRST_OF_LIST.match(folded):
                folded = _OF_LIST.sub("、", folded)
            if folded in _NOTHING:
                return None
            for part in _parts(folded):
                entries = _in_a_row(part)
                if _EACH.search(part) and (much := entries[-1][1]) is not None:
                    found = [one if one.quantity else replace(one, quantity=much) for one in found]
                found += [
                    Wanted(names.get(bare(item)) or joined(item), quantity)
                    for item, quantity in entries
                    if not is_unknown(item)
                ]
            if not found:
                return None
            things = tuple(found)
            if len(things) > 1 and any(thing.quantity is None for thing in things):
                return Flagged(things, "approximate", message("No number is given."))
            return things

        read_cell = cell(context, read)
        return lambda text: read_cell(_LINES.sub(";", text))

    return reader


def apart(text: str) -> list[str]:
    """The things of 口罩和手套, when it is known that they are several."""
    sides = [side.strip() for side in _AND.split(text)] if len(text) <= _LONGEST else []
    return sides if len(sides) > 1 and all(sides) else []


def _in_a_row(part: str) -> list[tuple[str, Quantity | None]]:
    part = _ASKING.sub("", part)
    if sides := apart(part):
        told = [_one(side) for side in sides]
        of_each = _EACH.search(part) and told[-1][1]
        if of_each or all(much is not None for _, much in told):
            return [(item, much or of_each or None) for item, much in told]
    found, at = [], 0
    while len(part) <= _LONGEST and at < len(part) and (one := _RUN.match(part, at)):
        found.append((one["item"].strip(), _much(one["much"])))
        at = one.end()
    return found if len(found) > 1 and not part[at:].strip() else [_one(part)]


def _parts(text: str) -> list[str]:
    """The list's entries; a separator inside brackets does not part them."""
    depth, start, parts = 0, 0, []
    for found in _SPLIT_OR_BRACKET.finditer(text):
        if found["open"]:
            depth += 1
        elif found["close"]:
            depth = max(0, depth - 1)
        elif depth == 0:
            parts.append(text[start : found.start()])
            start = found.start() + 1
    return [bare for part in [*parts, text[start:]] if (bare := part.strip(" ,。.:"))]
