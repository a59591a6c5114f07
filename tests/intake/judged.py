"""What holds for every file whatever is in it, asked of the reader itself: no database, a few ms a file."""

from __future__ import annotations

import io
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, get_args

from tests.intake.clerking import RECEIVED

from commandpost.contract.reading import Code
from commandpost.desks.kinds import KINDS
from commandpost.intake import decode, load
from commandpost.intake.batch import Batch
from commandpost.intake.chunk import Chunk
from commandpost.intake.giveback import is_mended
from commandpost.intake.read import Reader
from commandpost.intake.recognise import Asks, known_headers, recognise
from commandpost.intake.rows import LOOK_AHEAD
from commandpost.intake.sheet import context_of
from commandpost.intake.table import Table, open_table
from commandpost.settings import Gate, Settings

CODES = frozenset(get_args(Code))
SETTINGS = (
    Settings(),
    Settings(gate=(Gate(name="东门"), Gate(name="西门"))),
    Settings.model_validate({"intake": {"max_cell": 40, "header_lines": 3}}),
)
HUNG = 20.0
"""Seconds of CPU for a file of up to a megabyte: twenty times what is promised, so only a loop takes so long."""


class Hung(Exception):
    """A file is still being read after `HUNG` seconds."""


@contextmanager
def watchdog(seconds: float = HUNG) -> Iterator[None]:
    """Raises `Hung` in what takes longer, measured in this process's own CPU time."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def judge(data: bytes, name: str = "a.csv", settings: Settings = SETTINGS[0]) -> str:
    """Reads a file to its last record and asserts what must be true of it; what became of it: `held`,
    `refused`, `asks`, or the name of its kind."""
    file = io.BytesIO(data)
    found = decode.examine(file, settings.intake.max_bytes)
    if not isinstance(found, decode.Decoded):
        assert found.reason.id
        return "held" if isinstance(found, decode.Held) else "refused"
    table = open_table(file, found, settings.intake, known_headers(KINDS))
    if isinstance(table, decode.Held):
        assert table.reason.id
        return "held"
    lines = physical_lines(data, found)
    chunks = list(table.chunks(load.CHUNK))
    every_line_is_one_thing(lines, table, chunks)
    context = context_of(table, settings, RECEIVED, name)
    dated = context.sheet_date is not None
    known = recognise(table.header, KINDS, settings, team="north", name=name, dated=dated)
    if isinstance(known, Asks):
        assert known.reason.id
        return "asks"
    mended = is_mended(table.header)
    reader = Reader(known.kind, dict(known.mapping), table.header, context, mended=mended)
    for chunk in chunks:
        every_row_became_something(chunk, reader.read(chunk), len(lines))
    return known.kind.name


def physical_lines(data: bytes, found: decode.Decoded) -> list[str]:
    """The lines of a file, told by nothing of the reader but the encoding it found."""
    text = data[found.mark :].decode(
        found.codec, "surrogatepass" if "16" in found.codec else "surrogateescape"
    )
    lines = re.split("\r\n|\r|\n", text)
    return lines if lines[-1] else lines[:-1]


def every_line_is_one_thing(lines: list[str], table: Table, chunks: list[Chunk]) -> None:
    """Each physical line is the header, or skipped, or a row, or goes back; or it is inside a quoted cell
    of one that does."""
    at: dict[int, int] = dict.fromkeys(range(table.header_line, table.body + 1), 1)
    last = 0
    for chunk in chunks:
        assert chunk.last_line >= last
        last = chunk.last_line
        width = len(table.header)
        assert len(chunk.lines) == len(chunk.rows)
        assert chunk.lines == sorted(chunk.lines)
        of: list[tuple[int, int]] = [(one.line, 0) for one in chunk.left_out()]
        for line, row in zip(chunk.lines, chunk.rows, strict=True):
            assert len(row) == width
            of.append((line, 1 + sum(cell.count("\n") for cell in row)))
        for problem in chunk.problems:
            assert problem.code in CODES
            assert problem.reason.id
            assert problem.hint is not None
            of.append((problem.line, 0))
        for line, spans in of:
            assert line not in at, f"line {line} is two things"
            at[line] = spans
    # Of a file of nothing but `sep=,` the header would be on a line that is not there.
    assert last == (max(len(lines), table.body) if chunks else 0)
    assert chunks or len(lines) <= table.body
    quoted = 0
    for number, line in enumerate(lines, 1):
        if number in at:
            spans = at[number]
            begins = '"' in line
            # What is skipped or goes back may have lost cells, and a row the blank ones beyond the header, with
            # line ends in them: then only that a quote opened there is known.
            lost = not spans or line.count(table.delimiter) >= len(table.header)
            quoted = number + LOOK_AHEAD if begins and lost else number + max(spans, 1) - 1
        else:
            assert number <= quoted, f"line {number} of {len(lines)} is nothing"
    assert all(line <= max(len(lines), table.body) for line in at)


def every_row_became_something(chunk: Chunk, batch: Batch, lines: int) -> None:
    """A row has records or goes back, never both; what goes back says why."""
    assert batch.rows == len(chunk.rows) + len(chunk.problems)
    rows = {*chunk.lines, *(problem.line for problem in chunk.problems)}
    assert len(rows) == batch.rows
    back = [one.line for one in batch.rejected]
    assert len(set(back)) == len(back), "a row goes back once"
    kept = {record[0] for record in batch.records}
    assert kept.isdisjoint(back), "what goes back has no record"
    assert kept | set(back) == rows, "every row is something"
    for finding in batch.rejected:
        assert finding.code in CODES
        assert finding.reason.id
        assert finding.hint is not None
    for finding in batch.warnings:
        assert 1 <= finding.line <= lines
        assert finding.reason.id


def outcome(report: dict[str, Any]) -> dict[str, Any]:
    """What `check` and `import` must both say; the number of a drop that asks only `import` can."""
    return {name: said for name, said in report.items() if name not in ("file", "values", "drop")}
