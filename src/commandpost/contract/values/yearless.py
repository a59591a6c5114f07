"""Days that are written without their year, told apart: beside another day of the row the year may be clear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.days import prepared, year_is_written

_HALF = 183
"""Days: a day that would be further from the one beside it than half a year is rather on its other side."""
_YEARS = range(-8, 9)


@dataclass(frozen=True, slots=True)
class Yearless:
    """A day whose year nobody wrote, in the year its column's rule gives it."""

    day: date


Day = date | Yearless


def marked(days: Reader) -> Reader:
    """What `days` reads, a day without a written year as `Yearless`."""

    def reader(context: Context) -> Read:
        one = days(context)

        def read(said: str) -> Any:
            found = one(said)
            day = found.value if type(found) is Flagged else found
            if type(found) is Bad or not isinstance(day, date) or year_is_written(prepared(said)):
                return found
            return replace(found, value=Yearless(day)) if type(found) is Flagged else Yearless(day)

        return read

    return reader


def plain_day(day: Day) -> date:
    return day.day if isinstance(day, Yearless) else day


def not_before(day: Day, start: date) -> date:
    """A day that ends what began on `start`: without a year it is the first such day from `start` on, where
    that is within half a year."""
    if not isinstance(day, Yearless):
        return day
    after = [one for one in _in_every_year(day.day) if one >= start]
    return _near(after[0], start, day.day) if after else day.day


def not_after(day: Day, end: date) -> date:
    """A day that begins what ends on `end`: without a year the last such day up to `end`."""
    if not isinstance(day, Yearless):
        return day
    before = [one for one in _in_every_year(day.day) if one <= end]
    return _near(before[-1], end, day.day) if before else day.day


def _near(found: date, beside: date, otherwise: date) -> date:
    return found if abs((found - beside).days) <= _HALF else otherwise


def _in_every_year(day: date) -> list[date]:
    """The same day of the years around it: a 29 February of those that have one."""
    return [one for more in _YEARS if (one := _of_year(day, day.year + more)) is not None]


def _of_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None
