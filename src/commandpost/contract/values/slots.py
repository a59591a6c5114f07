"""The slots of a day's temperature reports: 早, 中午, 晚上, or a time of day."""

from __future__ import annotations

from typing import Any

from commandpost.contract.reading import Bad, Context, Read, Reader
from commandpost.contract.values.clocktimes import TimeOfDay
from commandpost.contract.values.dates import time_of_day
from commandpost.contract.values.words import SLOTS, one_of

_NOON, _AFTERNOON = 11 * 3600, 14 * 3600
"""Seconds after midnight: when a time of day stops being AM, and begins to be PM."""


def slot_at(second: int) -> str:
    """The slot of a time of day, in seconds after midnight."""
    return "AM" if second < _NOON else "NOON" if second < _AFTERNOON else "PM"


def slot() -> Reader:
    """A slot by its word, or by the time of day that stands in its place (8:00, 下午2点半)."""

    def reader(context: Context) -> Read:
        word, time = one_of(SLOTS)(context), time_of_day()(context)

        def read(said: str) -> Any:
            found = word(said)
            if type(found) is not Bad:
                return found
            if said.isdecimal():
                # The third of the day, or three o'clock?
                return found
            at = time(said)
            return slot_at(at.second) if type(at) is TimeOfDay else found

        return read

    return reader
