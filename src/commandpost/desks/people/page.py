"""Everything known of one person in time order, newest first, each line with the row it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from commandpost.desks.duty.tables import CheckIn, Shift
from commandpost.desks.gate.alerts import how
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.cases import Case
from commandpost.desks.people.fitness import MODES, Fitness
from commandpost.desks.people.linking import Directory, Link, Mention, Person
from commandpost.desks.people.search import LATELY, Found, Ref, told_of
from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.asking import parts, run
from commandpost.desks.shapes.common import Celsius, Code, Look, Plate, Private, Room
from commandpost.desks.shapes.fever import is_fever
from commandpost.words import Message, message

LINES = 500
"""Lines of one table at most, the newest."""

By = Literal["", "name", "plate", "unsure"]
"""How a row is linked: surely, by the bare name, by the plate alone; `unsure`: it can mean two people."""

_g: Any = GatePass
_s: Any = Shift
_c: Any = CheckIn
_h: Any = Household
_r: Any = HealthReport


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that speaks of them."""

    at: datetime
    whole_day: bool
    """`at` is a day's midnight: the row has no time of day."""
    table: str
    id: int
    """Of the version."""
    text: Message
    temperature: Celsius | None = None
    fever: bool = False
    by: By = ""


@dataclass(frozen=True, slots=True)
class PersonPage:
    found: Found
    others: tuple[Found, ...]
    """People of the same name, whom a bare name can mean too."""
    entries: tuple[Entry, ...]
    since: datetime | None
    """Rows from before it were not looked for; None: all were. Isolations and the census are there anyway."""


@dataclass(frozen=True, slots=True)
class _Whose:
    """Which rows are the asked person's."""

    directory: Directory
    person: Person | None
    """None: no register knows them; then rows that mean nobody else are theirs."""
    names: tuple[str, ...]

    def by(self, mention: Mention) -> By | None:
        """How the row is linked to the person; None: it speaks of somebody else."""
        link: Link = self.directory.link(mention)
        if self.person is None:
            if link.person is not None:
                return None
            return "unsure" if link.candidates else "name"
        if link.person == self.person:
            return "name" if link.by_name else ""
        return "unsure" if link.person is None and self.person in link.candidates else None


def page(look: Look, ref: Ref, fitness: Fitness, *, all_time: bool = False) -> PersonPage:
    """The page of whom `ref` means now: of the last 30 days, of `all_time` everything. Somebody no register
    knows is a name or a plate, and has what rows say of it."""
    since = None if all_time else look.moment - LATELY
    directory = fitness.register.directory({ref.name} - {""}, {ref.id_number} - {""})
    person = directory.link(Mention(ref.name, ref.id_number, ref.phone, ref.room)).person
    names = person.names if person else (ref.name,) if ref.name else ()
    whose = _Whose(directory, person, names)
    entries: list[Entry] = []
    cases = [case for one in directory.persons for case in fitness.register.cases_of(one)]
    entries += _isolations(look, cases, whose)
    plates = {ref.plate} - {""}
    if names:
        entries += _households(look, whose)
        entries += _reports(look, whose, since)
        entries += _shifts(look, whose, since)
        entries += _check_ins(look, whose, since)
        passes, seen = _passes(look, whose, since)
        entries += passes
        plates |= seen
    entries += _by_plate(look, plates, since)
    entries.sort(key=lambda one: (one.at, one.table, one.id), reverse=True)
    found = told_of(look, ref, person, directory, fitness, plates, entries[0].at if entries else None)
    others = tuple(
        told_of(look, Ref(), one, directory, fitness, (), None)
        for name in names
        for one in directory.called(name)
        if one != person
    )
    return PersonPage(found, others, tuple(entries), since)


def _isolations(look: Look, cases: Sequence[Case], whose: _Whose) -> Iterator[Entry]:
    for case in cases:
        row = case.row
        by = whose.by(Mention(row.name, row.id_number, row.phone, row.place))
        if by is not None and row.name in whose.names:
            text = message(
                "{mode} to {day}, {place} {state}",
                mode=message(MODES[row.mode]),
                day=f"{case.due:%m-%d}",
                place=Room(row.place),
                state=message("still open" if case.fate == "open" else case.fate),
            )
            yield Entry(row.event_at, True, "isolation", row.id, text, by=by)


