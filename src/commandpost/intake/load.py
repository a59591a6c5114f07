"""One chunk of a drop into the store: versions, rollups, rejects, counters and the line reached, together."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commandpost.contract.kind import Kind
from commandpost.contract.reading import Bad
from commandpost.contract.rows import columns_of
from commandpost.desks import ROLLUPS
from commandpost.intake.batch import Batch, record_fields
from commandpost.intake.finding import Finding
from commandpost.intake.mending import Gone, again
from commandpost.intake.report import Tally, tallied
from commandpost.intake.table import Chunk
from commandpost.store import claims
from commandpost.store.returning import Counted, identities, overtaken, places
from commandpost.store.writing import Writing
from commandpost.words import packed

CHUNK = 4000
"""Lines of one transaction: an officer's write waits for at most one of them (2,000: 26 ms, 5,000: 55 ms, p99)."""

WARNINGS_KEPT = 10_000
"""Warnings of one drop that are stored; the rest are only counted."""


def state(
    writing: Writing,
    kind: Kind,
    batch: Batch,
    received: datetime,
    chunk: Chunk,
    named: Callable[[str], str],
    before: Mapping[int, Counted] | None = None,
    repeated: claims.Repeated | None = None,
) -> tuple[Tally, list[Any]]:
    """States the records of `batch`: what became of its rows, and of each record.

    Rows all of whose records are refused are added to `batch.rejected`. `named`: a field's header.
    `before`: line of a row that went back → where it was taken before. `repeated`: one for the drop."""
    if kind.expand is not None:
        _date_unsaid(writing, kind, batch, received)
    if before and kind.identity:
        _keep_identity(writing, kind, batch, before)
    if before:
        _speak_for_then(writing, kind, batch, before)
    unsaid = _unsaid(kind, batch)
    outcomes = claims.state(
        writing,
        kind.table,
        kind.rule,
        batch.records,
        moves=kind.moves,
        rollup=ROLLUPS.get(str(kind.table.__tablename__)),
        unsaid=unsaid,
        nth=places(writing, kind.table, batch.records, before) if before else None,
        repeated=repeated,
    )
    if unsaid is not None:
        _say(kind, batch, unsaid)
    (lines,) = columns_of(batch.records, (0,))
    told: Sequence[Any] = outcomes
    if Bad in set(map(type, outcomes)):
        told = [None if isinstance(o, Bad) else o for o in outcomes]
        cells = dict(zip(chunk.lines, chunk.rows, strict=True))
        taken = {line for line, outcome in zip(lines, told, strict=True) if outcome is not None}
        refused: set[int] = set()
        for line, outcome in zip(lines, outcomes, strict=True):
            if not isinstance(outcome, Bad):
                continue
            finding = Finding(
                line,
                named(outcome.field),
                outcome.code,
                outcome.reason,
                outcome.hint,
                tuple(cells.get(line, ())),
            )
            if line in taken:
                batch.warnings.append(finding)
            elif line not in refused:
                refused.add(line)
                batch.rejected.append(finding)
        batch.rejected.sort(key=lambda f: f.line)
        batch.warnings = [f for f in batch.warnings if f.line not in refused]
    counted = tallied(lines, told)
    return (
        Tally(
            rows=batch.rows,
            records=len(told) - told.count(None),
            rejected=len(batch.rejected),
            warned=len(batch.warnings),
            **counted,
        ),
        outcomes,
    )


def _keep_identity(writing: Writing, kind: Kind, batch: Batch, before: Mapping[int, Counted]) -> None:
    """A row that was counted goes on under the name it was counted by, though a cell of it that could not be
    read says now who it is: else it would be counted twice."""
    at = 2 + record_fields(kind).index(kind.identity)
    known = identities(writing, kind.table, kind.identity, before)
    lines = Counter(record[0] for record in batch.records)
    batch.records = [
        (*record[:at], known[record[0]], *record[at + 1 :])
        if record[0] in known and lines[record[0]] == 1
        else record
        for record in batch.records
    ]


def _speak_for_then(writing: Writing, kind: Kind, batch: Batch, before: Mapping[int, Counted]) -> None:
    """A mended row of a register does not overrule what its own sheet says of the same further down."""
    at = overtaken(writing, kind.table, batch.records, before)
    if at:
        batch.records = [
            (record[0], at[i], *record[2:]) if i in at and record[1] is None else record
            for i, record in enumerate(batch.records)
        ]


