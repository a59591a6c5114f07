"""How days and moments are written by people and spreadsheets; the readers are in `dates`.

A day is a `datetime.date`, a moment integer UTC seconds (what the tables hold), a time of day
`TimeOfDay`. Years that are not written are inferred: observed facts take the latest year in which
the day is not after received + 1 day, planned ones the nearest day; a sheet's own date goes first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commandpost.contract.reading import Bad, Context, Flagged, Read
from commandpost.contract.values.clocktimes import PERIODS, TimeOfDay, parse_time
from commandpost.contract.values.numbers import numeral
from commandpost.contract.values.text import cell, fold
from commandpost.words import Message, message

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
"""No fact of a post is older or later: such a year is a slip."""
_LEAP = 2000
"""A year that has every day."""
_EXCEL_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheets' serial numbers, right for all after 1900-02-28 (ECMA-376 18.17.4)."""


def seconds(day: date, second: int, zone: ZoneInfo) -> int:
    """UTC seconds of `second` seconds of wall clock after midnight of `day` (86400: next midnight).

    A wall time that occurs twice means the first; one that is skipped counts on from before the gap.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(seconds=second)
    return int(wall.replace(tzinfo=zone).timestamp())


def midnight(day: date, zone: ZoneInfo) -> int:
    """UTC seconds of the day's first moment."""
    return seconds(day, 0, zone)


def combine(day: date, time: TimeOfDay, context: Context, *, observed: bool = True) -> int | Bad:
    """The moment of a time of day on a day. Bad `future` for an observed fact not yet possible."""
    return _checked(seconds(day, time.second, context.zone), context, observed)


_HINT = message("Write it like 2022-03-28 06:13.")
_DAY_HINT = message("Write it like 2022-03-28.")
NO_DAY = Bad("date", message("Not a date."), _DAY_HINT)
NO_MOMENT = Bad("date", message("Not a date and time."), _HINT)
_IN_NO_CALENDAR = message("There is no such day.")
_TWO_WAYS = message("Day and month cannot be told apart.")
_NO_TIME = Bad("date", message("A date without the time of day."), _HINT)
FUTURE = Bad("future", message("Later than it was received."), message("Check the date and the clock."))


def _checked(moment: int, context: Context, observed: bool) -> int | Bad:
    return FUTURE if observed and moment > latest(context) else moment


def latest(context: Context) -> int:
    """UTC seconds after which nothing can have been observed."""
    return int((context.received + context.settings.thresholds.clock_ahead).timestamp())


_MONTHS = {
    m: i
    for i, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_WEEKDAY = re.compile(
    r"[(\[][一二三四五六日天][)\]]|[(\[,]?(?:星期|周|礼拜)[一二三四五六日天][)\],]?|\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:[a-z]*day)?\b[.,]?"
)
_DAY_NAMES = (
    {name: i % 7 for i, name in enumerate("一二三四五六日")}
    | {"天": 6}
    | {name: i for i, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
)
_OF_THE_WEEK = re.compile(r"(?:星期|周|礼拜|[(\[])([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)")


def weekday_at_odds(said: str, day: date) -> Bad | None:
    """What is wrong with a day beside which another weekday stands (3月30日周四, which is a Wednesday)."""
    found = _WEEKDAY.search(fold(said[:_LONGEST]).lower())
    named = _OF_THE_WEEK.search(found[0]) if found else None
    if found is None or named is None or _DAY_NAMES[named[1] or named[2]] == day.weekday():
        return None
    beside = found[0].strip("()[],. ")
    hint = message("Write the day alone, {day}, if it is right.", day=day.isoformat())
    return Bad("date", message("{day} is not {weekday}.", day=day.isoformat(), weekday=beside), hint)


_SEP = r"\s?[-/.年,\\–—−]\s?"
_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<y>[0-9]{{4}}){_SEP}(?P<m>[0-9]{{1,2}})(?:{_SEP}|\s?月\s?)(?P<d>[0-9]{{1,2}})(?![0-9])\s?[日号]?",
        r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?=$|[^0-9]|[0-9]{4}$|[0-9]{6}$)",
        r"(?P<y>[0-9]{2})\s?(?:年\s?|(?=[-/][0-9]{1,2}[-/][0-9])[-/]|(?=\.[0-9]{1,2}\.[0-9])\.)(?P<m>[0-9]{1,2})\s?[-/.月]\s?(?P<d>[0-9]{1,2})(?![0-9])\s?[日号]?",
        r"(?P<m>[0-9]{1,2})\s?月\s?(?P<d>[0-9]{1,2})(?![0-9])\s?[日号]?",
        r"(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<y>[0-9]{4})(?![0-9])",
        r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[-\s](?P<mon>[a-z]{3})[a-z]{0,6}\.?(?:[-\s,]{1,2}(?P<y>[0-9]{4}|[0-9]{2}(?!:|[0-9])))?",
        r"(?P<mon>[a-z]{3})[a-z]{0,6}\.?\s(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9:])(?:[,\s]{1,2}(?P<y>[0-9]{4})(?!:))?",
        r"(?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?![0-9])(?=$|[\s日号(t上下早晚中午凌傍夜])[日号]?",
        r"(?P<d>[0-9]{1,2})[日号]",
    )
)


