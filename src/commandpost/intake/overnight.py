"""Sheets whose times run over midnight under one day: a night shift's, or one kept from morning to morning.

Times alone are of the day a title, the file's name or a filled-down cell names. Of a sheet kept through a
night those after midnight are of the next day: taken for that day's they would be 24 hours too early, and
look like any others. Such a time gets its day written before it, so all that follows reads it as a moment,
and a row that goes back keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from commandpost.contract.kind import Kind
from commandpost.contract.reading import Bad, Context, Flagged
from commandpost.contract.rows import columns_of
from commandpost.contract.values.clocktimes import TimeOfDay
from commandpost.contract.values.dates import date_, seconds
from commandpost.contract.values.days import latest
from commandpost.contract.values.shifts import Stretch
from commandpost.contract.values.text import clean, is_ditto
from commandpost.intake.chunk import Chunk
from commandpost.intake.finding import Finding
from commandpost.words import Message, message

_HOUR, _DAY = 3600, 86_400
EVENING, SMALL_HOURS = 18 * _HOUR, 6 * _HOUR
"""From evening to the small hours, in a sheet that is in order, is over midnight."""
MORNING = 9 * _HOUR
"""Of a sheet that began in the evening: 21:00, then 6:30."""
_NOON = 12 * _HOUR
_SLIPS = 4
"""A sheet is in order when of so many steps and one at most one goes back."""
_WITH_DAY = 14
"""Characters: a shorter text may be a time alone."""
_KEPT = 16_384

_UNCLEAR = message(
    "Times after midnight under one day are taken for this day's: if they are of the next, write their date."
)
_TOO_LONG = message("More than 24 hours under one day.")


def _turned(day: str) -> Message:
    return message("After midnight: from here on of {day}.", day=day)


Unread = tuple[int, str]
"""A row whose time cannot be read, and the day it is of."""


@dataclass(slots=True)
class _Course:
    """How the times under one day went so far; seconds after its midnight, more than a day: of the next."""

    day: date
    until: int | None = None
    """What the title says: earlier times of day are of the next day."""
    first: int | None = None
    last: int = 0
    later: bool = False
    """The last time was of the next day."""
    turned: bool = False
    rises: int = 0
    falls: int = 0
    places: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    @property
    def tomorrow(self) -> str:
        return (self.day + timedelta(days=1)).isoformat()

    def place(self, time: int, where: str, possible: Callable[[int], bool]) -> Message | None:
        """Takes the next time of day in order of lines: sets `later`; what is to be said of it."""
        say = self._step(time, where, possible)
        self.places.add(where)
        return say

    def _step(self, time: int, where: str, possible: Callable[[int], bool]) -> Message | None:
        if self.until is not None:
            before, self.later = self.later, time < self.until and possible(time + _DAY)
            self.first = time if self.first is None else self.first
            return _turned(self.tomorrow) if self.later and not before else None
        if self.first is None:
            self.first = self.last = time
            return None
        clock = self.last - _DAY * self.turned
        if self.turned and time >= EVENING and clock < SMALL_HOURS:
            # 0:02, then 23:59: written a moment too late.
            self.later = False
            return None
        self.later = self.turned
        if time >= clock or self.turned:
            self.rises += time > clock
            self.falls += time < clock
            self.last = time + _DAY * (self.turned and time < _DAY)
            return self._tell("long", _TOO_LONG) if self.last > self.first + _DAY else None
        return self._fallen(time, clock, where, possible)

    def _fallen(self, time: int, clock: int, where: str, possible: Callable[[int], bool]) -> Message | None:
        """A time earlier than the one above it: over midnight, or out of order."""
        assert self.first is not None
        began_late = self.first >= EVENING
        night = clock >= EVENING and (time < SMALL_HOURS or (began_late and time < MORNING))
        in_order = self.falls * _SLIPS <= self.rises
        known = where in self.places
        could_be = time < MORNING and clock >= _NOON and possible(time + _DAY)
        if could_be and night and in_order and time < self.first and (known or began_late):
            self.turned = self.later = True
            self.last = time + _DAY
            self.rises += 1
            return _turned(self.tomorrow)
        self.last = time
        self.falls += 1
        if not could_be:
            return None
        if not known and (time >= self.first or time >= SMALL_HOURS):
            # Another gate's rows begin.
            return None
        newest_first = self.falls > 2 and not self.rises
        doubtful = (night or (in_order and time < self.first)) and not newest_first
        return self._tell("unclear", _UNCLEAR) if doubtful else None

    def _tell(self, what: str, say: Message) -> Message | None:
        """Once under each day."""
        if what in self.told:
            return None
        self.told.add(what)
        return say


class Overnight:
    """Follows the times alone of a sheet, chunk by chunk."""

    def __init__(self, kind: Kind, mapping: Mapping[str, int], header: Sequence[str]) -> None:
        self._clocks = [c for c in kind.columns if c.clock and c.field in mapping]
        self._mapping, self._header = mapping, header
        dated = next((c for c in kind.columns if c.field == "date" and c.field in mapping), None)
        self._date = mapping["date"] if dated is not None and dated.fill_down else None
        self._unfilled = dated is not None and not dated.fill_down
        places = [mapping[name] for name in ("gate", "post") if name in mapping]
        self._place = places[0] if places else None
        self._course: _Course | None = None
        self._about: Context | None = None
        self._times: dict[tuple[int, str], int | None] = {}
        self._days: dict[str, date | None] = {}

    def begin(self, context: Context) -> None:
        """The rows that follow are of `context`'s day."""
        self._about = context
        self._times.clear()
        self._days.clear()
        # Without a day a time alone stays one.
        bare = replace(context, sheet_date=None)
        self._reads = [column.read(bare) for column in self._clocks]
        self._limit = latest(context) + _HOUR
        self._titled = context.sheet_date
        self._course = _Course(context.sheet_date, context.night) if context.sheet_date else None

    def turn(
        self, cells: list[Sequence[str]], chunk: Chunk, warnings: list[Finding], *, filled: bool
    ) -> tuple[bool, list[Unread]]:
        """Writes the next day before the times that are of it in `cells` (column by column, filled down if
        `filled`). Whether any was; the rows among them whose time cannot be read: for `mark`."""
        if not self._clocks or self._unfilled or self._about is None or not chunk.lines:
            return False, []
        if self._date is None and (self._titled is None or not self._may_be_alone(cells)):
            return False, []
        if self._date is not None and not filled:
            self._remember(cells, len(chunk.lines) - 1)
            return False, []
        return self._follow(cells, chunk, warnings)

    def may_turn(self, cells: Sequence[Sequence[str]]) -> bool:
        """Whether a day among these rows may be told from those above, where each says its own `date`."""
        return self._date is None and self._titled is not None and self._may_be_alone(cells)

    def _may_be_alone(self, cells: Sequence[Sequence[str]]) -> bool:
        return any(min(map(len, cells[self._mapping[c.field]])) < _WITH_DAY for c in self._clocks)

    def _remember(self, cells: Sequence[Sequence[str]], row: int) -> None:
        """Every row wrote its day: only the last begins what may be filled down."""
        day = self._day(cells[self._date][row]) if self._date is not None else None
        self._course = None if day is None else _Course(day)
        time = self._time(cells, row)
        if self._course is not None and time is not None:
            self._course.place(time, self._where(cells, row), self._possible)

    def _follow(
        self, cells: list[Sequence[str]], chunk: Chunk, warnings: list[Finding]
    ) -> tuple[bool, list[Unread]]:
        """`turn`, row by row."""
        written = None if self._date is None else columns_of(chunk.rows, [self._date])[0]
        unread = []
        copied: dict[int, list[str]] = {}
        for row, line in enumerate(chunk.lines):
            if written is not None and _says(written[row]):
                self._remember(cells, row)
                continue
            course = self._course
            if course is None:
                continue
            time = self._time(cells, row)
            if time is None:
                if course.later:
                    unread.append((row, course.tomorrow))
                continue
            said = course.place(time, self._where(cells, row), self._possible)
            if said is not None:
                code = "next-day" if course.later else "date"
                warnings.append(Finding(line, self._header[self._at(cells, row)], code, said))
            if course.later and time < _DAY:
                for index in self._rewritten(cells, row):
                    column = copied.setdefault(index, list(cells[index]))
                    column[row] = self._dated(index, course.tomorrow, column[row])
        for index, texts in copied.items():
            cells[index] = texts
        return bool(copied), unread

    def mark(self, cells: list[Sequence[str]], unread: Sequence[Unread]) -> None:
        """Writes the next day before what could not be read among its times, for who mends it alone."""
        if not unread:
            return
        index = self._date if self._date is not None else self._mapping[self._clocks[0].field]
        texts = list(cells[index])
        for row, tomorrow in unread:
            texts[row] = self._dated(index, tomorrow, texts[row])
        cells[index] = texts

    def _dated(self, index: int, day: str, text: str) -> str:
        return day if index == self._date else f"{day} {text}".rstrip()

    def _rewritten(self, cells: Sequence[Sequence[str]], row: int) -> list[int]:
        if self._date is not None:
            return [self._date]
        filled = ((n, self._mapping[c.field]) for n, c in enumerate(self._clocks))
        return [index for n, index in filled if self._alone(n, cells[index][row]) is not None]

    def _at(self, cells: Sequence[Sequence[str]], row: int) -> int:
        of = (self._mapping[c.field] for c in self._clocks)
        return next(index for n, index in enumerate(of) if self._alone(n, cells[index][row]) is not None)

    def _where(self, cells: Sequence[Sequence[str]], row: int) -> str:
        return "" if self._place is None else cells[self._place][row].strip()

    def _time(self, cells: Sequence[Sequence[str]], row: int) -> int | None:
        """The row's time of day, where it has no day of its own."""
        for n, column in enumerate(self._clocks):
            time = self._alone(n, cells[self._mapping[column.field]][row])
            if time is not None:
                return time
        return None

    def _alone(self, n: int, text: str) -> int | None:
        if (n, text) in self._times:
            return self._times[n, text]
        value: Any = self._reads[n](text)
        value = value.value if type(value) is Flagged else value
        if type(value) is Stretch and value.day is None:
            value = value.start
        time = value.second if type(value) is TimeOfDay else None
        if len(self._times) >= _KEPT:
            self._times.clear()
        self._times[n, text] = time
        return time

    def _day(self, text: str) -> date | None:
        if text not in self._days:
            assert self._about is not None
            value = date_()(self._about)(text)
            value = value.value if type(value) is Flagged else value
            self._days[text] = None if value is None or type(value) is Bad else value
        return self._days[text]

    def _possible(self, time: int) -> bool:
        """Whether it may be observed already, or was by a clock that is ahead (else it goes back as `future`)."""
        assert self._about is not None
        assert self._course is not None
        return seconds(self._course.day, time, self._about.zone) <= self._limit


def _says(text: str) -> bool:
    return bool(clean(text)) and not is_ditto(text)
