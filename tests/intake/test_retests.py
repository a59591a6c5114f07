"""A second temperature of a row counts: no fever is lost to the column it stands in."""

from __future__ import annotations

import pytest
from tests.intake.clerking import Post
from tests.intake.test_fevers_said import fevers

SHEETS = {
    "gate-passes": ("时间,门岗,方向,姓名,{one},{two}", "2022-03-28 19:10,北门,进,{name},{first},{second}"),
    "health-reports": ("日期,姓名,{one},{two}", "2022-03-28,{name},{first},{second}"),
    "check-ins": ("姓名,岗位,到岗时间,{one},{two}", "{name},北门,2022-03-28 19:05,{first},{second}"),
}
ROWS = (("赵一", "36.5", "38.2"), ("钱二", "38.2", "36.5"), ("孙三", "36.5", "36.6"), ("李四", "36.5", ""), ("周五", "", "38.1"),
        ("吴六", "36.5", "发热"))  # fmt: skip


@pytest.mark.parametrize(
    "names", [("体温", "复测体温"), ("额温", "腋温"), ("体温", "复测"), ("测温", "体温")]
)
@pytest.mark.parametrize("kind", SHEETS)
def test_a_fever_in_either_of_two_temperatures_is_called(
    post: Post, kind: str, names: tuple[str, str]
) -> None:
    header, row = SHEETS[kind]
    rows = [row.format(name=name, first=first, second=second) for name, first, second in ROWS]
    told = post.check("a.csv", "\n".join([header.format(one=names[0], two=names[1]), *rows, ""]), values=True)
    assert (told["verdict"], told["kind"], told["rejected"]) == ("taken", kind, [])
    degrees = {one["name"]: one["temperature"] for one in told["values"]}
    assert degrees == {"赵一": 38.2, "钱二": 38.2, "孙三": 36.6, "李四": 36.5, "周五": 38.1, "吴六": 36.5}
    assert {(one["line"], one["code"]) for one in told["warnings"]} == {
        (2, "temperature"), (3, "temperature"), (7, "temperature"),
    }  # fmt: skip


def test_the_fever_of_a_second_measure_reaches_the_officer(post: Post) -> None:
    post.take(
        "a.csv", "时间,门岗,方向,姓名,体温,复测体温,结果\n2022-03-28 19:10,北门,进,赵一,36.5,38.2,放行\n"
    )
    assert fevers(post) == {"赵一": "warning"}


def test_what_was_measured_again_beside_morning_and_evening_is_the_last_ones(post: Post) -> None:
    told = post.check("a.csv", "日期,姓名,早,晚,复测体温\n2022-03-27,赵一,36.5,36.8,38.2\n", values=True)
    assert [(one["slot"], one["temperature"]) for one in told["values"]] == [("AM", 36.5), ("PM", 38.2)]


def test_the_same_column_twice_still_asks(post: Post) -> None:
    assert post.check("a.csv", "日期,姓名,体温,体温\n2022-03-28,赵一,36.5,38.2\n")["verdict"] == "asks"