def written_day(text: str, context: Context, ahead: int | None) -> tuple[date | None, str] | None:
    """(the day that begins `text`, the rest); the day is None when it is impossible; None: no day.

    `ahead`: how many days a day without a year may lie ahead of its arrival; None: the nearest is meant.
    """
    for pattern in _WRITTEN:
        found = pattern.match(text)
        if found is not None:
            return _found_day(found.groupdict(), context, ahead), text[found.end() :]
    return None


def year_is_written(text: str) -> bool:
    """Whether a day that `prepared` made ready says its year (a serial number does)."""
    found = next((found for pattern in _WRITTEN if (found := pattern.match(text))), None)
    return found is None or _written_year(found.groupdict()) is not None


def _month_and_day(parts: dict[str, str | None], context: Context) -> tuple[int, int] | None:
    """The month and day a pattern found; None when nobody knows which is which, or of which month."""
    if "a" in parts:  # 28/03/2022 or 3/28/2022; both ≤ 12 and different: nobody knows
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if first <= 12 and second <= 12 and first != second:
            return None
        return (first, second) if first <= 12 else (second, first)
    day = int(parts["d"] or 0)
    if parts.get("mon"):
        return _MONTHS.get(parts["mon"] or "", 0), day
    if parts.get("m"):
        return int(parts["m"] or 0), day
    return (context.sheet_date.month, day) if context.sheet_date is not None else None


def _written_year(parts: dict[str, str | None]) -> int | None:
    year = parts.get("y")
    return int(year) + (2000 if len(year) == 2 else 0) if year else None


def _found_day(parts: dict[str, str | None], context: Context, ahead: int | None) -> date | None:
    named = _month_and_day(parts, context)
    if named is None:
        return None
    year = _written_year(parts)
    if year is None and not parts.get("m") and not parts.get("mon") and context.sheet_date is not None:
        year = context.sheet_date.year
    return _year_of(*named, context, ahead) if year is None else _made(year, *named)


def _two_ways(parts: dict[str, str | None], otherwise: Bad) -> Bad:
    """Of 3/4/2022: its hint names both days."""
    a, b = (int(parts[name] or 0) for name in ("a", "b"))
    if not (a and b):
        return replace(otherwise, reason=_TWO_WAYS)
    one, other = (f"{parts['y']}-{month:02}-{day:02}" for month, day in ((a, b), (b, a)))
    hint = message("Write {one} or {other}, whichever it is.", one=one, other=other)
    return replace(otherwise, reason=_TWO_WAYS, hint=hint)


def unread_day(text: str, context: Context, otherwise: Bad) -> Bad:
    """`otherwise`, with a reason of its own for a day that is in no calendar, or that reads two ways."""
    parts = next((found.groupdict() for pattern in _WRITTEN if (found := pattern.match(text))), None)
    if parts is None:
        return otherwise
    named = _month_and_day(parts, context)
    if named is None:
        return _two_ways(parts, otherwise) if "a" in parts else otherwise
    try:
        date(_written_year(parts) or _LEAP, *named)
    except ValueError:
        return replace(otherwise, reason=_IN_NO_CALENDAR)
    return otherwise


