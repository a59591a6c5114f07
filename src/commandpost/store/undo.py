"""Undo of a source, and undo of the undo: only what stands changes, never a past tick (domain §2)."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine

from commandpost.clock import Clock
from commandpost.errors import CommandpostError
from commandpost.store.claims import extents_of, keys_in, resettle
from commandpost.store.records import Source
from commandpost.store.settle import MAX_RUN, Kept
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
                for keys in _keys_of(writing, shape, source):
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


def _keys_of(writing: Writing, shape: Shape, source: int) -> Iterator[set[Values]]:
    """Every key (without nth) on which the standing of `source` bears, in portions; one may come twice."""
    of = ", ".join(f"v.{c}" for c in shape.base)
    for first, last in extents_of(writing, shape, source):
        for start in range(first, last + 1, _KEYS):
            yield {
                tuple(row)
                for row in writing.run(
                    f"SELECT {of} FROM {shape.name} v "
                    "WHERE v.id BETWEEN ? AND ? AND v.source_id = ? AND v.claim = 0",
                    (start, min(start + _KEYS - 1, last), source),
                )
            }
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
                "WHERE r.id BETWEEN ? AND ? AND r.source_id = ? AND r.table_name = ?",
                (part[0][0], part[-1][0], source, shape.name),
            )
        }
    if shape.scope:
        scopes = writing.run(
            "SELECT of FROM scope WHERE source_id = ? AND table_name = ?", (source, shape.name)
        ).fetchall()
        yield keys_in(writing, shape, [tuple(json.loads(row[0])) for row in scopes])
