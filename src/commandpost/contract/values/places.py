"""Places and things: rooms, plates, declared gates and posts, items."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Literal

from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.numbers import numeral
from commandpost.contract.values.text import cell, fold, joined
from commandpost.settings import Settings
from commandpost.words import Message, message

_N = r"(?:[0-9]{1,5}[A-Z]?|[A-Z][0-9]{0,4}|[零〇一二三四五六七八九十百]{1,5})"
_ROOM = re.compile(
    rf"(?P<before>.*?)(?P<building>{_N})(?:号楼|号院|栋楼|楼栋|栋|幢|座|#楼?|号)-?"
    rf"(?:(?P<unit>{_N})(?:单元|门|梯|-))?-?"
    rf"(?:(?:[0-9一二三四五六七八九十]{{1,3}}[层楼]-?)?(?P<room>{_N})(?:室|号房?|房间?|户|寝室|宿舍)?)?"
)
_DASHED = re.compile(
    rf"(?P<before>.*?)(?P<building>(?<![0-9A-Z]){_N})-(?:(?P<unit>{_N})-)?(?P<room>{_N})(?:室|号房?|房间?|户|寝室|宿舍)?"
)
_BARE = re.compile(rf"(?P<room>{_N})(?:室|房间?|寝室|宿舍)|0*(?P<number>[1-9][0-9]*)")
_REMARK = re.compile(r"\([^()]*\)$")
_OF_A_HOTEL = re.compile(r"(?<=[\u4e00-\u9fff])([0-9]{3,5})(?:室|号?房间?)$")
"""如家酒店8012房 is 如家酒店8012."""


def _part(text: str | None) -> str:
    if not text:
        return ""
    if re.fullmatch(r"[零〇一二三四五六七八九十百]+", text):
        value = numeral(text)
        return text if value is None else str(int(value))
    return text.lstrip("0") or "0"


def canonical_room(said: str) -> str:
    """3栋2单元501, 3号楼2单元501室, 3#2-501, 3-2-501 → 3-2-501. Any other address: folded, without spaces."""
    folded = re.sub(r"\s+", "", fold(said)).upper()
    folded = re.sub(r"[-–—―−‐‑~/_]+", "-", folded).strip("-")
    if len(folded) > 80:
        return folded
    if bare := _BARE.fullmatch(folded):
        return bare["number"] or _part(bare["room"])
    plain = _REMARK.sub("", folded)
    found = _ROOM.fullmatch(plain) or _DASHED.fullmatch(plain)
    if found is None:
        return _OF_A_HOTEL.sub(r"\1", folded)
    parts = [_part(found["building"]), _part(found["unit"]), _part(found["room"])]
    if found["room"] is None and found["unit"] is None:
        return found["before"] + (parts[0] if found["before"] else f"{parts[0]}栋")
    return found["before"] + "-".join(part for part in parts if part)


def room() -> Reader:
    """An address within the post in its one canonical form, see `canonical_room`."""

    def read(said: str) -> Any:
        if said in ("无", "没有"):
            return None
        found = canonical_room(said)
        return Flagged(found, "date", _A_DATE) if _DATED.fullmatch(fold(said).strip().lower()) else found

    return lambda context: cell(context, read)


_DATED = re.compile(
    r"(?:19|20)[0-9]{2}[-/.年] ?[0-9]{1,2}[-/.月] ?[0-9]{1,2}日?(?:[ t]0?0:00(?::00)?)?|[0-9]{1,2}月[0-9]{1,2}日?"
    r"|[0-9]{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:-[0-9]{2,4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-[0-9]{1,2}"
)
_A_DATE = message("A spreadsheet made a date of this room: format the column as text and type it again.")
"""3-12 becomes 3月12日 or 12-Mar, 3-2-1 becomes 2003-02-01."""


_WHOLE = re.compile(rf"{_N}")
_SIGN = re.compile(r"[0-9A-Z]")


def address(building: str | None, unit: str | None, room: str | None, place: str | None = None) -> str:
    """What a sheet says of one address in several columns, as `canonical_room` says it: 3栋, 2, 501 →
    3-2-501. A room that names its building needs no other. `room` and `place` come as `canonical_room`
    says them."""
    if not (building or unit or place):
        return room or ""
    if not (building or unit or room):
        return place or ""
    room = canonical_room(room) if room else ""
    number = canonical_room(building).removesuffix("栋") if building else ""
    if room.count("-") > 1 or (number and room.startswith(f"{number}-")):
        return room
    if place and room and (place == room or place.endswith(f"-{room}")):
        return place
    parts = [
        said + kind if kind and _WHOLE.fullmatch(said) else said
        for said, kind in (
            (_folded(place), ""),
            (_folded(building), "栋"),
            (_folded(unit), "单元"),
            (room, ""),
        )
        if said
    ]
    joined = ""
    for part in parts:
        between = "-" if _SIGN.fullmatch(joined[-1:]) and _SIGN.match(part) else ""
        joined += between + part
    return canonical_room(joined) if joined else ""


