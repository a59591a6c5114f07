"""How a picture asks the tables: what is known at the look's tick, by the indexes that are there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from commandpost.desks.shapes.common import Freshness, Look
from commandpost.store.records import Tick, Version


def run(look: Look, statement: Any) -> Sequence[Any]:
    """All rows of a plain selection of columns, inside the look's transaction."""
    return look.session.connection().execute(statement).all()


def parts(look: Look, table: type[Version]) -> list[ColumnElement[bool]]:
    """What is known, as conditions to be asked one after the other.

    Each is answered by its own partial index (current versions, ended versions); the two in one OR would
    be answered by none.
    """
    t: Any = table
    if look.tick is None:
        return [t.known_until.is_(None)]
    began = t.known_from <= look.tick
    return [
        t.known_until.is_(None) & began,
        t.known_until.is_not(None) & (t.known_until > look.tick) & began,
    ]


def known_rows(
    look: Look, table: type[Version], columns: Sequence[Any], *where: Any, order: Sequence[Any] = ()
) -> list[Any]:
    """The columns of all versions known, those that meet `where`; in order only within each part."""
    found: list[Any] = []
    for part in parts(look, table):
        found += run(look, select(*columns).where(part, *where).order_by(*order))
    return found


def last_tick(look: Look) -> int:
    """The last tick the look knows; 0 when nothing was ever committed."""
    if look.tick is not None:
        return look.tick
    t: Any = Tick
    found = run(look, select(t.n).order_by(t.n.desc()).limit(1))
    return int(found[0][0]) if found else 0


def committed(look: Look, tick: int) -> datetime | None:
    t: Any = Tick
    found = run(look, select(t.committed_at).where(t.n == tick))
    return found[0][0] if found else None


def last_id(look: Look, table: type[Version]) -> int:
    """The greatest id of a version begun by the look's tick, 0 when there is none.

    Ids are given in the order of ticks (one writer), so the past is found by halving, not by walking.
    """
    t: Any = table
    newest = run(look, select(t.id, t.known_from).order_by(t.id.desc()).limit(1))
    if not newest:
        return 0
    if look.tick is None or newest[0][1] <= look.tick:
        return int(newest[0][0])
    low, high = 0, int(newest[0][0])
    while low < high:
        middle = (low + high + 1) // 2
        at = run(look, select(t.id, t.known_from).where(t.id <= middle).order_by(t.id.desc()).limit(1))
        if at and at[0][1] > look.tick:
            high = int(at[0][0]) - 1
        elif at:
            low = middle
        else:
            high = 0
    return low


def newest(look: Look, *tables: type[Version]) -> datetime | None:
    """When the newest standing fact of these tables was received; what an undo states again is not news."""
    ticks = []
    for table in tables:
        t: Any = table
        for part in parts(look, table):
            found = run(
                look,
                select(t.known_from)
                .where(t.id <= last_id(look, table), t.claim == 0, part)
                .order_by(t.id.desc())
                .limit(1),
            )
            ticks += [int(row[0]) for row in found]
    return committed(look, max(ticks)) if ticks else None


def freshness(look: Look, stale: bool, *tables: type[Version]) -> Freshness:
    return Freshness(newest(look, *tables), stale)


def midnight(look: Look, day: date) -> datetime:
    """The day's first moment in the post's zone, aware."""
    return datetime.combine(day, time(), look.settings.zone)


def day_of(look: Look, moment: datetime) -> date:
    """The post's day a moment falls on."""
    return moment.astimezone(look.settings.zone).date()


def at_time(look: Look, day: date, clock: time) -> datetime:
    """A time of day in the post's zone on that day, aware."""
    return datetime.combine(day, clock, look.settings.zone)


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)
