"""Finding somebody: by what a person types, over all desks; what is told of them, and how each row is linked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from commandpost import desks
from commandpost.desks.duty.tables import CheckIn, Shift
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.asking import words_of
from commandpost.desks.people.page import PersonPage, page
from commandpost.desks.people.pinyin import readings, typed
from commandpost.desks.people.search import Found, search
from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.masking import masked
from commandpost.words import Words
from desks.given import Given, household, isolated, passed, reported, shift


@pytest.mark.parametrize(
    ("name", "letters", "well"),
    [
        ("宋望舒", "sws", 3), ("宋望舒", "songwangshu", 3), ("宋望舒", "songw", 2), ("宋望舒", "ws", 1), ("宋望舒", "swk", 0),
        # Readings only surnames have, and those of ü.
        ("单云帆", "syf", 3), ("单云帆", "danyunfan", 3), ("仇远", "qiuyuan", 3), ("吕青", "lvq", 3), ("吕青", "luqing", 3),
        # A syllable is not taken for two characters, nor two for one.
        ("先", "xian", 3), ("西安", "xian", 3), ("西安", "xiann", 0), ("欧阳青", "oyq", 3),
    ],
)  # fmt: skip
def test_a_name_is_found_by_its_sounds(name: str, letters: str, well: int) -> None:
    assert typed(name, letters) == well


def test_every_reading_of_a_character_counts() -> None:
    assert {"shan", "dan", "chan"} <= set(readings("单"))
    assert readings("A") == ("a",)


@pytest.fixture
def people(post: Given) -> Given:
    post.drop(
        Isolation,
        isolated("宋望舒", "2020-02-01", place="3-2-501", phone="13900000001"),
        isolated("岑远", "2020-02-05", place="健康驿站", mode="CENTRAL"),
        isolated("柏青", "2020-02-03", place="5-1-302", phone="13900000005", state="RELEASED"),
    )
    post.drop(Household, household("3-2-501", 3, head="宋望舒"), household("7-1-101", 2, head="柏青"))
    post.drop(HealthReport, reported("宋望舒", "2020-02-09", "AM", 36.4, room="3-2-501"))
    post.drop(Shift, shift("北门", "岑远", "2020-02-09 22:00"), shift("北门", "鲁平安", "2020-02-10 06:00"))
    post.drop(
        GatePass,
        passed("2020-02-10 08:00", "宋望舒", phone="13900000001", temperature=36.5),
        passed("2020-02-10 09:00", "宋望舒", phone="13700000009"),
        passed("2020-02-10 10:00", "岑远", plate="鄂A12345"),
        passed("2020-02-10 11:00", "鄂A12345", plate="鄂A12345"),
        passed("2020-02-10 12:00", "柏青"),
        passed("2020-02-10 13:00", "季云帆"),
        passed("2019-12-20 13:00", "岑远"),
    )
    return post


def found(post: Given, text: str, tick: int | None = None, all_time: bool = False) -> list[Found]:
    with Session(post.engine) as session:
        look = post.look(session, tick=tick)
        return search(look, text, desks.fitness(look), all_time=all_time)


def told(post: Given, one: Found, all_time: bool = False) -> PersonPage:
    with Session(post.engine) as session:
        look = post.look(session)
        return page(look, one.ref, desks.fitness(look), all_time=all_time)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("宋望舒", ["宋望舒"]), ("望舒", ["宋望舒"]), ("sws", ["宋望舒"]), ("SONG wang", ["宋望舒"]), ("Ｓws", ["宋望舒"]),
        ("0001", ["宋望舒"]), ("13900000001", ["宋望舒"]), ("3-2-501", ["宋望舒"]), ("3栋2单元501", ["宋望舒"]), ("501", ["宋望舒"]),
        ("3栋", ["宋望舒"]), ("鄂A123", ["岑远"]), ("鄂A·12345", ["岑远"]), ("12345", ["岑远"]), ("健康驿站", []), ("cy", ["岑远"]),
        ("鲁", ["鲁平安"]), ("jyf", ["季云帆"]), ("宋 501", ["宋望舒"]), ("宋 302", []), ("01", []), ("", []), ("%", []),
    ],
)  # fmt: skip
def test_somebody_is_found_by_what_is_typed(people: Given, text: str, names: list[str]) -> None:
    assert [name for one in found(people, text) for name in one.names] == names


@pytest.mark.parametrize("text", ["鄂A88888", "88888", "13900000005"])
def test_of_two_of_a_name_the_pass_with_the_telephone_tells_whose_the_plate_is(
    people: Given, text: str
) -> None:
    people.drop(
        GatePass, passed("2020-02-10 14:00", "柏青", phone="13900000005", plate="鄂A88888"),
        passed("2020-02-10 14:10", "柏青", plate="鄂A77777"),
    )  # fmt: skip
    (one,) = found(people, text)
    assert (one.rooms, one.ref.phone) == (("5-1-302",), "13900000005")
    assert ("gate_pass", "") in by(told(people, one))
    # Of a bare name nobody knows whose plate it is.
    (bare,) = found(people, "鄂A77777")
    assert bare.rooms == ()


def test_what_a_word_can_be_is_not_guessed_beyond_it() -> None:
    (room,) = words_of("3-2-501")
    assert (room.digits, room.plate) == ("", "")
    assert [word.text for word in words_of("zhang wei 501")] == ["ZHANGWEI", "501"]


def test_what_somebody_is_stands_beside_the_name(people: Given) -> None:
    words = Words("en")
    (isolated_one,) = found(people, "sws")
    assert [words.say(what) for what in isolated_one.what] == [
        "home isolation, day 10 of 14",
        "head of household",
    ]
    assert isolated_one.severity == "critical"
    (stranger,) = found(people, "jyf")
    assert [words.say(what) for what in stranger.what] == ["in no register"]


def test_who_was_spoken_of_last_comes_first(people: Given) -> None:
    assert [one.names[0] for one in found(people, "y")] == ["季云帆", "岑远", "宋望舒"]


def by(told: PersonPage) -> list[tuple[str, str]]:
    return [(one.table, one.by) for one in told.entries]


def test_a_page_tells_every_row_newest_first_and_how_it_is_linked(people: Given) -> None:
    (one,) = found(people, "sws")
    page = told(people, one)
    # The pass with another phone is somebody else's.
    assert by(page) == [("gate_pass", ""), ("health_report", ""), ("isolation", ""), ("household", "")]
    assert [entry.at for entry in page.entries] == sorted((e.at for e in page.entries), reverse=True)
    (one,) = found(people, "岑远")
    assert by(told(people, one)) == [
        ("gate_pass", "plate"), ("gate_pass", "name"), ("shift", "name"), ("isolation", "name"),
    ]  # fmt: skip


def test_older_rows_are_told_on_demand(people: Given) -> None:
    (one,) = found(people, "岑远")
    assert len(told(people, one, all_time=True).entries) == len(told(people, one).entries) + 1
    assert told(people, one).since is not None


def test_a_row_that_can_mean_two_people_is_listed_with_both(people: Given) -> None:
    three = found(people, "柏青")
    assert [bool(one.rooms) for one in three] == [False, True, True]
    released = next(one for one in three if "5-1-302" in one.rooms)
    page = told(people, released)
    assert by(page) == [("gate_pass", "unsure"), ("isolation", "")]
    assert [one.rooms for one in page.others] == [("7-1-101",)]
    alone = told(people, three[0])
    assert ("gate_pass", "unsure") in by(alone)
    assert len(alone.others) == 2


def test_a_check_in_is_on_the_page(people: Given) -> None:
    people.drop(
        CheckIn,
        {
            "event_at": passed("2020-02-10 06:02")["event_at"],
            "post": "北门",
            "name": "鲁平安",
            "temperature": 36.2,
        },
    )
    (one,) = found(people, "lpa")
    assert by(told(people, one)) == [("check_in", "name"), ("shift", "name")]


def test_a_search_of_the_past_knows_what_was_known_then(people: Given) -> None:
    assert found(people, "sws", tick=0) == []
    assert found(people, "jyf", tick=3) == []
    assert found(people, "sws", tick=1)


def test_nothing_private_is_left_of_a_masked_page(people: Given) -> None:
    (one,) = found(people, "sws")
    hidden = repr(masked((one, told(people, one))))
    for private in ("宋望舒", "13900000001", "501", "36.5"):
        assert private not in hidden


def test_the_same_people_are_linked_and_found_on_postgresql(
    tmp_path: Path, sqlite_engine: Callable[[], Engine], postgresql_engine: Callable[[], Engine]
) -> None:
    pages = []
    for engine in (sqlite_engine(), postgresql_engine()):
        given = Given(tmp_path, engine=engine)
        given.drop(Isolation, isolated("宋望舒", "2020-02-01", place="3-2-501", phone="13900000001"))
        given.drop(Household, household("3-2-501", 3, head="宋望舒"))
        given.drop(Shift, shift("北门", "宋望舒", "2020-02-10 18:00"))
        given.drop(GatePass, passed("2020-02-10 19:00", "宋望舒", phone="13900000001", plate="鄂A12345"))
        told_ = [one for one in given.take().todo if one.rule in ("isolation-breach", "unfit")]
        then = [one for one in given.take(tick=3).todo if one.rule in ("isolation-breach", "unfit")]
        assert (len(told_), len(then)) == (2, 1)
        here = [found(given, text) for text in ("sws", "望", "0001", "501", "鄂A123")]
        assert all(len(each) == 1 for each in here)
        pages.append((told_, here, told(given, here[0][0], all_time=True)))
        given.engine.dispose()
    assert pages[0] == pages[1]
