"""Physical lines → cells: line ends, quoting, and what a stray quote costs."""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Literal

LOOK_AHEAD = 100
"""Physical lines a quoted cell may span: a stray quote is given up on after so many."""
LONGEST_LINE = 1 << 22
"""Characters kept of one physical line; the rest of a longer one is dropped."""

State = Literal["whole", "open", "stray"]


@dataclass(slots=True)
class Block:
    """Consecutive complete physical lines, without their ends."""

    first: int
    """Number of the first one, from 1."""
    lines: list[str]
    last: bool
    """Nothing comes behind it."""


def blocks(pieces: Iterator[str]) -> Iterator[Block]:
    """Cut text into blocks of physical lines. CRLF, CR and LF end a line, mixed as they may be;
    nothing else does (not \\x0b, \\x0c, \\x85, U+2028)."""
    rest = ""
    number = 1
    overlong = False
    for piece in pieces:
        if not piece:
            continue
        rest += piece
        held_back = ""
        if "\r" in rest:
            if rest.endswith("\r"):
                # It may be half of a CRLF.
                rest, held_back = rest[:-1], "\r"
            rest = rest.replace("\r\n", "\n").replace("\r", "\n")
        end = rest.rfind("\n")
        if end >= 0:
            lines = rest[:end].split("\n")
            rest = rest[end + 1 :]
            if overlong:
                overlong = False
                lines[0] = lines[0][:LONGEST_LINE]
            yield Block(number, lines, last=False)
            number += len(lines)
        if len(rest) > LONGEST_LINE:
            overlong = True
            rest = rest[:LONGEST_LINE]
        rest += held_back
    lines = rest.replace("\r\n", "\n").replace("\r", "\n").split("\n") if rest else []
    if lines and not lines[-1]:
        lines.pop()
    yield Block(number, lines, last=True)


def cells_of(text: str, delimiter: str) -> tuple[list[str], State]:
    """The cells of one logical row (RFC 4180; blanks before an opening quote allowed).

    `open`: a quoted cell is not closed. `stray`: something stands behind a closing quote, or a
    cell that is not quoted has an odd quote in it other than an inch mark (24"); the cells are then
    those of a plain split.
    """
    if '"' not in text:
        return text.split(delimiter), "whole"
    cells: list[str] = []
    stray = False
    at, end = 0, len(text)
    while True:
        start = at
        while start < end and text[start] in " \t\u3000" and text[start] != delimiter:
            start += 1
        if start < end and text[start] == '"':
            close = _closing(text, start + 1)
            if close < 0:
                return text.split(delimiter), "open"
            cells.append(text[start + 1 : close].replace('""', '"'))
            at = close + 1
            while at < end and text[at] in " \t\u3000" and text[at] != delimiter:
                at += 1
            if at < end and text[at] != delimiter:
                return text.split(delimiter), "stray"
        else:
            stop = text.find(delimiter, at)
            cell = text[at : stop if stop >= 0 else end]
            stray = stray or _odd_quote(cell)
            cells.append(cell)
            at = stop if stop >= 0 else end
        if at >= end:
            return cells, "stray" if stray else "whole"
        at += 1


def _closing(text: str, at: int) -> int:
    """Where the quoted cell that begins at `at` is closed; -1: nowhere."""
    while True:
        close = text.find('"', at)
        if close < 0 or text[close + 1 : close + 2] != '"':
            return close
        at = close + 2


def _odd_quote(cell: str) -> bool:
    if cell.count('"') % 2 == 0:
        return False
    before = cell[: cell.index('"')].rstrip()
    return not before[-1:].isdigit()


@dataclass(frozen=True, slots=True)
class Row:
    """One logical row; `lines` physical lines long."""

    index: int
    lines: int
    cells: Sequence[str]
    stray: bool


