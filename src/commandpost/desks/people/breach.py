"""People in isolation who came to a gate (误入)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from commandpost.desks.gate.tables import GatePass
from commandpost.desks.isolation.cases import Case, held_at
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.linking import Mention, Person
from commandpost.desks.people.register import Register
from commandpost.desks.shapes.asking import Question, day_of, run
from commandpost.desks.shapes.common import Look, Severity
from commandpost.store.records import Tick, known

AT_MOST = 2000
"""Passes looked at of people who have an isolated person's name."""

_t: Any = GatePass
_i: Any = Isolation
_k: Any = Tick
_COLUMNS = (
    _t.id, _t.entity, _t.event_at, _t.direction, _t.who, _t.plate, _t.verdict, _t.gate, _t.phone, _t.id_number,
)  # fmt: skip


def _asked(by_number: bool) -> tuple[Question, Question]:
    """(of now, of the past): the passes of a window by an isolated person's name. The names are taken from the
    index of passes; an ID number only from the passes themselves, which costs ten times as much."""

    def passes(tick: Any) -> Question:
        isolated = known(Isolation, tick)

        def made(known_pass: Any) -> Any:
            who = _t.who.in_(select(_i.name).where(isolated))
            if by_number:
                number = _t.id_number.in_(select(_i.id_number).where(isolated, _i.id_number != ""))
                who = or_(who, number)
            window = (_t.event_at >= bindparam("since"), _t.event_at <= bindparam("until"))
            return (
                select(*_COLUMNS).where(known_pass, *window, who).order_by(_t.event_at.desc()).limit(AT_MOST)
            )

        return Question(GatePass, made)

    return passes(None), passes(bindparam("tick"))


_BY_NAME = _asked(False)
_BY_NUMBER = _asked(True)


@dataclass(frozen=True, slots=True)
class Breach:
    """One isolated person at the gates, or a name that can mean them."""

    passes: tuple[Any, ...]
    """Versions of passes, oldest first."""
    case: Case
    """The isolation that held them at the last one; of several candidates, one of those isolated."""
    severity: Severity
    by_name: bool = False
    first_day: bool = False
    """Every pass is of the isolation's first day and from before it was known: it may have come first."""
    candidates: tuple[tuple[Person, Case | None], ...] = ()
    """Two or more: whom the name can mean, and what held each."""


def breaches(register: Register) -> list[Breach]:
    """The passes of `breach_for` (24 h) by people in isolation at the time. Critical in central and home
    isolation, a warning in monitoring, when two people may be meant, or when the pass may have come before
    the order. Who was refused or turned back was at the gate too."""
    look = register.look
    found = _passes(register)
    if not found:
        return []
    directory = register.directory({row.who for row in found}, {row.id_number for row in found} - {""})
    mine: dict[int, list[tuple[Any, bool]]] = defaultdict(list)
    unsure: dict[str, list[Any]] = defaultdict(list)
    held: dict[int, Case] = {}
    for row in found:
        link = directory.link(Mention(row.who, row.id_number, row.phone))
        if link.person is not None:
            case = held_at(look, register.cases_of(link.person), row.event_at)
            if case is not None:
                mine[case.row.entity].append((row, link.by_name))
                held[case.row.entity] = case
        elif any(held_at(look, register.cases_of(one), row.event_at) for one in link.candidates):
            unsure[row.who].append(row)
    told = _known_since(look, held.values())
    sure = [_of(look, held[entity], rows, told[entity]) for entity, rows in mine.items()]
    doubts = []
    for who, rows in unsure.items():
        at = rows[-1].event_at
        said = directory.link(Mention(who, rows[-1].id_number, rows[-1].phone)).candidates
        each = tuple((one, held_at(look, register.cases_of(one), at)) for one in said)
        case = next(case for _, case in each if case is not None)
        doubts.append(Breach(tuple(rows), case, "warning", candidates=each))
    return sorted([*sure, *doubts], key=lambda one: (one.passes[0].event_at, one.passes[0].id))


def severities(found: Sequence[Breach]) -> Mapping[int, Severity]:
    """Pass (version id) → how loudly it is called."""
    return {row.id: one.severity for one in found for row in one.passes}


def by_isolation(found: Sequence[Breach]) -> Mapping[int, Severity]:
    """Isolation (entity) → how loudly its person's pass is called. A name that can mean two is nobody's."""
    return {one.case.row.entity: one.severity for one in found if not one.candidates}


def _passes(register: Register) -> list[Any]:
    """Oldest first."""
    look = register.look
    if not register.cases:
        return []
    limits = look.settings.thresholds
    asked = (_BY_NUMBER if register.numbered else _BY_NAME)[look.tick is not None]
    rows = asked(look, since=look.moment - limits.breach_for, until=look.moment + limits.clock_ahead)
    return sorted(rows, key=lambda row: (row.event_at, row.id))


def _of(look: Look, case: Case, rows: Sequence[tuple[Any, bool]], told: datetime) -> Breach:
    early = [day_of(look, row.event_at) == case.start and row.event_at < told for row, _ in rows]
    severity: Severity = "critical"
    if case.row.mode == "MONITORING" or all(early):
        severity = "warning"
    return Breach(
        tuple(row for row, _ in rows),
        case,
        severity,
        by_name=all(by_name for _, by_name in rows),
        first_day=all(early),
    )


def _known_since(look: Look, cases: Iterable[Case]) -> dict[int, datetime]:
    """Isolation (entity) → when it became known."""
    entities = sorted({case.row.entity for case in cases})
    first = select(_i.id, _k.committed_at).join(_k, _k.n == _i.known_from).where(_i.id.in_(entities))
    return dict(run(look, first))