def _unsaid(kind: Kind, batch: Batch) -> claims.Unsaid | None:
    """The records that say nothing of what the kind keeps; they are given what is true of a new one."""
    if not kind.keeps:
        return None
    (column,) = columns_of(batch.records, (2 + record_fields(kind).index(kind.keeps),))
    if None not in column:
        return None
    default = kind.table.model_fields[kind.keeps].default
    found = claims.Unsaid(kind.keeps, {i: default for i, said in enumerate(column) if said is None})
    _say(kind, batch, found)
    return found


def _say(kind: Kind, batch: Batch, unsaid: claims.Unsaid) -> None:
    at = 2 + record_fields(kind).index(unsaid.column)
    records = batch.records = list(batch.records)
    for i, value in unsaid.rows.items():
        records[i] = (*records[i][:at], value, *records[i][at + 1 :])


def _date_unsaid(writing: Writing, kind: Kind, batch: Batch, received: datetime) -> None:
    """A record without any date keeps the one it is known by, else the moment it was received: so a
    growing sheet without dates says nothing new when it is sent again."""
    fields = record_fields(kind)
    at = 2 + fields.index("event_at")
    (moments,) = columns_of(batch.records, (at,))
    if None not in moments:
        return
    records = batch.records = list(batch.records)
    where = " AND ".join(f"{name} = ?" for name in kind.table.KEY)
    places = [2 + fields.index(name) for name in kind.table.KEY]
    for i, moment in enumerate(moments):
        if moment is not None:
            continue
        record = list(records[i])
        known = writing.run(
            f"SELECT event_at FROM {kind.table.__tablename__} WHERE {where} AND known_until IS NULL",
            [record[place] for place in places],
        ).fetchone()
        record[at] = known[0] if known else int(received.timestamp())
        records[i] = tuple(record)


def fingerprint(team: str, kind: str, finding: Finding) -> str:
    """Of a reject: the same row with the same fault from the same team has the same one."""
    said = json.dumps([team, kind, finding.code, *finding.cells], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def put_findings(
    writing: Writing,
    team: str,
    kind: str,
    batch: Batch,
    warned: int,
    gone: Mapping[int, Sequence[Gone]],
) -> None:
    """Stores rejects and warnings of a chunk; `warned` were stored before. `gone`: line → the rejects of the
    row of a returned file that is there: one that is still at fault is no new one."""
    drop_id = writing.source_id
    kept = batch.warnings[: max(0, WARNINGS_KEPT - warned)]
    if not batch.rejected and not kept:
        return
    prints = {id(f): fingerprint(team, kind, f) for f in (*batch.rejected, *kept) if f.cells}
    seen: set[str] = set()
    for some in _slices(sorted(set(prints.values())), 500):
        places = ", ".join("?" * len(some))
        seen.update(
            row[0]
            for row in writing.run(
                f"SELECT sha256 FROM reject WHERE sha256 IN ({places}) AND drop_id <> ?", (*some, drop_id)
            )
        )
    for warning, findings in ((False, batch.rejected), (True, kept)):
        for finding in findings:
            if finding.cells and (sha := again(finding, gone.get(finding.line, ()), warning=warning)):
                prints[id(finding)] = sha
                seen.add(sha)
    rows = []
    for warning, findings in ((False, batch.rejected), (True, kept)):
        for finding in findings:
            sha = prints.get(id(finding), "")
            rows.append(
                {
                    "drop_id": drop_id,
                    "line": finding.line,
                    "warning": warning,
                    "column": finding.column,
                    "code": finding.code,
                    "reason": packed(finding.reason),
                    "hint": packed(finding.hint) if finding.hint else "",
                    "cells": json.dumps(finding.cells, ensure_ascii=False) if finding.cells else "",
                    "sha256": sha,
                    "fresh": sha not in seen,
                }
            )
    writing.put("reject", rows)


def _slices(of: Sequence[str], size: int) -> list[Sequence[str]]:
    return [of[i : i + size] for i in range(0, len(of), size)]


def close_scope(writing: Writing, kind: Kind) -> None:
    """A snapshot drop, completely loaded, states its posts and dates whole."""
    if kind.scope:
        claims.close_scope(writing, kind.table, rollup=ROLLUPS.get(str(kind.table.__tablename__)))
