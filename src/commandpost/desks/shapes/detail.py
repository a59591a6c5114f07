"""One record whole: its values, where they came from, what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from commandpost.contract.values.words import (
    CATEGORIES,
    DIRECTIONS,
    ISOLATION_STATES,
    MODES,
    MOVES,
    PRIORITIES,
    REQUEST_STATES,
    ROLES,
    SHIFT_STATES,
    SLOTS,
    VERDICTS,
)
from commandpost.desks.shapes.asking import run
from commandpost.desks.shapes.common import Celsius, Code, Look, Name, Phone, Plate, Private, Room
from commandpost.store.records import Drop, Source, Tick, Version

_PRIVATE: dict[str, type[str]] = {
    "name": Name, "who": Name, "head": Name, "owner": Name, "requester": Name, "reporter": Name, "host": Name,
    "plate": Plate, "phone": Phone, "contact": Phone, "room": Room, "place": Room, "address": Room,
    "deliver_to": Private, "id_number": Private, "person": Private, "purpose": Private, "needs": Private,
    "symptoms": Private, "remark": Private, "reference": Private, "origin": Private, "permit": Private,
}  # fmt: skip

CODED: dict[str, frozenset[str]] = {
    "direction": frozenset(DIRECTIONS),
    "verdict": frozenset(VERDICTS),
    "mode": frozenset(MODES),
    "category": frozenset(CATEGORIES),
    "slot": frozenset(SLOTS),
    "priority": frozenset(PRIORITIES),
    "move": frozenset(MOVES),
    "role": frozenset(ROLES),
    "state": frozenset([*ISOLATION_STATES, *REQUEST_STATES, *SHIFT_STATES]),
}
"""Columns that hold words of closed lists, and these words. A category may be any other text, as written."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version came from. Its raw line is read from the archived original."""

    source: int
    sort: str
    """`drop`, `action` or `settings`."""
    team: str
    officer: Private
    file: Private
    line: int
    received: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """One version of the record."""

    id: int
    began: datetime
    """When it became known."""
    ended: datetime | None
    """When something else took its place; equal to `began` when it never was current."""
    fields: tuple[tuple[str, Any], ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Detail:
    """A record. Labels are message ids in the context `field`: `words.short("field", label)`; values are
    str, int, float, bool, date, aware datetime, or None for unknown."""

    table: str
    id: int
    entity: int
    fields: tuple[tuple[str, Any], ...]
    origin: Origin
    versions: tuple[Stated, ...]
    """All of the same entity known at the look, newest first; the asked one among them."""


def detail(look: Look, table: type[Version], version_id: int) -> Detail | None:
    """The record a row shows; None when there is no such version known at the look."""
    t: Any = table
    columns = tuple(dict.fromkeys((*table.KEY, *table.SAID)))
    asked = run(look, select(t.entity).where(t.id == version_id))
    if not asked:
        return None
    entity = asked[0][0]
    k: Any = Tick
    s: Any = Source
    d: Any = Drop
    # A version keeps the key of its entity, so the key's indexes find the others.
    key = [c for c in table.KEY if c != "nth"]
    me = run(look, select(*(getattr(t, c) for c in key)).where(t.id == version_id))[0]
    same = [getattr(t, c) == value for c, value in zip(key, me, strict=True)]
    wanted = select(
        t.id,
        t.known_from,
        t.known_until,
        t.source_id,
        t.line,
        *(getattr(t, c).label(f"v_{c}") for c in columns),
    ).where(*same, t.entity == entity)
    if look.tick is not None:
        wanted = wanted.where(t.known_from <= look.tick)
    # One after the other: each is answered by its own partial index.
    rows = [
        row
        for part in (t.known_until.is_(None), t.known_until.is_not(None))
        for row in run(look, wanted.where(part))
    ]
    rows.sort(key=lambda row: (row.known_from, row.id), reverse=True)
    ticks = {n for row in rows for n in (row.known_from, row.known_until) if n is not None}
    when = dict(run(look, select(k.n, k.committed_at).where(k.n.in_(sorted(ticks)))))
    sources = {row.source_id for row in rows}
    origins = run(
        look,
        select(
            s.id,
            s.sort,
            func.coalesce(d.team, s.team).label("team"),
            s.officer,
            s.at,
            s.stands,
            d.name,
            d.received_at,
        )
        .join(d, d.id == s.id, isouter=True)
        .where(s.id.in_(sorted(sources))),
    )
    of = {row.id: row for row in origins}
    stated = []
    for row in rows:
        source = of[row.source_id]
        ended = row.known_until
        if look.tick is not None and ended is not None and ended > look.tick:
            ended = None
        stated.append(
            Stated(
                row.id,
                when[row.known_from],
                None if ended is None else when[ended],
                tuple((_label(c), _value(c, getattr(row, f"v_{c}"))) for c in columns if c != "nth"),
                Origin(
                    source.id, source.sort, source.team, Private(source.officer), Private(source.name or ""),
                    row.line, source.received_at or source.at, bool(source.stands),
                ),
            )
        )  # fmt: skip
    mine = next((one for one in stated if one.id == version_id), None)
    if mine is None:
        return None
    return Detail(str(t.__tablename__), version_id, entity, mine.fields, mine.origin, tuple(stated))


def _label(column: str) -> str:
    return column.replace("_", " ")


def _value(column: str, value: Any) -> Any:
    if column == "temperature" and value is not None:
        return Celsius(value)
    if value in CODED.get(column, ()):
        return Code(value)
    private = _PRIVATE.get(column)
    return private(value) if private is not None and isinstance(value, str) else value
