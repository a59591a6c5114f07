"""What a table is handed on in: chunks of consecutive lines."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import NamedTuple, TypeVar

from commandpost.contract.reading import Code
from commandpost.contract.rows import Rows, columns_of
from commandpost.intake.marginal import Margin
from commandpost.words import Message, message

T = TypeVar("T")
L = TypeVar("L", "Problem", "Total")


ONE_EACH = message("one cell for each column; a delimiter inside a cell needs quotes around the cell")

EMPTY_ONES = message("one cell for each column; leave the cell of what is unknown empty")


UNREADABLE = "\ufffd"
"""What goes back for bytes that are in no encoding."""

SAVE_ANEW = message("save the file anew in one encoding (UTF-8 is best)")


def not_so_many(cells: int, width: int) -> Message:
    """Why a line of `cells` cells does not fit a header of `width`."""
    return message("{n} cells, the header has {width}", n=cells, width=width)


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot become a row: it goes back to its team (codes columns, quote, encoding, too-long)."""

    line: int
    code: Code
    reason: Message
    cells: tuple[str, ...]
    """The line as it came, split as well as it can be (may be longer or shorter than the header)."""
    hint: Message | None = None
    column: int | None = None
    """Which cell is at fault, where it is one."""


BLANK = message("blank line")


class Skipped(NamedTuple):
    """A physical line that is no data: title, blank, repeated header, total, footer, other table."""

    line: int
    why: Message


@dataclass(frozen=True, slots=True)
class Total:
    """A 合计/小计 row: a checksum to compare, never data. It is also among the skipped."""

    line: int
    cells: tuple[str, ...]
    """As many as the header has."""
    rows: int
    """Data rows (problems included) since the last subtotal; for a grand total, since the start."""


@dataclass(slots=True)
class Chunk:
    """Some consecutive lines. `rows[i]` begins on physical line `lines[i]` (1-based) and has exactly
    as many cells as the header; cells are as written (not cleaned)."""

    lines: list[int] = field(default_factory=list)
    rows: Sequence[Sequence[str]] = field(default_factory=list)
    short: dict[int, int] = field(default_factory=dict)
    """Lines with fewer cells than the header, and how many they have."""
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    """Without the blank lines."""
    blank: array[int] = field(default_factory=lambda: array("q"))
    """Lines with nothing in any cell, ascending: a sheet formatted further than it is filled has a million."""
    totals: list[Total] = field(default_factory=list)
    about: str = ""
    """The title among the rows above this chunk that names their day (of a second page, of a day's rows)."""
    days: list[tuple[int, str]] = field(default_factory=list)
    """Lines with such titles in this chunk, and what they say."""
    last_line: int = 0
    """The last physical line this chunk covers: what `after_line` takes to go on behind it."""
    bytes_read: int = 0
    """How far the file has been read, for progress."""

    def left_out(self) -> list[Skipped]:
        """All lines that are no data, blank ones too, in order."""
        return sorted([*self.skipped, *(Skipped(line, BLANK) for line in self.blank)], key=attrgetter("line"))


@dataclass(slots=True)
class Course:
    """What is carried from one stretch of lines to the next."""

    elsewhere: bool = False
    """Inside another table."""
    about: str = ""
    """The last title among the rows that names their day."""
    rows: int = 0
    since: int = 0
    """Data rows since the start, and since the last total."""
    parts: bool = False
    """A subtotal has been seen."""


