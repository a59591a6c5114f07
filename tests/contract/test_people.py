"""Phones, IDs, lists of names. All invented; the ID is the example of GB 11643 itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_case import code, reading, value
from tests.examples import examples

from commandpost.contract.reading import ByColumn
from commandpost.contract.values.people import (
    check_digit,
    householder,
    id_number,
    passers,
    people,
    person_key,
    phone,
)
from commandpost.contract.values.text import drawn_together, name

SPECIMEN = "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13812345678", "13812345678"), ("13987654321.0", "13987654321"), ("１３８１２３４５６７８", "13812345678"), ("+86 138-1234-5678", "13812345678"),
        ("8613812345678", "13812345678"), ("0086 13812345678", "13812345678"), ("138 1234 5678", "13812345678"), ("027-87654321", "02787654321"),
        ("(027)87654321", "02787654321"), ("87654321", "87654321"), ("400-820-0000", "4008200000"), ("电话：13812345678", "13812345678"), ("6120", "6120"),
    ],
)  # fmt: skip
def test_phones(written: str, digits: str) -> None:
    assert reading(phone())(written) == digits


@pytest.mark.parametrize("written", ["1.38123E+10", "1.38E+10", "1.39877e10", "１.38E+10"])
def test_digits_a_spreadsheet_lost_are_not_made_up(written: str) -> None:
    assert code(reading(phone())(written)) == "lost-digits"
    assert code(reading(id_number())(written)) == "lost-digits"


@pytest.mark.parametrize("written", ["1381234567", "138123456789", "张三", "1" * 5000, "12", "38.9", "-"])
def test_what_is_no_phone(written: str) -> None:
    found = reading(phone())(written)
    assert found is None if written == "-" else code(found) == "value"


def test_of_two_phones_the_first_is_kept_and_flagged() -> None:
    found = reading(phone())("13812345678/13912345678")
    assert (value(found), code(found)) == ("13812345678", "value")
    assert reading(phone())("无") is None


@pytest.mark.parametrize(
    "written",
    [
        SPECIMEN,
        SPECIMEN.lower(),
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'" + SPECIMEN,
    ],
)
def test_an_id_with_its_check_digit(written: str) -> None:
    assert reading(id_number())(written) == SPECIMEN


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("110105194912310021", "id"),
        ("110105194913310020", "id"),
        ("420106199001010000", "id"),
        ("4.20106E+17", "lost-digits"),
        ("1101051949", "id"),
        ("无证", "id"),
    ],
)
def test_ids_that_cannot_be(written: str, why: str) -> None:
    assert code(reading(id_number())(written)) == why


def test_old_ids_and_passports_are_taken() -> None:
    read = reading(id_number())
    assert read("110105491231002") == "110105491231002"
    assert read("E12345678") == "E12345678"
    assert read("/") is None


@examples(60)
@given(
    st.integers(100000, 659999),
    st.dates().filter(lambda d: d.year >= 1900),
    st.integers(0, 999),
    st.integers(0, 17),
    st.integers(1, 9),
)
def test_one_wrong_digit_never_passes(region: int, born: object, serial: int, place: int, shift: int) -> None:
    first = f"{region}{born:%Y%m%d}{serial:03}"
    whole = first + check_digit(first)
    assert reading(id_number())(whole) == whole
    if whole[place].isdigit():
        broken = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
        assert code(reading(id_number())(broken)) in ("id", "lost-digits")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("张三、李四", ("张三", "李四")), ("张三，李四", ("张三", "李四")), ("张三/李四;王五", ("张三", "李四", "王五")), ("张三 李四", ("张三", "李四")),
        ("张 三", ("张三",)), ("带班领导：王五", ("王五",)), ("张三（组长）、李四(13900000000)", ("张三", "李四")), ("张三\n李四", ("张三", "李四")),
        ("John Smith、李四", ("John Smith", "李四")), ("张三、张三", ("张三",)), ("张三和李四", ("张三", "李四")), ("张三、", ("张三",)), ("组长:张三 组员:李四", ("张三", "李四")),
    ],
)  # fmt: skip
def test_lists_of_people(written: str, names: tuple[str, ...]) -> None:
    assert reading(people())(written) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("李和平", ("李和平",)), ("李和平和张三", ("李和平", "张三")), ("和平、和珅", ("和平", "和珅")), ("张三（白）李四（夜）", ("张三", "李四")),
        ("1.张三 2.李四", ("张三", "李四")), ("①张三②李四", ("张三", "李四")), ("张三 13812345678", ("张三",)), ("领导：张三；组员：李四、王五", ("张三", "李四", "王五")),
        ("张三\r\n李四", ("张三", "李四")), ("买买提·阿不都", ("买买提·阿不都",)),
    ],
)  # fmt: skip
def test_lists_of_people_with_marks_between_or_inside(written: str, names: tuple[str, ...]) -> None:
    assert reading(people())(written) == names


@pytest.mark.parametrize(
    "written",
    [
        "13812345678(张三)",
        "微信13812345678",
        "'13812345678",
        "13812345678,",
        "013812345678",
        "13812345678转8001",
    ],
)
def test_a_phone_among_other_words(written: str) -> None:
    assert reading(phone())(written) == "13812345678"


def test_a_group_among_people_is_flagged_and_nobody_is_unknown() -> None:
    found = reading(people())("王某等3人")
    assert (value(found), code(found)) == (("王某等3人",), "group")
    assert reading(people())("无") is reading(people())("、") is None


def test_a_person_is_named_by_id_then_phone_then_room() -> None:
    assert person_key("张三", SPECIMEN, "13812345678", "3-2-501") == f"id:{SPECIMEN}"
    assert person_key("张三", "", "13812345678", "3-2-501") == "tel:13812345678|张三"
    assert person_key("张三", None, None, "3-2-501") == "room:3-2-501|张三"
    assert person_key("张三", None, None, None) == "room:|张三"


@pytest.mark.parametrize(
    ("written", "as_name"),
    [
        ("周杰 男", "周杰"), ("周杰　女", "周杰"), ("周杰（男）", "周杰"), ("周杰(女)", "周杰"), ("周杰/男", "周杰"), ("周杰，男，35岁", "周杰"),
        ("周杰 男 35岁", "周杰"), ("周杰（女，8岁）", "周杰"), ("张 三（男）", "张三"), ("周杰 男性", "周杰"), ("买买提·艾力 男", "买买提·艾力"),
        ("张 三", "张三"), ("李亚男", "李亚男"), ("亚 男", "亚男"), ("亚男", "亚男"), ("张 亚 男", "张亚男"), ("胜 女", "胜女"), ("男", "男"),
    ],
)  # fmt: skip
def test_a_sex_behind_a_name_is_no_part_of_it(written: str, as_name: str) -> None:
    for reader in (name(), name(drawn_together), passers()):
        assert reading(reader)(written) == as_name
        # Alone, among usual names, and in a column where many cells are unusual.
        for others in ([], ["王伟"] * 99, [written] * 4, ["王 伟"] * 50):
            column = reading(reader)
            assert isinstance(column, ByColumn)
            assert column.many([*others, written], column.one)[-1] == as_name


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("周杰 男、李娜 女", ("周杰", "李娜")),
        ("周杰（男）李娜（女）", ("周杰", "李娜")),
        ("周杰，男", ("周杰",)),
    ],
)
def test_a_sex_among_people_is_nobody(written: str, names: tuple[str, ...]) -> None:
    assert reading(people())(written) == names


@pytest.mark.parametrize(
    "written", ["志愿者", "物业", "全体人员", "全体志愿者", "保安队", "社区工作人员", "轮流值班"]
)
def test_who_has_no_name_on_a_roster_is_a_group(written: str) -> None:
    found = reading(people())(written)
    assert (value(found), code(found)) == ((written,), "group")
    assert code(reading(people())(f"张三、{written}")) == "group"
    assert code(reading(people())("安保国、全智、物志")) == ""


@pytest.mark.parametrize(
    "written", ["空置", "空户", "空房", "空置房", "无人", "无人居住", "（空置）", "闲置", "未入住", "待租"]
)
def test_a_flat_where_nobody_lives_has_no_head(written: str) -> None:
    column = reading(householder())
    assert column(written) == ""
    assert isinstance(column, ByColumn)
    assert column.many(["王伟"] * 99 + [written], column.one)[-1] == ""
    assert column("空巢老人") == "空巢老人"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("司马 相如", ("司马相如",)), ("欧阳 娜娜 李一一", ("欧阳娜娜", "李一一")), ("张一 李二", ("张一", "李二")),
        ("西门 张三丰", ("西门", "张三丰")), ("上官婉儿", ("上官婉儿",)),
    ],
)  # fmt: skip
def test_a_surname_of_two_characters_is_no_person(written: str, names: tuple[str, ...]) -> None:
    assert reading(people())(written) == names
