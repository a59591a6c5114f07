"""Hours of a shift: a word the post declares (早班), or from–until."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commandpost.contract.reading import Bad, Context, Read, Reader
from commandpost.contract.values.clocktimes import PERIODS, TimeOfDay, parse_time
from commandpost.contract.values.days import OBSERVED, prepared, seconds, written_day
from commandpost.contract.values.text import cell, fold
from commandpost.words import message

Hours = tuple[TimeOfDay, TimeOfDay]
_BETWEEN = re.compile(r"\s*(?:[-–—―−~～→]+|至|到)\s*")
_PERIOD = re.compile(PERIODS)
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
    for word, names in _IN_ENGLISH.items():
        for name in names if fold(word) in found else ():
            for spelling in (name, name + "shift"):
                found.setdefault(spelling, found[fold(word)])
    for alike in (_BY_DAY, _BY_NIGHT) if len(context.settings.shifts) == 2 else ():
        # 晚班 is the night of a post that has a day and a night; of 早/中/夜 it may be either.
        meant = {found[word] for word in alike if word in found}
        if len(meant) == 1:
            for word in alike:
                for spelling in (word, word + "班", word + "shift"):
                    found.setdefault(spelling, *meant)
    return found


_BY_DAY = ("早", "白", "日", "白天", "day", "early")
_BY_NIGHT = ("晚", "夜", "夜间", "晚上", "night", "evening", "late")
_IN_ENGLISH = {
    "早": ("morning", "early", "am"), "中": ("middle", "mid", "afternoon", "pm"), "夜": ("night",), "白": ("day",),
    "晚": ("evening", "late"),
}  # fmt: skip
"""A post's own words → what they are in English. Of 早/中/夜 an evening is the middle's or the night's: it goes back."""


def hours_in(header: str) -> Hours | None:
    """The hours a column's header says: 早班（8:00-16:00）."""
    inside = re.search(r"[(\[](.*)[)\]]", fold(header))
    return _from_until(inside[1]) if inside else None


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
            inside = re.fullmatch(r"(.*?)[(\[](.*)[)\]]", folded) or re.fullmatch(
                r"(\D{1,6}?班):?(\d.*)", folded
            )
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
    if start is None or end is None:
        return None
    period = _PERIOD.match(parts[0])
    if period and end.second <= start.second:
        # 下午2-6点: the word is said once for both.
        same = parse_time(period[0] + parts[1])
        end = same if same is not None and same.second > start.second else end
    return start, end


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when until when, with the days that are written beside the hours."""

    start: TimeOfDay
    end: TimeOfDay
    day: date | None = None
    """Of the start."""
    last: date | None = None
    """Of the end; None: the start's, or the next when the end is not after the start."""

    def seconds(self, day: date, zone: ZoneInfo) -> tuple[int, int]:
        """Start and end, UTC seconds; `day` is the row's, where none is written with the hours."""
        first = self.day or day
        if self.last is None:
            return span(first, self.start, self.end, zone)
        return seconds(first, self.start.second, zone), seconds(self.last, self.end.second, zone)


def stretch() -> Reader:
    """Hours as `hours` reads them, a day before them or none → `Stretch`: 早班, 3月28日夜班,
    2022-03-28 22:00至2022-03-29 06:00."""

    def reader(context: Context) -> Read:
        alone = hours()(context)

        def read(said: str) -> Any:
            found = alone(said)
            if type(found) is not Bad:
                return Stretch(*found)
            text = prepared(said)
            dated = written_day(text, context, OBSERVED)
            if dated is None or dated[0] is None:
                return found
            day, rest = dated
            inside = alone(rest)
            if type(inside) is tuple:
                return Stretch(inside[0], inside[1], day)
            parts = _BETWEEN.split(rest.strip(" t,"), maxsplit=1)
            until = written_day(parts[-1], context, OBSERVED) if len(parts) == 2 else None
            if until is None or until[0] is None:
                return found
            start, end = parse_time(parts[0]), parse_time(until[1].strip(" t,"))
            return found if start is None or end is None else Stretch(start, end, day, until[0])

        return cell(context, read)

    return reader
