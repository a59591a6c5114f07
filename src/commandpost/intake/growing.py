"""A growing sheet sent again: what it says again is not read again.

Teams send the same sheet all day, longer each time. Where a new file begins with all the bytes of the last
drop of its team, and nothing but the rows behind them could make the outcome another, that drop's rows are
stated again at a stroke and reading goes on behind them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from commandpost.contract.kind import Kind
from commandpost.contract.reading import Context
from commandpost.intake import giveback
from commandpost.intake.before import judged_alike, last_of
from commandpost.intake.report import Tally
from commandpost.intake.table import Table
from commandpost.places import PostPlaces
from commandpost.store.again import runs_of, state_again
from commandpost.store.records import Drop, Reject
from commandpost.store.runs import Run
from commandpost.store.writing import Writing

_PIECE = 1 << 20
MOST_RUNS = 50_000
"""More stretches than this are no gain, and too much for one transaction."""
SMALLEST = 1 << 16
"""Bytes: a smaller sheet is read in less time than it takes to find out."""
_READS_OTHERWISE = frozenset({"future", "quote", "state", "table"})
"""Faults that may be none a moment later, or that the rows behind may mend."""
_EIGHT_BIT = frozenset({"utf-8", "utf-8-sig", "gb18030"})


@dataclass(frozen=True, slots=True)
class Grown:
    """The drop a file begins with."""

    drop: Drop
    runs: list[Run]

    @property
    def lines(self) -> int:
        """Physical lines that need not be read."""
        return self.drop.lines_done

    def state(self, writing: Writing, kind: Kind) -> Tally:
        """Its rows, said again by this transaction's source; what became of them."""
        state_again(writing, kind.table, self.runs)
        _copy_rejects(writing, self.drop.id)
        said = self.drop
        return Tally(
            rows=said.rows,
            records=said.records,
            duplicate=said.rows - said.rejected,
            rejected=said.rejected,
            warned=said.warned,
        )


def grown_from(
    engine: Engine,
    places: PostPlaces,
    file: BinaryIO,
    table: Table,
    kind: Kind,
    team: str,
    settings_sha: str,
    context: Context,
) -> Grown | None:
    """The last drop of this team and kind, when `file` (its position is kept) begins with all of it and would
    be judged the same as far as that goes."""
    if kind.rule != "log" or kind.moves is not None or table.encoding not in _EIGHT_BIT:
        return None
    if os.fstat(file.fileno()).st_size < SMALLEST:
        return None
    last = last_of(engine, team, kind, settings_sha)
    if last is None or (last.encoding, last.delimiter) != (table.encoding, table.delimiter):
        return None
    # A file that begins with all of the other has its table's head.
    if not judged_alike(last, table, context):
        return None
    if not _begins_with(file, places, last) or _may_be_mended(engine, last):
        return None
    runs = runs_of(engine, kind.table, last.id, MOST_RUNS)
    return Grown(last, runs) if runs else None


def _begins_with(file: BinaryIO, places: PostPlaces, last: Drop) -> bool:
    at = file.tell()
    try:
        with open(giveback.archived(places, last.sha256), "rb") as before:
            file.seek(0)
            ends = b""
            while piece := before.read(_PIECE):
                if file.read(len(piece)) != piece:
                    return False
                ends = piece[-1:]
    except FileNotFoundError:
        return False
    finally:
        file.seek(at)
    return ends == b"\n"


def _may_be_mended(engine: Engine, last: Drop) -> bool:
    """Whether a row of it had a fault that another look might not find."""
    with Session(engine) as session:
        found = session.exec(
            select(Reject.id)
            .where(Reject.drop_id == last.id, col(Reject.code).in_(_READS_OTHERWISE))
            .limit(1)
        ).first()
    return found is not None


def _copy_rejects(writing: Writing, drop_id: int) -> None:
    """The same rejects and warnings, which the team has been given before."""
    copied = '"line", "warning", "column", "code", "reason", "hint", "cells", "sha256"'
    writing.run(
        f"INSERT INTO reject (drop_id, {copied}, fresh) SELECT ?, {copied}, sha256 = '' FROM reject "
        "WHERE drop_id = ? ORDER BY id",
        (writing.source_id, drop_id),
    )
