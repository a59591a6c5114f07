"""What a person types to find somebody: parts of a name, pinyin, the end of a phone, a room, a plate."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from commandpost.contract.values.places import canonical_room
from commandpost.contract.values.text import fold
from commandpost.desks.people.linking import is_room
from commandpost.desks.people.pinyin import typed

TAIL = 3
"""Digits at least of a phone's or an ID number's end, and characters of a plate."""
_PLATE = re.compile(r"[^0-9A-Z\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search. Every word must be met."""

    text: str
    """As typed, folded in width, upper case."""
    letters: str
    """For pinyin; empty when it has anything but letters."""
    digits: str
    """For the end of a number; empty when it is too short or no number."""
    room: str
    """Canonical; empty when it can be none."""
    plate: str
    """As plates are written; empty when it is too short or no part of one."""

    def in_name(self, name: str) -> int:
        """0 not, else the better the greater."""
        upper = name.upper().replace(" ", "")
        if self.text in upper:
            return 3 if self.text == upper else 2 if upper.startswith(self.text) else 1
        return typed(name, self.letters) if self.letters else 0

    def in_number(self, number: str) -> bool:
        return bool(self.digits) and number.endswith(self.digits)

    def in_room(self, room: str) -> bool:
        """A whole address, or the end of one: 501 finds 3-2-501; a building finds its rooms."""
        if not self.room or not room:
            return False
        if self.room.endswith("栋"):
            return room == self.room or room.startswith(self.room[:-1] + "-")
        return room == self.room or room.endswith(f"-{self.room}")

    def in_plate(self, plate: str) -> bool:
        return bool(self.plate) and self.plate in plate

    def met(
        self,
        names: Collection[str],
        numbers: Collection[str] = (),
        rooms: Collection[str] = (),
        plates: Collection[str] = (),
    ) -> int:
        """How well somebody is meant; 0: not at all."""
        if any(map(self.in_number, numbers)) or any(map(self.in_room, rooms)):
            return 3
        if any(map(self.in_plate, plates)):
            return 3
        return max(map(self.in_name, names), default=0)


def words_of(text: str) -> list[Word]:
    """`张伟`, `zw`, `1234`, `3栋2单元501`, `鄂A123`; words apart must all be met. zhang wei is one word."""
    said: list[str] = []
    for part in fold(text).upper().split():
        if said and _spelt(part) and _spelt(said[-1]):
            said[-1] += part
        else:
            said.append(part)
    return [_word(part) for part in said]


def _spelt(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _word(text: str) -> Word:
    plain = text.replace("'", "")
    letters = plain.lower() if _spelt(plain) else ""
    digits = re.sub(r"[-–—()+]", "", text)
    tail = digits if re.fullmatch(r"[0-9]+X?", digits) and len(digits) >= TAIL else ""
    room = canonical_room(text) if any(c.isdigit() for c in text) else ""
    room = room if is_room(room) or room.isdigit() or re.fullmatch(r"\w{1,3}栋", room) else ""
    if is_room(room):
        # 3-2-501 is no number and no plate: the gates need not be asked.
        return Word(text, "", "", room, "")
    plate = _PLATE.sub("", text)
    plate = plate if len(plate) >= TAIL and any(c.isdigit() for c in plate) else ""
    return Word(text, letters, tail, room, plate)
