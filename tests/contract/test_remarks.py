"""What stands beside a name is no part of it: with it, it would be another person whom nothing links."""

from __future__ import annotations

import pytest
from reading_case import code, here, value

from commandpost.contract.reading import Bad
from commandpost.contract.values.people import Reached, Several, householder, passers, people

PASSER, GUARDS, HEAD = passers()(here()), people()(here()), householder()(here())
CALLED = "13800000001"


@pytest.mark.parametrize(
    "written",
    ["张一（3-1-101）", "张一（密接）", "张一★", "张一?", "*张一", "张一 已转运", "张一（已解除）", "张一/阳性", "张 一（密接）",
     "张一（业主）", "★张一（密接）"],
)  # fmt: skip
def test_a_remark_beside_a_name_is_said_and_no_part_of_it(written: str) -> None:
    assert (value(PASSER(written)), code(PASSER(written))) == ("张一", "value")
    assert value(HEAD(written)) == "张一"


@pytest.mark.parametrize("written", ["张一/阳性", "张一 已转运、李二", "张一、密接、李二"])
def test_whoever_is_called_unfit_beside_the_name_is_no_guard(written: str) -> None:
    assert value(GUARDS(written)) in (("李二",), None)


@pytest.mark.parametrize("written", ["(张一)", "1张一", "1.张一", "张一/女/35", "张一，男，35岁", "【张一】"])
def test_what_is_usual_beside_a_name_needs_no_warning(written: str) -> None:
    assert PASSER(written) == "张一"


@pytest.mark.parametrize(
    "written", ["张一 13800000001", "张一13800000001", "13800000001张一", "张一（138 0000 0001）", "张一/电话：138-0000-0001"]
)  # fmt: skip
def test_a_telephone_beside_a_name_is_theirs(written: str) -> None:
    assert value(PASSER(written)) == Reached("张一", CALLED)
    assert GUARDS(written) == ("张一",)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("John Smith (close contact)", "John Smith"),
        ("*John Smith", "John Smith"),
        ("Zhang San (张三)", "Zhang San (张三)"),
        ("买买提·艾力（密接）", "买买提·艾力"),
        # Which of two who have the name; somebody else; nobody knows who.
        ("王伟（大）", "王伟(大)"),
        ("王伟（家属）", "王伟(家属)"),
        ("王**", "王**"),
        ("王*", "王*"),
        ("2号访客", "2号访客"),
        ("访客3人", Several(("访客3人",), 2)),
        ("张一、李二", Several(("张一", "李二"))),
        ("张一★、李二", Several(("张一", "李二"))),
    ],
)
def test_what_tells_people_apart_stays(written: str, named: object) -> None:
    assert value(PASSER(written)) == named


@pytest.mark.parametrize("written", ["13800000001", "138-0000-0001", "110101199003070011"])
def test_a_number_under_the_name_is_no_person(written: str) -> None:
    for found in (PASSER(written), GUARDS(written), HEAD(written)):
        assert type(found) is Bad
        assert found.code == "columns"
