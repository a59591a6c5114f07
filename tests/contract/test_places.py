"""Rooms, plates, declared places and items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_case import POST, code, here, reading, value
from tests.examples import examples

from commandpost.contract.values.places import canonical_room, declared, item, plate, room
from commandpost.words import Words


@pytest.mark.parametrize(
    "written",
    ["3栋2单元501", "3-2-501", "３＃2-501", "3号楼2单元501室", "三栋二单元501", "3幢2门501", "3栋 2单元 501", "3—2—501", "3/2/501", "3栋2-501",
     "03-02-0501", "3#2单元501户", "3号楼-2-501", "3座2单元5层501"],
)  # fmt: skip
def test_one_room_has_one_canonical_form(written: str) -> None:
    assert reading(room())(written) == "3-2-501"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("3栋501", "3-501"), ("501室", "501"), ("A栋1201", "A-1201"), ("南苑3栋2单元501", "南苑3-2-501"), ("学生公寓5号楼312寝室", "学生公寓5-312"),
        ("3栋", "3栋"), ("3栋3层", "3栋3层"), ("0501", "501"), ("3-2-501(租户)", "3-2-501"), ("平房东侧", "平房东侧"), ("3-501", "3-501"), ("12A-3-502B", "12A-3-502B"), ("园区 东侧 仓库", "园区东侧仓库"),
    ],
)  # fmt: skip
def test_other_addresses(written: str, kept: str) -> None:
    assert reading(room())(written) == kept
    assert canonical_room(kept) == kept


@examples(100)
@given(
    st.sampled_from(["", "南苑", "东区"]),
    st.integers(1, 40),
    st.none() | st.integers(1, 9),
    st.integers(101, 3299),
    st.sampled_from(
        [("栋", "单元", "室"), ("号楼", "单元", ""), ("#", "-", ""), ("幢", "门", "户"), ("-", "-", "")]
    ),
)
def test_rooms_written_in_any_way_come_to_one_form_which_stays(
    area: str, building: int, unit: int | None, number: int, marks: tuple[str, str, str]
) -> None:
    canonical = f"{area}{building}-{unit}-{number}" if unit else f"{area}{building}-{number}"
    written = f"{area}{building}{marks[0]}{f'{unit}{marks[1]}' if unit else ''}{number}{marks[2]}"
    assert canonical_room(written) == canonical
    assert canonical_room(canonical) == canonical


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("鄂A·12345", "鄂A12345"), ("鄂Ａ12345", "鄂A12345"), ("鄂a 12345", "鄂A12345"), ("鄂AD12345", "鄂AD12345"), ("粤BD12345", "粤BD12345"),
        ("京A1234警", "京A1234警"), ("鄂A12345(黄)", "鄂A12345"), ("新能源 鄂AD12345", "鄂AD12345"), ("鄂A-12345", "鄂A12345"), ("鄂A.F12345", "鄂AF12345"),
    ],
)  # fmt: skip
def test_plates(written: str, kept: str) -> None:
    assert reading(plate())(written) == kept


def test_an_incomplete_plate_is_kept_and_flagged_and_none_is_none() -> None:
    read = reading(plate())
    assert (value(read("沪A1234")), code(read("沪A1234"))) == ("沪A1234", "value")
    two = read("鄂A12345、鄂A54321")
    assert (value(two), code(two)) == ("鄂A12345", "value")
    assert read("无") is read("步行") is read("/") is None


@pytest.mark.parametrize("written", ["东门", "东大门", "１号门", "East Gate", " 东 门 ", "EAST GATE"])
def test_a_declared_gate_is_known_by_any_of_its_names(written: str) -> None:
    assert reading(declared("gate"), here(POST))(written) == "东门"


def test_an_undeclared_gate_is_refused_with_the_nearest_as_hint() -> None:
    found = reading(declared("gate"), here(POST))("东一门")
    assert code(found) == "unknown-place"
    assert "东门" in Words("zh").say(found.hint)
    assert code(reading(declared("duty_post"), here(POST))("门")) == "unknown-place"


def test_a_roster_may_name_a_gate_beside_the_declared_posts() -> None:
    read = reading(declared("duty_post"), here(POST))
    assert (read("监控室"), read("东大门"), read("北门")) == ("监控室", "东门", "北门")
    assert code(reading(declared("gate"), here(POST))("监控室")) == "unknown-place"


def test_while_nothing_is_declared_every_place_is_accepted() -> None:
    assert reading(declared("gate"))("东 门") == "东门"
    assert reading(declared("duty_post"))("South post") == "South post"
    assert reading(declared("gate"))("/") is None


def test_items_go_by_their_declared_name_and_new_ones_are_accepted() -> None:
    read = reading(item(), here(POST))
    assert read("84") == read("消毒 水") == read("84消毒液") == "84消毒液"
    assert read("护目镜") == "护目镜"
    assert read("N95 口罩（大）") == "N95 口罩(大)"
