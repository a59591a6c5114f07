"""How a picture asks the tables: what is known at the look's tick, by the indexes that are there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, select

from commandpost.desks.shapes.common import Look
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


def last_id(look: Look, table: type[Version]) -> int:
    """The greatest id of a version begun by the look's tick, 0 when there is none.

    Ids are given in the order of ticks (one writer), so the past is found by halving, not by walking. It
    never changes, so a session remembers it.
    """
    t: Any = table
    if look.tick is None:
        return int(run(look, select(func.coalesce(func.max(t.id), 0)))[0][0])
    key = ("last_id", t.__tablename__, look.tick)
    if key not in look.session.info:
        look.session.info[key] = _halve(look, t, look.tick)
    return int(look.session.info[key])


def _halve(look: Look, t: Any, tick: int) -> int:
    newest = run(look, select(t.id, t.known_from).order_by(t.id.desc()).limit(1))
    low, high = 0, int(newest[0][0]) if newest else 0
    if newest and newest[0][1] <= tick:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        at = run(look, select(t.id, t.known_from).where(t.id <= middle).order_by(t.id.desc()).limit(1))
        if not at:
            high = 0
        elif at[0][1] > tick:
            high = int(at[0][0]) - 1
        else:
            low = middle
    return low


def newest(look: Look, *tables: type[Version]) -> dict[type[Version], datetime]:
    """When the newest standing fact of each table was received; what an undo states again is not news."""
    columns = []
    for table in tables:
        t: Any = table
        if look.tick is None:
            of = select(t.known_from).where(t.known_until.is_(None), t.claim == 0)
            columns.append(of.order_by(t.id.desc()).limit(1).scalar_subquery())
            continue
        current, ended = parts(look, table)
        of = select(t.known_from).where(t.id <= last_id(look, table), t.claim == 0, current)
        columns.append(of.order_by(t.id.desc()).limit(1).scalar_subquery())
        columns.append(select(func.max(t.known_from)).where(ended, t.claim == 0).scalar_subquery())
    row = run(look, select(*(column.label(f"n{n}") for n, column in enumerate(columns))))[0]
    each = len(columns) // len(tables)
    ticks = {
        table: max((n for n in row[i * each : (i + 1) * each] if n is not None), default=None)
        for i, table in enumerate(tables)
    }
    t = Tick
    wanted = sorted({n for n in ticks.values() if n is not None})
    when = dict(run(look, select(t.n, t.committed_at).where(t.n.in_(wanted)))) if wanted else {}
    return {table: when[n] for table, n in ticks.items() if n is not None}


def midnight(look: Look, day: date) -> datetime:
    """The day's first moment in the post's zone, aware."""
    return datetime.combine(day, time(), look.settings.zone)


def day_of(look: Look, moment: datetime) -> date:
    """The post's day a moment falls on."""
    return moment.astimezone(look.settings.zone).date()


def at_time(look: Look, day: date, clock: time) -> datetime:
    """A time of day in the post's zone on that day, aware."""
    return datetime.combine(day, clock, look.settings.zone)
