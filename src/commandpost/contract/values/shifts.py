"""Hours of a shift: a word the post declares (早班), or from–until."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commandpost.contract.reading import Bad, Context, Read, Reader
from commandpost.contract.values.clocktimes import TimeOfDay, parse_time
from commandpost.contract.values.days import prepared, seconds
from commandpost.contract.values.text import cell, fold
from commandpost.words import message

Hours = tuple[TimeOfDay, TimeOfDay]
_BETWEEN = re.compile(r"\s*(?:[-–—―−~～→]+|至|到)\s*")
_DAY = TimeOfDay(0), TimeOfDay(86400)


def span(day: date, start: TimeOfDay, end: TimeOfDay, zone: ZoneInfo) -> tuple[int, int]:
    """Start and end, UTC seconds, of a shift that begins on `day`; an end not after its start is the
    next day's."""
    later = day + timedelta(days=1) if end.second <= start.second else day
    return seconds(day, start.second, zone), seconds(later, end.second, zone)


def shift_words(context: Context) -> dict[str, Hours]:
    """The words for shifts the post declares, 早 also as 早班, → from when until when."""
    found: dict[str, Hours] = {}
    for word, text in context.settings.shifts.items():
        first, last = text.split("-")
        for spelling in (word, word + "班"):
            found.setdefault(fold(spelling).lower(), (TimeOfDay.of(first), TimeOfDay.of(last)))
    return found


def hours() -> Reader:
    """Hours of a shift → (start, end), two `TimeOfDay`: 早班, 22:00-6:00, 8点至次日8点, 全天.

    A word the post does not declare is Bad `value`, its hint naming the declared ones.
    """

    def reader(context: Context) -> Read:
        words = shift_words(context)
        hint = message("Write one of: {words}", words=" / ".join([*context.settings.shifts, "07:00-15:00"]))

        def read(said: str) -> Any:
            folded = fold(said[:120]).lower().replace(" ", "")
            if folded in words:
                return words[folded]
            inside = re.fullmatch(r"(.*?)[(\[](.*)[)\]]", folded)
            for part in inside.groups() if inside else (folded,):
                if found := _from_until(part):
                    return found
            if inside and inside[1] in words:
                return words[inside[1]]
            if re.fullmatch(r"全天.{0,8}|24(?:小时|h).{0,4}|昼夜|全日|allday", folded):
                return _DAY
            return Bad("value", message("Not one of the words of this column."), hint)

        return cell(context, read)

    return reader


def _from_until(text: str) -> Hours | None:
    parts = _BETWEEN.split(prepared(text))
    if len(parts) != 2:
        return None
    start, end = (parse_time(part) for part in parts)
    return (start, end) if start is not None and end is not None else None
