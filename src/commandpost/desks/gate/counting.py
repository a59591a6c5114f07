"""How many passed: the present from the rollups, the past from the versions of its day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Integer, func, select, type_coerce

from commandpost.desks.gate.rollup import DAY, QUARTER
from commandpost.desks.gate.tables import GateDay, GatePass, GateQuarter
from commandpost.desks.people.picture import Census
from commandpost.desks.shapes.asking import known_rows, last_id, parts, run
from commandpost.desks.shapes.common import Look

PASSED = ("ADMITTED", "")
"""Verdicts that count as in or out: admitted, and unknown."""

Count = tuple[int, str, str, str, int]
"""Start of the quarter (UTC seconds), gate, direction, verdict, n."""


@dataclass(slots=True)
class Counts:
    """The post's day."""

    passed: Counter[str] = field(default_factory=Counter)
    """By direction."""
    at_gate: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By gate and direction."""
    hours: Counter[tuple[datetime, str]] = field(default_factory=Counter)
    """By the hour's start (UTC) and direction."""
    verdicts: Counter[str] = field(default_factory=Counter)
    gates: set[str] = field(default_factory=set)
    """Seen since yesterday's midnight."""


def end_of_quarter(moment: datetime) -> int:
    """UTC seconds of the end of the moment's quarter hour."""
    seconds = int(moment.timestamp())
    return seconds - seconds % QUARTER + QUARTER


def quarters(look: Look, start: int, end: int, gate: str | None = None) -> list[Count]:
    """Passes known, counted by quarter, from `start` up to `end` (UTC seconds, quarters' starts)."""
    if look.tick is None:
        q: Any = GateQuarter
        where = [q.quarter >= start, q.quarter < end, q.n > 0]
        if gate is not None:
            where.append(q.gate == gate)
        rows = run(look, select(q.quarter, q.gate, q.direction, q.verdict, q.n).where(*where))
        return [(int(r[0]), r[1], r[2], r[3], int(r[4])) for r in rows]
    t: Any = GatePass
    seconds = type_coerce(t.event_at, Integer)
    quarter = seconds - seconds % QUARTER
    columns = (quarter, t.gate, t.direction, t.verdict, func.count())
    bounds = [t.event_at >= moment(start), t.event_at < moment(end)]
    if gate is not None:
        bounds.append(t.gate == gate)
    counted: Counter[tuple[int, str, str, str]] = Counter()
    for part in parts(look, GatePass):
        for q_, g, d, v, n in run(look, select(*columns).where(part, *bounds).group_by(*columns[:4])):
            counted[int(q_), g, d, v] += int(n)
    return [(*key, n) for key, n in counted.items()]


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def count_day(look: Look) -> Counts:
    """The post's day up to the end of the moment's quarter."""
    counts = Counts()
    today = int(look.day_start.timestamp())
    yesterday = int((look.day_start - timedelta(days=1)).timestamp())
    for start, gate, direction, verdict, n in quarters(look, yesterday, end_of_quarter(look.moment)):
        counts.gates.add(gate)
        if start < today:
            continue
        counts.verdicts[verdict] += n
        if verdict in PASSED:
            counts.passed[direction] += n
            counts.at_gate[gate, direction] += n
            counts.hours[moment(today + (start - today) // 3600 * 3600), direction] += n
    return counts


def inside_since(
    look: Look, census: Census | None
) -> tuple[int | None, Literal["census", "first record", ""]]:
    """People inside and what they are counted from: the census (from its date's midnight on), else the
    first record; None when there is neither."""
    start = int(census.at.timestamp()) if census else None
    passed = _passed(look, start)
    if census:
        return census.found + passed["IN"] - passed["OUT"], "census"
    if not passed:
        return None, ""
    return passed["IN"] - passed["OUT"], "first record"


def _passed(look: Look, start: int | None) -> Counter[str]:
    """Passes by direction from `start` (None: the first) to the end of the moment's quarter."""
    end = end_of_quarter(look.moment)
    passed: Counter[str] = Counter()
    if look.tick is None:
        first = (start or 0) if start is None else start
        whole = -(-first // DAY) * DAY
        if start is not None:
            for _, _, direction, verdict, n in quarters(look, first, min(whole, end)):
                if verdict in PASSED:
                    passed[direction] += n
        last = end - end % DAY
        d: Any = GateDay
        where = [d.day < last, d.verdict.in_(PASSED)]
        if start is not None:
            where.append(d.day >= whole)
        for direction, n in run(look, select(d.direction, func.sum(d.n)).where(*where).group_by(d.direction)):
            passed[direction] += int(n)
        for _, _, direction, verdict, n in quarters(look, max(last, first if start is not None else 0), end):
            if verdict in PASSED:
                passed[direction] += n
        return +passed
    t: Any = GatePass
    bounds = [t.event_at < moment(end), t.verdict.in_(PASSED)]
    if start is not None:
        bounds.append(t.event_at >= moment(start))
    columns = (t.direction, func.count())
    for part in parts(look, GatePass):
        for direction, n in run(look, select(*columns).where(part, *bounds).group_by(t.direction)):
            passed[direction] += int(n)
    return passed


def total_passes(look: Look) -> int:
    """Passes known, all days."""
    if look.tick is None:
        d: Any = GateDay
        return int(run(look, select(func.coalesce(func.sum(d.n), 0)))[0][0])
    return sum(int(row[0]) for row in known_rows(look, GatePass, (func.count(),)))


def last_pass(look: Look, gate: str) -> datetime | None:
    """When anybody was last seen at the gate, whatever the verdict."""
    t: Any = GatePass
    lasts = []
    end = moment(end_of_quarter(look.moment))
    bounds = [t.gate == gate, t.event_at < end]
    if look.tick is None:
        d: Any = GateDay
        day = run(look, select(func.max(d.day)).where(d.gate == gate, d.n > 0, d.day < int(end.timestamp())))[
            0
        ][0]
        if day is None:
            return None
        q: Any = GateQuarter
        where = [q.gate == gate, q.n > 0, q.quarter >= int(day), q.quarter < int(end.timestamp())]
        where.append(q.quarter < int(day) + DAY)
        quarter = run(look, select(func.max(q.quarter)).where(*where))[0][0]
        if quarter is None:
            return None
        bounds += [t.event_at >= moment(int(quarter)), t.event_at < moment(int(quarter) + QUARTER)]
    for part in parts(look, GatePass):
        lasts += [row[0] for row in run(look, select(func.max(t.event_at)).where(part, *bounds))]
    return max((last for last in lasts if last is not None), default=None)


__all__ = ["Counts", "count_day", "inside_since", "last_id", "last_pass", "quarters", "total_passes"]
