"""Days in a header: 3.28, 3月28日早, 周一, 28日 below "3月份值班表", Mon 28 below "w/c 28 March 2022"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from commandpost.contract.reading import Context
from commandpost.contract.values.text import fold
from commandpost.contract.values.words import SLOTS

FEWEST = 2
"""One column that may be a day is a column with an odd name."""
_LONGEST = 40
"""Characters of a cell that may be a day."""
_WIDEST = timedelta(days=62)
"""Days further apart than this are no sheet's."""

_AHEAD = timedelta(days=7)
"""How far ahead of its arrival a printed sheet's first day may lie that nobody has filled yet."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<mon>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    rf"\(?(?:周|星期|礼拜)([一二三四五六日天])\)?|\(([一二三四五六日天])\)|\b({'|'.join(_ENGLISH)})[a-z]{{0,6}}\b\.?"
)
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?",
        r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[日号]?",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/]?{_MONTH}",
        rf"{_MONTH}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?",
        r"(?P<d>\d{1,2})(?:[日号]|st|nd|rd|th)?",
    )
)
_OF_SLOT = {word: slot for slot, words in SLOTS.items() for word in words if not word.isdigit()}
_BESIDE = re.compile(r"体温|温度|℃|°c|temperature|temp|[()\[\],、:]")
_ABOUT_MONTH = re.compile(rf"(?:(?P<y>\d{{4}})[-/.年]?)?(?P<m>\d{{1,2}})月(?!\d)|{_MONTH}\s*(?P<z>\d{{4}})?")


@dataclass(frozen=True, slots=True)
class DayHead:
    """A day that heads a column; None: there is no such day, or its weekday is another."""

    day: date | None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    """What a cell of a header says of a day."""

    year: int = 0
    month: int = 0
    day: int = 0
    weekday: int = -1
    slot: str = ""


@lru_cache(2048)
def written(cell: str) -> _Written | None:
    """What a cell of a header says of a day; None when it is anything else, or a slot alone."""
    if not cell or len(cell) > _LONGEST:
        return None
    text = fold(cell).lower()
    found = _WEEKDAY.search(text)
    weekday = -1
    if found is not None:
        sign = found[1] or found[2]
        weekday = "一二三四五六日".index(sign.replace("天", "日")) if sign else _ENGLISH.index(found[3])
        text = text[: found.start()] + text[found.end() :]
    text = re.sub(r"\s+", "", text)
    for pattern in _DAYS:
        m = pattern.match(text)
        slot = m and _slot(text[m.end() :])
        if m and slot is not None:
            parts = m.groupdict()
            month = _MONTHS.index(parts["mon"]) + 1 if parts.get("mon") else int(parts.get("m") or 0)
            return _Written(int(parts.get("y") or 0), month, int(parts["d"]), weekday, slot)
    slot = _slot(text)
    return None if weekday < 0 or slot is None else _Written(weekday=weekday, slot=slot)


def _slot(rest: str) -> str | None:
    """The slot a rest of a cell names, "" when it says nothing; None: something else."""
    bare = _BESIDE.sub("", rest)
    return _OF_SLOT.get(bare) if bare else ""


def is_slot(cell: str) -> bool:
    """Whether a cell is a slot's word and nothing else: 早, 晚, 上午体温."""
    return len(cell) <= _LONGEST and bool(_slot(re.sub(r"\s+", "", fold(cell).lower())))