def _folded(text: str | None) -> str:
    return re.sub(r"\s+", "", fold(text)).upper() if text else ""


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-Z](?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[学警挂领港澳使试超])"
    rf"|WJ[{_PROVINCES}]?[0-9]{{4,5}}[0-9A-Z]?|使[0-9]{{6}}|[0-9]{{6}}使|[A-Z]{{2}}[0-9]{{5}}"
)
_WITHIN = re.compile(
    rf"(?:(?<![A-Z0-9])|(?=[{_PROVINCES}]))(?:{_PLATE.pattern})(?![A-Z0-9学警挂领港澳使试超])"
)
_NO_PLATE = frozenset(
    ["无", "没有", "无牌", "无牌照", "无车", "无车辆", "步行", "行人", "电动车", "自行车", "非机动车"]
)


def plate() -> Reader:
    """A vehicle's plate without dots and spaces: 鄂A·12345 → 鄂A12345 (GA 36; 8 characters: new energy).

    What is no plate is kept as written, flagged `value`.
    """

    def read(said: str) -> Any:
        folded = re.sub(r"[\s·•・.。,、\-—_]+", "", fold(said)).upper()
        if folded in _NO_PLATE or not folded:
            return None
        found = _WITHIN.findall(folded)
        if len(found) == 1:
            return found[0]
        if found:
            return Flagged(found[0], "value", message("Only the first number is kept."))
        return Flagged(folded, "value", message("Not a complete number plate."))

    return lambda context: cell(context, read, _PLATE)


def within(said: str) -> tuple[str | None, str]:
    """(the number plate in a text, what stands beside it); None: there is none, or more than one."""
    found = _BESIDE.findall(fold(said).upper())
    if len(found) != 1:
        return None, said
    rest = (
        _BESIDE.sub(" ", fold(said), count=1)
        if found[0] in fold(said)
        else _BESIDE_ANY.sub(" ", fold(said), count=1)
    )
    return re.sub(r"[·•. -]", "", found[0]), rest.strip(" /、,;|()[]+-")


_BESIDE = re.compile(rf"[{_PROVINCES}][A-Z][·•. -]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Z0-9])")
_BESIDE_ANY = re.compile(_BESIDE.pattern, re.IGNORECASE)


def bare(text: str) -> str:
    """How names of places and things are compared: NFKC, lower case, without spaces."""
    return re.sub(r"\s+", "", fold(text)).lower()


What = Literal["gate", "duty_post", "item"]


def known_names(settings: Settings, what: What) -> dict[str, str]:
    """Every spelling of what the post declares → its name. Gates are posts too: guards stand at them."""
    names: dict[str, str] = {}
    things: tuple[Any, ...] = getattr(settings, what)
    if what == "duty_post" and things:
        things = (*settings.gate, *things)
    for thing in things:
        for alias in (thing.english, *thing.aliases, thing.name):
            if alias:
                names[bare(alias)] = thing.name
    return names


def duty_posts_among(cells: Sequence[str], context: Context) -> dict[int, str]:
    """Which of some cells name a duty post or gate that is declared: index → its name."""
    names = known_names(context.settings, "gate") | known_names(context.settings, "duty_post")
    return {i: found for i, cell in enumerate(cells) if names and (found := names.get(bare(cell)))}


def gates_among(cells: Sequence[str], context: Context) -> dict[int, str] | None:
    """Which of some cells name a declared gate; None: the post declares none."""
    names = known_names(context.settings, "gate")
    return {i: found for i, cell in enumerate(cells) if (found := names.get(bare(cell)))} if names else None


def declared(what: What) -> Reader:
    """The name of a gate or duty post by any of its names and aliases.

    While the post declares none every name is accepted. Else an unknown one is Bad `unknown-place`,
    its hint naming the nearest.
    """

    def reader(context: Context) -> Read:
        names = known_names(context.settings, what)

        def read(said: str) -> Any:
            name = names.get(bare(said))
            if name is not None:
                return name
            if not names:
                return joined(said)
            return Bad("unknown-place", message("Nobody declared this place."), _nearest(said, names))

        return cell(context, read)

    return reader


_NEAR = 0.5
_MOST = 6
"""Names of places in a hint."""


def _nearest(said: str, names: Mapping[str, str]) -> Message:
    """A hint that names the declared place of the nearest spelling; where none is near, several."""
    alike = get_close_matches(bare(said)[:40], names, n=len(names), cutoff=0) or list(names)
    if SequenceMatcher(a=bare(said)[:40], b=alike[0]).ratio() >= _NEAR:
        return message(
            "If {nearest} is meant, write it so, or add this spelling to its aliases in post.toml.",
            nearest=names[alike[0]],
        )
    places = list(dict.fromkeys(names[spelling] for spelling in alike))
    words = " / ".join([*places[:_MOST], *(["…"] if len(places) > _MOST else [])])
    return message(
        "Write one of: {words}; or add this spelling to the aliases of its place in post.toml.", words=words
    )


def item() -> Reader:
    """A supply item: its declared name, else as written (folded in width, without needless spaces)."""

    def reader(context: Context) -> Read:
        names = known_names(context.settings, "item")
        return cell(context, lambda said: names.get(bare(said)) or joined(said))

    return reader
