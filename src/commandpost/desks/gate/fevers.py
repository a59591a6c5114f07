"""Which fevers are called, and how loudly: the one place the pane, its head and the to-do ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, select

from commandpost.desks.gate.tables import GatePass
from commandpost.desks.shapes.asking import Question
from commandpost.desks.shapes.common import Look, Severity
from commandpost.desks.shapes.fever import has_symptom, is_cooler, is_fever

CALLED_FOR = timedelta(hours=12)
"""How long a fever is called without a normal retest."""

_t: Any = GatePass
_READINGS = Question(
    GatePass,
    lambda known: select(_t.who, _t.event_at).where(
        known,
        _t.event_at >= bindparam("since"),
        _t.event_at <= bindparam("until"),
        _t.who.in_(bindparam("names", expanding=True)),
        _t.temperature < bindparam("fever"),
    ),
)


@dataclass(frozen=True, slots=True)
class Called:
    """One person's open fever (a nameless pass is its own)."""

    passes: tuple[Any, ...]
    """Versions (`picture.COLUMNS`) and check-ins (`duty.attendance.Signed`), oldest first."""
    severity: Severity

    @property
    def at_gate(self) -> tuple[Any, ...]:
        """The passes among them."""
        return tuple(row for row in self.passes if not is_check_in(row))


def is_check_in(row: Any) -> bool:
    return getattr(row, "table", "") == "check_in"


def until(look: Look) -> datetime:
    """A field clock may run ahead by so much."""
    return look.moment + look.settings.thresholds.clock_ahead


def called(look: Look, passes: Sequence[Any], signed: Sequence[Any] = ()) -> list[Called]:
    """The open fevers among these passes and check-ins (`duty.attendance.Signed`): of the last 12 h, until
    the same name is measured below the threshold afterwards, at a gate or at a post. Critical with a
    symptom or held at the last pass, or high again within 30 minutes; else a warning (domain: fever; where a
    gate's sheet has no symptoms, 留观 stands for them)."""
    limit, soon = look.settings.thresholds.fever, look.settings.thresholds.fever_again
    since = look.moment - CALLED_FOR
    by_person: dict[str, list[Any]] = defaultdict(list)
    for row in (*passes, *signed):
        if is_fever(row, limit) and row.event_at >= since:
            by_person[f"who:{row.who}" if row.who else f"gate_pass:{row.entity}"].append(row)
    cooler = _readings(look, {row.who for rows in by_person.values() for row in rows if row.who}, since)
    for one in signed:
        if is_cooler(one, limit):
            cooler.setdefault(one.who, []).append(one.event_at)
    found = []
    for rows in by_person.values():
        rows.sort(key=lambda row: (row.event_at, row.id))
        last = rows[-1]
        if last.who and any(at > last.event_at for at in cooler.get(last.who, ())):
            continue
        again = any(after.event_at - row.event_at <= soon for row, after in pairwise(rows))
        loud = last.verdict == "HELD" or has_symptom(last) or again
        found.append(Called(tuple(rows), "critical" if loud else "warning"))
    return found


def severities(fevers: Sequence[Called]) -> dict[int, Severity]:
    """Pass (version id) → how loudly its person's fever is called."""
    return {row.id: fever.severity for fever in fevers for row in fever.at_gate}


def _readings(look: Look, names: Collection[str], since: datetime) -> dict[str, list[datetime]]:
    """When these people were measured below the fever threshold since then."""
    found: dict[str, list[datetime]] = {}
    if not names:
        return found
    limit = look.settings.thresholds.fever
    for who, at in _READINGS(look, since=since, until=until(look), names=sorted(names), fever=limit):
        found.setdefault(who, []).append(at)
    return found