def day_heads(
    cells: Sequence[str], about: Sequence[str], context: Context, *, planned: bool
) -> Mapping[int, DayHead]:
    """The columns of a header that are days, by index; empty when fewer than two are.

    A day without its month or date is looked for in what `about` names, a month, a span or the week that
    begins on a day. A year that is not written is that of the day nearest to when the sheet was received,
    of what was observed that of the last such day before; the next columns' are near to the first.
    """
    found = {i: said for i, cell in enumerate(cells) if (said := written(cell)) is not None}
    if len(found) < FEWEST:
        return {}
    if all(said.month and not said.year for said in found.values()):
        found = _day_first(found)
    received = context.received.astimezone(context.zone).date()
    best: dict[int, DayHead] = {}
    # One weekday may be a slip; of several that are all wrong the year is.
    weekdays = sum(said.weekday >= 0 for said in found.values()) >= FEWEST
    for years in ((0, -1, 1) if planned else (0, -1)) if weekdays else (0,):
        heads = _heads(found, about, _Arrival(received, planned, years))
        if heads and all(head.day for head in heads.values()):
            # An older sheet: of its year all the weekdays are right.
            return heads
        best = best or heads
        if any(head.day and found[i].weekday >= 0 for i, head in heads.items()):
            break
    return best


def _heads(found: Mapping[int, _Written], about: Sequence[str], arrival: _Arrival) -> dict[int, DayHead]:
    """What the columns are, their years told from `arrival`; empty when they are no sheet's days."""
    window = None
    if any(not said.month for said in found.values()):
        window = _window(about, arrival)
        if window is None:
            return {}
    heads: dict[int, DayHead] = {}
    before: date | None = None
    for i, said in found.items():
        day = _day(said, arrival, window, before)
        if day is not None and said.weekday >= 0 and day.weekday() != said.weekday:
            day = None
        heads[i] = DayHead(day, said.slot)
        before = day or before
    days = [head.day for head in heads.values() if head.day is not None]
    if not days or max(days) - min(days) > _WIDEST or 2 * len(days) < len(heads):
        return {}
    return heads if len({(head.day, head.slot) for head in heads.values() if head.day}) == len(days) else {}


def _day_first(found: dict[int, _Written]) -> dict[int, _Written]:
    """28/03 | 29/03: all of them day and month, where they cannot be month and day."""
    if all(said.month <= 12 for said in found.values()):
        return found
    turned = {i: _Written(0, said.day, said.month, said.weekday, said.slot) for i, said in found.items()}
    return turned if all(said.month <= 12 for said in turned.values()) else found


@dataclass(frozen=True, slots=True)
class _Arrival:
    """When a sheet was received, and whether it speaks of days to come."""

    day: date
    planned: bool
    years: int = 0
    """How many years from the nearest the day is looked for."""

    def nearest(self, month: int, day: int) -> date | None:
        """The day without a year that is meant."""
        days = [found for step in (-1, 0, 1) if (found := _made(self.day.year + step, month, day))]
        if not self.planned:
            days = [day for day in days if day <= self.day + _AHEAD]
        near = min(days, key=lambda day: abs(day - self.day), default=None)
        return near and _made(near.year + self.years, month, day)


def _day(
    said: _Written, arrival: _Arrival, window: tuple[date, date] | None, before: date | None
) -> date | None:
    """The day that is meant; `before`: the one left of it."""
    if said.year:
        return _made(said.year, said.month, said.day)
    if said.month and before is None:
        return arrival.nearest(said.month, said.day)
    if said.month and before is not None:
        # 3.29 | 3.3 | 3.31: a spreadsheet has taken the 0 of 3.30 away.
        whole = _made(before.year, said.month, said.day * 10) if said.day < 4 else None
        if whole is not None and whole == before + timedelta(days=1):
            return whole
        days = [_made(before.year + step, said.month, said.day) for step in (-1, 0, 1)]
        return min((day for day in days if day), key=lambda day: abs(day - before), default=None)
    assert window is not None
    first, last = window
    inside = (first + timedelta(days=n) for n in range((last - first).days + 1))
    fits = [
        day
        for day in inside
        if (not said.day or day.day == said.day) and (said.weekday < 0 or day.weekday() == said.weekday)
    ]
    return fits[0] if len(fits) == 1 else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_JOINED = r"[日号]?\s*(?:\(?(?:周|星期)?[一二三四五六日天]?\)?)?\s*(?:[-—–―~～]+|至|到|to)\s*"
