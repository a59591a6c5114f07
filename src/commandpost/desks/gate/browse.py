"""All passes, newest first: any page of millions in a few milliseconds, by way of the rollups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from commandpost.desks.gate.counting import moment_of, total_passes
from commandpost.desks.gate.fevers import CALLED_FOR, called, severities
from commandpost.desks.gate.picture import COLUMNS, PassRow, notable, pass_row
from commandpost.desks.gate.rollup import DAY, QUARTER
from commandpost.desks.gate.tables import GateDay, GatePass, GateQuarter
from commandpost.desks.shapes.asking import parts, run
from commandpost.desks.shapes.browse import contains, words_of
from commandpost.desks.shapes.common import Look, Severity

_t: Any = GatePass
_d: Any = GateDay
_q: Any = GateQuarter


def _seen(filter: str) -> tuple[Any, ...]:
    """What a filter looks at. A plate has letters and digits, so a filter without any needs nothing that
    is not in the index of current passes (who: the plate where there is no name)."""
    return (_t.who, _t.gate, _t.plate) if any(c.isascii() for c in filter if c != " ") else (_t.who, _t.gate)


_NEWEST = (_t.event_at.desc(), _t.gate.desc(), _t.direction.desc(), _t.who.desc(), _t.nth.desc())


def count(look: Look, filter: str) -> int:
    """How many passes meet the filter."""
    if not words_of(filter):
        return total_passes(look)
    statement = select(func.count()).select_from(GatePass)
    return sum(
        int(run(look, statement.where(part, *contains(_seen(filter), filter)))[0][0])
        for part in parts(look, GatePass)
    )


Breached = Callable[[Look], Mapping[int, Severity]]
"""The passes (version ids) by people in isolation, as they are called."""


def page(look: Look, breached: Breached, filter: str, offset: int, limit: int) -> list[PassRow]:
    """`limit` passes from the `offset`-th newest on."""
    if look.tick is not None:
        return _past(look, breached, filter, offset, limit)
    where = [parts(look, GatePass)[0], *contains(_seen(filter), filter)]
    if not words_of(filter):
        before, skipped = _jump(look, offset)
        if before is not None:
            where.append(_t.event_at < moment_of(before))
        offset -= skipped
    statement = select(*COLUMNS).where(*where).order_by(*_NEWEST).limit(limit).offset(offset)
    return _shown(look, breached, run(look, statement))


def _past(look: Look, breached: Breached, filter: str, offset: int, limit: int) -> list[PassRow]:
    found: list[Any] = []
    for part in parts(look, GatePass):
        statement = select(*COLUMNS).where(part, *contains(_seen(filter), filter)).order_by(*_NEWEST)
        found += run(look, statement.limit(offset + limit))
    found.sort(key=lambda row: (row.event_at, row.gate, row.direction, row.who, row.nth), reverse=True)
    return _shown(look, breached, found[offset : offset + limit])


def _shown(look: Look, breached: Breached, found: Sequence[Any]) -> list[PassRow]:
    since = look.moment - CALLED_FOR
    # A page of the past asks nothing: nothing of it is called any more.
    newest = max((row.event_at for row in found), default=None)
    fevers = severities(called(look, notable(look, since))) if newest and newest >= since else {}
    lately = newest and newest >= look.moment - look.settings.thresholds.breach_for
    breaches = breached(look) if lately else {}
    return [pass_row(look, row, fevers, breaches) for row in found]


def _jump(look: Look, offset: int) -> tuple[int | None, int]:
    """(a moment in UTC seconds, how many of the newest passes are not before it), at most `offset`: what is
    left to be skipped lies in one quarter hour."""
    before, skipped = None, 0
    days = select(_d.day, func.sum(_d.n)).group_by(_d.day).order_by(_d.day.desc())
    day = None
    for start, n in run(look, days):
        if skipped + n > offset:
            day = start
            break
        before, skipped = start, skipped + int(n)
    if day is None:
        return before, skipped
    quarters = select(_q.quarter, func.sum(_q.n)).where(_q.quarter >= day, _q.quarter < day + DAY)
    for start, n in run(look, quarters.group_by(_q.quarter).order_by(_q.quarter.desc())):
        if skipped + n > offset:
            return start + QUARTER, skipped
        before, skipped = start, skipped + int(n)
    return before, skipped
