"""Undo of a source, and undo of the undo: only what stands changes, never a past tick (domain §2)."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine

from commandpost.clock import Clock
from commandpost.contract.rows import Rows
from commandpost.errors import CommandpostError
from commandpost.store.claims import extents_of, keys_in, resettle
from commandpost.store.records import Source
from commandpost.store.runs import MAX_RUN
from commandpost.store.settle import Kept
from commandpost.store.shape import Shape, Values, join_of, shape_of
from commandpost.store.writing import Writing, write

_KEYS = 5000
"""Keys settled at a time: bounds the memory of undoing a large drop."""


def undo(
    engine: Engine,
    clock: Clock,
    source_id: int,
    tables: Sequence[Kept],
    officer: str,
    reason: str,
) -> int:
    """Makes `source_id` not stand, by a new action; returns the action's source id.

    Undoing an action that undid something makes that stand again. All keys of every source whose standing
    changed (and of the scopes it stated) are settled again in the same tick. `tables`: all version tables.
    Raises CommandpostError when there is no such source or it does not stand.
    """
    now = clock.now()
    action = Source(
        sort="action", at=now, said_at=now, officer=officer, user=_user(), reason=reason, undoes=source_id
    )
    with write(engine, clock, action) as writing:
        if not writing.source(source_id).stands:
            raise CommandpostError("source {id} is undone already", id=source_id)
        changed = _flip(writing, source_id)
        for kept in tables:
            shape = shape_of(kept.table)
            for source in changed:
                for keys in _keys_of(writing, kept, shape, source):
                    resettle(writing, kept, keys)
        return writing.source_id


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _flip(writing: Writing, source_id: int) -> list[int]:
    """A source stands when no standing action undoes it. Returns every source whose standing changed."""
    changed = []
    at: int | None = source_id
    while at is not None:
        undone = writing.run(
            "SELECT 1 FROM source WHERE undoes = ? AND stands = ? LIMIT 1", (at, True)
        ).fetchone()
        stands = undone is None
        if stands == writing.source(at).stands:
            break
        writing.run("UPDATE source SET stands = ? WHERE id = ?", (stands, at))
        writing.sources.pop(at)
        changed.append(at)
        at = writing.run("SELECT undoes FROM source WHERE id = ?", (at,)).fetchone()[0]
    return changed


def _keys_of(writing: Writing, kept: Kept, shape: Shape, source: int) -> Iterator[set[Values]]:
    """Every key (without nth) on which the standing of `source` bears, in portions; one may come twice.

    Keys of which there is one claim alone are settled here, in bulk, and do not come.
    """
    of = ", ".join(f"v.{c}" for c in shape.base)
    for first, last in extents_of(writing, shape, source):
        for start in range(first, last + 1, _KEYS):
            span = (start, min(start + _KEYS - 1, last), source)
            done = set() if shape.scope else _settle_alone(writing, kept, shape, span)
            claims = f"FROM {shape.name} v WHERE v.id BETWEEN ? AND ? AND v.source_id = ? AND v.claim = 0"
            if writing.run(f"SELECT count(*) {claims}", span).fetchone()[0] > len(done):
                found = writing.run(f"SELECT v.id, {of} {claims}", span)
                yield {tuple(row[1:]) for row in found if row[0] not in done}
    # Where there is one version alone, and its source stands, one voice more or less changes nothing.
    settled = (
        ""
        if shape.scope
        else f" AND NOT (v.known_until IS NULL AND EXISTS (SELECT 1 FROM source o WHERE o.id = v.source_id "
        f"AND o.stands) AND NOT {_ended(shape)})"
    )
    runs = writing.run(
        "SELECT id FROM repeat WHERE source_id = ? AND table_name = ? ORDER BY id", (source, shape.name)
    ).fetchall()
    step = _KEYS // MAX_RUN
    for start in range(0, len(runs), step):
        part = runs[start : start + step]
        yield {
            tuple(row)
            for row in writing.run(
                f"SELECT {of} FROM repeat r {join_of(writing)} {shape.name} v "
                "ON v.id BETWEEN r.record AND r.record + r.n - 1 "
                f"WHERE r.id BETWEEN ? AND ? AND r.source_id = ? AND r.table_name = ?{settled}",
                (part[0][0], part[-1][0], source, shape.name),
            )
        }
    if shape.scope:
        scopes = writing.run(
            "SELECT of FROM scope WHERE source_id = ? AND table_name = ?", (source, shape.name)
        ).fetchall()
        yield keys_in(writing, shape, [tuple(json.loads(row[0])) for row in scopes])


def _ended(shape: Shape, but: str = "") -> str:
    """Whether the key of `v` has an ended version (`but` it itself)."""
    return (
        f"EXISTS (SELECT 1 FROM {shape.name} e WHERE {shape.same('e', 'v', shape.key)} "
        f"AND e.known_until IS NOT NULL{but})"
    )


def _settle_alone(writing: Writing, kept: Kept, shape: Shape, span: tuple[int, int, int]) -> set[int]:
    """Ends, or states again, the claims in this span of ids that are the only ones ever made of their keys;
    returns their ids.

    All of a span in one statement: an undo is one transaction, and nobody else can write meanwhile.
    """
    stands = writing.source(span[2]).stands
    reads = () if kept.rollup is None else shape.values if kept.reads is None else kept.reads
    others = _ended(shape)
    if stands:
        others = f"EXISTS (SELECT 1 FROM {shape.name} c WHERE {shape.same('c', 'v', shape.key)} "
        others += f"AND c.known_until IS NULL) OR {_ended(shape, ' AND e.id <> v.id')}"
    alone = (
        "v.id BETWEEN ? AND ? AND v.source_id = ? AND v.claim = 0 "
        f"AND v.known_until IS {'NOT NULL' if stands else 'NULL'} AND NOT ({others}) "
        "AND NOT EXISTS (SELECT 1 FROM repeat r WHERE r.table_name = ? AND r.record <= v.id "
        f"AND r.record > v.id - {MAX_RUN} AND r.record + r.n > v.id)"
    )
    if stands:
        first = writing.take_ids(shape.name, 0)
        told = ", ".join(f"v.{c}" for c in shape.values)
        found = writing.run(
            f"INSERT INTO {shape.name} ({shape.columns}) SELECT {first - 1} + row_number() OVER (ORDER BY v.id), "
            f"v.entity, v.said_at, {writing.tick}, CAST(NULL AS BIGINT), v.source_id, v.line, v.id, {told} "
            f"FROM {shape.name} v WHERE {alone} RETURNING {', '.join(('claim', *reads))}",
            (*span, shape.name),
        ).fetchall()
        writing.take_ids(shape.name, len(found))
    else:
        found = writing.run(
            f"UPDATE {shape.name} AS v SET known_until = {writing.tick} WHERE {alone} RETURNING {', '.join(('id', *reads))}",
            (*span, shape.name),
        ).fetchall()
        if found:
            writing.ended[shape.name] = True
    if not found:
        return set()
    ids, *columns = zip(*found, strict=True)
    if kept.rollup is not None:
        read = dict(zip(reads, columns, strict=True))
        unread = [None] * len(ids)
        rows = Rows([read.get(name, unread) for name in shape.values])
        kept.rollup(writing, *((rows, ()) if stands else ((), rows)))
    return set(ids)
