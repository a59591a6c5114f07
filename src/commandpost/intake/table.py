"""Text → header and rows with physical line numbers.

    table = open_table(file, decoded, settings.intake, known_headers(KINDS))
    if isinstance(table, Held): …
    for chunk in table.chunks(2000, after_line=drop.lines_done): …

Lines that are plain (no quote, as many cells as the header, a first cell that begins like a number or
a name) are split together at C speed; every other line is looked at by itself.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import BinaryIO

from commandpost.contract.rows import Rows, without
from commandpost.intake import decode
from commandpost.intake.chunk import (
    Chunk,
    Course,
    Problem,
    Skipped,
    Total,
    after,
    count,
    merge,
    renumber,
)
from commandpost.intake.decode import Decoded, Held, held
from commandpost.intake.find import cut_short, find_header
from commandpost.intake.marginal import Margin, date_in
from commandpost.intake.problems import problem_of, sound
from commandpost.intake.rows import (
    LOOK_AHEAD,
    Block,
    Row,
    blocks,
    by_reader,
    even,
    flat_of,
    left,
    quoted_rows,
)
from commandpost.intake.stated import Stated, stated_in
from commandpost.settings import Intake
from commandpost.words import Message, message

__all__ = ["Chunk", "Problem", "Skipped", "Table", "Total", "open_table"]

TAIL = 1 << 16
"""Bytes at the end of a file that are looked at for a row cut short."""
HEAD = 1 << 20
"""Characters at its start that are looked at for the header."""

CELLS = 4_000_000
"""Of a chunk: short rows below a wide header are all as wide as it, 8 bytes a cell."""
WIDEST = 2_048
"""Columns: no form has half as many, and each is a cell of every row below; what is filled beyond is too much
for the header."""


@dataclass(slots=True)
class Table:
    """A table found in a file. It reads from the file it was opened with."""

    header: tuple[str, ...]
    """The header's cells as written."""
    header_line: int
    """Physical line, 1-based; the lines above it are in the first chunk's `skipped`."""
    delimiter: str
    encoding: str
    titles: tuple[str, ...]
    """The filled cells above the header."""
    stated: tuple[Stated, ...]
    """What the titles say under names of columns."""
    body: int
    """Physical lines up to the header's last."""
    _file: BinaryIO
    _decoded: Decoded
    _limits: Intake
    _known: frozenset[str]
    _parts: tuple[tuple[str, ...], ...]
    _above: tuple[Skipped, ...]
    known: bytearray | None = None
    """By line: 1 where what it says is known, so that `chunks` leaves it out."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self._decoded.size

    def lines(self) -> Iterator[Block]:
        """Its physical lines, from the first."""
        return blocks(decode.text(self._file, self._decoded))

    def like(self, file: BinaryIO, decoded: Decoded) -> Table:
        """Another file's table, found as this one was."""
        return table_of(file, decoded, self._limits, self._known)

    def tried(self, places: int, bytes_each: int) -> Iterator[list[str]]:
        """The cells of a line at each of `places` all over the file; none where bytes are not a sign's own
        (UTF-16) or no whole line is in as many."""
        if self._decoded.codec.startswith("utf-16"):
            return
        for place in range(places):
            self._file.seek(self.size * place // places)
            text = self._file.read(bytes_each).decode(self._decoded.codec, "ignore")
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            if len(lines) > 2:
                yield lines[len(lines) // 2].split(self.delimiter)

    def sheet_date(self, received: date, name: str = "") -> date | None:
        """The one day the titles (else the file's name) are about; a day without a year is the
        last such day up to `received` + 7 days."""
        return date_in(self.titles, received) or date_in([name], received)

    def chunks(self, size: int, after_line: int = 0) -> Iterator[Chunk]:
        """The table in chunks of `size` physical lines (fewer of a wide one, never less than 200), in order,
        without the lines up to `after_line` (the `last_line` of an earlier chunk, of any size).

        May be called again: it starts at the beginning of the file each time. The last chunk ends
        with the file.
        """
        window = max(min(size, CELLS // len(self.header)), 2 * LOOK_AHEAD)
        margin = Margin(self.header, self._known, self._parts, self.stated)
        course = Course()
        pending: list[str] = []
        first = 1
        above = list(self._above)
        numbers = array("q")
        for block in self.lines() if self.known is None else left(self.lines(), self.known, numbers):
            lines = block.lines
            if block.first <= self.body:
                lines = lines[self.body - block.first + 1 :]
            if not pending:
                first = max(block.first, self.body + 1)
            pending += lines
            while len(pending) >= window or (block.last and (pending or above)):
                part = pending[:window]
                last = block.last and len(part) == len(pending)
                chunk, settled = self._chunk(first, part, last, margin, course)
                chunk.skipped[:0] = above
                above = []
                pending = pending[settled:]
                first += settled
                chunk.last_line = first - 1
                chunk.bytes_read = self._file.tell()
                if numbers:
                    renumber(chunk, numbers)
                    if last:
                        chunk.last_line = max(chunk.last_line, len(self.known or ()) - 1)
                if chunk.last_line > after_line:
                    yield after(chunk, after_line)

    def _chunk(
        self, first: int, lines: list[str], last: bool, margin: Margin, course: Course
    ) -> tuple[Chunk, int]:
        """Lines `first`… as a chunk, and how many of them it covers."""
        places, rows, odd, blank, settled = self._split(lines, last, margin)
        chunk = Chunk(about=course.about)
        fitted: list[Sequence[str]] = []
        elsewhere: list[tuple[int, int]] = []
        left = 0 if course.elsewhere else -1
        for row in odd:
            certain = row.stray or margin.certainly_data(row.cells)
            judged = "data" if certain else margin.judge(row.cells)
            if judged == "another table" and left < 0:
                left = row.index
            elif judged == "repeated header" and left >= 0:
                elsewhere.append((left, row.index))
                left = -1
            line = first + row.index
            if left >= 0:
                chunk.skipped.append(Skipped(line, _said("another table")))
            elif judged == "blank line":
                blank.append(row.index)
            elif judged != "data":
                chunk.skipped.append(Skipped(line, _said(judged)))
                if judged == "total":
                    chunk.totals.append(Total(line, self._fitted(row.cells), 0))
                elif judged == "title":
                    course.about = " ".join(row.cells)
                    chunk.days.append((line, course.about))
            elif problem := problem_of(line, row, len(self.header), self._limits.max_cell, self._decoded):
                chunk.problems.append(problem)
            else:
                if len(row.cells) < len(self.header):
                    chunk.short[line] = len(row.cells)
                chunk.lines.append(line)
                fitted.append(self._fitted(row.cells))
        if left >= 0:
            elsewhere.append((left, settled))
        course.elsewhere = left >= 0
        for start, end in elsewhere:
            a, b = bisect_left(places, start), bisect_left(places, end)
            beside, blank = [i for i in blank if start <= i < end], [i for i in blank if not start <= i < end]
            chunk.skipped += [Skipped(first + i, _said("another table")) for i in (*places[a:b], *beside)]
            places, rows = [*places[:a], *places[b:]], [*rows[:a], *rows[b:]]
        chunk.blank = array("q", [first + i for i in sorted(blank)])
        chunk.rows = fitted
        merge(chunk, first, places, rows)
        chunk.skipped.sort(key=_line)
        count(chunk, course)
        return chunk, settled

    def _split(
        self, lines: list[str], last: bool, margin: Margin
    ) -> tuple[Sequence[int], Sequence[Sequence[str]], list[Row], list[int], int]:
        """(places, rows) of the plain lines, the odd rows in order, the places of blank lines (some are among
        the odd rows), how many lines are settled."""
        width, delimiter = len(self.header), self.delimiter
        settled = len(lines)
        odd: dict[int, Row] = {}
        covered: set[int] = set()
        flat = flat_of(lines, delimiter)
        if '"' in flat:
            read = by_reader(lines, delimiter)
            if read is not None and not self._decoded.mixed:
                return (*self._sifted(range(settled), lines, flat, list(read), margin), [], settled)
            quoted, settled = quoted_rows(lines, delimiter, width, last)
            lines = lines[:settled]
            odd = {row.index: row for row in quoted}
            covered = {row.index + i for row in quoted for i in range(row.lines)}
            flat = flat_of(lines, delimiter)
        blank = self._blank(lines, covered)
        covered.update(blank)
        places: Sequence[int] = range(len(lines))
        if covered:
            aside = sorted(covered)
            places, lines = without(places, aside), list(without(lines, aside))
            flat = flat_of(lines, delimiter)
        uneven: set[int] = set()
        cells = even(flat, delimiter, width, len(lines))
        if cells is None:
            counts = map(str.count, lines, repeat(delimiter))
            uneven.update(i for i, n in enumerate(counts) if n != width - 1)
        if self._decoded.mixed:
            uneven.update(i for i, line in enumerate(lines) if not sound(line))
        if uneven:
            aside = sorted(uneven)
            for i in aside:
                odd[places[i]] = Row(places[i], 1, _cells(lines[i], delimiter, width), False)
            places, lines = without(places, aside), list(without(lines, aside))
            flat = flat_of(lines, delimiter)
            cells = even(flat, delimiter, width, len(lines))
        cells = cells or []
        rows: Sequence[Sequence[str]] = Rows([cells[i :: width + 1] for i in range(width)])
        places, rows, more = self._sifted(places, lines, flat, rows, margin)
        odd.update((row.index, row) for row in more)
        return places, rows, [odd[i] for i in sorted(odd)], blank, settled

    def _blank(self, lines: list[str], covered: Container[int]) -> list[int]:
        """Lines with nothing in any cell: a sheet formatted further than it is filled has a million of them."""
        empty = self.delimiter * (len(self.header) - 1)
        if "" not in lines and empty not in lines:
            return []
        return [i for i, line in enumerate(lines) if (not line or line == empty) and i not in covered]

    def _sifted(
        self,
        places: Sequence[int],
        lines: list[str],
        flat: str,
        rows: Sequence[Sequence[str]],
        margin: Margin,
    ) -> tuple[Sequence[int], Sequence[Sequence[str]], list[Row]]:
        """Rows (one a line) without those to be looked at by themselves, and these."""
        if not rows:
            return places, rows, []
        width, limit = len(self.header), self._limits.max_cell
        out: set[int] = set()
        firsts = rows.columns[0] if isinstance(rows, Rows) else [row[0] if row else "" for row in rows]
        # Most tables begin with a time or a number: then no first cell is a word.
        if max(firsts) >= ":" or min(firsts) < "0":
            words = [i for i, first in enumerate(firsts) if not ("0" <= first < ":" or "０" <= first < "：")]
            out.update(i for i in words if not margin.plain(firsts[i]))
        for letter in margin.telling:
            # One letter is looked for ten times quicker than two.
            if letter[0] in flat and letter in flat:
                out.update(i for i, line in enumerate(lines) if letter in line)
        out.update(margin.numbered(lines))
        if width > 2:
            # A day alone above its rows: one filled cell.
            blank = self.delimiter * (width - 1)
            if f"{blank}{self.delimiter}\n" in flat or lines[-1].endswith(blank):
                out.update(i for i, line in enumerate(lines) if line.endswith(blank))
        if max(map(len, lines)) > limit:
            out.update(i for i, row in enumerate(rows) if any(len(cell) > limit for cell in row))
        if not isinstance(rows, Rows) and set(map(len, rows)) != {width}:
            out.update(i for i, row in enumerate(rows) if len(row) != width)
        if not out:
            return places, rows, []
        aside = sorted(out)
        odd = [Row(places[i], 1, rows[i], False) for i in aside]
        return without(places, aside), without(rows, aside), odd

    def _fitted(self, cells: Sequence[str]) -> tuple[str, ...]:
        width = len(self.header)
        return tuple(cells[:width]) + ("",) * (width - len(cells))


_line = attrgetter("line")


@cache
def _said(judged: str) -> Message:
    return message(judged)


_OTHER_COMMA = {",": "，", "，": ","}


def _cells(line: str, delimiter: str, width: int) -> list[str]:
    """A line without quotes; one typed whole with the other comma (， in a sheet of ,) counts too."""
    cells = line.split(delimiter)
    if len(cells) == 1 and width > 1 and line.count(other := _OTHER_COMMA.get(delimiter, "\0")) == width - 1:
        return line.split(other)
    return cells


def open_table(file: BinaryIO, decoded: Decoded, limits: Intake, known: frozenset[str]) -> Table | Held:
    """The table of a file; held when its last row is cut short."""
    table = table_of(file, decoded, limits, known)
    tail = _tail_lines(file, decoded, table.body)
    if tail and cut_short(tail, table.delimiter, len(table.header), Margin(table.header, known)):
        return held("the last row is cut short: it is looked at again when it changes")
    return table


def table_of(file: BinaryIO, decoded: Decoded, limits: Intake, known: frozenset[str]) -> Table:
    """Find delimiter and header in the first lines.

    `known` are normalised header texts of all kinds (`recognise.known_headers`). Without any known header
    the first row as wide as most is taken as the header, for a person to see.
    """
    lines = _head_lines(file, decoded, limits.header_lines + LOOK_AHEAD)
    found = find_header(lines, limits.header_lines, known)
    header = found.header
    separator = (Skipped(1, message("separator line")),) if found.separator else ()
    return Table(
        header=tuple(header.cells[:WIDEST]),
        header_line=header.index + 1,
        delimiter=found.delimiter,
        encoding=decoded.encoding,
        titles=tuple(cell for row in found.above for cell in row.cells if cell.strip()),
        stated=stated_in([row.cells for row in found.above], known),
        body=header.index + header.lines,
        _file=file,
        _decoded=decoded,
        _limits=limits,
        _known=known,
        _parts=tuple(tuple(row.cells) for row in found.parts),
        _above=(*separator, *(Skipped(row.index + 1, message(_above(row))) for row in found.above)),
    )


def _above(row: Row) -> str:
    return "title" if any(cell.strip() for cell in row.cells) else "blank line"


def _head_lines(file: BinaryIO, decoded: Decoded, enough: int) -> list[str]:
    lines: list[str] = []
    read = 0
    for block in blocks(decode.text(file, decoded)):
        lines += block.lines
        read += sum(map(len, block.lines))
        if len(lines) >= enough or read > HEAD:
            break
    return lines[:enough]


def _tail_lines(file: BinaryIO, decoded: Decoded, body: int) -> list[str]:
    """The last whole lines below the header; none when the file ends with a line end."""
    start = max(decoded.mark, decoded.size - TAIL)
    start += (start - decoded.mark) % 2
    file.seek(start)
    tail = file.read(TAIL + 2).decode(decoded.codec, "replace")
    if tail.endswith(("\n", "\r")):
        return []
    lines = [line for block in blocks(iter([tail])) for line in block.lines]
    return lines[body:] if start == decoded.mark else lines[1:]
