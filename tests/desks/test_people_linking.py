"""Linking is not merging: who is one person, whom a bare name means, and that order makes no difference."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandpost.desks.people.linking import Directory, Link, Mention

A, B = "110101199003070011", "110101199003070038"
NAMES, PHONES, ROOMS = (
    ("岑远", "柏青"),
    ("", "13900000001", "13900000002"),
    ("", "3-2-501", "5-1-302", "健康驿站"),
)
mentions = st.lists(
    st.builds(
        Mention,
        st.sampled_from(NAMES),
        st.sampled_from(("", "", A, B)),
        st.sampled_from(PHONES),
        st.sampled_from(ROOMS),
        st.sampled_from(("isolation", "household")),
        st.integers(1, 99),
    ),
    max_size=9,
)


def groups(*said: Mention) -> list[tuple[int, ...]]:
    """The ids of the mentions of each person, by-name ones too."""
    return sorted(
        tuple(sorted(one.id for one in (*person.mentions, *person.by_name)))
        for person in Directory(said).persons
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # The same ID number is the same person, however the name is written.
        ([Mention("岑远", A, id=1), Mention("岑 远", A, id=2)], [(1, 2)]),
        ([Mention("岑远", A, id=1), Mention("岑远", B, id=2)], [(1,), (2,)]),
        ([Mention("岑远", phone=PHONES[1], id=1), Mention("岑远", phone=PHONES[1], id=2)], [(1, 2)]),
        # A phone is a family's.
        ([Mention("岑远", phone=PHONES[1], id=1), Mention("柏青", phone=PHONES[1], id=2)], [(1,), (2,)]),
        ([Mention("岑远", room="3-2-501", id=1), Mention("岑远", room="3-2-501", id=2)], [(1, 2)]),
        ([Mention("岑远", room="3-2-501", id=1), Mention("岑远", room="5-1-302", id=2)], [(1,), (2,)]),
        # A hotel is no room: two of one name may stay there.
        (
            [Mention("岑远", phone=PHONES[1], room="健康驿站", id=1), Mention("岑远", phone=PHONES[2], room="健康驿站", id=2)],
            [(1,), (2,)],
        ),
        # Joined through what a third row says of both.
        (
            [Mention("岑远", A, PHONES[1], id=1), Mention("岑远", "", PHONES[1], "3-2-501", id=2), Mention("岑远", room="3-2-501", id=3)],
            [(1, 2, 3)],
        ),
        # What could be either of two ID numbers is neither.
        (
            [
                Mention("岑远", A, "", "3-2-501", id=1),
                Mention("岑远", B, "", "5-1-302", id=2),
                Mention("岑远", "", PHONES[1], "3-2-501", id=3),
                Mention("岑远", "", PHONES[1], "5-1-302", id=4),
            ],
            [(1,), (2,), (3, 4)],
        ),
        # A bare name is the one person it can mean; of two it is neither.
        ([Mention("岑远", A, id=1), Mention("岑远", id=2)], [(1, 2)]),
        ([Mention("岑远", A, id=1), Mention("岑远", B, id=2), Mention("岑远", id=3)], [(1,), (2,)]),
    ],
)  # fmt: skip
def test_who_is_one_person(said: list[Mention], expected: list[tuple[int, ...]]) -> None:
    assert groups(*said) == expected


def test_a_person_has_everything_as_it_was_written_and_where() -> None:
    said = (
        Mention("岑远", A, PHONES[1], "3-2-501", "isolation", 1),
        Mention("岑 远", A, PHONES[2], "健康驿站", "isolation", 2),
        Mention("岑远", table="shift", id=3),
    )
    (person,) = Directory(said).persons
    assert person.names == ("岑 远", "岑远")
    assert person.phones == (PHONES[1], PHONES[2])
    assert person.rooms == ("3-2-501", "健康驿站")
    assert [(one.table, one.id) for one in person.mentions] == [("isolation", 2), ("isolation", 1)]
    assert [(one.table, one.id) for one in person.by_name] == [("shift", 3)]


def how(link: Link) -> tuple[str, int]:
    """(`sure`, `by name` or `no`, how many it can mean)"""
    return ("no" if link.person is None else "by name" if link.by_name else "sure"), len(link.candidates)


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [
        ([Mention("岑远", A)], Mention("岑园", A), ("sure", 1)),
        ([Mention("岑远", A)], Mention("岑远", B), ("no", 0)),
        ([Mention("岑远", A, PHONES[1])], Mention("岑远", phone=PHONES[1]), ("sure", 1)),
        ([Mention("岑远", A, PHONES[1])], Mention("岑远", phone=PHONES[2]), ("no", 0)),
        ([Mention("岑远", room="3-2-501")], Mention("岑远", room="3-2-501"), ("sure", 1)),
        ([Mention("岑远", room="3-2-501")], Mention("岑远", room="5-1-302"), ("no", 0)),
        # Nothing contradicts: a phone the register does not have.
        ([Mention("岑远", room="3-2-501")], Mention("岑远", phone=PHONES[1]), ("by name", 1)),
        ([Mention("岑远", A)], Mention("岑远"), ("by name", 1)),
        ([Mention("岑远")], Mention("岑远"), ("by name", 1)),
        ([Mention("岑远", A), Mention("岑远", B)], Mention("岑远"), ("no", 2)),
        ([Mention("岑远", A, PHONES[1]), Mention("岑远", B)], Mention("岑远", phone=PHONES[1]), ("sure", 1)),
        ([Mention("柏青", A)], Mention("岑远"), ("no", 0)),
    ],
)
def test_whom_a_row_means(known: list[Mention], said: Mention, expected: tuple[str, int]) -> None:
    assert how(Directory(known).link(said)) == expected


@given(mentions, st.randoms())
def test_the_order_of_the_rows_makes_no_difference(said: list[Mention], random: Random) -> None:
    mixed = list(said)
    random.shuffle(mixed)
    assert Directory(mixed).persons == Directory(said).persons
    assert set(groups(*mixed)) == set(groups(*said))
    assert set(Directory(mixed).unlinked) == set(Directory(said).unlinked)


@given(mentions)
def test_no_person_has_two_id_numbers_and_no_row_belongs_to_two(said: list[Mention]) -> None:
    directory = Directory(said)
    assert all(len(person.id_numbers) <= 1 for person in directory.persons)
    held = [one for person in directory.persons for one in (*person.mentions, *person.by_name)]
    assert len(held) == len(set(held))
    assert {*held, *directory.unlinked} == set(said)


@given(mentions)
def test_a_name_alone_never_joins_two_who_are_told_apart(said: list[Mention]) -> None:
    """Everybody in a person with others shares an ID, a phone or a room with one of them."""
    for person in Directory(said).persons:
        for one in person.mentions:
            others = [other for other in person.mentions if other is not one]
            assert not others or any(
                (one.id_number and one.id_number == other.id_number)
                or (one.name == other.name and one.phone and one.phone == other.phone)
                or (one.name == other.name and one.room == other.room)
                for other in others
            )


@given(mentions)
def test_a_second_person_of_the_name_unlinks_a_bare_name(said: list[Mention]) -> None:
    before = Directory(said).link(Mention(NAMES[0]))
    stranger = Mention(NAMES[0], phone="13700000009", room="9-9-999")
    after = Directory([*said, stranger]).link(Mention(NAMES[0]))
    known = any(one.name == NAMES[0] and not one.bare for one in said)
    assert before.person is None or before.by_name
    assert len(after.candidates) == (len(before.candidates) if known else 0) + 1
    assert (after.person is None) == known
