"""Whom the registers know: isolations, temperature reports and census heads, for the names asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select

from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.cases import Case
from commandpost.desks.people.linking import Directory, Mention, Person
from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.asking import Question, midnight
from commandpost.desks.shapes.common import Look

REPORTS = 14
"""Days of temperature reports that tell who somebody is."""

_h: Any = Household
_r: Any = HealthReport
_HEADS = Question(
    Household,
    lambda known: select(_h.id, _h.head, _h.address).where(
        known, _h.head.in_(bindparam("names", expanding=True))
    ),
)
# By day, slot and name: each is a look-up in the index.
_REPORTS = Question(
    HealthReport,
    lambda known: select(_r.id, _r.name, _r.room).where(
        known,
        _r.event_at.in_(bindparam("days", expanding=True)),
        _r.slot.in_(["AM", "NOON", "PM"]),
        _r.name.in_(bindparam("names", expanding=True)),
    ),
)


class Register:
    """The people of one look. `cases`: all isolations known at it (`isolation.cases.cases`)."""

    def __init__(self, look: Look, cases: Sequence[Case]) -> None:
        self.look = look
        self.cases = cases

    @cached_property
    def _case(self) -> dict[int, Case]:
        return {case.row.id: case for case in self.cases}

    @cached_property
    def _by_name(self) -> dict[str, list[Case]]:
        found: dict[str, list[Case]] = {}
        for case in self.cases:
            found.setdefault(case.row.name, []).append(case)
        return found

    @cached_property
    def _by_number(self) -> dict[str, list[Case]]:
        found: dict[str, list[Case]] = {}
        for case in self.cases:
            if case.row.id_number:
                found.setdefault(case.row.id_number, []).append(case)
        return found

    @property
    def isolated(self) -> Set[str]:
        """The names as written of everybody who was ever isolated."""
        return self._by_name.keys()

    @property
    def numbered(self) -> bool:
        """Whether the register of isolations has any ID number."""
        return bool(self._by_number)

    def cases_of(self, person: Person) -> list[Case]:
        """A person's isolations, however they are written there."""
        said = (*person.mentions, *person.by_name)
        return [self._case[one.id] for one in said if one.table == "isolation"]

    def directory(self, names: Collection[str], id_numbers: Collection[str] = ()) -> Directory:
        """Everybody called by one of these names or known by one of these ID numbers, with all that tells one
        from the other."""
        wanted, numbers = set(names), set(id_numbers)
        mine: dict[int, Case] = {}
        names, id_numbers = wanted, numbers
        while names or id_numbers:
            more = [case for name in names for case in self._by_name.get(name, ())]
            more += [case for number in id_numbers for case in self._by_number.get(number, ())]
            mine |= {case.row.id: case for case in more}
            # An ID number may stand under a name that is written differently.
            names = {case.row.name for case in more} - wanted
            id_numbers = {case.row.id_number for case in more} - numbers - {""}
            wanted |= names
            numbers |= id_numbers
        return Directory([*map(isolation_mention, mine.values()), *self._others(wanted)])

    def _others(self, names: Collection[str]) -> Iterator[Mention]:
        if not names:
            return
        asked = sorted(names)
        for id, head, address in _HEADS(self.look, names=asked):
            yield Mention(head, room=address, table="household", id=id)
        days = [midnight(self.look, self.look.today - timedelta(days=n)) for n in range(REPORTS)]
        for id, name, room in _REPORTS(self.look, names=asked, days=days):
            yield Mention(name, room=room, table="health_report", id=id)


def isolation_mention(case: Case) -> Mention:
    row = case.row
    return Mention(row.name, row.id_number, row.phone, row.place, "isolation", row.id)
