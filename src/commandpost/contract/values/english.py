"""Several people written in one cell in English, and who of them comes."""

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


NOBODY = frozenset({
    "vacant", "vacancy", "vacancies", "off", "off duty", "day off", "days off", "rest", "rest day",
    "resting", "leave", "on leave", "annual leave", "sick leave", "sick", "absent", "holiday",
    "on holiday", "none", "nil", "nobody", "no one", "no-one", "n/a", "tbc", "tbd", "tba", "open",
    "unfilled", "unassigned", "not assigned", "unmanned", "empty", "to be confirmed", "to be assigned",
    "to be filled", "to be decided", "not filled", "no cover", "uncovered", "cancelled", "canceled", "x",
    "cover", "cover needed", "cover required", "needs cover", "rdo", "agency", "agency staff", "spare", "standby", "stand-by",
    "stand by", "on call", "as above", "same as above", "see above", "same", "relief", "to follow",
})  # fmt: skip
"""Of a roster's cell, in small letters: it covers nothing."""
_AWAY = (
    r"(?:(?:on|annual|sick|maternity|paternity|unpaid|compassionate|al|sl)[\s-]+)*(?:leave|holiday)|off(?:[\s-]+(?:sick|duty))?"
    r"|(?:called in |is |out )?(?:sick|absent|ill|isolating|resting|quarantined|in quarantine|in isolation|positive)"
    r"|al|day off|rest day|not coming|unavailable|no show|cancelled|canceled"
)
_NAME = r"(?:[A-Za-z][\w.'’-]*(?: [A-Za-z][\w.'’-]*){0,3}|[\u4e00-\u9fff]{2,4})"
_BEHIND = re.compile(
    rf"(?<![\w.'’-]){_NAME}\s*(?:[(\[]\s*(?:{_AWAY})\b[^()\[\]]{{0,40}}[)\]]|\s[-–—:]+\s*(?:{_AWAY})(?![\w-]))",
    re.I,
)
"""Jim Poe (on leave), Jim Poe - sick: they do not come."""
_SAID = re.compile(
    r"(?<![\w.'’-])([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}) (?:is )?(?:off|on leave|off sick|on holiday)(?![\w-])"
)
_SURNAME = r"(?:(?:van|von|de|der|den|la|le|di|da|del|bin|al) )*[A-Z][\w'’-]+"
_TURNED = re.compile(rf"\s*({_SURNAME}), ?([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)?)\s*")
"""Poe, Jim."""
_AWAY_TURNED = re.compile(
    rf"(?:^|[;/&|、\r\n])\s*{_SURNAME}, ?{_NAME}\s*[(\[]\s*(?:{_AWAY})\b[^()\[\]]{{0,40}}[)\]]", re.I
)
_APART = re.compile(r"[;/&|\r\n、]+| (?:and|AND|And) ")
_AND = re.compile(r"(?<=[A-Za-z.'’)]) (?:and|AND|And) (?=[A-Za-z])")
EITHER = re.compile(
    r"(?<=[A-Za-z.]) (?:or|OR) (?=[A-Za-z])|\b(?:swap(?:s|ped)?|replaced by|cover(?:ed)? by|cover:|instead of|in place of)",
    re.I,
)
"""Jim Poe or Joe Doe, Jim Poe swapped with Joe Doe: nobody says for sure who comes."""
_WANTED = re.compile(r"(?:.* )?(?:need(?:s|ed)?|required?|wanted|awaiting|pending|above|more)(?: .*)?")


def is_nobody(name: str) -> bool:
    """Whether what stands for a name says that nobody is there yet: vacant, need 2 more."""
    return name.casefold() in NOBODY or (name.islower() and _WANTED.fullmatch(name) is not None)


def coming(text: str) -> tuple[str, bool]:
    """A cell's names with 、 between them, without those who are away; whether a comma may part two people or
    one person's names (Poe, Jim)."""
    text = _SAID.sub("、", _BEHIND.sub("、", _AWAY_TURNED.sub("、", text)))
    several = [part for part in _APART.split(text) if part.strip()]
    parts = [part.strip() for part in several if not is_nobody(part.strip())]
    turned = [_TURNED.fullmatch(part) for part in parts]
    if not any(turned):
        return _AND.sub("、", text), False
    if (len(several) == 1 and "、" not in text) or any(
        "," in p for p, t in zip(parts, turned, strict=True) if not t
    ):
        return text, True
    return "、".join(f"{t[2]} {t[1]}" if t else p for p, t in zip(parts, turned, strict=True)), False