def quoted_rows(lines: list[str], delimiter: str, width: int | None, last: bool) -> tuple[list[Row], int]:
    """The rows that begin on a line with a quote in it, and how many lines are settled.

    A quoted cell may span `LOOK_AHEAD` lines; one that is not closed by then, or whose row would
    have more filled cells than `width`, costs its first line alone. When the look-ahead reaches the
    end of `lines` and more comes (`last` False), the lines from there on are not settled.
    """
    rows: list[Row] = []
    index, count = 0, len(lines)
    while index < count:
        line = lines[index]
        if '"' not in line:
            index += 1
            continue
        cells, state = cells_of(line, delimiter)
        if state != "open":
            rows.append(Row(index, 1, cells, state == "stray"))
            index += 1
            continue
        spanned = _spanning(lines, index, delimiter, width)
        if spanned is None and not last and count - index <= LOOK_AHEAD:
            return rows, index
        rows.append(spanned or Row(index, 1, cells, True))
        index += rows[-1].lines
    return rows, count


def _spanning(lines: list[str], index: int, delimiter: str, width: int | None) -> Row | None:
    text = lines[index]
    for more in range(1, min(LOOK_AHEAD, len(lines) - index)):
        line = lines[index + more]
        text += "\n" + line
        if '"' not in line:
            continue
        cells, state = cells_of(text, delimiter)
        if state == "stray" or len(text) > LONGEST_LINE:
            return None
        if state == "whole":
            if width is not None and any(cell.strip() for cell in cells[width:]):
                return None
            return Row(index, more + 1, cells, False)
    return None


@cache
def _faultless(delimiter: str) -> re.Pattern[str]:
    cell = rf'(?:"(?:[^"\n]++|"")*+"|[^"\n{re.escape(delimiter)}]*+)'
    row = rf"{cell}(?:{re.escape(delimiter)}{cell})*+"
    return re.compile(rf"{row}(?:\n{row})*+")


def faultless(lines: list[str], delimiter: str) -> bool:
    """Whether each line is one row, its quoting without a fault."""
    text = "\n".join(lines)
    return '"' not in text or _faultless(delimiter).fullmatch(text) is not None


def by_reader(lines: list[str], delimiter: str) -> list[list[str]] | None:
    """All lines through the csv module, when each of them is one row with faultless quoting: files
    that quote every cell are read several times faster."""
    if not faultless(lines, delimiter):
        return None
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        # A cell over csv's own limit of 131,072 characters.
        return None
    return rows if len(rows) == len(lines) else None


def flat_of(lines: list[str], delimiter: str) -> str:
    """Lines as one text, with a cell of their own for the line ends: so all are split at once."""
    return f"{delimiter}\n{delimiter}".join(lines)


def even(flat: str, delimiter: str, width: int, lines: int) -> list[str] | None:
    """The cells of a flat text when each of its lines has `width`: every line end is then where it must be.
    (Counting the cells of each line would cost half as much again as splitting all.)"""
    cells = flat.split(delimiter) if lines else []
    ends = cells[width :: width + 1]
    whole = len(cells) == lines * (width + 1) - 1 and ends.count("\n") == len(ends)
    return cells if whole or not lines else None


def split(lines: list[str], delimiter: str, width: int) -> list[list[str]] | None:
    """The columns of lines without a quote that all have `width` cells; else None."""
    flat = flat_of(lines, delimiter)
    cells = None if '"' in flat else even(flat, delimiter, width, len(lines))
    return None if cells is None else [cells[i :: width + 1] for i in range(width)]


def left(blocks: Iterator[Block], known: bytearray, numbers: array[int]) -> Iterator[Block]:
    """Only the lines whose number is 0 in `known` (a byte a line), counted anew from 1; `numbers` is told what
    each was: `numbers[new]`. What `known` does not reach is left."""
    numbers.append(0)
    for block in blocks:
        marks = known[block.first : block.first + len(block.lines)].translate(_TURNED)
        marks += b"\1" * (len(block.lines) - len(marks))
        first = len(numbers)
        numbers.extend(compress(range(block.first, block.first + len(block.lines)), marks))
        yield Block(first, [*compress(block.lines, marks)], block.last)


_TURNED = bytes([1, *bytes(255)])
