"""Times of day as people say them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Seconds of the wall clock since midnight: 86400 is 24:00 of the day that ends, more is 次日."""

    second: int
    about: bool = False
    """Said with 约 or 左右."""

    @classmethod
    def of(cls, text: str) -> TimeOfDay:
        """From "HH:MM"."""
        hours, minutes = text.split(":")
        return cls(int(hours) * 3600 + int(minutes) * 60)

    def __str__(self) -> str:
        return f"{self.second // 3600:02}:{self.second // 60 % 60:02}"


PERIODS = "凌晨|清晨|早上|早晨|上午|中午|正午|下午|午后|傍晚|晚上|晚间|夜里|夜间|夜晚|深夜|半夜|午夜|早|晨|午|晚|夜|a\\.?m\\.?|p\\.?m\\.?"
_TIME = re.compile(
    rf"(?P<before>{PERIODS})?\s?(?P<h>[0-9]{{1,2}})"
    r"(?:\s?(?P<sep>[:.;h])\s?(?P<m>[0-9]{1,2})(?:\s?[:.]\s?(?P<s>[0-9]{1,2})(?:[.,][0-9]{1,9})?)?\s?分?"
    r"|\s?[点时](?:钟|整)?\s?(?:(?P<half>半)|(?P<quarter>[1-3])刻|过?(?P<zm>[0-9]{1,2})\s?分?钟?\s?(?:(?P<zs>[0-9]{1,2})\s?秒?)?)?整?)?"
    rf"\s?(?P<after>{PERIODS})?"
)
_DIGITS = re.compile(r"(?P<h>[0-9]{1,2})(?P<m>[0-9]{2})(?P<s>[0-9]{2})?")
_UNTIL = re.compile(r"^(?:截至到?|截止到?|至|到|自|从|于)\s?")
_ABOUT = re.compile(r"^(?:约|大约|大概|将近|近)\s?|\s?(?:左右|许|前后)$")
_NEXT_DAY = re.compile(r"(?:次日|翌日|第二天|隔日|明日|明天|次晨(?=[0-9])|\+1)")
_WORDS = {"中午": 43200, "正午": 43200, "午夜": 86400, "零点": 0, "noon": 43200, "midnight": 86400}


def parse_time(text: str, *, bare_hour: bool = True) -> TimeOfDay | None:
    """A time of day from text prepared by `days.prepared`; None when it is none.

    7.3 is 7:30 as a spreadsheet keeps it, said to be approximate; 7.5 is nobody knows what.
    `bare_hour`: whether a number alone (7, 20) is an hour.
    """
    bare = _UNTIL.sub("", text)
    if next_day := _NEXT_DAY.match(bare):
        time = parse_time(bare[next_day.end() :].lstrip())
        if time is None or time.second > 86400:
            return None
        return TimeOfDay(time.second + 86400, time.about)
    about = _ABOUT.search(bare) is not None
    bare = _ABOUT.sub("", bare).strip()
    bare = re.sub(r"(?<=[点时分半整刻])(?:前|后|起|止)$", "", bare)
    if bare in _WORDS:
        return TimeOfDay(_WORDS[bare], about)
    if re.fullmatch(r"0?\.[0-9]{1,17}", bare):
        return TimeOfDay(round(float(bare) * 86400), about)
    digits = _DIGITS.fullmatch(bare)
    if digits is not None and len(bare) >= 3 and (len(bare) != 5):
        parts = (int(digits["h"]), int(digits["m"]), int(digits["s"] or 0))
        return _second(*parts, period="", about=about)
    found = _TIME.fullmatch(bare)
    if found is None or (found["before"] and found["after"]):
        return None
    if not bare_hour and bare.isdecimal():
        return None
    minute = 30 if found["half"] else 15 * int(found["quarter"] or 0) or int(found["m"] or found["zm"] or 0)
    if found["sep"] == "." and len(found["m"]) == 1 and not found["s"]:
        if minute > 4:
            return None
        minute, about = minute * 10, minute > 0
    period = (found["before"] or found["after"] or "").replace(".", "")
    return _second(int(found["h"]), minute, int(found["s"] or found["zs"] or 0), period=period, about=about)


_MORNING = frozenset({"清晨", "早上", "早晨", "上午", "早", "晨"})
_AFTERNOON = frozenset({"下午", "午后", "傍晚", "pm"})
_NIGHT = frozenset({"晚上", "晚间", "夜里", "夜间", "夜晚", "深夜", "半夜", "午夜", "晚", "夜"})


def _second(hour: int, minute: int, second: int, *, period: str, about: bool) -> TimeOfDay | None:
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        return None
    # 上午12:10 is 0:10 to a Chinese spreadsheet and 12:10 to most people.
    if (period in _MORNING and hour >= 12) or (period in _AFTERNOON and hour == 0):
        return None
    if period == "凌晨":
        if hour > 12 or 6 < hour < 12:
            return None
        hour %= 12
    elif period == "am":
        hour = hour % 12 if hour <= 12 else hour
    elif (
        (period in ("中午", "正午", "午") and 1 <= hour <= 3)
        or (period in _AFTERNOON and 1 <= hour < 12)
        or (period in _NIGHT and 5 <= hour < 12)
    ):
        hour += 12
    elif period in _NIGHT and hour == 12:
        if minute or second:
            return None
        hour = 24
    return TimeOfDay(hour * 3600 + minute * 60 + second, about)