OBSERVED = 1
"""Days a fact without a year may lie ahead of its arrival: clocks differ, a day ends."""


def _made(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_of(month: int, day: int, context: Context, ahead: int | None) -> date | None:
    received = context.received.astimezone(context.zone).date()
    about = context.sheet_date or received
    years = range(min(about.year, received.year) - 8, max(about.year, received.year) + 9)
    days = [made for year in years if (made := _made(year, month, day))]
    if ahead is not None:
        days = [made for made in days if made <= received + timedelta(days=ahead)]
        if context.sheet_date is None:
            return max(days, default=None)
    return min(days, key=lambda made: abs(made - about), default=None)


_SERIAL = re.compile(r"([0-9]{5})(?:[.,]([0-9]{1,15}))?")


def serial_day(text: str) -> tuple[date, int | None] | None:
    """A spreadsheet's serial number: the day, and the second of it where there is a fraction."""
    found = _SERIAL.fullmatch(text)
    if found is None:
        return None
    day = _EXCEL_ZERO + timedelta(days=int(found[1]))
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return None
    fraction = found[2] or ""
    return (day, round(float("0." + fraction) * 86400)) if fraction.strip("0") else (day, None)


_CHINESE = re.compile(r"[零〇○一二三四五六七八九十两廿卅]+(?=[年月日号点时分秒刻]|$)")


def _arabic(found: re.Match[str]) -> str:
    value = numeral(found[0].replace("廿", "二十").replace("卅", "三十"))
    return found[0] if value is None else str(int(value))


_STOP = re.compile(r"(?<=[0-9])。(?=[0-9])")
_FROM = re.compile(r"^(?:自|从|于|截至到?|截止到?|至|到)\s?(?=[0-9零〇一二三四五六七八九十元])")
_LONGEST = 80
"""Characters; nobody needs more for a moment."""


def prepared(said: str) -> str:
    """A day or time as written, folded for the patterns: lower case, digits for Chinese numerals."""
    folded = _WEEKDAY.sub(" ", fold(said).lower()) if len(said) <= _LONGEST else ""
    folded = _FROM.sub("", _STOP.sub(".", folded)).replace("元月", "1月")
    return _CHINESE.sub(_arabic, folded).strip(" .,;'`")


_OFFSET = re.compile(r"(?<=[0-9])\s?(?:(z|utc|gmt)|(utc|gmt)?([+-])([0-9]{2}):?([0-9]{2})?)$")


def without_zone(rest: str) -> tuple[str, int | None]:
    """What is left without a written offset, and the offset in seconds.

    A minus is one only in ISO's own form (T06:00-07:00): 06:00-07:00 is a span of hours.
    """
    found = _OFFSET.search(rest)
    if found is None or (found[3] == "-" and not found[2] and not rest.startswith("t")):
        return rest, None
    if found[1]:
        return rest[: found.start()], 0
    offset = int(found[4]) * 3600 + int(found[5] or 0) * 60
    return rest[: found.start()], offset if found[3] == "+" else -offset


_AFTER_DAY = re.compile(rf"[(\[].{{0,20}}[)\]]|起|止|开始|结束|当[日天]|{PERIODS}")


_SOON = timedelta(days=31)


def of_last_year(text: str, day: date, context: Context) -> Message | None:
    """What to say of a day without a year that is last year's only because this year's is a few weeks ahead:
    it may as well be a slip of the pen."""
    received = context.received.astimezone(context.zone).date()
    if day + 9 * _SOON > received:
        return None
    near = written_day(text, context, None)
    if near is None or near[0] is None or not timedelta(0) < near[0] - received <= _SOON:
        return None
    return message("It has no year and is read as {day}: this year's is yet to come.", day=day.isoformat())


def read_day(text: str, context: Context, ahead: int | None) -> date | None:
    if serial := serial_day(text):
        day, second = serial
        return day + timedelta(days=1) if second == 86400 else day
    found = written_day(text, context, ahead)
    if found is None or found[0] is None:
        return None
    rest, offset = without_zone(found[1])
    rest = rest.strip(" t,")
    time = parse_time(rest) if rest else None
    if rest and time is None and not _AFTER_DAY.fullmatch(rest):
        return None
    if time is None or offset is None:
        return found[0]
    start = int(datetime(found[0].year, found[0].month, found[0].day, tzinfo=UTC).timestamp())
    return datetime.fromtimestamp(start + time.second - offset, context.zone).date()


def unless_about(time: TimeOfDay) -> TimeOfDay | Flagged:
    if not time.about:
        return time
    return Flagged(TimeOfDay(time.second), "approximate", message("The time is approximate."))


_TWELVE = re.compile(r"(?:上午|早上|早晨|清晨|早|晨) ?12[:点时]([0-5]?[0-9])分?(?::?[0-9]{1,2}秒?)?")


def _of_either_half(text: str) -> Bad | None:
    """上午12:10 is ten past midnight to a spreadsheet, and ten past noon to most people."""
    found = _TWELVE.fullmatch(text)
    if found is None:
        return None
    minute = int(found[1])
    hint = message(
        "Write {night} for the night, {noon} for noon.", night=f"00:{minute:02}", noon=f"12:{minute:02}"
    )
    return Bad("date", message("Twelve in the morning may be midnight or noon."), hint)


_JOINT = re.compile(r"\s*0?0:00(?::00)?\s+(?=[0-9])|[\s,t\-:_]+")
"""Between a day and its time; also the midnight a spreadsheet prints after a day when a time follows."""


def careful_moment(context: Context, *, observed: bool = True) -> Read:
    """What `dates.moment` does, without its shortcuts."""

    ahead = OBSERVED if observed else None

    def read(said: str) -> Any:
        text = prepared(said)
        first, _, rest = text.partition(" ")
        if serial := serial_day(first):
            day, second = serial
            if second is None or rest:
                return weekday_at_odds(said, day) or _with_time(day, rest)
            return _checked(seconds(day, second, context.zone), context, observed)
        found = written_day(text, context, ahead)
        if found is not None and not _rather_time(text, found[0], context):
            if found[0] is None:
                return unread_day(text, context, NO_MOMENT)
            value = weekday_at_odds(said, found[0]) or _with_time(found[0], found[1])
            why = of_last_year(text, found[0], context) if observed and type(value) is int else None
            return Flagged(value, "date", why) if why else value
        first, _, rest = text.partition(" ")
        if found is None and ":" in first and (found := written_day(rest, context, ahead)):
            return _with_time(found[0], first) if found[0] and not found[1] else NO_MOMENT
        time = parse_time(text, bare_hour=False)
        if time is None or _WEEKDAY.search(fold(said).lower()):
            return NO_MOMENT
        if context.sheet_date is None:
            return unless_about(time)
        return _told(combine(context.sheet_date, time, context, observed=observed), time)

    def _with_time(day: date, rest: str) -> Any:
        rest, offset = without_zone(rest)
        rest = rest[joint.end() :].strip() if (joint := _JOINT.match(rest)) else rest.strip()
        if not rest:
            return _NO_TIME
        time = parse_time(rest, bare_hour=False)
        if time is None:
            return _of_either_half(rest) or NO_MOMENT
        if offset is None:
            return _told(combine(day, time, context, observed=observed), time)
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        return _told(_checked(start + time.second - offset, context, observed), time)

    return cell(context, read)


def _rather_time(text: str, day: date | None, context: Context) -> bool:
    """Whether H.MM is meant as a time: it is no day, or none within a week of the sheet's."""
    if not re.fullmatch(r"[0-9]{1,2}\.[0-5][0-9]", text):
        return False
    about = context.sheet_date or context.received.astimezone(context.zone).date()
    return day is None or abs(day - about) > timedelta(days=7)


def _told(found: int | Bad, time: TimeOfDay) -> Any:
    if time.about and not isinstance(found, Bad):
        return Flagged(found, "approximate", message("The time is approximate."))
    return found
