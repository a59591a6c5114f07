"""Readers of days, times of day and moments.

`moment` is called by the million: in front of `days.careful_moment` it has shortcuts with the same
answers (careful 40 µs a cell, canonical texts 0.5 µs on a busy core).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import add, itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from commandpost.contract.reading import Bad, ByColumn, Context, Flagged, Read, Reader
from commandpost.contract.values.clocktimes import TimeOfDay, parse_time
from commandpost.contract.values.days import (
    FUTURE,
    NO_DAY,
    OBSERVED,
    careful_moment,
    combine,
    latest,
    midnight,
    of_last_year,
    prepared,
    read_day,
    seconds,
    serial_day,
    unless_about,
    unread_day,
    weekday_at_odds,
    without_zone,
    written_day,
)
from commandpost.contract.values.shifts import hours, span
from commandpost.contract.values.text import cell, narrow_digits
from commandpost.words import message

__all__ = [
    "NO_DAY",
    "TimeOfDay",
    "combine",
    "date_",
    "hours",
    "midnight",
    "moment",
    "seconds",
    "span",
    "time_of_day",
]


_CUT_SHORT = re.compile(r"[0-9]{1,2}\.[123]")
"""2.1 may have been 2.10 before a spreadsheet took it for a number."""
_NO_DAY_AT_ALL = re.compile(r"^(?:1899[-/]12[-/]3[01]|1900[-/]0?1[-/]0?[01])[ t]\s?")
"""What a spreadsheet prints before a time that has no day."""


def date_(*, planned: bool = False, ahead: int | None = None) -> Reader:
    """A day → `datetime.date`. A time of day after it is left out.

    `planned`: the day may lie ahead, and a year not written is the one of the nearest day, or (with
    `ahead`) of the last one at most so many days ahead; else a day after the day it was received is
    Bad `future`.
    """
    reach = ahead if planned else OBSERVED

    def reader(context: Context) -> Read:
        def read(said: str) -> Any:
            text = prepared(said)
            day = read_day(text, context, reach)
            if day is None:
                return unread_day(text, context, NO_DAY)
            if wrong := weekday_at_odds(said, day):
                return wrong
            last = datetime.fromtimestamp(latest(context), context.zone).date()
            if not planned and day > last:
                return FUTURE
            if not planned and (why := of_last_year(text, day, context)):
                return Flagged(day, "date", why)
            if _CUT_SHORT.fullmatch(text):
                return Flagged(day, "date", message("If the 10th, 20th or 30th is meant, write the 0."))
            return day

        return cell(context, read)

    return reader


def time_of_day() -> Reader:
    """A time of day → `TimeOfDay`: 下午3点, 15时30分, 7.30, 0.3125, 24:00. A day before it is left out."""

    def reader(context: Context) -> Read:
        def read(said: str) -> Any:
            text = _NO_DAY_AT_ALL.sub("", prepared(said))
            time = parse_time(text)
            if time is None:
                if (serial := serial_day(text)) and serial[1] is not None:
                    time = TimeOfDay(serial[1])
                elif (found := written_day(text, context, None)) and found[0]:
                    time = parse_time(without_zone(found[1])[0].strip(" t,-"))
            if time is None:
                return Bad("date", message("Not a time of day."), message("Write it like 15:30."))
            return unless_about(time)

        return cell(context, read)

    return reader


_HOUR = {f"{mark}{h:02}": h * 3600 for h in range(24) for mark in " T"}
_MINUTE = {f":{m:02}": m * 60 for m in range(60)}
_SECOND = {"": 0} | {f":{s:02}": s for s in range(60)}
_DAY = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?=[ T])")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_LOOSE = re.compile(
    r"((?:[0-9]{4}[-/.年])?[0-9]{1,2}[-/.月][0-9]{1,2}(?:[日号] ?|[ Tt]))"
    r"([凌清早上中下正午傍晚夜深半间里晨后]{0,2}[0-9]{1,2})"
    r"(?::([0-9]{1,2})(?::([0-9]{1,2}))?|[点时](?:([0-9]{1,2})分?(?:([0-9]{1,2})秒?)?)?)"
)
"""A day and a time: 2022年3月28日下午3点05分, 3/28 15:05."""
_TO_THE_MINUTE, _AFTER_IT = itemgetter(slice(16)), itemgetter(slice(16, None))
_NONE = -(1 << 62)
"""No moment, so early that it stays one when seconds are added …"""
_EARLIEST = -(1 << 61)
"""… while all moments there are come after this."""
_KEPT = 16_384
"""Texts kept at most in each memo (about 2 MB); then it starts anew."""


def steady(day: date, zone: ZoneInfo) -> bool:
    """Whether the wall clock of `day` runs through without a jump (summer time)."""
    noon = seconds(day, 43_200, zone)
    before, after = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    return noon - before == 43_200 and after - noon == 43_200


def moment(*, observed: bool = True) -> Reader:
    """A day and a time of day → integer UTC seconds.

    A time alone is combined with the sheet's date; without one it comes back as `TimeOfDay`, for the
    caller to `combine` with a date column. A day alone: Bad `date`. Observed and later than received
    + `thresholds.clock_ahead`: Bad `future`.
    """

    def reader(context: Context) -> Read:
        careful = careful_moment(context, observed=observed)
        if context.settings.intake.max_cell < 19:
            return careful
        quick = _Moments(careful, context, observed)
        return ByColumn(quick.read, quick.many)

    return reader


class _Minutes(dict[str, int]):
    """2022-03-28 06:13 → UTC seconds of its start; _NONE for any other text, and for an unknown day."""

    def __init__(self, days: Mapping[str, int], learn: Callable[[str], None]) -> None:
        self.days, self.learn = days, learn

    def __missing__(self, text: str) -> int:
        try:
            clock = _HOUR[text[10:13]] + _MINUTE[text[13:]]
        except KeyError:
            return _NONE
        day = text[:10]
        if day not in self.days:
            self.learn(text)
        found = self.days.get(day, _NONE) + clock
        if found > _EARLIEST:
            keep(self, text, found)
        return found


class _Seconds(dict[str, int]):
    def __missing__(self, text: str) -> int:
        return _NONE


class _Moments:
    """Shortcuts before the careful reader: what is known of a day serves all its moments."""

    def __init__(self, careful: Read, context: Context, observed: bool) -> None:
        self.careful, self.context, self.zone = careful, context, context.zone
        self.limit = latest(context) if observed else -_NONE
        self.ahead = OBSERVED if observed else None
        self.days: dict[str, int] = {}
        self.never: dict[str, Bad] = {}
        """Days as written that cannot be (2022-02-30), and what is said of them."""
        self.minutes = _Minutes(self.days, self.learn)
        self.seconds = _Seconds(_SECOND)
        self.loose_days: dict[str, int] = {}
        """Days as `_LOOSE` finds them → UTC seconds of their start; _NONE: for the careful reader."""
        self.hours: dict[str, int] = {}
        """下午3 → seconds after midnight; _NONE: no hour to which any minutes can be added."""

    def many(self, texts: Sequence[str], careful: Read) -> list[Any]:
        minutes = self.minutes
        some = (texts[0], texts[len(texts) // 2], texts[-1])
        if all(minutes[text[:16]] == _NONE for text in some):
            values = list(map(self.loosely, texts, _narrowed(texts)))
        else:
            starts = map(minutes.__getitem__, map(_TO_THE_MINUTE, texts))
            values = list(map(add, starts, map(self.seconds.__getitem__, map(_AFTER_IT, texts))))
            if min(values) > _EARLIEST and max(values) <= self.limit:
                return values
            for i, value in enumerate(values):
                if not _EARLIEST < value <= self.limit:
                    values[i] = self.read(texts[i])
        for i, value in enumerate(values):
            if type(value) is not int:
                values[i] = careful(texts[i])
        return values

    def read(self, text: str) -> Any:
        found = self.minutes[text[:16]] + self.seconds[text[16:]]
        if found > _EARLIEST:
            return found if found <= self.limit else FUTURE
        day, _, time = text.partition(" ")
        start = self.days.get(day)
        if start is not None and (form := _CLOCK.fullmatch(time)):
            found = start + int(form[1]) * 3600 + int(form[2]) * 60 + int(form[3] or 0)
            return found if found <= self.limit else FUTURE
        if day in self.never and _CLOCK.fullmatch(time):
            return self.never[day]
        self.learn(text)
        return self.careful(text)

    def loosely(self, text: str, narrow: str) -> Any:
        """`read` for texts in many forms. `narrow`: the same without full-width signs."""
        form = _LOOSE.fullmatch(narrow)
        if form is None:
            return self.read(text)
        day, hour, minute, second, of_minute, of_second = form.groups()
        start, clock = self.loose_days.get(day), self.hours.get(hour)
        if start is None:
            keep(self.loose_days, day, start := self._start(day))
        if clock is None:
            time = parse_time(f"{hour}:01:01")
            keep(self.hours, hour, clock := _NONE if time is None else time.second - 61)
        m, s = int(minute or of_minute or 0), int(second or of_second or 0)
        found = start + clock + m * 60 + s
        if found < _EARLIEST or m > 59 or s > 59:
            return self.read(text)
        return found if found <= self.limit else FUTURE

    def _start(self, day: str) -> int:
        found = written_day(prepared(day), self.context, self.ahead)
        if found is None or found[0] is None or found[1] or not steady(found[0], self.zone):
            return _NONE
        if self.ahead is not None and of_last_year(prepared(day), found[0], self.context):
            return _NONE
        return midnight(found[0], self.zone)

    def learn(self, text: str) -> None:
        """What can be known of the day of a moment."""
        form = _DAY.match(text)
        if form is None or form[0] in self.days or form[0] in self.never:
            return
        try:
            day = date(int(form[1]), int(form[2]), int(form[3]))
        except ValueError:
            value = self.careful(text)
            if type(value) is Bad and _CLOCK.fullmatch(text[form.end() + 1 :]):
                if len(self.never) >= _KEPT:
                    self.never.clear()
                self.never[form[0]] = value
            return
        value = self.careful(text)
        if (type(value) is int or value is FUTURE) and steady(day, self.zone):
            keep(self.days, form[0], midnight(day, self.zone))


_WIDE = (("：", ":"), ("－", "-"), ("／", "/"), ("．", "."), ("\u3000", " "))


def _narrowed(texts: Sequence[str]) -> Sequence[str]:
    """The texts with half-width digits and signs, as they are where one holds a line end."""
    whole = "\n".join(texts)
    if whole.isascii() or whole.count("\n") != len(texts) - 1:
        return texts
    whole = narrow_digits(whole)
    for wide, narrow in _WIDE:
        whole = whole.replace(wide, narrow)
    return whole.split("\n")


def keep(memo: dict[str, int], text: str, value: int) -> None:
    if len(memo) >= _KEPT:
        memo.clear()
    memo[text] = value
