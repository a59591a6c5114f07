"""How a delimited file is read before anybody asks what it is: the object of `check --table`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from commandpost.desks.kinds import KINDS
from commandpost.intake import decode
from commandpost.intake.chunk import Chunk
from commandpost.intake.load import CHUNK
from commandpost.intake.recognise import known_headers
from commandpost.intake.table import Table, table_of
from commandpost.settings import Settings
from commandpost.words import Message, Words

_ANY_LENGTH = 1 << 31
"""Characters of a cell: what is shown as it is read has no limit of its own."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The file as a whole is held or refused."""

    verdict: str
    why: Message


@dataclass(slots=True)
class Tabled:
    """A table, and how its physical lines ended."""

    table: Table
    _file: BinaryIO
    _decoded: decode.Decoded
    _ends: list[str] | None = None

    def ends(self, first: int, lines: int) -> list[str]:
        """The line ends of some lines (1-based) as they are in the file. Found for all at the first call."""
        if self._ends is None:
            at = self._file.tell()
            self._ends = list(_line_ends(decode.text(self._file, self._decoded)))
            self._file.seek(at)
        return self._ends[first - 1 : first - 1 + lines]


_END = re.compile("\r\n|\r|\n")


def _line_ends(pieces: Iterator[str]) -> Iterator[str]:
    half = ""
    for piece in pieces:
        text = half + piece
        half = "\r" if text.endswith("\r") else ""
        for found in _END.finditer(text, 0, len(text) - len(half)):
            yield sys.intern(found[0])
    if half:
        yield half


def read_as_table(file: BinaryIO, settings: Settings) -> Tabled | Unread:
    """The table in `file` (seekable, binary), whose kind nobody asks."""
    found = decode.examine(file, settings.intake.max_bytes)
    if isinstance(found, decode.Decoded):
        limits = settings.intake.model_copy(update={"max_cell": _ANY_LENGTH})
        return Tabled(table_of(file, found, limits, known_headers(KINDS)), file, found)
    return Unread("held" if isinstance(found, decode.Held) else "refused", found.reason)


def told(file: str, read: Tabled | Unread, words: Words) -> Iterator[tuple[str, Any]]:
    """Key and value of each member of the object, in order; `rows` and `skipped` are iterators, each to be
    used up before the next member is asked for.

    `{file, encoding, delimiter, header_line, header, rows: [{line, cells}], skipped: [{line, why}]}`: lines are
    physical, 1-based; cells are as written, as many as the line has; a line that could not become a row has
    its `code` beside them. Of a file held or refused: `{file, verdict, why}`.
    """
    yield "file", file
    if isinstance(read, Unread):
        yield "verdict", read.verdict
        yield "why", words.say(read.why)
        return
    table = read.table
    yield "encoding", table.encoding
    yield "delimiter", table.delimiter
    yield "header_line", table.header_line
    yield "header", list(table.header)
    skipped: list[Chunk] = []
    yield "rows", _rows(read, skipped)
    yield (
        "skipped",
        ({"line": one.line, "why": words.say(one.why)} for part in skipped for one in part.left_out()),
    )


def _rows(read: Tabled, skipped: list[Chunk]) -> Iterator[dict[str, Any]]:
    """`skipped`: gets the lines of each chunk that are no rows."""
    for chunk in read.table.chunks(CHUNK):
        skipped.append(Chunk(skipped=chunk.skipped, blank=chunk.blank))
        yield from _rows_of(read, chunk)


def _rows_of(read: Tabled, chunk: Chunk) -> Iterator[dict[str, Any]]:
    """In order of their lines: those that became rows, and the others as well as they could be split."""
    found: list[dict[str, Any]] = [
        {"line": line, "cells": _as_written(read, line, row[: chunk.short.get(line)])}
        for line, row in zip(chunk.lines, chunk.rows, strict=True)
    ]
    if chunk.problems:
        found += [
            {"line": one.line, "cells": _as_written(read, one.line, one.cells), "code": one.code}
            for one in chunk.problems
        ]
        found.sort(key=lambda one: int(one["line"]))
    yield from found


def _as_written(read: Tabled, line: int, cells: Sequence[str]) -> list[str]:
    """Cells with the line ends inside them that the file has; the reader makes all of them LF."""
    said = list(cells)
    breaks = sum(cell.count("\n") for cell in said)
    if not breaks:
        return said
    ends = iter(read.ends(line, breaks))
    return ["".join(next(ends) if sign == "\n" else sign for sign in cell) for cell in said]
