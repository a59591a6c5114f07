"""Runs of repeats: rows of a source that say again what versions say which follow one another.

Rows that follow one another too are kept by the first one's line. A sheet in another order has them anywhere:
then the line of each is kept, nine digits after nine. Row by row such a sheet took a repeat of its own for each
line: 3 µs and 75 bytes instead of a tenth of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from commandpost.store.bulk import apart, put
from commandpost.store.writing import Writing

MAX_RUN = 128
"""A run is at most this long: it bounds how far before a version its runs can begin."""
_DIGITS = 9
LINE = (
    "CASE r.lines WHEN '' THEN r.line + ({version} - r.record) "
    f"ELSE CAST(substr(r.lines, CAST(({{version}} - r.record) * {_DIGITS} + 1 AS INTEGER), {_DIGITS}) "
    "AS BIGINT) END"
)
"""The line at which the repeats `r` state `{version}`, in SQL."""
RUNS = "SELECT line, record, n, said_at, lines FROM repeat WHERE source_id = ? AND table_name = ?"
"""All runs of a source in a table, as `Run` has them."""


class Run(NamedTuple):
    """Rows state (again) versions `record…record+n-1`."""

    line: int
    """Of the first one; those of the others follow, where `lines` is empty."""
    record: int
    n: int
    said_at: int | None
    lines: str = ""
    """The line of each, where they do not follow one another."""

    def numbers(self) -> Sequence[int]:
        """The line of each."""
        if not self.lines:
            return range(self.line, self.line + self.n)
        return [int(self.lines[at : at + _DIGITS]) for at in range(0, len(self.lines), _DIGITS)]


def run_of(lines: Sequence[int], first: int) -> Run:
    """These lines state versions `first`…"""
    n = len(lines)
    if [*lines] == [*range(lines[0], lines[0] + n)]:
        return Run(lines[0], first, n, None)
    return Run(lines[0], first, n, None, f"%0{_DIGITS}d" * n % tuple(lines))


def put_runs(writing: Writing, table: str, runs: Sequence[Run]) -> None:
    """Stores runs of this transaction's source; those that are too long in pieces."""
    pieces: Sequence[tuple[Any, ...]] = runs
    if any(run.n > MAX_RUN for run in runs):
        pieces = [
            (run.line + at, run.record + at, min(MAX_RUN, run.n - at), run.said_at, "")
            for run in runs
            for at in range(0, run.n, MAX_RUN)
        ]
    if not pieces:
        return
    first = (writing.run("SELECT max(id) FROM repeat").fetchone()[0] or 0) + 1
    fixed = {"table_name": table, "source_id": writing.source_id, "tick": writing.tick}
    varying, same = apart(Run._fields, list(zip(*pieces, strict=True)))
    put(writing, "repeat", varying, same | fixed, (("id",), first))
