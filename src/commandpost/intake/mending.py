"""Which rows that went back a drop mends.

A row that went back is mended when a later drop of its team takes the same row: in a returned file by the
number in 行号, in the sheet it came from by its place. It is the same row where at least half of its filled
cells are. It stays mended as long as the drop that mended it stands.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from commandpost.contract.values.text import clean
from commandpost.contract.values.text import header as normal
from commandpost.intake.chunk import Chunk
from commandpost.intake.read import Batch
from commandpost.store.engine import asked
from commandpost.store.writing import Writing
from commandpost.words import Words

MOST = 20_000
"""Rows of one team and kind that are waited for; the oldest beyond are no longer looked for."""
_LIKE = 0.5

_OPEN = (
    'SELECT r.sha256, r.line, r.warning, r."column", r.cells FROM reject r JOIN "drop" d ON d.id = r.drop_id '
    "LEFT JOIN source m ON m.id = r.mended_by "
    "WHERE d.team = ? AND d.kind = ? AND r.fresh AND r.cells <> '' AND (m.id IS NULL OR NOT m.stands)"
)
_OF_TEAM = f"{_OPEN} ORDER BY r.id DESC LIMIT {MOST}"
_OF_PATH = f"{_OPEN} AND d.path = ? AND d.sheet = ? ORDER BY r.id DESC LIMIT {MOST}"


@dataclass(frozen=True, slots=True)
class _Open:
    sha256: str
    warning: bool
    column: str
    cells: tuple[str, ...]


class Mending:
    """What a drop may mend of what went back to its team before."""

    def __init__(
        self, engine: Engine, team: str, kind: str, path: str, sheet: str, header: Sequence[str], mended: bool
    ) -> None:
        """`mended`: it is a returned file (`giveback.is_mended`)."""
        self._line = _line_column(header) if mended else None
        self._open: dict[int, list[_Open]] = {}
        found = (
            asked(engine, _OF_TEAM, (team, kind))
            if mended
            else asked(engine, _OF_PATH, (team, kind, path, sheet))
        )
        for sha, line, warning, column, cells in found:
            one = _Open(sha, bool(warning), column, tuple(map(_plain, json.loads(cells))))
            self._open.setdefault(line, []).append(one)

    def note(self, writing: Writing, chunk: Chunk, batch: Batch) -> None:
        """Notes in `reject.mended_by` which ones the taken rows of a chunk mend."""
        if not self._open:
            return
        refused = {finding.line for finding in batch.rejected}
        doubtful = {(finding.line, finding.column) for finding in batch.warnings}
        mended: set[str] = set()
        for line, row, waiting in self._rows(chunk):
            if line in refused:
                continue
            cells = tuple(map(_plain, row))
            mended.update(
                one.sha256
                for one in waiting
                if not (one.warning and (line, one.column) in doubtful) and _same_row(one.cells, cells)
            )
        for sha in mended:
            writing.run(
                "UPDATE reject SET mended_by = ? WHERE sha256 = ? AND drop_id <> ?",
                (writing.source_id, sha, writing.source_id),
            )

    def _rows(self, chunk: Chunk) -> Iterator[tuple[int, Sequence[str], list[_Open]]]:
        """The rows of a chunk that may be one that went back: (physical line, cells, those it may be)."""
        if self._line is not None:
            for line, row in zip(chunk.lines, chunk.rows, strict=True):
                if waiting := self._open.get(_number(row, self._line)):
                    yield line, row, waiting
            return
        # By place: of a million rows only the few in question are looked at.
        for line, waiting in self._open.items():
            at = bisect_left(chunk.lines, line)
            if at < len(chunk.lines) and chunk.lines[at] == line:
                yield line, chunk.rows[at], waiting


def _line_column(header: Sequence[str]) -> int:
    names = {normal(Words(language)("Line")) for language in ("zh", "en")}
    return next(index for index, cell in enumerate(header) if normal(cell) in names)


def _number(row: Sequence[str], index: int) -> int:
    said = clean(row[index]) if index < len(row) else ""
    return int(said) if said.isdecimal() and len(said) < 12 else 0


def _plain(cell: str) -> str:
    return clean(cell).removeprefix("'")


def _same_row(before: tuple[str, ...], now: tuple[str, ...]) -> bool:
    filled = [(cell, now[n] if n < len(now) else "") for n, cell in enumerate(before) if cell]
    return bool(filled) and sum(a == b for a, b in filled) >= _LIKE * len(filled)
