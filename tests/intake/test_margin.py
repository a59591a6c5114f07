"""What stands around the data of a sheet, and rows that need no second look."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.sheets import KNOWN

from commandpost.intake.marginal import Margin

HEADER = ["时间", "门岗", "方向", "姓名", "体温"]
AROUND = [
    "合计",
    "小计：3",
    "总数",
    "Total",
    "本页小计",
    "累计",
    "平均体温",
    "审核人：周某",
    "单位：滨江社区",
    "注：无",
]
TITLES = ["一、情况", "名单", "3月28日", "2022-03-28 门岗登记表", "共12人"]
NAMES = ["姓名", "体温", "门岗", "时间", "日期", "数量"]
DATA = ["", "\u3000", "\u200b", "7:30", "2022-03-28", "北门", "进", "王伟", "36.5", "12", "３"]


@examples(400)
@given(st.lists(st.sampled_from([*AROUND, *TITLES, *NAMES, *DATA]), min_size=5, max_size=5))
def test_a_row_that_is_certainly_data_is_judged_to_be(cells: list[str]) -> None:
    margin = Margin(HEADER, KNOWN)
    if margin.certainly_data(cells):
        assert margin.judge(cells) == "data"


def test_most_rows_are_certainly_data() -> None:
    margin = Margin(HEADER, KNOWN)
    assert margin.certainly_data(["7:30", "北门", "进", "王伟", "36.5"])
    assert margin.certainly_data(["北门", "7:30", "进", "王伟", ""])
    assert not margin.certainly_data(["合计", "", "", "3", ""])
    assert not margin.certainly_data(["3月28日", "", "", "", ""])
