"""How many passed: the present from the rollups, the past from the versions of its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import BigInteger, bindparam, func, select, type_coerce

from commandpost.desks.gate.rollup import DAY, QUARTER
from commandpost.desks.gate.tables import GateDay, GatePass, GateQuarter
from commandpost.desks.gate.tallies import PASSED, Tally
from commandpost.desks.people.picture import Census
from commandpost.desks.shapes.asking import Question, last_id, newest_id, parts, run
from commandpost.desks.shapes.common import Look

_t: Any = GatePass
_q: Any = GateQuarter
_d: Any = GateDay
_SECONDS = type_coerce(_t.event_at, BigInteger)

# Spans are half-open, in UTC seconds.
_start, _end = bindparam("start", type_=BigInteger), bindparam("end", type_=BigInteger)
_at_gates: Any = bindparam("gates", expanding=True)
_IN_QUARTERS = (_q.quarter >= _start, _q.quarter < _end, _q.n > 0)
_IN_PASSES = (_t.event_at >= bindparam("start_at"), _t.event_at < bindparam("end_at"))


def _hour(seconds: Any) -> Any:
    since = seconds - _start
    return since - since % 3600


# Once each: what is selected and what is grouped by must be the same to PostgreSQL, its values too.
_QUARTERS_HOUR, _PASSES_HOUR = _hour(_q.quarter), _hour(_SECONDS)
_PASSES_QUARTER = _SECONDS - _SECONDS % QUARTER

_KEPT_HOURS = (
    select(_QUARTERS_HOUR, _q.gate, _q.direction, _q.verdict, func.sum(_q.n), func.max(_q.quarter))
    .where(*_IN_QUARTERS)
    .group_by(_QUARTERS_HOUR, _q.gate, _q.direction, _q.verdict)
)
_HOURS = Question(
    GatePass,
    lambda known: (
        select(_PASSES_HOUR, _t.gate, _t.direction, _t.verdict, func.count(), func.max(_SECONDS))
        .where(known, *_IN_PASSES)
        .group_by(_PASSES_HOUR, _t.gate, _t.direction, _t.verdict)
    ),
)
_KEPT_LAST = (
    select(_q.gate, func.max(_q.quarter)).where(*_IN_QUARTERS, _q.gate.in_(_at_gates)).group_by(_q.gate)
)
_LAST = Question(
    GatePass,
    lambda known: (
        select(_t.gate, func.max(_t.event_at))
        .where(known, *_IN_PASSES, _t.gate.in_(_at_gates))
        .group_by(_t.gate)
    ),
)
_KEPT_LAST_DAY = (
    select(_d.gate, func.max(_d.day)).where(_d.gate.in_(_at_gates), _d.n > 0, _d.day < _end).group_by(_d.gate)
)
_KEPT_USE = (
    select(_q.gate, func.sum(_q.n))
    .where(_q.quarter.in_(bindparam("quarters", expanding=True)), _q.gate.in_(_at_gates), _q.n > 0)
    .group_by(_q.gate)
)
_USE = Question(
    GatePass,
    lambda known: (
        select(_t.gate, _PASSES_QUARTER, func.count())
        .where(known, *_IN_PASSES, _t.gate.in_(_at_gates))
        .group_by(_t.gate, _PASSES_QUARTER)
    ),
)
_KEPT_DAYS = (
    select(_d.direction, func.sum(_d.n))
    .where(_d.day >= _start, _d.day < _end, _d.verdict.in_(PASSED))
    .group_by(_d.direction)
)
_KEPT_QUARTERS = (
    select(_q.direction, func.sum(_q.n)).where(*_IN_QUARTERS, _q.verdict.in_(PASSED)).group_by(_q.direction)
)
_KEPT_TOTAL = select(func.coalesce(func.sum(_d.n), 0))


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
    tallied: Counter[str] = field(default_factory=Counter)
    """By direction, how many of `passed` gates counted themselves: no pass is recorded of them."""


def end_of_quarter(moment: datetime) -> int:
    """UTC seconds of the end of the moment's quarter hour."""
    seconds = int(moment.timestamp())
    return seconds - seconds % QUARTER + QUARTER


def moment_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def count_day(look: Look, tallies: Sequence[Tally] = ()) -> Counts:
    """The post's day. Passes up to the end of the moment's quarter are in it: a field clock may run ahead
    by five minutes. `tallies`: those that count beside them (`tallies.counted`)."""
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
    for tally in tallies:
        _add(counts, tally, today, end)
    return counts


