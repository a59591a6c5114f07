"""Several people written in one cell in English."""

from __future__ import annotations

import re

_WORD = r"[A-Za-z][A-Za-z.'’-]*"
_ONE = rf"{_WORD}(?: {_WORD}){{0,4}}"
_BETWEEN = re.compile(r" *(?:[/&;+]| and ) *", re.IGNORECASE)
_LISTED = re.compile(rf"{_ONE}(?:(?: *[/&;+] *| and |, ?(?:and )?){_ONE})+", re.IGNORECASE)
_FULL = re.compile(rf"{_WORD}(?: {_WORD}){{1,4}}")
_TITLES = re.compile(
    r"(?:mr|mrs|ms|miss|dr|sir|sons?|co|company|family|wife|husband|children|kids|others?|guests?)\.?",
    re.IGNORECASE,
)
_CROWD = re.compile(
    r"(?:.* )?(?:family|party|group) of ([0-9]{1,3})"
    r"|([0-9]{1,3}) (?:visitors?|people|persons?|guests?|pax|students?|children|kids|adults|workers|residents)",
    re.IGNORECASE,
)


def listed(said: str) -> tuple[str, ...]:
    """John Smith and Jane Roe → both; () where it may be one: Smith, John; Mr and Mrs Smith."""
    if not said.isascii() or len(said) > 200 or not _LISTED.fullmatch(said):
        return ()
    parts = [part for part in _BETWEEN.split(said) if part]
    # A comma parts two people only between full names: Smith, John is one.
    names = [name for part in parts for name in _commas(part)]
    if len(names) < 2 or any(_TITLES.fullmatch(name.split(" ")[-1]) for name in names):
        return ()
    return tuple(dict.fromkeys(names))


def _commas(part: str) -> list[str]:
    names = [name.strip() for name in part.split(",") if name.strip()]
    return names if all(map(_FULL.fullmatch, names)) else [part.strip(" ,")]


def crowd(said: str) -> int:
    """How many people are meant: 4 of family of 4; 0 where it is no such number."""
    found = _CROWD.fullmatch(said) if said.isascii() and len(said) <= 40 else None
    return int(found[1] or found[2]) if found else 0
