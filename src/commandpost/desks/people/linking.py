"""Who is meant: mentions of people grouped into persons, bare names linked to the one they can mean.

Pure, and nothing of it is stored: linking changes no key and no fact (domain §2). A person is told by the ID
number, else by phone and name, else by room and name; never by the name alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody as one row names them; what the row does not say is empty."""

    name: str
    id_number: str = ""
    phone: str = ""
    room: str = ""
    """As written: `3-2-501` is a room, a hotel's name is none."""
    table: str = ""
    id: int = 0
    """Of the version that says it."""

    @property
    def bare(self) -> bool:
        """Nothing but a name: it can be linked, and makes nobody."""
        return not (self.id_number or self.phone or is_room(self.room))


@dataclass(frozen=True, slots=True)
class Person:
    """One person as far as rows tell, everything as written, sorted."""

    names: tuple[str, ...]
    id_numbers: tuple[str, ...] = ()
    """One at most: two ID numbers are two people."""
    phones: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = field(default=(), compare=False)
    """The rows that name them by more than the name."""
    by_name: tuple[Mention, ...] = field(default=(), compare=False)
    """Rows with the bare name, which can mean nobody else."""


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a mention means. Two candidates or more: linked to none of them."""

    person: Person | None = None
    by_name: bool = False
    """By nothing but the name."""
    candidates: tuple[Person, ...] = ()
    """All it can mean; the linked one alone when there is one."""


def is_room(place: str) -> bool:
    """A canonical room, 3-2-501: two of them that differ are two places, the same one is the same."""
    return place.replace("-", "").isalnum() and "-" in place and any(c.isdigit() for c in place)


class Directory:
    """Everybody the mentions tell of. The order of the mentions makes no difference."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        every = sorted(set(mentions), key=_order)
        clusters = _clusters([one for one in every if not one.bare])
        self._of_name: dict[str, list[Person]] = defaultdict(list)
        self._of_id: dict[str, Person] = {}
        bare: dict[str, list[Mention]] = defaultdict(list)
        for one in every:
            if one.bare:
                bare[one.name].append(one)
        called: dict[str, list[int]] = defaultdict(list)
        for n, cluster in enumerate(clusters):
            for name in {one.name for one in cluster}:
                called[name].append(n)
        taken: dict[int, list[Mention]] = defaultdict(list)
        alone: list[list[Mention]] = []
        self.unlinked: tuple[Mention, ...] = ()
        """Bare names that can mean two people or more."""
        for name, found in bare.items():
            who = called.get(name, [])
            if not who:
                alone.append(found)
            elif len(who) == 1:
                taken[who[0]] += found
            else:
                self.unlinked += tuple(found)
        persons = [_person(cluster, taken.get(n, [])) for n, cluster in enumerate(clusters)]
        persons += [_person([], found) for found in alone]
        self.persons: tuple[Person, ...] = tuple(sorted(persons, key=_place))
        for person in self.persons:
            for name in person.names:
                self._of_name[name].append(person)
            for number in person.id_numbers:
                self._of_id[number] = person

    def called(self, name: str) -> tuple[Person, ...]:
        """Everybody of this name."""
        return tuple(self._of_name.get(name, ()))

    def link(self, mention: Mention) -> Link:
        """Whom somebody else's row means: by its ID number, else phone and name, else room and name; else by
        name, when one person alone has it and nothing the row says contradicts that."""
        known = self._of_id.get(mention.id_number) if mention.id_number else None
        if known is not None:
            return Link(known, candidates=(known,))
        fitting = [one for one in self._of_name.get(mention.name, ()) if not _contradict(one, mention)]
        for same in (
            [one for one in fitting if mention.phone and mention.phone in one.phones],
            [one for one in fitting if is_room(mention.room) and mention.room in one.rooms],
        ):
            if len(same) == 1:
                return Link(same[0], candidates=(same[0],))
            if same:
                return Link(candidates=tuple(same))
        if len(fitting) == 1:
            return Link(fitting[0], by_name=True, candidates=(fitting[0],))
        return Link(candidates=tuple(fitting))


def _contradict(person: Person, mention: Mention) -> bool:
    """The row says something of its person that is known to be otherwise: that is somebody else."""
    if mention.id_number and person.id_numbers:
        return True
    if mention.phone and person.phones:
        return mention.phone not in person.phones
    rooms = [room for room in person.rooms if is_room(room)]
    return is_room(mention.room) and bool(rooms) and mention.room not in rooms


def _clusters(mentions: list[Mention]) -> list[list[Mention]]:
    """Mentions of one person each: by ID number, then phone and name, then room and name."""
    by_id: dict[str, list[Mention]] = defaultdict(list)
    found: list[list[Mention]] = []
    for one in mentions:
        if one.id_number:
            by_id[one.id_number].append(one)
        else:
            found.append([one])
    found += by_id.values()
    found = _joined(found, lambda one: (one.phone, one.name) if one.phone else None)
    return _joined(found, lambda one: (one.room, one.name) if is_room(one.room) else None)


def _joined(clusters: list[list[Mention]], key: Callable[[Mention], Hashable | None]) -> list[list[Mention]]:
    """Clusters that share a key are one. Those without an ID number are joined first; what they then are
    joins the only ID number it touches, and stands apart when it touches two."""
    numbers = [next((one.id_number for one in cluster if one.id_number), "") for cluster in clusters]
    sharing: dict[Hashable, list[int]] = defaultdict(list)
    for n, cluster in enumerate(clusters):
        for found in {key(one) for one in cluster} - {None}:
            sharing[found].append(n)
    root = list(range(len(clusters)))

    def of(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for same in sharing.values():
        unnumbered = [n for n in same if not numbers[n]]
        for n in unnumbered[1:]:
            root[of(n)] = of(unnumbered[0])
    touched: dict[int, set[int]] = defaultdict(set)
    for same in sharing.values():
        known = {n for n in same if numbers[n]}
        for n in same:
            if not numbers[n]:
                touched[of(n)] |= known
    for group, known in touched.items():
        if len(known) == 1:
            root[group] = min(known)
    whole: dict[int, list[Mention]] = defaultdict(list)
    for n, cluster in enumerate(clusters):
        whole[of(n)] += cluster
    return list(whole.values())


def _person(cluster: Collection[Mention], bare: Collection[Mention]) -> Person:
    every = (*cluster, *bare)

    def said(values: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({value for value in values if value}))

    return Person(
        said(one.name for one in every),
        said(one.id_number for one in every),
        said(one.phone for one in every),
        said(one.room for one in every),
        tuple(sorted(cluster, key=_order)),
        tuple(sorted(bare, key=_order)),
    )


def _order(one: Mention) -> tuple[str, str, str, str, str, int]:
    return one.name, one.id_number, one.phone, one.room, one.table, one.id


def _place(one: Person) -> tuple[tuple[str, ...], ...]:
    return one.names, one.id_numbers, one.phones, one.rooms
