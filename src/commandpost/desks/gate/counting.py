"""How many passed: the present from the rollups, the past from the versions of its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Integer, func, select, type_coerce

from commandpost.desks.gate.rollup import DAY, QUARTER
from commandpost.desks.gate.tables import GateDay, GatePass, GateQuarter
from commandpost.desks.people.picture import Census
from commandpost.desks.shapes.asking import last_id, parts, run
from commandpost.desks.shapes.common import Look

PASSED = ("ADMITTED", "")
"""Verdicts that count as in or out: admitted, and unknown."""

_t: Any = GatePass
_q: Any = GateQuarter
_d: Any = GateDay
_SECONDS = type_coerce(_t.event_at, Integer)


@dataclass(slots=True)
class Counts:
    """The post's day up to the end of the moment's quarter hour."""

    passed: Counter[str] = field(default_factory=Counter)
    """By direction."""
    at_gate: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By gate and direction."""
    hours: Counter[tuple[int, str]] = field(default_factory=Counter)
    """By the number of the day's hour and direction."""
    verdicts: Counter[str] = field(default_factory=Counter)
    last: dict[str, int] = field(default_factory=dict)
    """Gate → the last quarter it was used in, since yesterday's midnight."""


def end_of_quarter(moment: datetime) -> int:
    """UTC seconds of the end of the moment's quarter hour."""
    seconds = int(moment.timestamp())
    return seconds - seconds % QUARTER + QUARTER


def moment_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def count_day(look: Look) -> Counts:
    """The post's day. Passes up to the end of the moment's quarter are in it: a field clock may run ahead
    by five minutes."""
    counts = Counts()
    today = int(look.day_start.timestamp())
    yesterday = int((look.day_start - timedelta(days=1)).timestamp())
    end = end_of_quarter(look.moment)
    for hour, gate, direction, verdict, n, last in _by_hour(look, yesterday, end):
        counts.last[gate] = max(last, counts.last.get(gate, 0))
        hour -= (today - yesterday) // 3600
        if hour < 0:
            continue
        counts.verdicts[verdict] += n
        if verdict in PASSED:
            counts.passed[direction] += n
            counts.at_gate[gate, direction] += n
            counts.hours[hour, direction] += n
    return counts


