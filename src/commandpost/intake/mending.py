"""Which rows that went back a drop mends.

A row that went back is mended when a later drop of its team takes the same row: in a returned file by the
number in 行号, in the sheet it came from by its place. It is the same row where half of its filled cells are
(a quarter beside a 行号, if no other's are more). It stays mended as long as the drop that mended it stands.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from commandpost.contract.values.text import clean
from commandpost.intake.batch import Batch
from commandpost.intake.chunk import Chunk
from commandpost.intake.finding import Finding
from commandpost.intake.giveback import added_columns, line_column, line_number
from commandpost.store.engine import asked
from commandpost.store.returning import Counted
from commandpost.store.writing import Writing

MOST = 20_000
"""Rows of one team and kind that are waited for; the oldest beyond are no longer looked for."""
_LIKE, _LIKE_RETURNED = 0.5, 0.25
"""Of a row's filled cells, those that are still the same; with 行号 beside it there is less to doubt."""

_GONE = (
    'SELECT r.id, r.sha256, r.drop_id, r.line, r.warning, r."column", r.cells, '
    "CASE WHEN m.stands THEN m.id ELSE 0 END "
    'FROM reject r JOIN "drop" d ON d.id = r.drop_id LEFT JOIN source m ON m.id = r.mended_by '
    "WHERE d.team = ? AND d.kind = ? AND d.id <> ? AND r.fresh AND r.cells <> ''"
)
_OF_TEAM = f"{_GONE} ORDER BY r.id DESC LIMIT {MOST}"
_OF_PATH = (
    f"{_GONE} AND (m.id IS NULL OR NOT m.stands) AND d.path = ? AND d.sheet = ? "
    f"ORDER BY r.id DESC LIMIT {MOST}"
)


@dataclass(frozen=True, slots=True)
class Gone:
    """A `Reject` that went back."""

    id: int
    sha256: str
    drop: int
    line: int
    """In the file of that drop."""
    warning: bool
    column: str
    cells: tuple[str, ...]
    mended_by: int
    """The standing drop that took its row mended; 0: it is open."""
    number: int
    """Its line in the sheet it came from, whatever was returned since."""


class Mending:
    """What a drop may mend of what went back to its team before."""

    def __init__(
        self,
        engine: Engine,
        team: str,
        kind: str,
        path: str,
        sheet: str,
        header: Sequence[str],
        drop: int = 0,
    ) -> None:
        """`drop`: the one at hand, where it was broken off and is gone on with."""
        self._line = line_column(header)
        """Of a returned file."""
        self._gone: dict[int, list[Gone]] = {}
        found = (
            asked(engine, _OF_PATH, (team, kind, drop, path, sheet))
            if self._line is None
            else asked(engine, _OF_TEAM, (team, kind, drop))
        )
        added, width = frozenset(added_columns(header).values()), len(header)
        for id_, sha, of, line, warning, column, told, by in found:
            cells = json.loads(told)
            number = line
            if self._line is not None and len(cells) >= width:
                # It went back from a returned file itself: its number is that of its own sheet.
                number = line_number(cells, self._line) or line
                cells = [cell for i, cell in enumerate(cells) if i not in added]
            one = Gone(id_, sha, of, line, bool(warning), column, _plain(cells), by, number)
            self._gone.setdefault(number, []).append(one)

    def of(self, chunk: Chunk) -> dict[int, list[Gone]]:
        """Physical line → the rejects of the row that is there, for the rows of a chunk that went back."""
        if not self._gone:
            return {}
        return {line: gone for line, cells, found in self._rows(chunk) if (gone := self._same(found, cells))}

    def _rows(self, chunk: Chunk) -> Iterator[tuple[int, Sequence[str], list[Gone]]]:
        """The rows of a chunk that may have gone back: (physical line, cells, what they may be)."""
        if self._line is not None:
            for line, row in zip(chunk.lines, chunk.rows, strict=True):
                if found := self._gone.get(line_number(row, self._line)):
                    yield line, row, found
            for problem in chunk.problems:
                if found := self._gone.get(line_number(problem.cells, self._line)):
                    yield problem.line, problem.cells, found
            return
        # By place: of a million rows only the few in question are looked at.
        for line, found in self._gone.items():
            at = bisect_left(chunk.lines, line)
            if at < len(chunk.lines) and chunk.lines[at] == line:
                yield line, chunk.rows[at], found

    def _same(self, found: Sequence[Gone], row: Sequence[str]) -> list[Gone]:
        """Those of `found` that are this row; numbers in 行号 are of several sheets: there the likest alone."""
        cells = _plain(row)
        alike = {(one.drop, one.cells): _likeness(one.cells, cells) for one in found}
        least = _LIKE if self._line is None else max(_LIKE_RETURNED, *alike.values())
        likest = [one for one in found if alike[one.drop, one.cells] >= least]
        if self._line is not None and likest:
            first = next((one for one in likest if not one.mended_by), likest[0])
            likest = [one for one in likest if one.drop == first.drop]
        return likest

    def counted(self, gone: Mapping[int, Sequence[Gone]]) -> dict[int, Counted]:
        """Line → where the row of a returned file was taken before, if it was."""
        if self._line is None:
            return {}
        told = {}
        for line, found in gone.items():
            one = found[0]
            source, at = (one.drop, one.line) if one.warning else (0, 0)
            told[line] = Counted(source, at, one.mended_by, self._origin(one))
        return told

    def _origin(self, one: Gone) -> tuple[int, int]:
        """(drop, line) of the sheet in which a row came first: what went back from a returned file was taken
        from another by it."""
        before = (
            gone for gone in self._gone[one.number] if gone.mended_by == one.drop and gone.drop < one.drop
        )
        first = next(before, None)
        return (one.drop, one.line) if first is None else self._origin(first)

    def note(self, writing: Writing, batch: Batch, gone: Mapping[int, Sequence[Gone]]) -> None:
        """Notes in `reject.mended_by` which ones the taken rows of a chunk mend."""
        refused = {finding.line for finding in batch.rejected}
        doubtful = {(finding.line, finding.column) for finding in batch.warnings if finding.cells}
        mended = [
            (writing.source_id, one.id)
            for line, found in gone.items()
            if line not in refused
            for one in found
            if not one.mended_by and not (one.warning and (line, one.column) in doubtful)
        ]
        writing.run_many("UPDATE reject SET mended_by = ? WHERE id = ?", mended)


def again(finding: Finding, gone: Sequence[Gone], *, warning: bool) -> str:
    """The sha256 of the open reject that this finding is once more; empty: it is none. A row that is refused
    again is the same one whatever its fault, a doubtful cell is that of its column."""
    for one in gone:
        if not one.mended_by and (not warning or (one.warning and one.column == finding.column)):
            return one.sha256
    return ""


def _plain(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(clean(cell).removeprefix("'") for cell in cells)


def _likeness(before: tuple[str, ...], now: tuple[str, ...]) -> float:
    """Of the cells that were filled, how many are still the same."""
    filled = [(cell, now[n] if n < len(now) else "") for n, cell in enumerate(before) if cell]
    return sum(a == b for a, b in filled) / len(filled) if filled else 0.0
