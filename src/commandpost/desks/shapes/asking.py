"""How a picture asks the tables: what is known at the look's tick, by the indexes that are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from commandpost.desks.shapes.common import Look
from commandpost.store.records import Tick, Version


def run(look: Look, statement: Any, **values: Any) -> Sequence[Any]:
    """All rows of a plain selection of columns, inside the look's transaction. `values` fill its
    `bindparam`s.

    A statement that every picture asks is made once, as a module's constant: to make one costs SQLAlchemy
    0.5 ms, to ask it again 0.05 ms.
    """
    return look.session.connection().execute(statement, values).all()


def parts(look: Look, table: type[Version]) -> list[ColumnElement[bool]]:
    """What is known, as conditions to be asked one after the other.

    Each is answered by its own partial index (current versions, ended versions); the two in one OR would
    be answered by none.
    """
    return _known(table, look.tick)


def _known(table: Any, tick: Any) -> list[ColumnElement[bool]]:
    if tick is None:
        return [table.known_until.is_(None)]
    began = table.known_from <= tick
    return [
        table.known_until.is_(None) & began,
        table.known_until.is_not(None) & (table.known_until > tick) & began,
    ]


class Question:
    """What every picture asks of a version table, made once: `make` is given the condition of what is
    known and returns the statement, with a `bindparam` for whatever differs between looks.

    Of the past it is asked twice, see `parts`: the rows of both come one after the other.
    """

    def __init__(self, table: type[Version], make: Callable[[ColumnElement[bool]], Any]) -> None:
        self._table = table
        self._make = make

    @cached_property
    def _now(self) -> Any:
        return self._make(_known(self._table, None)[0])

    @cached_property
    def _then(self) -> list[Any]:
        return [self._make(part) for part in _known(self._table, bindparam("tick"))]

    def __call__(self, look: Look, **values: Any) -> list[Any]:
        if look.tick is None:
            return list(run(look, self._now, **values))
        return [row for part in self._then for row in run(look, part, tick=look.tick, **values)]


def last_tick(look: Look) -> int:
    """The last tick the look knows; 0 when nothing was ever committed."""
    if look.tick is not None:
        return look.tick
    found = run(look, _LAST_TICK)
    return int(found[0][0]) if found else 0


def last_id(look: Look, table: type[Version]) -> int:
    """The greatest id of a version begun by the look's tick, 0 when there is none.

    Ids are given in the order of ticks (one writer), so the past is found by halving, not by walking. It
    never changes, so a session remembers it.
    """
    if look.tick is None:
        return newest_id(look, table)
    key = ("last_id", table, look.tick)
    if key not in look.session.info:
        look.session.info[key] = _halve(look, table, look.tick)
    return int(look.session.info[key])


def newest_id(look: Look, table: type[Version]) -> int:
    """The greatest id there is, whatever the look's tick; 0 when there is none."""
    found = run(look, _begun(table), most=_ANY)
    return int(found[0][0]) if found else 0


_ANY = 2**63 - 1


@cache
def _begun(table: Any) -> Any:
    """The last version up to the id `most`, and when it began."""
    return (
        select(table.id, table.known_from)
        .where(table.id <= bindparam("most"))
        .order_by(table.id.desc())
        .limit(1)
    )


def _halve(look: Look, table: type[Version], tick: int) -> int:
    newest = run(look, _begun(table), most=_ANY)
    low, high = 0, int(newest[0][0]) if newest else 0
    if newest and newest[0][1] <= tick:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        at = run(look, _begun(table), most=middle)
        if not at:
            high = 0
        elif at[0][1] > tick:
            high = int(at[0][0]) - 1
        else:
            low = middle
    return low


def newest(look: Look, *tables: type[Version]) -> dict[type[Version], datetime]:
    """When the newest standing fact of each table was received; what an undo states again is not news."""
    values = {} if look.tick is None else {f"last{n}": last_id(look, t) for n, t in enumerate(tables)}
    if look.tick is not None:
        values["tick"] = look.tick
    row = run(look, _newest(tables, look.tick is not None), **values)[0]
    each = len(row) // len(tables)
    found = {}
    for n, table in enumerate(tables):
        received = [at for at in row[n * each : (n + 1) * each] if at is not None]
        if received:
            found[table] = max(received)
    return found


@cache
def _newest(tables: tuple[Any, ...], past: bool) -> Any:
    """When each table's newest standing fact was committed: one column a table, of the past two."""
    columns = []

    def committed(tick: Any) -> Any:
        return select(_tick.committed_at).where(_tick.n == tick.scalar_subquery()).scalar_subquery()

    for n, t in enumerate(tables):
        current, *ended = _known(t, bindparam("tick") if past else None)
        of = select(t.known_from).where(t.claim == 0, current)
        if past:
            of = of.where(t.id <= bindparam(f"last{n}"))
        columns.append(committed(of.order_by(t.id.desc()).limit(1)))
        columns += [committed(select(func.max(t.known_from)).where(p, t.claim == 0)) for p in ended]
    return select(*(column.label(f"n{n}") for n, column in enumerate(columns)))


_tick: Any = Tick
_LAST_TICK = select(_tick.n).order_by(_tick.n.desc()).limit(1)


def midnight(look: Look, day: date) -> datetime:
    """The day's first moment in the post's zone, aware."""
    return datetime.combine(day, time(), look.settings.zone)


def day_of(look: Look, moment: datetime) -> date:
    """The post's day a moment falls on."""
    return moment.astimezone(look.settings.zone).date()


def at_time(look: Look, day: date, clock: time) -> datetime:
    """A time of day in the post's zone on that day, aware."""
    return datetime.combine(day, clock, look.settings.zone)
