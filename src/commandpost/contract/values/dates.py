"""Readers of days, times of day and moments.

`moment` is called by the million: in front of `days.careful_moment` it has shortcuts with the same
answers (careful 40 µs a cell, canonical texts 0.5 µs on a busy core).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.clocktimes import TimeOfDay, parse_time
from commandpost.contract.values.days import (
    FUTURE,
    NO_DAY,
    OBSERVED,
    careful_moment,
    combine,
    latest,
    midnight,
    prepared,
    read_day,
    seconds,
    serial_day,
    unless_about,
    without_zone,
    written_day,
)
from commandpost.contract.values.shifts import hours, span
from commandpost.contract.values.text import cell
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
                return NO_DAY
            last = datetime.fromtimestamp(latest(context), context.zone).date()
            if not planned and day > last:
                return FUTURE
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
        limit = latest(context) if observed else 1 << 62
        zone = context.zone
        if context.settings.intake.max_cell < 19:
            return careful
        minutes: dict[str, int] = {}
        days: dict[str, int] = {}
        second = _SECOND

        def read(text: str) -> Any:
            try:
                found = minutes[text[:16]] + second[text[16:]]
            except KeyError:
                return slower(text)
            return found if found <= limit else FUTURE

        def slower(text: str) -> Any:
            day, _, time = text.partition(" ")
            start = days.get(day)
            if start is not None and (form := _CLOCK.fullmatch(time)):
                minute = start + int(form[1]) * 3600 + int(form[2]) * 60
                found = minute + int(form[3] or 0)
                if len(day) == 10 and len(form[1]) == 2:
                    keep(minutes, text[:16], minute)
                return found if found <= limit else FUTURE
            try:
                found = days[text[:10]] + _HOUR[text[10:13]] + _MINUTE[text[13:16]] + second[text[16:]]
            except KeyError:
                return remember(text)
            return found if found <= limit else FUTURE

        def remember(text: str) -> Any:
            value = careful(text)
            if type(value) is int or value is FUTURE:
                form = _DAY.match(text)
                day = date(int(form[1]), int(form[2]), int(form[3])) if form else None
                if form and day and steady(day, zone):
                    keep(days, form[0], midnight(day, zone))
            return value

        return read

    return reader


def keep(memo: dict[str, int], text: str, value: int) -> None:
    if len(memo) >= _KEPT:
        memo.clear()
    memo[text] = value