def _by_hour(look: Look, start: int, end: int) -> list[tuple[int, str, str, str, int, int]]:
    """(hour since start, gate, direction, verdict, passes, the last quarter with one)."""
    if look.tick is None:
        since = _q.quarter - start
        columns = (since - since % 3600, _q.gate, _q.direction, _q.verdict)
        statement = select(*columns, func.sum(_q.n), func.max(_q.quarter))
        where = (_q.quarter >= start, _q.quarter < end, _q.n > 0)
        rows = list(run(look, statement.where(*where).group_by(*columns)))
    else:
        since = _SECONDS - start
        columns = (since - since % 3600, _t.gate, _t.direction, _t.verdict)
        statement = select(*columns, func.count(), func.max(_SECONDS))
        rows = []
        for part in parts(look, GatePass):
            rows += run(look, statement.where(part, *_between(start, end)).group_by(*columns))
    return [(int(r[0]) // 3600, r[1], r[2], r[3], int(r[4]), int(r[5]) // QUARTER * QUARTER) for r in rows]


def _between(start: int, end: int) -> tuple[Any, Any]:
    return _t.event_at >= moment_of(start), _t.event_at < moment_of(end)


def _last_quarters(look: Look, start: int, end: int, gates: Collection[str] = ()) -> list[tuple[str, int]]:
    """Gate → its last quarter with a pass in this span."""
    if look.tick is None:
        where = [_q.quarter >= start, _q.quarter < end, _q.n > 0]
        if gates:
            where.append(_q.gate.in_(sorted(gates)))
        statement = select(_q.gate, func.max(_q.quarter)).where(*where).group_by(_q.gate)
        return [(gate, int(last)) for gate, last in run(look, statement)]
    found: dict[str, int] = {}
    for part in parts(look, GatePass):
        bounds = [part, *_between(start, end)]
        if gates:
            bounds.append(_t.gate.in_(sorted(gates)))
        for gate, last in run(look, select(_t.gate, func.max(_SECONDS)).where(*bounds).group_by(_t.gate)):
            found[gate] = max(found.get(gate, 0), int(last) // QUARTER * QUARTER)
    return sorted(found.items())


def last_passes(look: Look, counts: Counts, gates: Collection[str]) -> dict[str, datetime]:
    """When anybody was last seen at each of these gates, whatever the verdict."""
    last = {gate: counts.last[gate] for gate in gates if gate in counts.last}
    quiet = set(gates) - set(last)
    if quiet:
        last.update(_long_ago(look, quiet))
    found: dict[str, datetime] = {}
    for quarter in sorted(set(last.values())):
        here = sorted(gate for gate, at in last.items() if at == quarter)
        statement = select(_t.gate, func.max(_t.event_at)).group_by(_t.gate)
        for part in parts(look, GatePass):
            bounds = (part, *_between(quarter, quarter + QUARTER), _t.gate.in_(here))
            for gate, at in run(look, statement.where(*bounds)):
                found[gate] = max(at, found.get(gate, at))
    return found


def _long_ago(look: Look, gates: Collection[str]) -> dict[str, int]:
    """The last quarters of gates unused since yesterday's midnight: of the days, then of that day."""
    yesterday = int((look.day_start - timedelta(days=1)).timestamp())
    if look.tick is None:
        where = (_d.gate.in_(sorted(gates)), _d.n > 0, _d.day < yesterday)
        days = run(look, select(_d.gate, func.max(_d.day)).where(*where).group_by(_d.gate))
        return {
            gate: last
            for name, day in days
            for gate, last in _last_quarters(look, int(day), min(int(day) + DAY, yesterday), (name,))
        }
    found = {}
    current, ended = parts(look, GatePass)
    for gate in gates:
        # What was current then and still is lies on a day the rollup names; what is not, among the ended.
        statement = select(func.max(_SECONDS))
        last = run(look, statement.where(ended, *_between(0, yesterday), _t.gate == gate))[0][0] or 0
        used = select(_d.day).where(_d.gate == gate, _d.n > 0, _d.day < yesterday).distinct()
        for (day,) in run(look, used.order_by(_d.day.desc())):
            if day + DAY <= last:
                break
            spans = _between(day, min(day + DAY, yesterday))
            at = run(look, statement.where(current, *spans, _t.gate == gate))[0][0]
            if at is not None:
                last = max(last, int(at))
                break
        if last:
            found[gate] = last // QUARTER * QUARTER
    return found


def quarters_at(look: Look, gate: str, start: int, end: int) -> list[tuple[int, int]]:
    """(quarter, passes) at one gate, whatever the verdict."""
    if look.tick is None:
        where = (_q.quarter >= start, _q.quarter < end, _q.gate == gate, _q.n > 0)
        statement = select(_q.quarter, func.sum(_q.n)).where(*where).group_by(_q.quarter)
        return [(int(quarter), int(n)) for quarter, n in run(look, statement)]
    counted: Counter[int] = Counter()
    quarter = _SECONDS - _SECONDS % QUARTER
    for part in parts(look, GatePass):
        bounds = (part, *_between(start, end), _t.gate == gate)
        for at, n in run(look, select(quarter, func.count()).where(*bounds).group_by(quarter)):
            counted[int(at)] += int(n)
    return sorted(counted.items())


def inside_since(
    look: Look, census: Census | None
) -> tuple[int | None, Literal["census", "first record", ""]]:
    """People inside and what they are counted from: the census (from its date's midnight on), else the
    first record; None when there is neither."""
    passed = flows(look, int(census.at.timestamp()) if census else None)
    if census:
        return census.found + passed["IN"] - passed["OUT"], "census"
    if not passed:
        return None, ""
    return passed["IN"] - passed["OUT"], "first record"


def flows(look: Look, start: int | None) -> Counter[str]:
    """Passes by direction from `start` (None: the first) to the end of the moment's quarter."""
    end = end_of_quarter(look.moment)
    if look.tick is None:
        return _kept(look, start, end)
    # `+ 0`: by the range of ids, not by the index of times.
    bounds = [end > _SECONDS + 0, _t.verdict.in_(PASSED)]
    if start is not None:
        bounds.append(start <= _SECONDS + 0)
    known = last_id(look, GatePass)
    newest = int(run(look, select(func.coalesce(func.max(_t.id), 0)))[0][0])
    current, ended = parts(look, GatePass)
    passed: Counter[str] = Counter()
    if known > newest // 2:
        # Nearly everything was known then: what is kept now, less what came later.
        passed += _kept(look, start, end)
        for direction, n in _count(look, _t.id > known, _t.known_until.is_(None), *bounds):
            passed[direction] -= n
    else:
        for direction, n in _count(look, _t.id <= known, current, *bounds):
            passed[direction] += n
    for direction, n in _count(look, ended, *bounds):
        passed[direction] += n
    return +passed


def _count(look: Look, *where: Any) -> list[tuple[str, int]]:
    statement = select(_t.direction, func.count()).where(*where).group_by(_t.direction)
    return [(direction, int(n)) for direction, n in run(look, statement)]


def _kept(look: Look, start: int | None, end: int) -> Counter[str]:
    """From the rollups: whole UTC days from `gate_day`, their ends from `gate_quarter`."""
    first = 0 if start is None else start
    whole = -(-first // DAY) * DAY
    last = end - end % DAY
    passed: Counter[str] = Counter()
    days = select(_d.direction, func.sum(_d.n)).where(_d.day >= whole, _d.day < last, _d.verdict.in_(PASSED))
    spans = [(first, min(whole, end)), (max(last, first), end)] if whole <= last else [(first, end)]
    rows = list(run(look, days.group_by(_d.direction))) if whole < last else []
    for begins, ends in spans:
        if begins < ends:
            part = select(_q.direction, func.sum(_q.n)).where(_q.quarter >= begins, _q.quarter < ends)
            rows += run(look, part.where(_q.verdict.in_(PASSED)).group_by(_q.direction))
    for direction, n in rows:
        passed[direction] += int(n)
    return +passed


def total_passes(look: Look) -> int:
    """Passes known, all days."""
    if look.tick is None:
        return int(run(look, select(func.coalesce(func.sum(_d.n), 0)))[0][0])
    known = last_id(look, GatePass)
    newest = int(run(look, select(func.coalesce(func.max(_t.id), 0)))[0][0])
    current, ended = parts(look, GatePass)
    count = select(func.count()).select_from(GatePass)
    if known > newest // 2:
        total = int(run(look, select(func.coalesce(func.sum(_d.n), 0)))[0][0])
        total -= int(run(look, count.where(_t.id > known, _t.known_until.is_(None)))[0][0])
    else:
        total = int(run(look, count.where(_t.id <= known, current))[0][0])
    return total + int(run(look, count.where(ended))[0][0])
