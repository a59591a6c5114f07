"""Text → header and rows with physical line numbers.

table = open_table(file, decoded, settings.intake, known_headers(KINDS))
if isinstance(table, Held | Refused): …
for chunk in table.chunks(2000, after_line=drop.lines_done): …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from commandpost.contract.reading import Code
from commandpost.intake.decode import Decoded, Held, Refused
from commandpost.settings import Intake
from commandpost.words import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot become a row: it goes back to its team (codes columns, quote, encoding, too-long)."""

    line: int
    code: Code
    reason: Message
    cells: tuple[str, ...]
    """The line as it came, split as well as it can be (may be longer or shorter than the header)."""


@dataclass(frozen=True, slots=True)
class Skipped:
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
    rows: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    last_line: int = 0
    """The last physical line this chunk covers: what `after_line` takes to go on behind it."""
    bytes_read: int = 0
    """How far the file has been read, for progress."""


@dataclass(slots=True)
class Table:
    """A table found in a file. It reads from the file it was opened with."""

    header: tuple[str, ...]
    """The header's cells as written."""
    header_line: int
    """Physical line, 1-based; `chunks` says the lines up to it in the first chunk's `skipped`."""
    delimiter: str
    encoding: str
    titles: tuple[str, ...]
    """The filled cells above the header, a line each."""

    def sheet_date(self, received: date, name: str = "") -> date | None:
        """The one day the titles (else the file's name) are about; a day without a year is the
        last such day up to `received` + 7 days."""
        raise NotImplementedError

    def chunks(self, size: int, after_line: int = 0) -> Iterator[Chunk]:
        """The table in chunks of about `size` lines, in order, without the lines up to `after_line`.

        May be called again: it starts at the beginning of the file each time.
        """
        raise NotImplementedError


def open_table(
    file: BinaryIO, decoded: Decoded, limits: Intake, known: frozenset[str]
) -> Table | Held | Refused:
    """Find delimiter and header in the first lines, and whether the last row is cut short (held).

    `known` are normalised header texts of all kinds (`recognise.known_headers`). Without any known
    header the widest of the first rows is taken as the header, for a person to see.
    """
    raise NotImplementedError
