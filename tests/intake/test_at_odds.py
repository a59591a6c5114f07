"""A row that contradicts itself is said so: it goes back, or it counts with a warning."""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.clerking import Post

ISOLATIONS = "姓名,管控方式,开始日期,隔离天数,解除日期,状态"


def told(post: Post, row: str, header: str = ISOLATIONS) -> tuple[list[str], list[str], dict[str, Any]]:
    """(codes of rejects, codes of warnings, the first record)."""
    report = post.check("a.csv", f"{header}\n{row}\n", values=True)
    codes = [[one["code"] for one in report[name]] for name in ("rejected", "warnings")]
    return codes[0], codes[1], report["values"][0] if report["values"] else {}


@pytest.mark.parametrize(
    ("row", "rejected", "warned", "start", "due"),
    [
        # 14 days, first day counted or not: the same isolation.
        ("张一,居家,2022-03-20,14,2022-04-03,", [], [], "2022-03-20", "2022-04-03"),
        ("张一,居家,2022-03-20,14,2022-04-02,", [], [], "2022-03-20", "2022-04-02"),
        # An extension: may be, somebody looks.
        ("张一,居家,2022-03-20,14,2022-04-10,", [], ["date"], "2022-03-20", "2022-04-10"),
        ("张一,居家,2022-03-20,14,2022-03-30,", [], ["date"], "2022-03-20", "2022-03-30"),
        # Another year, another month by far: the row contradicts itself.
        ("张一,居家,2022-03-20,14,2023-04-03,", ["date"], [], "", ""),
        ("张一,居家,2022-03-20,140,2022-04-03,", ["date"], [], "", ""),
        ("张一,居家,2022-03-20,,2023-04-03,", ["date"], [], "", ""),
        ("张一,居家,2022-03-20,14,2022-03-10,", ["order"], [], "", ""),
        # Years nobody wrote bring start and end together.
        ("张一,居家,3月20日,14,4月3日,", [], [], "2022-03-20", "2022-04-03"),
        ("张一,居家,12.25,14,2022-01-08,", [], [], "2021-12-25", None),
        ("张一,居家,2021-12-25,14,1月8日,", [], [], "2021-12-25", None),
        ("张一,居家,5.20,14,6月3日,", [], ["date"], "2021-05-20", None),
        ("张一,居家,3.20,14,3.10,", ["order"], [], "", ""),
        ("张一,居家,8月30日,,,", [], ["date"], "2021-08-30", None),
        # Released early is released.
        ("张一,居家,2022-03-10,14,2022-03-15,已解除", [], [], "2022-03-10", None),
        ("张一,居家,2022-03-20,140,,", [], ["value"], "2022-03-20", None),
        # Said to go on after its end.
        ("张一,居家,2022-03-10,14,2022-03-24,隔离中", [], ["date"], "2022-03-10", "2022-03-24"),
    ],
)  # fmt: skip
def test_an_isolation_whose_days_and_dates_disagree(
    post: Post, row: str, rejected: list[str], warned: list[str], start: str, due: str | None
) -> None:
    back, doubtful, record = told(post, row)
    assert (back, doubtful) == (rejected, warned)
    if not rejected:
        assert record["at"].startswith(start)
        assert record.get("due") == due


@pytest.mark.parametrize(
    ("header", "row", "at_odds"),
    [
        ("岗位,日期,开始,结束,姓名", "北门,3月30日周三,7:00,15:00,张一", False),
        ("岗位,日期,开始,结束,姓名", "北门,3月30日周四,7:00,15:00,张一", True),
        ("时间,门岗,方向,姓名", "2022-03-28 15:20 (周一),北门,进,张一", False),
        ("时间,门岗,方向,姓名", "2022-03-28 15:20 (周二),北门,进,张一", True),
        ("时间,门岗,方向,姓名", "2022-03-28（星期二）15:20,北门,进,张一", True),
        ("Time,Gate,Direction,Name", "Tue 28 Mar 2022 15:20,North,in,Al Roe", True),
        ("Time,Gate,Direction,Name", "Mon 28 Mar 2022 15:20,North,in,Al Roe", False),
        ("日期,姓名,体温", "3月28日 星期日,张一,36.5", True),
        ("日期,姓名,体温", "3月27日 星期日,张一,36.5", False),
    ],
)
def test_a_day_beside_another_weekday_goes_back(post: Post, header: str, row: str, at_odds: bool) -> None:
    report = post.check("a.csv", f"{header}\n{row}\n")
    assert [one["code"] for one in report["rejected"]] == (["date"] if at_odds else [])
    assert report["rows"] == 1
    assert all("2022-03-" in one["reason"] and "2022-03-" in one["hint"] for one in report["rejected"])


def test_the_hint_names_the_year_that_makes_the_days(post: Post) -> None:
    report = post.check("a.csv", f"{ISOLATIONS}\n张一,居家,2022-03-20,14,2023-04-03,\n")
    (reject,) = report["rejected"]
    assert reject["column"] == "解除日期"
    assert "2022-04-03" in reject["hint"]