def merge(chunk: Chunk, first: int, places: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
    """Put plain rows among the odd ones the chunk has already, in order of lines."""
    if isinstance(places, range):
        lines = list(range(first + places.start, first + places.stop))
    else:
        lines = [first + place for place in places]
    if not chunk.lines:
        chunk.lines, chunk.rows = lines, rows
        return
    if not lines:
        return
    # Two ascending runs, the first one short.
    odd_lines, odd_rows = chunk.lines, columns_of(chunk.rows)
    at = [bisect_left(lines, line) for line in odd_lines]
    chunk.lines = _woven(lines, odd_lines, at)
    chunk.rows = Rows([_woven(*of, at) for of in zip(columns_of(rows), odd_rows, strict=True)])


def _woven(column: Sequence[T], more: Sequence[T], at: Sequence[int]) -> list[T]:
    """A column with some values more, each before what is at its place."""
    kept: list[T] = []
    start = 0
    for value, place in zip(more, at, strict=True):
        kept += column[start:place]
        kept.append(value)
        start = place
    kept += column[start:]
    return kept


def count(chunk: Chunk, course: Course) -> None:
    """Fill in what each total sums, and go on counting."""
    before = 0
    if chunk.totals:
        data = sorted(chunk.lines + [problem.line for problem in chunk.problems])
        for i, total in enumerate(chunk.totals):
            at = bisect_left(data, total.line)
            course.rows += at - before
            course.since += at - before
            before = at
            grand = Margin.grand(total.cells)
            everything = course.parts if grand is None else grand
            chunk.totals[i] = Total(total.line, total.cells, course.rows if everything else course.since)
            course.parts = course.parts or grand is False
            course.since = 0
    rest = len(chunk.lines) + len(chunk.problems) - before
    course.rows += rest
    course.since += rest


def after(chunk: Chunk, line: int) -> Chunk:
    """The chunk without the lines up to `line`."""
    keep = bisect_left(chunk.lines, line + 1)
    if keep:
        chunk.lines, chunk.rows = chunk.lines[keep:], chunk.rows[keep:]
    chunk.skipped = [s for s in chunk.skipped if s.line > line]
    chunk.blank = chunk.blank[bisect_left(chunk.blank, line + 1) :]
    chunk.problems = [p for p in chunk.problems if p.line > line]
    chunk.totals = [t for t in chunk.totals if t.line > line]
    for at, said in chunk.days:
        if at <= line:
            chunk.about = said
    chunk.days = [day for day in chunk.days if day[0] > line]
    return chunk


def upto(chunk: Chunk, line: int) -> Chunk:
    """The chunk up to `line`."""
    if chunk.last_line <= line:
        return chunk
    keep = bisect_left(chunk.lines, line + 1)
    return Chunk(
        chunk.lines[:keep],
        chunk.rows[:keep],
        {short: cells for short, cells in chunk.short.items() if short <= line},
        [p for p in chunk.problems if p.line <= line],
        [s for s in chunk.skipped if s.line <= line],
        chunk.blank[: bisect_left(chunk.blank, line + 1)],
        [t for t in chunk.totals if t.line <= line],
        chunk.about,
        [day for day in chunk.days if day[0] <= line],
        line,
        chunk.bytes_read,
    )


def renumber(chunk: Chunk, numbers: Sequence[int]) -> None:
    """Lines that were counted without others get their own numbers: `numbers[counted]`."""

    def told(of: list[L]) -> list[L]:
        return [replace(one, line=numbers[one.line]) for one in of]

    chunk.lines = [numbers[line] for line in chunk.lines]
    chunk.blank = array("q", [numbers[line] for line in chunk.blank])
    chunk.short = {numbers[line]: cells for line, cells in chunk.short.items()}
    chunk.days = [(numbers[line], said) for line, said in chunk.days]
    chunk.skipped = [Skipped(numbers[line], why) for line, why in chunk.skipped]
    chunk.problems, chunk.totals = told(chunk.problems), told(chunk.totals)
    chunk.last_line = numbers[chunk.last_line]


def by_day(chunk: Chunk) -> list[Chunk]:
    """The chunk in stretches of one day each; lines that are skipped stay with the whole."""
    parts: list[Chunk] = []
    about, begin = chunk.about, 0
    for line, said in [*chunk.days, (chunk.last_line + 1, "")]:
        first, last = bisect_left(chunk.lines, begin), bisect_left(chunk.lines, line)
        problems = [p for p in chunk.problems if begin <= p.line < line]
        totals = [t for t in chunk.totals if begin <= t.line < line]
        if first < last or problems or totals or about:
            lines, rows = chunk.lines[first:last], chunk.rows[first:last]
            part = Chunk(lines, rows, chunk.short, problems, totals=totals, about=about, last_line=line - 1)
            parts.append(part)
        about, begin = said, line
    return parts
