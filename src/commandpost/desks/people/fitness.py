"""Who on a roster is no cover: isolated or febrile, as far as the name on the roster can be linked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select

from commandpost.desks.duty.tables import CheckIn
from commandpost.desks.gate.fevers import CALLED_FOR
from commandpost.desks.gate.fevers import Called as AtGate
from commandpost.desks.health.fevers import MORNING
from commandpost.desks.health.fevers import Called as Reported
from commandpost.desks.isolation.cases import Case, held_at
from commandpost.desks.people.linking import Directory, Mention, Person
from commandpost.desks.people.register import Register
from commandpost.desks.shapes.asking import Question, midnight
from commandpost.desks.shapes.common import Celsius, Look
from commandpost.desks.shapes.coverage import Unfit
from commandpost.desks.shapes.fever import is_cooler, is_fever
from commandpost.words import Message, message

RESTS = timedelta(hours=24)
"""How long an open fever keeps somebody off duty. Ours; a normal retest ends it."""

MODES = {"CENTRAL": "central isolation", "HOME": "home isolation", "MONITORING": "home monitoring"}

_c: Any = CheckIn
_CHECKED = Question(
    CheckIn,
    lambda known: select(_c.name, _c.event_at, _c.temperature, _c.symptoms).where(
        known,
        _c.event_at >= bindparam("since"),
        _c.event_at <= bindparam("until"),
        _c.temperature.is_not(None) | (_c.symptoms != ""),
    ),
)


@dataclass(frozen=True, slots=True)
class _Fever:
    of: Mention
    unfit: Unfit


class Fitness:
    """Answers `UnfitOf` for one look. A name on a roster is bare: it is the one person it can mean; when it
    can mean two, nobody loses their cover, and both are told. Monitoring leaves the cover too: its rule
    allows what is necessary, so a person decides (domain: a breach of it is a warning)."""

    def __init__(self, register: Register, at_gate: Sequence[AtGate], reported: Sequence[Reported]) -> None:
        self._look, self.register = register.look, register
        self._at_gate, self._reported = at_gate, reported

    def __call__(self, names: Collection[str]) -> Mapping[str, Sequence[Unfit]]:
        names = set(names)
        fevers = [fever for fever in self._fevers if fever.of.name in names]
        checked = {name: unfit for name, unfit in self._checked() if name in names}
        asked = (names & self.register.isolated) | {fever.of.name for fever in fevers} | checked.keys()
        if not asked:
            return {}
        directory = self.register.directory(asked)
        of_person, strangers = self.febrile(directory)
        found = {}
        for name in asked:
            persons = directory.called(name)
            reasons = [*strangers.get(name, ())]
            for person in persons:
                reasons += _isolations(self._look, self.register.cases_of(person))
                reasons += of_person.get(person, ())
            meant = len(persons) + bool(strangers.get(name))
            if meant > 1:
                reasons = [replace(reason, sure=False, meant=meant) for reason in reasons]
            if name in checked:
                # Who signed in at a post is whom its roster means.
                reasons.append(checked[name])
            if reasons:
                found[name] = reasons
        return found

    def febrile(self, directory: Directory) -> tuple[dict[Person, list[Unfit]], dict[str, list[Unfit]]]:
        """The open fevers of those in the directory, and those of names that are none of them. One that can
        mean two is each one's, not surely."""
        of_person: dict[Person, list[Unfit]] = defaultdict(list)
        strangers: dict[str, list[Unfit]] = defaultdict(list)
        for fever in self._fevers:
            link = directory.link(fever.of)
            for person in link.candidates:
                of_person[person].append(replace(fever.unfit, sure=link.person is not None))
            if not link.candidates:
                strangers[fever.of.name].append(fever.unfit)
        return of_person, strangers

    @cached_property
    def _fevers(self) -> list[_Fever]:
        found = []
        for gate in self._at_gate:
            first, last = gate.passes[0], gate.passes[-1]
            if last.who and last.who != last.plate:
                unfit = Unfit(first.event_at, last.event_at + RESTS, _fever(last.temperature))
                found.append(_Fever(Mention(last.who), unfit))
        for report in self._reported:
            first_day, last_day = report.reports[0].day, report.reports[-1].day
            end = midnight(self._look, last_day + timedelta(days=1)) + MORNING
            why = _fever(report.reports[-1].temperature)
            unfit = Unfit(midnight(self._look, first_day), end, why)
            found.append(_Fever(Mention(report.name, room=report.room), unfit))
        return found

    def _checked(self) -> Iterator[tuple[str, Unfit]]:
        """Guards who had a fever when they last signed in and said how they are."""
        look, limit = self._look, self._look.settings.thresholds.fever
        last: dict[str, Any] = {}
        checked = _CHECKED(look, since=look.moment - CALLED_FOR, until=look.moment)
        for row in sorted(checked, key=lambda row: (row.event_at, row.temperature or 0)):
            if is_cooler(row, limit) or is_fever(row, limit):
                last[row.name] = row
        for name, row in last.items():
            if is_fever(row, limit):
                why = _fever(row.temperature)
                yield name, Unfit(row.event_at, row.event_at + RESTS, why, by_name=False)


def _fever(temperature: float | None) -> Message:
    if temperature is None:
        return message("fever, not measured")
    return message("fever {temperature:.1f}", temperature=Celsius(temperature))


def _isolations(look: Look, mine: Sequence[Case]) -> Iterator[Unfit]:
    """The isolation that holds somebody now, and those that are planned."""
    now = held_at(look, mine, look.moment)
    for case in mine:
        if case is not now and case.fate != "planned":
            continue
        ends = midnight(look, case.due + timedelta(days=1))
        yield Unfit(
            midnight(look, case.start),
            # One that is past its end goes on until its release is stated.
            ends if ends > look.moment else None,
            message(MODES[case.row.mode]),
            sure=case.row.mode != "MONITORING",
        )
