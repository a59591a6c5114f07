"""What gates counted themselves: used where no pass is recorded, else compared with the passes (domain: GateTally)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, literal, select, type_coerce

from commandpost.desks.gate.rollup import QUARTER
from commandpost.desks.gate.tables import GatePass, GateQuarter, GateTally
from commandpost.desks.shapes.asking import Question, run
from commandpost.desks.shapes.common import Look

PASSED = ("ADMITTED", "")
"""Verdicts that count as in or out: admitted, and unknown."""
COMPARED = timedelta(hours=24)
"""A difference is told so long after its span's end."""

_t: Any = GateTally
_p: Any = GatePass
_q: Any = GateQuarter
_START, _END = type_coerce(_t.event_at, BigInteger), type_coerce(_t.ends_at, BigInteger)
_at_gates: Any = bindparam("gates", expanding=True)
_from, _to = bindparam("start", type_=BigInteger), bindparam("end", type_=BigInteger)
_WITHIN = (_p.event_at >= bindparam("start_at"), _p.event_at < bindparam("end_at"))

_TALLIES = Question(
    GateTally,
    lambda known: select(_t.id, _t.entity, _t.gate, _START, _END, _t.came_in, _t.went_out).where(
        known, _t.event_at < bindparam("end_at"), _t.ends_at > bindparam("since"), _t.ends_at <= bindparam("end_at")
    ),
)  # fmt: skip
_KEPT_USED = (
    select(_q.gate, _q.quarter)
    .where(_q.quarter >= _from, _q.quarter < _to, _q.n > 0, _q.gate.in_(_at_gates))
    .distinct()
)
_AT = type_coerce(_p.event_at, BigInteger)
_PASS_QUARTER = _AT - _AT % QUARTER
_USED = Question(
    GatePass,
    lambda known: select(_p.gate, _PASS_QUARTER).where(known, *_WITHIN, _p.gate.in_(_at_gates)).distinct(),
)
_ONE = Question(
    GatePass,
    lambda known: select(literal(1)).where(known, *_WITHIN, _p.gate == bindparam("gate")).limit(1),
)
_PASSES = Question(
    GatePass,
    lambda known: (
        select(_p.direction, func.count())
        .where(known, *_WITHIN, _p.gate == bindparam("gate"), _p.verdict.in_(PASSED))
        .group_by(_p.direction)
    ),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """One gate's count of a span. Half-open, UTC seconds."""

    id: int
    entity: int
    gate: str
    start: int
    end: int
    came_in: int | None
    """People; None: not counted."""
    went_out: int | None

    def of(self, direction: str) -> int | None:
        return self.came_in if direction == "IN" else self.went_out

    def within(self, direction: str, start: int, end: int) -> int:
        """How many of them are put between two moments: spread evenly over the span, in whole people, so
        that neighbouring stretches add up to the count."""
        n, length = self.of(direction) or 0, self.end - self.start

        def until(at: int) -> int:
            return n * (min(max(at, self.start), self.end) - self.start) // length

        return max(0, until(end) - until(start))


@dataclass(frozen=True, slots=True)
class Difference:
    """A tally that says another number than the passes recorded in its span."""

    tally: Tally
    passed_in: int
    passed_out: int


def known(look: Look, since: datetime | None) -> list[Tally]:
    """The tallies of spans that ended by the end of the moment's quarter hour, and after `since` (None:
    all). An unfinished span is not counted yet."""
    now = int(look.moment.timestamp())
    end = _moment(now - now % QUARTER + QUARTER)
    rows = _TALLIES(look, end_at=end, since=since or _moment(0))
    return [Tally(*row) for row in rows]


def counted(look: Look, tallies: Sequence[Tally]) -> tuple[list[Tally], list[Tally]]:
    """(those that count, those in whose span passes are recorded).

    Of tallies of one gate that overlap, those count that together cover the most time, of equal cover
    the finer ones, of the same span the one known last: nobody is counted twice, and no stretch that
    somebody counted is left out without need.
    """
    if not tallies:
        return [], []
    used = _quarters_used(look, tallies)
    alone: dict[str, list[Tally]] = defaultdict(list)
    beside = []
    for tally in tallies:
        if _has_passes(look, tally, used.get(tally.gate, ())):
            beside.append(tally)
        else:
            alone[tally.gate].append(tally)
    return [tally for gate in sorted(alone) for tally in apart(alone[gate])], beside


def apart(tallies: Iterable[Tally]) -> list[Tally]:
    """Of one gate's tallies those that count, see `counted`: weighted interval scheduling."""
    ordered = sorted(tallies, key=lambda tally: (tally.end, tally.start, tally.id))
    ends = [tally.end for tally in ordered]
    best: list[tuple[int, int]] = [(0, 0)]
    taken: list[int | None] = []
    for n, tally in enumerate(ordered):
        before = bisect_right(ends, tally.start, 0, n)
        seconds, number = best[before]
        mine = (seconds + tally.end - tally.start, number + 1)
        taken.append(before if mine >= best[n] else None)
        best.append(max(mine, best[n]))
    found: list[Tally] = []
    n = len(ordered)
    while n:
        before_it = taken[n - 1]
        if before_it is None:
            n -= 1
        else:
            found.append(ordered[n - 1])
            n = before_it
    return found[::-1]


def differences(look: Look, beside: Iterable[Tally]) -> list[Difference]:
    """The tallies of the last 24 h that say another number than the passes of their span, oldest first. A
    direction that was not counted is not compared."""
    since = int((look.moment - COMPARED).timestamp())
    found = []
    for tally in sorted(beside, key=lambda tally: (tally.end, tally.start, tally.id)):
        if tally.end <= since:
            continue
        passed: Counter[str] = Counter()
        for direction, n in _PASSES(look, gate=tally.gate, **_span(tally.start, tally.end)):
            passed[direction] += int(n)
        if any(tally.of(way) not in (None, passed[way]) for way in ("IN", "OUT")):
            found.append(Difference(tally, passed["IN"], passed["OUT"]))
    return found


def last_counts(tallies: Iterable[Tally]) -> dict[str, datetime]:
    """When each gate last said how many passed, be it nobody: somebody is there."""
    found: dict[str, int] = {}
    for tally in tallies:
        found[tally.gate] = max(tally.end, found.get(tally.gate, 0))
    return {gate: _moment(end) for gate, end in found.items()}


def _quarters_used(look: Look, tallies: Sequence[Tally]) -> dict[str, list[int]]:
    """Gate → the starts of the quarter hours in which a pass is recorded, whatever its verdict, within all
    the tallies' spans."""
    gates: Collection[str] = sorted({tally.gate for tally in tallies})
    start = min(tally.start for tally in tallies)
    start, end = start - start % QUARTER, max(tally.end for tally in tallies)
    if look.tick is None:
        rows = run(look, _KEPT_USED, start=start, end=end, gates=gates)
    else:
        rows = _USED(look, gates=gates, **_span(start, end))
    found: dict[str, set[int]] = defaultdict(set)
    for gate, quarter in rows:
        found[gate].add(int(quarter))
    return {gate: sorted(quarters) for gate, quarters in found.items()}


def _has_passes(look: Look, tally: Tally, used: Sequence[int]) -> bool:
    """Whether a pass of its gate is recorded in its span. Quarters that it holds whole say so themselves."""
    edges = []
    at = bisect_left(used, tally.start - tally.start % QUARTER)
    for quarter in used[at : bisect_left(used, tally.end)]:
        if quarter >= tally.start and quarter + QUARTER <= tally.end:
            return True
        edges.append((max(quarter, tally.start), min(quarter + QUARTER, tally.end)))
    return any(_ONE(look, gate=tally.gate, **_span(start, end)) for start, end in edges)


def _span(start: int, end: int) -> dict[str, datetime]:
    return {"start_at": _moment(start), "end_at": _moment(end)}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