def _add(counts: Counts, tally: Tally, today: int, end: int) -> None:
    """A tally that reaches over midnight counts today for its part of today."""
    for direction in ("IN", "OUT"):
        n = tally.within(direction, today, end)
        counts.passed[direction] += n
        counts.tallied[direction] += n
        counts.at_gate[tally.gate, direction] += n
        first = max(tally.start, today)
        for hour in range(first - (first - today) % 3600, min(tally.end, end), 3600):
            part = tally.within(direction, hour, hour + 3600)
            counts.hours[(hour - today) // 3600, direction] += part


def _by_hour(look: Look, start: int, end: int) -> list[tuple[int, str, str, str, int, int]]:
    """(hour since start, gate, direction, verdict, passes, the last quarter with one)."""
    if look.tick is None:
        rows = run(look, _KEPT_HOURS, start=start, end=end)
    else:
        rows = _HOURS(look, start=start, **_span(start, end))
    return [(int(r[0]) // 3600, r[1], r[2], r[3], int(r[4]), int(r[5]) // QUARTER * QUARTER) for r in rows]


def _between(start: int, end: int) -> tuple[Any, Any]:
    return _t.event_at >= moment_of(start), _t.event_at < moment_of(end)


def _span(start: int, end: int) -> dict[str, datetime]:
    return {"start_at": moment_of(start), "end_at": moment_of(end)}


def last_passes(look: Look, counts: Counts, gates: Collection[str]) -> dict[str, datetime]:
    """When anybody was last seen at each of these gates, whatever the verdict."""
    last = {gate: counts.last[gate] for gate in gates if gate in counts.last}
    quiet = set(gates) - set(last)
    if quiet:
        last.update(_long_ago(look, quiet))
    found: dict[str, datetime] = {}
    for quarter in sorted(set(last.values())):
        here = sorted(gate for gate, at in last.items() if at == quarter)
        for gate, at in _LAST(look, gates=here, **_span(quarter, quarter + QUARTER)):
            found[gate] = max(at, found.get(gate, at))
    return found


def _long_ago(look: Look, gates: Collection[str]) -> dict[str, int]:
    """The last quarters of gates unused since yesterday's midnight: of the days, then of that day."""
    yesterday = int((look.day_start - timedelta(days=1)).timestamp())
    if look.tick is None:
        days = run(look, _KEPT_LAST_DAY, gates=sorted(gates), end=yesterday)
        return {
            gate: int(last)
            for name, day in days
            for gate, last in run(look, _KEPT_LAST, start=day, end=min(day + DAY, yesterday), gates=[name])
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


def at_hour(look: Look, gates: Collection[str], start: int, end: int) -> dict[str, int]:
    """Gate → its passes from `start` to `end` in the hour that begins each day at `start`'s time of day,
    whatever the verdict. Gates unused in all of that time are not in it."""
    if look.tick is not None:
        used = _USE(look, gates=sorted(gates), **_span(start, end))
        counted: Counter[str] = Counter()
        for gate, quarter, n in used:
            counted[gate] += n if (quarter - start) % DAY < 3600 else 0
        return dict(counted)
    quarters = [at for day in range(start, end, DAY) for at in range(day, min(day + 3600, end), QUARTER)]
    found = {gate: int(n) for gate, n in run(look, _KEPT_USE, quarters=quarters, gates=sorted(gates))}
    others = sorted(set(gates) - set(found))
    if others:
        found.update((gate, 0) for gate, _ in run(look, _KEPT_LAST, start=start, end=end, gates=others))
    return found


def inside_since(
    look: Look, census: Census | None, tallies: Sequence[Tally] = ()
) -> tuple[int | None, Literal["census", "first record", ""]]:
    """People inside and what they are counted from: the census (from its date's midnight on), else the
    first record; None when there is neither. `tallies`: those that count beside the passes."""
    start = int(census.at.timestamp()) if census else None
    passed = flows(look, start)
    for tally in tallies:
        for direction in ("IN", "OUT"):
            passed[direction] += tally.within(direction, start or tally.start, tally.end)
    if census:
        return census.found + passed["IN"] - passed["OUT"], "census"
    if not passed and not tallies:
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
    newest = newest_id(look, GatePass)
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
    spans = [(first, min(whole, end)), (max(last, first), end)] if whole <= last else [(first, end)]
    rows = list(run(look, _KEPT_DAYS, start=whole, end=last)) if whole < last else []
    for begins, ends in spans:
        if begins < ends:
            rows += run(look, _KEPT_QUARTERS, start=begins, end=ends)
    for direction, n in rows:
        passed[direction] += int(n)
    return +passed


def total_passes(look: Look) -> int:
    """Passes known, all days."""
    if look.tick is None:
        return int(run(look, _KEPT_TOTAL)[0][0])
    known = last_id(look, GatePass)
    newest = newest_id(look, GatePass)
    current, ended = parts(look, GatePass)
    count = select(func.count()).select_from(GatePass)
    if known > newest // 2:
        total = int(run(look, _KEPT_TOTAL)[0][0])
        total -= int(run(look, count.where(_t.id > known, _t.known_until.is_(None)))[0][0])
    else:
        total = int(run(look, count.where(_t.id <= known, current))[0][0])
    return total + int(run(look, count.where(ended))[0][0])
