"""A sheet whose rows its team said before, at other places: sorted anew, the newest first, saved in another
encoding, changed here and there.

Most of its lines are then, letter for letter, lines of the team's last drop. They are found by their hashes,
their versions are said again in bulk, and only the others are read. It is so for tables whose rows stand each
by itself: nothing filled down, no time without its day, no titles or totals among them.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session, select

from commandpost.contract.kind import Kind
from commandpost.contract.rows import columns_of
from commandpost.intake import decode, giveback
from commandpost.intake.before import judged_alike, last_of
from commandpost.intake.chunk import Chunk
from commandpost.intake.decode import Decoded
from commandpost.intake.load import CHUNK
from commandpost.intake.matching import matched
from commandpost.intake.read import Reader
from commandpost.intake.report import Tally
from commandpost.intake.rows import faultless, split
from commandpost.intake.table import Table
from commandpost.places import PostPlaces
from commandpost.store.again import any_known, state_lines, versions_by_line
from commandpost.store.records import Drop, Reject
from commandpost.store.writing import Writing

SMALLEST = 1 << 20
"""Bytes: a smaller sheet is compared in less than a second."""
MOST_LINES = 2_000_000
"""Of either sheet: 36 bytes are held for each."""
_STATED = 20_000
"""Rows a transaction: an officer who writes waits for it."""
_KEPT = 50_000
"""Rows to be read that are held meanwhile; of more the file is gone through again."""
_LOOKS, _LOOK = 24, 1 << 13
"""Places of a sheet at which a line is tried, and bytes read there (a line may be as long)."""


@dataclass(slots=True)
class Rearranged:
    """The rows of a sheet that are those of an earlier drop."""

    last: Drop
    versions: array[int]
    """By line of the earlier drop."""
    at: array[int]
    """By line of the earlier drop: the line of this sheet; 0: none."""
    known: bytearray
    """By line of this sheet: 1 where it need not be read."""
    left: list[Chunk]
    """The rows that are to be read, where they are few."""

    def portions(self) -> Iterator[tuple[list[int], list[int]]]:
        """(lines of this sheet, the versions they say again), some at a time."""
        for begin in range(0, len(self.at), _STATED):
            at = self.at[begin : begin + _STATED]
            versions = self.versions[begin : begin + _STATED]
            lines = [line for line in at if line]
            if lines:
                yield lines, [version for line, version in zip(at, versions, strict=True) if line]

    def state(self, writing: Writing, kind: Kind, lines: list[int], records: list[int]) -> Tally | None:
        """Says a portion; None when the earlier drop was undone meanwhile: then its rows are to be read."""
        if not writing.source(self.last.id).stands:
            for line in lines:
                self.known[line] = 0
            self.left = []
            return None
        state_lines(writing, kind.table, lines, records)
        return Tally(rows=len(lines), records=len(lines), duplicate=len(lines))


def rearranged(
    engine: Engine, places: PostPlaces, table: Table, reader: Reader, team: str, settings_sha: str
) -> Generator[None, None, Rearranged | None]:
    """The last drop of this team and kind when most lines of `table` are its lines and mean the same here; a
    step is a fraction of a second."""
    kind = reader.kind
    if kind.rule != "log" or kind.moves is not None or table.size < SMALLEST:
        return None
    last = last_of(engine, team, kind, settings_sha)
    if last is None or last.encoding == "xlsx" or last.lines_done > MOST_LINES:
        return None
    if not _may_be_known(engine, table, reader):
        return None
    try:
        with open(giveback.archived(places, last.sha256), "rb") as file:
            decoded = decode.examine(file, sys.maxsize)
            if not isinstance(decoded, Decoded) or 2 * decoded.size < table.size:
                return None
            before = table.like(file, decoded)
            head = (table.header, table.delimiter, table.stated)
            if (before.header, before.delimiter, before.stated) != head:
                return None
            if not judged_alike(last, before, reader.context):
                return None
            hashes = yield from _hashes(before, reader)
    except FileNotFoundError:
        return None
    if hashes is None or len(hashes) != last.lines_done + 1 or not _rows_alone(hashes, before, last):
        return None
    mine = yield from _hashes(table, None)
    if mine is None:
        return None
    versions = yield from versions_by_line(engine, kind.table, last.id, last.lines_done)
    if versions is None:
        return None
    for line in _doubted(engine, last):
        versions[line] = 0
    yield
    at = yield from matched(hashes, mine, versions, (before.body + 1, table.body + 1))
    known = bytearray(len(mine))
    for line in filter(None, at):
        known[line] = 1
    if 2 * sum(known) < len(mine):
        return None
    del hashes, mine
    left = yield from _left(table, known, reader)
    return None if left is None else Rearranged(last, versions, at, known, left)


def _may_be_known(engine: Engine, table: Table, reader: Reader) -> bool:
    """Whether most of a few rows, tried from all over the sheet, have keys that are known."""
    rows = [cells for cells in table.tried(_LOOKS, _LOOK) if len(cells) == len(table.header)]
    if not rows:
        return False
    aside = Reader(reader.kind, reader.mapping, table.header, reader.context)
    batch = aside.read(Chunk(list(range(1, len(rows) + 1)), rows))
    found = any_known(engine, reader.kind.table, batch.records)
    return 2 * found > len(batch.records)


def _hashes(table: Table, reader: Reader | None) -> Generator[None, None, array[int] | None]:
    """Of each line, by its number; None for a sheet that cannot be taken line by line, or of which (asked of
    `reader`) a row needs another.

    Python's own hash: 64 bits, with a secret of this process, so nobody can make two lines alike.
    """
    width = len(table.header)
    hashes = array("q", [0])
    for n, block in enumerate(table.lines()):
        lines = block.lines
        if len(hashes) + len(lines) > MOST_LINES or not faultless(lines, table.delimiter):
            return None
        hashes.extend(map(hash, lines))
        body = lines[max(0, table.body + 1 - block.first) :]
        if body and reader is not None and reader.leans:
            columns = split(body, table.delimiter, width)
            if columns is None or not reader.by_itself(columns):
                return None
        if n % 8 == 0:
            yield
    return hashes


def _rows_alone(hashes: array[int], before: Table, last: Drop) -> bool:
    """Whether below the header of an earlier drop there was nothing but rows and blank lines."""
    body = hashes[before.body + 1 :]
    blank = {"", before.delimiter * (len(before.header) - 1)}
    return last.rows + sum(body.count(hash(line)) for line in blank) == len(body)


def _doubted(engine: Engine, last: Drop) -> Sequence[int]:
    """Lines that went back or were warned of: they are told again, so they are read again."""
    with Session(engine) as session:
        return session.exec(select(Reject.line).where(Reject.drop_id == last.id)).all()


def _left(table: Table, known: bytearray, reader: Reader) -> Generator[None, None, list[Chunk] | None]:
    """The rows that are to be read, or the first of them; None where one needs what is above it, or anything
    but rows is among them."""
    kept: list[Chunk] = []
    rows = 0
    table.known = known
    try:
        for chunk in table.chunks(CHUNK):
            if chunk.totals or chunk.days or any(line > table.body for line, _ in chunk.skipped):
                return None
            if chunk.rows and not reader.by_itself(columns_of(chunk.rows)):
                return None
            rows += len(chunk.rows)
            if rows <= _KEPT:
                kept.append(chunk)
            yield
    finally:
        table.known = None
    return kept if rows <= _KEPT else []
