"""Where a table begins in its first lines: delimiter and header; whether its last row is cut short."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest

from commandpost.contract.values.text import header as normal
from commandpost.intake import dayheads, gateheads
from commandpost.intake.marginal import Margin
from commandpost.intake.rows import Row, cells_of, quoted_rows

DELIMITERS = (",", "\t", ";", "，", "|")
_SEP = re.compile(r'\s*"?sep=(.)"?[\s,;]*', re.IGNORECASE)
_NAMES = re.compile(r"^[^(（\[【<《]*[^\W_]|^\s*[(（\[【].*[^\x00-\x7f].*[)）\]】]\s*$")
"""A name, or 体温's (℃) below it: not a dash, nor a bracket that a cell of data may begin with."""
NEIGHBOURS = 20
"""Rows the last one is compared with."""


@dataclass(frozen=True, slots=True)
class Found:
    """A header, and the rows above it."""

    delimiter: str
    header: Row
    """Of two lines (names below the names of their groups): the names that are meant."""
    above: list[Row]
    parts: tuple[Row, ...]
    """The lines a header of two lines was made of."""
    separator: bool
    """The first line says `sep=…`."""
    score: tuple[int, int]


def find_header(lines: list[str], depth: int, known: frozenset[str]) -> Found:
    """The likeliest delimiter and header: most known columns, at most `depth` lines down; when none is
    known the first row as wide as most of the delimiter that makes the most even table."""
    sep = _SEP.fullmatch(lines[0]) if lines else None
    if sep is not None and (found := _look(lines, True, depth, sep[1], known)).score[0]:
        return found
    # The comma first: of equals it is the one, also where nothing delimits anything.
    there = [one for one in DELIMITERS if one == DELIMITERS[0] or any(one in line for line in lines)]
    return max(
        (_look(lines, sep is not None, depth, one, known) for one in there), key=lambda found: found.score
    )


def _look(lines: list[str], separator: bool, depth: int, delimiter: str, known: frozenset[str]) -> Found:
    rows: list[Row] = []
    start = int(separator)
    for row in _rows(lines, start, delimiter):
        if row.index > start + depth and rows:
            break
        rows.append(row)
    rows = rows or [Row(start, 1, [""], False)]
    hits = [_hits(row.cells, known) for row in rows]
    filled = [sum(map(bool, map(str.strip, row.cells))) for row in rows]
    at = hits.index(max(hits))
    if hits[at]:
        at = _rather_above(rows, filled, hits, at)
    header, score = rows[at], (hits[at], len(rows[at].cells))
    parts: tuple[Row, ...] = ()
    for i, (upper, lower) in enumerate(pairwise(rows)):
        days = dayheads.joined(upper.cells, lower.cells)
        ways = gateheads.joined(upper.cells, lower.cells)
        names = days or ways or _under_groups(upper.cells, lower.cells, known)
        found = _hits(names, known) + (
            dayheads.are_days(names) if days else len(set(lower.cells)) if ways else 0
        )
        if found > score[0] or (found and found == score[0] and at == i and _all_told(upper, lower, known)):
            at, score = i, (found, len(names))
            header, parts = Row(upper.index, upper.lines + lower.lines, names, False), (upper, lower)
    if not score[0]:
        # A title has one filled cell; a row longer than most has a delimiter too many.
        usual, often = Counter([n for n in filled if n > 1] or filled).most_common(1)[0]
        at = next(i for i, n in enumerate(filled) if n >= usual)
        header, score = rows[at], (0, usual * often if usual > 1 else 0)
    return Found(delimiter, header, rows[:at], parts, separator, score)


def _all_told(upper: Row, lower: Row, known: frozenset[str]) -> bool:
    """Whether each name of the lower line makes a known one only with that above it: 进入|时间."""
    both = zip_longest(upper.cells, lower.cells, fillvalue="")
    told = [normal(f"{above.strip()}{below.strip()}") for above, below in both if below.strip()]
    return bool(told) and all(name in known for name in told)


def _rather_above(rows: list[Row], filled: list[int], hits: list[int], at: int) -> int:
    """Where a row of figures is the likeliest header only because a word in it (放行) is also what a column
    may be called: the first row above it that is as wide and holds words alone."""
    if 2 * hits[at] >= filled[at] or not _figures(rows[at].cells):
        return at
    above = (i for i in range(at) if filled[i] >= filled[at] and not _figures(rows[i].cells))
    return next(above, at)


def _figures(cells: Sequence[str]) -> bool:
    return any(sign.isdecimal() for cell in cells for sign in cell)


def _hits(cells: Sequence[str], known: frozenset[str]) -> int:
    figures = _begin_with_figures(known)
    return len(
        {
            name
            for cell in cells
            if cell and (figures or not cell[:1].isdecimal()) and (name := normal(cell)) in known
        }
    )


@lru_cache(16)
def _begin_with_figures(known: frozenset[str]) -> bool:
    """Whether any name does: else a cell that does, and most cells of a table do, is none."""
    return any(name[:1].isdigit() for name in known)


def _under_groups(upper: Sequence[str], lower: Sequence[str], known: frozenset[str]) -> list[str]:
    """The names of a header of two lines, whose merged cells a spreadsheet wrote once: a name below
    (with its group's before it where that is a name too: 体温|早), else the one above. None at all when
    the lower line holds anything but names."""
    names: list[str] = []
    group, said = "", 0
    if _figures(lower):
        return []
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above if above.strip() else group
        if not below.strip():
            names.append(above)
            continue
        both = f"{group.strip()}{below.strip()}"
        names.append(both if normal(both) in known else below)
        said += 1 if normal(names[-1]) in known else -1
        if not _NAMES.search(below):
            return []
    return names if said > 0 else []


def _rows(lines: list[str], start: int, delimiter: str) -> Iterator[Row]:
    quoted = {row.index: row for row in quoted_rows(lines, delimiter, None, last=True)[0]}
    index = start
    while index < len(lines):
        row = quoted.get(index) or Row(index, 1, lines[index].split(delimiter), False)
        yield row
        index += row.lines


def cut_short(lines: list[str], delimiter: str, width: int, margin: Margin) -> bool:
    """Whether the last row of a file without a final line end was not written to its end: it has
    fewer cells than the header and its neighbours, or breaks off inside quotes: a full one in those of its last cell."""
    body = [row for row in _rows(lines, 0, delimiter) if any(cell.strip() for cell in row.cells)]
    if not body:
        return False
    last = body[-1]
    broken_off = last.stray and cells_of(lines[last.index], delimiter)[1] == "open"
    if broken_off and "".join(last.cells[width - 1 : width]).lstrip().startswith('"'):
        return True
    if len(last.cells) >= width or margin.judge(last.cells) != "data":
        return False
    if broken_off:
        return True
    before = [len(row.cells) for row in body[-1 - NEIGHBOURS : -1] if margin.judge(row.cells) == "data"]
    return len(last.cells) < min([width, *before])
