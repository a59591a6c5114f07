"""What must not be missed when what two desks know of one person is put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from commandpost.desks.gate.alerts import how
from commandpost.desks.isolation.cases import Case
from commandpost.desks.people.breach import Breach
from commandpost.desks.people.fitness import MODES
from commandpost.desks.people.linking import Person
from commandpost.desks.shapes.common import Alert, Look, Name, Phone, Private, Room
from commandpost.words import Message, Named, message

_SHORT = {"CENTRAL": "central", "HOME": "home", "MONITORING": "monitored"}

LISTED = 3
"""Candidates named in one line; the others are counted."""


def alerts(look: Look, breaches: Sequence[Breach]) -> Iterator[Alert]:
    """Isolated people at a gate: one a person, about the latest pass."""
    english = {gate.name: gate.english for gate in look.settings.gate}
    for breach in breaches:
        first, last = breach.passes[0], breach.passes[-1]
        case = breach.case
        yield Alert(
            rule="isolation-breach",
            severity=breach.severity,
            subject=f"isolation:{case.row.entity}" if not breach.candidates else f"gate_pass:{first.entity}",
            text=_text(look, breach, Named(last.gate, english.get(last.gate, ""))),
            since=first.event_at,
            at=last.event_at,
            timing="ago",
            act=message("ask who it is") if breach.candidates else message("bring back"),
            desk="gate",
            entity=last.entity,
        )


def _text(look: Look, breach: Breach, gate: Named) -> Message:
    last, case = breach.passes[-1], breach.case
    time = look.clock(last.event_at)
    if breach.candidates:
        return message(
            "{name}, one of {n}: {who}, {gate} {time} {how}",
            name=Name(last.who),
            gate=gate,
            time=time,
            how=how(last),
            n=len(breach.candidates),
            who=_listed(breach.candidates),
        )
    said = message(
        "{name} {mode} {gate} {time} {how}",
        name=Name(case.row.name),
        mode=message(MODES[case.row.mode]),
        gate=gate,
        time=time,
        how=how(last),
    )
    if breach.by_name:
        said = message("{what}, by name", what=said)
    return message("{what}, on its first day", what=said) if breach.first_day else said


def _listed(candidates: Sequence[tuple[Person, Case | None]]) -> Message:
    """3-2-501 home isolation / 5-1-302: those who are isolated first."""
    ordered = sorted(candidates, key=lambda one: one[1] is None)
    told = [_candidate(person, case) for person, case in ordered[:LISTED]]
    if len(ordered) > LISTED:
        told.append(message("{n} more", n=len(ordered) - LISTED))
    said = told[-1]
    for one in reversed(told[:-1]):
        said = message("{one} / {others}", one=one, others=said)
    return said


def _candidate(person: Person, case: Case | None) -> Message:
    """What tells a person from others of the name: the room, else the phone, else the end of the ID number."""
    told: str = Private("?")
    if person.rooms:
        told = Room(person.rooms[0])
    elif person.phones:
        told = Phone(person.phones[0])
    elif person.id_numbers:
        told = Private("…" + person.id_numbers[0][-4:])
    if case is None:
        return message("{which}", which=told)
    return message("{which} {mode}", which=told, mode=message(_SHORT[case.row.mode]))