_DATE = r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
_SPAN = re.compile(
    rf"{_DATE}{_JOINED}(?:(\d{{4}})\s*[-/.年]\s*)?(?:(\d{{1,2}})\s*[-/.月]\s*)?(\d{{1,2}})(?!\d)"
)
_BEGINS = re.compile(
    rf"(?:w/c|week\s*(?:of|commencing|beginning|starting)|wk)\D{{0,5}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*{_MONTH}\s*(?P<y>\d{{4}})?"
    rf"|(?:(?P<cy>\d{{4}})\s*[-/.年]\s*)?(?P<cm>\d{{1,2}})\s*[-/.月]\s*(?P<cd>\d{{1,2}})\s*[日号]?\s*(?:起|开始|这?一?周)"
)


def _window(about: Iterable[str], arrival: _Arrival) -> tuple[date, date] | None:
    """The days a sheet is about, as its titles say: a span, the week from a day on, a month."""
    texts = [fold(text).lower() for text in about]
    spans = {span for text in texts for m in _SPAN.finditer(text) if (span := _span(m.groups(), arrival))}
    spans = spans or {
        week for text in texts for m in _BEGINS.finditer(text) if (week := _week(m.groupdict(), arrival))
    }
    if not spans:
        months = {
            (m["mon"] or int(m["m"]), m["y"] or m["z"]) for t in texts for m in _ABOUT_MONTH.finditer(t)
        }
        spans = {span for month, year in months if (span := _month(month, year, arrival))}
    return spans.pop() if len(spans) == 1 else None


def _span(parts: Sequence[str | None], arrival: _Arrival) -> tuple[date, date] | None:
    year, month, day, last_year, last_month, last_day = (int(part or 0) for part in parts)
    first = _made(year, month, day) if year else arrival.nearest(month, day)
    if first is None:
        return None
    last = _made(last_year or first.year, last_month or month, last_day)
    if last is not None and last < first and not last_year:
        last = _made(first.year + 1, last_month or month, last_day)
    return (first, last) if last is not None and timedelta() <= last - first <= _WIDEST else None


def _week(parts: Mapping[str, str | None], arrival: _Arrival) -> tuple[date, date] | None:
    month = _MONTHS.index(parts["mon"]) + 1 if parts["mon"] else int(parts["cm"] or 0)
    day, year = int(parts["d"] or parts["cd"] or 0), int(parts["y"] or parts["cy"] or 0)
    first = _made(year, month, day) if year else arrival.nearest(month, day)
    return None if first is None else (first, first + timedelta(days=6))


def _month(month: str | int, year: str | None, arrival: _Arrival) -> tuple[date, date] | None:
    number = month if isinstance(month, int) else _MONTHS.index(month) + 1
    first = _made(int(year), number, 1) if year else arrival.nearest(number, 1)
    if first is None:
        return None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def joined(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """One line of names from two, of which one says days and the other belongs to them: 周一 over 3.28, 3月28日 over
    早 | 晚. A merged cell of the upper line was written once. None: they are something else."""
    below = [i for i, cell in enumerate(lower) if cell.strip()]
    if len(below) < FEWEST:
        return None
    names, group, days = list(upper) + [""] * (len(lower) - len(upper)), "", 0
    for i, name in enumerate(names):
        if name.strip():
            group = name
        under = lower[i] if i < len(lower) else ""
        if not under.strip():
            continue
        both = f"{group.strip()} {under.strip()}"
        own = name.strip() or is_slot(under)
        if not own or not (_of_day(group) and _of_day(under)) or written(both) is None:
            return None
        names[i] = both
        days += 1
    return names if days >= FEWEST else None


def _of_day(cell: str) -> bool:
    return is_slot(cell) or written(cell) is not None


def are_days(cells: Sequence[str]) -> int:
    """How many cells of a header are days that say more than a number."""
    said = [written(cell) for cell in cells]
    return sum(one is not None and bool(one.month or one.weekday >= 0) for one in said)