def _households(look: Look, whose: _Whose) -> Iterator[Entry]:
    columns = (_h.id, _h.event_at, _h.head, _h.address, _h.size)
    for row in _rows(look, Household, columns, None, _h.head.in_(whose.names)):
        by = whose.by(Mention(row.head, room=row.address))
        if by is not None:
            text = message("head of household {room}, {n} persons", room=Room(row.address), n=row.size or "?")
            yield Entry(row.event_at, True, "household", row.id, text, by=by)


def _reports(look: Look, whose: _Whose, since: datetime | None) -> Iterator[Entry]:
    columns = (_r.id, _r.event_at, _r.slot, _r.name, _r.room, _r.temperature, _r.symptoms)
    for row in _rows(look, HealthReport, columns, since, _r.name.in_(whose.names)):
        by = whose.by(Mention(row.name, room=row.room))
        if by is None:
            continue
        text = message(
            "{slot} temperature {room} {symptoms}",
            slot=message({"AM": "morning", "NOON": "noon"}.get(row.slot, "evening")),
            room=Room(row.room),
            symptoms=Private(row.symptoms),
        )
        yield Entry(row.event_at, True, "health_report", row.id, text, *_warm(look, row), by)


def _shifts(look: Look, whose: _Whose, since: datetime | None) -> Iterator[Entry]:
    columns = (_s.id, _s.event_at, _s.ends_at, _s.post, _s.name, _s.state)
    for row in _rows(look, Shift, columns, since, _s.name.in_(whose.names)):
        by = whose.by(Mention(row.name))
        if by is None:
            continue
        text = message("on duty {post} to {time}", post=row.post, time=look.clock(row.ends_at))
        if row.state != "PLANNED":
            text = message("{what}, {state}", what=text, state=message(Code(row.state).word))
        yield Entry(row.event_at, False, "shift", row.id, text, by=by)


def _check_ins(look: Look, whose: _Whose, since: datetime | None) -> Iterator[Entry]:
    columns = (_c.id, _c.event_at, _c.post, _c.name, _c.phone, _c.temperature, _c.symptoms)
    for row in _rows(look, CheckIn, columns, since, _c.name.in_(whose.names)):
        by = whose.by(Mention(row.name, phone=row.phone))
        if by is not None:
            text = message("signed in {post} {symptoms}", post=row.post, symptoms=Private(row.symptoms))
            yield Entry(row.event_at, False, "check_in", row.id, text, *_warm(look, row), by)


_PASS = (
    _g.id, _g.event_at, _g.gate, _g.direction, _g.who, _g.plate, _g.verdict, _g.temperature, _g.phone,
    _g.id_number, _g.purpose, _g.symptoms,
)  # fmt: skip


def _passes(look: Look, whose: _Whose, since: datetime | None) -> tuple[list[Entry], set[str]]:
    """(their passes by name, the plates they came with)."""
    found, plates = [], set()
    for row in _rows(look, GatePass, _PASS, since, _g.who.in_(whose.names)):
        by = whose.by(Mention(row.who, row.id_number, row.phone))
        if by is not None:
            found.append(_pass(look, row, by))
            if row.plate and by != "unsure":
                plates.add(row.plate)
    return found, plates


def _by_plate(look: Look, plates: set[str], since: datetime | None) -> Iterator[Entry]:
    """Passes of a plate with nobody's name."""
    if plates:
        for row in _rows(look, GatePass, _PASS, since, _g.who.in_(sorted(plates))):
            yield _pass(look, row, "plate")


def _pass(look: Look, row: Any, by: By) -> Entry:
    text = message(
        "{gate} {how} {plate} {symptoms} {purpose}",
        gate=row.gate,
        symptoms=Private(row.symptoms),
        how=how(row),
        plate=Plate(row.plate),
        purpose=Private(row.purpose),
    )
    return Entry(row.event_at, False, "gate_pass", row.id, text, *_warm(look, row), by)


def _warm(look: Look, row: Any) -> tuple[Celsius | None, bool]:
    degrees = None if row.temperature is None else Celsius(row.temperature)
    return degrees, is_fever(row, look.settings.thresholds.fever)


def _rows(look: Look, table: Any, columns: Sequence[Any], since: datetime | None, *where: Any) -> list[Any]:
    """The newest versions known, at most LINES; those found by name in the index of keys."""
    found: list[Any] = []
    for part in parts(look, table):
        asked = select(*columns).where(part, *where)
        if since is not None:
            asked = asked.where(table.event_at >= since)
        found += run(look, asked.order_by(table.event_at.desc()).limit(LINES))
    found.sort(key=lambda row: (row.event_at, row.id), reverse=True)
    return found[:LINES]
