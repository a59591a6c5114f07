"""Finding somebody over all desks: who meets the words typed, and what each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from commandpost.desks.duty.tables import CheckIn, Shift
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.cases import Case, held_at
from commandpost.desks.people.asking import Word, words_of
from commandpost.desks.people.fitness import MODES, Fitness
from commandpost.desks.people.linking import Directory, Mention, Person, is_room
from commandpost.desks.people.register import REPORTS, Register
from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.asking import parts, run
from commandpost.desks.shapes.common import Look, Name, Phone, Plate, Private, Room, Severity
from commandpost.desks.shapes.coverage import Unfit
from commandpost.words import Message, message

LATELY = timedelta(days=30)
"""How far back passes, shifts and check-ins are looked through at first."""
FOUND = 100
"""People told at most."""
NAMES = 200
"""Names and plates looked into at most."""

_g: Any = GatePass
_s: Any = Shift
_c: Any = CheckIn
_h: Any = Household
_r: Any = HealthReport


@dataclass(frozen=True, slots=True)
class Ref:
    """How somebody is asked for again: derived anew each time, for nothing of a person is stored."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    room: str = ""
    plate: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody the words can mean."""

    ref: Ref = field(repr=False)
    names: tuple[Name, ...]
    id_numbers: tuple[Private, ...] = ()
    phones: tuple[Phone, ...] = ()
    rooms: tuple[Room, ...] = ()
    plates: tuple[Plate, ...] = ()
    what: tuple[Message, ...] = ()
    """What they are, the most pressing first."""
    last: datetime | None = None
    """When a row last spoke of them, by the moment of the look."""
    severity: Severity | None = None
    """Critical: isolated or febrile now; a warning: monitored."""


@dataclass(slots=True)
class _Seen:
    """What rows without a register say of one name, or of a plate."""

    phones: set[str] = field(default_factory=set)
    plates: set[str] = field(default_factory=set)
    rows: set[tuple[Mention, str]] = field(default_factory=set)
    """Of passes: who, with the ID number and the phone of the row, and the plate."""
    last: datetime | None = None

    def at(self, moment: datetime) -> None:
        self.last = moment if self.last is None else max(self.last, moment)


def search(look: Look, text: str, fitness: Fitness, *, all_time: bool = False) -> list[Found]:
    """Everybody who meets every word of `text`, those spoken of last first. Passes, shifts and check-ins of
    30 days are looked through, of `all_time` all."""
    words = words_of(text)
    if not words:
        return []
    since = None if all_time else look.moment - LATELY
    register = fitness.register
    seen = _passes(look, words, since)
    names = {name for name in seen if name}
    names |= _registered(look, register, words)
    for name, phone in _posted(look, since):
        if any(word.in_name(name) or word.in_number(phone) for word in words):
            names.add(name)
            seen[name].phones |= {phone} - {""}
    # The best first where there are too many.
    kept = sorted(names, key=lambda name: (-max(word.in_name(name) for word in words), name))[:NAMES]
    directory = register.directory(kept)
    _last_seen(look, kept, since, seen)
    of_person, strangers = fitness.febrile(directory)
    linked = _shared_out(directory, [seen[name] for name in kept if len(directory.called(name)) > 1])
    found = []
    for person in directory.persons:
        alone = [seen[name] for name in person.names if len(directory.called(name)) == 1]
        mine = register.cases_of(person)
        alone += linked.get(person, [])
        found.append(_known(look, person, mine, of_person.get(person, ()), alone))
    for name in kept:
        meant = len(directory.called(name))
        # A name of two people is told a third time when rows have nothing but the name.
        if meant != 1 and (not meant or seen[name].last is not None):
            found.append(_unknown(name, seen[name], meant, strangers.get(name, ())))
    driven = {plate for one in found for plate in one.plates if one.names}
    found = [one for one in found if one.names or not driven.issuperset(one.plates)]
    scored = [(min(_met(word, one) for word in words), one) for one in found]
    met = [(score, one) for score, one in scored if score]
    met.sort(
        key=lambda pair: (-pair[0] // 3, -(pair[1].last.timestamp() if pair[1].last else 0), pair[1].names)
    )
    return [one for _, one in met[:FOUND]]


def _shared_out(directory: Directory, shared: Iterable[_Seen]) -> dict[Person, list[_Seen]]:
    """What passes say of names that two people have, for whom of them each pass means; what is left with the
    name means nobody for sure."""
    linked: dict[Person, list[_Seen]] = defaultdict(list)
    for seen in shared:
        phones, plates = {one.phone for one, _ in seen.rows}, {plate for _, plate in seen.rows}
        left = _Seen(seen.phones - phones, seen.plates - plates)
        for mention, plate in seen.rows:
            person = directory.link(mention).person
            one = _Seen({mention.phone} - {""}, {plate} - {""})
            if person is None:
                left.phones |= one.phones
                left.plates |= one.plates
            else:
                linked[person].append(one)
        seen.phones, seen.plates = left.phones, left.plates
    return linked


def _met(word: Word, one: Found) -> int:
    return word.met(one.names, (*one.phones, *one.id_numbers), one.rooms, one.plates)


def _registered(look: Look, register: Register, words: Sequence[Word]) -> set[str]:
    """Names in the registers of rows that meet a word."""
    found = set()
    for case in register.cases:
        row = case.row
        if any(word.met((row.name,), (row.phone, row.id_number), (row.place,)) for word in words):
            found.add(row.name)
    others: list[tuple[str, str]] = []
    since = look.day_start - timedelta(days=REPORTS)
    for part in parts(look, Household):
        others += [tuple(row) for row in run(look, select(_h.head, _h.address).where(part))]
    for part in parts(look, HealthReport):
        asked = select(_r.name, _r.room).where(part, _r.event_at >= since).distinct()
        others += [tuple(row) for row in run(look, asked)]
    found |= {name for name, room in set(others) if any(word.met((name,), (), (room,)) for word in words)}
    return found - {""}


def _posted(look: Look, since: datetime | None) -> set[tuple[str, str]]:
    """(name, phone) on rosters and of check-ins."""
    found: set[tuple[str, str]] = set()
    for part in parts(look, Shift):
        found |= {
            (name, "") for (name,) in run(look, _within(select(_s.name).where(part), _s, since).distinct())
        }
    for part in parts(look, CheckIn):
        asked = _within(select(_c.name, _c.phone).where(part), _c, since).distinct()
        found |= {(name, phone) for name, phone in run(look, asked)}
    return found


def _within(statement: Any, table: Any, since: datetime | None) -> Any:
    return statement if since is None else statement.where(table.event_at >= since)


def _passes(look: Look, words: Sequence[Word], since: datetime | None) -> dict[str, _Seen]:
    """Names (empty: none) at the gates, and the phones and plates seen with them, of passes that meet a word.

    Names come from the index of passes; only what is no name, a number or a plate, is read from the rows."""
    found: dict[str, _Seen] = defaultdict(_Seen)
    spelt = [word for word in words if word.letters]
    for part in parts(look, GatePass):
        where = [part, _g.event_at <= look.moment + look.settings.thresholds.clock_ahead]
        if since is not None:
            where.append(_g.event_at >= since)
        if spelt:
            for (who,) in run(look, select(_g.who).where(*where).distinct()):
                if any(word.in_name(who) for word in spelt):
                    found[who]
        said = [
            _g.who.contains(word.text, autoescape=True)
            for word in words
            if not (word.letters or word.digits or is_room(word.room))
        ]
        if said:
            for (who,) in run(
                look, select(_g.who).where(*where, or_(false(), *said)).distinct().limit(NAMES)
            ):
                found[who]
        numbers = list(_numbers(words))
        if numbers:
            said_of = select(_g.who, _g.phone, _g.plate, _g.id_number)
            asked = said_of.where(*where, or_(false(), *numbers)).distinct()
            for who, phone, plate, document in run(look, asked.limit(NAMES)):
                found[who].phones |= {phone} - {""}
                found[who].plates |= {plate} - {""}
                found[who].rows.add((Mention(who, document, phone), plate))
    return found


def _numbers(words: Iterable[Word]) -> Iterable[ColumnElement[bool]]:
    for word in words:
        if word.digits:
            yield _g.phone.endswith(word.digits)
            yield _g.id_number.endswith(word.digits)
        if word.plate:
            yield _g.plate.contains(word.plate)


def _last_seen(look: Look, names: Sequence[str], since: datetime | None, seen: dict[str, _Seen]) -> None:
    """When each was last at a gate or began a shift, by the moment of the look."""
    for table, column in ((_g, _g.who), (_s, _s.name), (_c, _c.name)):
        for part in parts(look, table):
            asked = select(column, func.max(table.event_at)).where(
                part, column.in_(names), table.event_at <= look.moment
            )
            for name, at in run(look, _within(asked, table, since).group_by(column)):
                seen[name].at(at)


def _known(
    look: Look, person: Person, mine: Sequence[Case], fevers: Sequence[Unfit], seen: Sequence[_Seen]
) -> Found:
    """What is known of somebody. `seen`: what bare rows say that can mean nobody else."""
    told: list[Message] = []
    severity: Severity | None = None
    held = held_at(look, mine, look.moment)
    if held is not None:
        severity = "warning" if held.row.mode == "MONITORING" else "critical"
        day, mode = min((look.today - held.start).days + 1, held.days), message(MODES[held.row.mode])
        told.append(message("{mode}, day {day} of {days}", mode=mode, day=day, days=held.days))
    if fevers:
        severity = "critical"
        told += [fever.why for fever in fevers]
    if held is None and mine:
        start = max(case.start for case in mine)
        if start > look.today:
            told.append(message("isolation from {day}", day=f"{start:%m-%d}"))
        else:
            told.append(message("was isolated from {day}", day=f"{start:%m-%d}"))
    if any(one.table == "household" for one in (*person.mentions, *person.by_name)):
        told.append(message("head of household"))
    dates = [case.row.event_at for case in mine if case.row.event_at <= look.moment]
    dates += [here.last for here in seen if here.last is not None]
    phones = {*person.phones, *(phone for here in seen for phone in here.phones)}
    plates = {plate for here in seen for plate in here.plates}
    first = (next(iter(values), "") for values in (person.id_numbers, person.phones, person.rooms))
    return Found(
        Ref(person.names[0], *first),
        tuple(map(Name, person.names)),
        tuple(map(Private, person.id_numbers)),
        tuple(map(Phone, sorted(phones))),
        tuple(map(Room, person.rooms)),
        tuple(map(Plate, sorted(plates))),
        tuple(told),
        max(dates, default=None),
        severity,
    )


def _unknown(name: str, seen: _Seen, meant: int, fevers: Sequence[Unfit]) -> Found:
    """A name, or a plate, of which rows speak and no register knows whose it is. `meant`: whom it can mean."""
    told = [fever.why for fever in fevers]
    told.append(message("the bare name: one of {n}", n=meant) if meant else message("in no register"))
    plate = any(c.isdigit() for c in name)
    return Found(
        Ref(plate=name) if plate else Ref(name),
        () if plate else (Name(name),),
        phones=tuple(map(Phone, sorted(seen.phones))),
        plates=tuple(map(Plate, sorted({*seen.plates, *([name] if plate else ())}))),
        what=tuple(told),
        last=seen.last,
        severity="critical" if fevers else None,
    )


def told_of(
    look: Look,
    ref: Ref,
    person: Person | None,
    directory: Directory,
    fitness: Fitness,
    plates: Iterable[str],
    last: datetime | None,
) -> Found:
    """The same for somebody whose rows were looked for already."""
    of_person, strangers = fitness.febrile(directory)
    seen = _Seen(plates=set(plates), last=last)
    if person is None:
        name = ref.name or ref.plate
        return _unknown(name, seen, len(directory.called(name)), strangers.get(name, ()))
    mine = fitness.register.cases_of(person)
    return _known(look, person, mine, of_person.get(person, ()), [seen])
