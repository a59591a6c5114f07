"""Names found by how they are typed without an input method: 张伟 by zw, zhangw, zwei, zhang wei."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import cache, lru_cache


@cache
def _readings() -> dict[int, str]:
    """Code point → its readings with tones, all of them: 单 is dān, chán and, as a surname, shàn.

    Loaded at the first search alone. Without the phrases, which names do not need, that takes a third.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)


@lru_cache(20_000)
def readings(character: str) -> tuple[str, ...]:
    """A character's readings in plain letters, ü as v and as u; a letter or digit is itself."""
    if character.isascii():
        return (character.lower(),)
    found: set[str] = set()
    for reading in _readings().get(ord(character), "").split(","):
        letters = unicodedata.normalize("NFD", reading)
        for umlaut in ("v", "u"):
            plain = letters.replace("u\u0308", umlaut)
            # A tone between u and its dots: lǜ.
            plain = re.sub("u[\u0300-\u036f]*\u0308", umlaut, plain)
            found.add("".join(c for c in plain if c.isascii() and c.isalpha()))
    return tuple(sorted(found - {""}))


@lru_cache(20_000)
def _initials(character: str) -> str:
    return "".join(reading[0] for reading in readings(character))


def typed(name: str, letters: str) -> int:
    """How well letters (ASCII, lower case, no blanks) say a name: 0 not at all, 1 a part of it, 2 its
    beginning, 3 all of it. Each character is said by its initial, its whole reading or any beginning of that."""
    characters = [c for c in name if c.isalnum()]
    best = 0
    for start, character in enumerate(characters):
        # Most names end here: a hundred thousand of them are looked at.
        if letters[0] not in _initials(character):
            continue
        end = _reaches(tuple(characters[start:]), letters)
        if end:
            whole = start == 0 and end == len(characters)
            best = max(best, 3 if whole else 2 if start == 0 else 1)
    return best


@lru_cache(20_000)
def _reaches(characters: tuple[str, ...], letters: str) -> int:
    """How many of the characters the letters use up, all letters spent; 0: they do not fit."""
    if not characters:
        return 0
    best = 0
    for reading in readings(characters[0]):
        for n in range(1, len(reading) + 1):
            if not letters.startswith(reading[:n]):
                break
            if n == len(letters):
                best = max(best, 1)
            else:
                more = _reaches(characters[1:], letters[n:])
                best = max(best, more + 1 if more else 0)
    return best
