"""Masks a picture: one walk over its dataclasses, by the types of the words that are private."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from commandpost.desks.shapes.common import Celsius, Name, Phone, Plate, Private, Room
from commandpost.words import Message

T = TypeVar("T")


def masked(value: T) -> T:
    """The same value with every private word masked. A dataclass with a `masked` field says so."""
    hidden: T = _masked(value, False)
    if is_dataclass(hidden) and any(field.name == "masked" for field in fields(hidden)):
        return replace(hidden, masked=True)  # type: ignore[type-var]
    return hidden


def _masked(value: Any, fever: bool) -> Any:
    """`fever`: the dataclass the value is in says that it is one."""
    if isinstance(value, str | float | int | None):
        return _word(value, fever)
    if isinstance(value, tuple):
        return tuple(_masked(part, fever) for part in value)
    if isinstance(value, Message):
        # An alert's temperature is a fever's: nothing else calls for one.
        return Message(value.id, tuple((name, _masked(arg, True)) for name, arg in value.args))
    if is_dataclass(value) and not isinstance(value, type):
        warm = bool(getattr(value, "fever", False))
        changes = {f.name: _masked(getattr(value, f.name), warm) for f in fields(value)}
        return type(value)(**changes)
    return value


def _word(value: Any, fever: bool) -> Any:
    match value:
        case Name():
            return Name(name(value))
        case Plate():
            return Plate(plate(value))
        case Room():
            return Room(building(value))
        case Phone() | Private():
            return type(value)("")
        case Celsius():
            return value if fever else None
    return value


def name(full: str) -> str:
    """王秀兰 → 王*. A unit asks under its first character too; nobody's second one is shown."""
    return f"{full[:1]}*" if full else ""


def plate(full: str) -> str:
    """鄂A12345 → 鄂A***45; a short one shows nothing of its number."""
    return f"{full[:2]}***{full[-2:]}" if len(full) >= 6 else "***" if full else ""


def building(room: str) -> str:
    """3-2-501 → 3栋. What is no canonical room is gone: it may be an address."""
    found = re.fullmatch(r"(\w{1,3})-(?:\w+-)*\w+", room)
    return f"{found[1]}栋" if found else ""
