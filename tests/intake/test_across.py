"""Sheets with days, or posts, as columns: each filled cell is one thing, read as in a sheet of a row each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.clerking import RECEIVED, Post, check, rows_of, sheet
from tests.intake.test_returned_rows import current, mended

from commandpost.contract.reading import Context
from commandpost.intake import gateheads
from commandpost.intake.across import spread_of
from commandpost.intake.dayheads import joined
from commandpost.settings import DutyPost, Gate, Settings

CONTEXT = Context(RECEIVED, Settings().zone, Settings())
"""Received on Monday, 2022-03-28."""


def days(header: str, *about: str) -> list[str]:
    """The days of a header's columns, and their slots; `-`: there is no such day."""
    return [
        (one.said[5:] or "-") + (f" {one.slot}" if one.slot else "")
        for one in spread_of(header.split(","), about, CONTEXT).planned
    ]


HEADERS = {
    "3.24,3.25": ["03-24", "03-25"],
    "2022-03-24,2022/3/25,2022年3月26日,20220327": ["03-24", "03-25", "03-26", "03-27"],
    "3月24日早,3月24日晚,3月25日 早上,3月25日下午体温": ["03-24 AM", "03-24 PM", "03-25 AM", "03-25 PM"],
    "周四3.24,3.25(周五),3.26（六）": ["03-24", "03-25", "03-26"],
    "3.29,3.3,3.31": ["03-29", "03-30", "03-31"],
    "3.2,3.3,3.4": ["03-02", "03-03", "03-04"],
    "28/03,29/03": ["03-28", "03-29"],
    "28 Mar,Mar 29,Thu 31-Mar": ["03-28", "03-29", "03-31"],
    "12.31,1.1": ["12-31", "01-01"],
    "3.28,周二3.30": ["03-28", "-"],
    "2.28,2.30,3.1": ["02-28", "-", "03-01"],
}


@pytest.mark.parametrize("header", HEADERS)
def test_days_at_the_head_of_columns_are_read_as_people_write_them(header: str) -> None:
    assert days(header) == HEADERS[header]


TITLED = {
    ("28日,29日,1日", "3月份值班表"): ["03-28", "03-29", "03-01"],
    ("1,2,3", "2022年4月排班表"): ["04-01", "04-02", "04-03"],
    ("30,31,1", "3月28日—4月3日值班安排"): ["03-30", "03-31", "04-01"],
    ("周一,周二,周日", "值班表（3.28-4.3）"): ["03-28", "03-29", "04-03"],
    ("星期一,星期天", "3月28日起一周"): ["03-28", "04-03"],
    ("Mon,Tue,Sun", "Roster w/c 28 March 2022"): ["03-28", "03-29", "04-03"],
    ("Mon 28,Tue 29", "Roster March 2022"): ["03-28", "03-29"],
}


@pytest.mark.parametrize(("header", "about"), TITLED)
def test_a_title_tells_the_month_or_the_week_of_days_without_one(header: str, about: str) -> None:
    assert days(header, about) == TITLED[header, about]


@pytest.mark.parametrize(
    ("header", "about"),
    [
        ("周一,周二", ""),
        ("28,29", ""),
        ("28,29", "3月和4月值班表"),
        ("3.28", ""),
        ("1.1,6.1", ""),
        ("3.28,3.28", ""),
        ("早,晚", "3月值班表"),
        ("3-2-501,3-2-502", ""),
        ("36.5,36.6", ""),
        ("第1周,第2周", "3月"),
    ],
)
def test_what_may_be_something_else_is_no_day(header: str, about: str) -> None:
    assert days(header, about) == []


def test_what_was_observed_was_so_before_it_was_told() -> None:
    in_november = replace(CONTEXT, received=RECEIVED.replace(month=11))
    found = spread_of(["3.28", "3.29"], (), in_november)
    assert [one.said for one in found.observed] == ["2022-03-28", "2022-03-29"]
    assert [one.said for one in found.planned] == ["2023-03-28", "2023-03-29"]


def test_weekdays_tell_the_year_of_an_older_sheet() -> None:
    in_november = replace(CONTEXT, received=RECEIVED.replace(month=11))
    found = spread_of(["周一 3.28", "周二 3.29"], (), in_november)
    assert [one.said for one in found.planned] == ["2022-03-28", "2022-03-29"]


@examples(60)
@given(
    st.dates(date(2021, 10, 1), date(2022, 9, 20)),
    st.integers(2, 31),
    st.sampled_from(
        ["{d.month}.{d.day}", "{d.month}月{d.day}日", "{d:%m-%d}", "{d:%d %b}", "{d.month}/{d.day}(周{w})"]
    ),
)
def test_days_in_a_row_are_these_days_whatever_the_form(first: date, n: int, form: str) -> None:
    said = [date.fromordinal(first.toordinal() + i) for i in range(n)]
    header = ",".join(form.format(d=day, w="一二三四五六日"[day.weekday()]) for day in said)
    near = replace(CONTEXT, received=RECEIVED.replace(year=first.year, month=first.month, day=1))
    assert [one.said for one in spread_of(header.split(","), (), near).planned] == [
        day.isoformat() for day in said
    ]


def test_two_lines_are_one_header_only_where_both_speak_of_days() -> None:
    assert joined(["姓名", "3.26", "", "3.27", ""], ["", "早", "晚", "早", "晚"]) == [
        "姓名",
        "3.26 早",
        "3.26 晚",
        "3.27 早",
        "3.27 晚",
    ]
    assert joined(["岗位", "周一", "周二"], ["", "3.28", "3.29"]) == ["岗位", "周一 3.28", "周二 3.29"]
    assert joined(["岗位", "3.28", "3.29"], ["", "周一", "周二"]) == ["岗位", "3.28 周一", "3.29 周二"]
    assert joined(["岗位", "开始", "结束"], ["", "3.28", "3.29"]) is None
    assert joined(["岗位", "周一", "周二"], ["北门", "3.28", "3.29"]) is None
    assert joined(["姓名", "3.26", "3.27"], ["", "36.5", "36.6"]) is None


def test_posts_are_columns_only_where_they_are_declared() -> None:
    header = ["日期", "班次", "北门", "东门"]
    assert not spread_of(header, (), CONTEXT)
    settings = Settings(duty_post=(DutyPost(name="北门", aliases=("N",)), DutyPost(name="东门")))
    found = spread_of(["日期", "班次", "N", "东门"], (), replace(CONTEXT, settings=settings)).planned
    assert [(one.of, one.said, one.index) for one in found] == [("post", "北门", 2), ("post", "东门", 3)]


WEEK = "岗位,班次,周一,周二"


def test_a_cell_that_cannot_be_read_goes_back_and_comes_again_under_the_same_title(post: Post) -> None:
    told = post.take(
        "w.csv",
        sheet("北门,早班,张一,李二", "南门,甲班,王三,赵四", header="值班表（3月28日-4月3日）,,,\r\n" + WEEK),
    )
    assert (told["kind"], told["rows"], told["records"]) == ("rosters", 2, 2)
    assert [(one["line"], one["column"], one["code"]) for one in told["rejected"]] == [(4, "班次", "value")]
    (path,) = post.returned()
    assert [row[:4] for row in rows_of(path)[:2]] == [["值班表（3月28日-4月3日）"], WEEK.split(",")]
    post.later(hours=1)
    told = post.take("w_退回.csv", mended(post, ("甲班", "早班")))
    assert (told["rows"], told["accepted"], told["rejected"]) == (1, 1, [])
    assert [
        (day.isoformat() if isinstance(day, date) else day, place, name)
        for day, place, name in current(post, "shift", "day, post, name")
    ] == [
        ("2022-03-28", "北门", "张一"),
        ("2022-03-28", "南门", "王三"),
        ("2022-03-29", "北门", "李二"),
        ("2022-03-29", "南门", "赵四"),
    ]


def test_the_sheet_of_a_row_each_says_the_same(post: Post) -> None:
    post.take("w.csv", sheet("张一,36.5,", "李二,36.6,37.9", header="姓名,3.27,3.28"))
    post.later(hours=1)
    told = post.take(
        "l.csv", sheet("张一,3.27,36.5", "李二,3.27,36.6", "李二,3.28,37.9", header="姓名,日期,体温")
    )
    assert (told["records"], told["duplicate"], told["accepted"]) == (3, 3, 0)


PEOPLE = ("张一", "李二", "王三", "Ann Lee")
CELLS = ("36.5", "37.9", "３６．４℃", "", "/", "98.6", "正常")


@examples(25)
@given(
    st.lists(st.lists(st.sampled_from(CELLS), min_size=4, max_size=4), min_size=1, max_size=4),
    st.booleans(),
)
def test_a_sheet_of_days_across_says_what_one_of_a_row_for_each_says(
    table: list[list[str]], slots: bool
) -> None:
    filled = [cell for cells in table for cell in cells if cell not in ("", "/")]
    assume(filled.count("98.6") < len(filled))
    days = ("3.26", "3.27")
    told = (
        [(day, slot) for day in days for slot in ("早", "晚")]
        if slots
        else [(f"3.{24 + i}", "") for i in range(4)]
    )
    rows = list(zip(PEOPLE, table, strict=False))
    upper = ",".join(day if i % 2 == 0 or not slots else "" for i, (day, _) in enumerate(told))
    lower = "\r\n," + ",".join(slot for _, slot in told) if slots else ""
    wide = sheet(*(",".join([name, *cells]) for name, cells in rows), header=f"姓名,{upper}{lower}")
    long = sheet(
        *(
            f"{name},{day},{slot},{cell}"
            for name, cells in rows
            for (day, slot), cell in zip(told, cells, strict=True)
        ),
        header="姓名,日期,时段,体温",
    )
    with TemporaryDirectory() as folder:
        found = []
        for n, text in enumerate((wide, long)):
            path = Path(folder, f"{n}.csv")
            path.write_bytes(text.encode())
            report = check(path, values=True)
            assert report["verdict"] == "taken"
            found.append(
                sorted(({k: v for k, v in one.items() if k != "line"} for one in report["values"]), key=repr)
            )
    assert found[0] == found[1]


def test_a_sheet_that_grows_by_a_column_says_only_that_column_anew(post: Post) -> None:
    post.take("w.csv", sheet("张一,36.5,", "李二,36.6,", header="姓名,3.27,3.28"))
    post.later(hours=1)
    post.take("w.csv", sheet("张一,36.5,36.4", "李二,36.6,37.9", header="姓名,3.27,3.28"))
    assert len(current(post, "health_report", "name, event_at, temperature")) == 4
    assert len(post.ask("SELECT id FROM health_report WHERE claim = 0")) == 4


def test_cells_that_are_no_temperatures_are_asked_about(post: Post) -> None:
    told = post.take("w.csv", sheet("张一,早,休", "李二,中,夜", header="姓名,3.27,3.28"))
    assert told["verdict"] == "asks"


def test_ticks_beside_posts_are_no_temperatures(post: Post) -> None:
    told = post.take("w.csv", sheet("张一,北门,√,√", "李二,南门,√,×", header="姓名,岗位,3.27,3.28"))
    assert told["verdict"] == "asks"


def test_some_cells_that_cannot_be_read_are_told_one_by_one(post: Post) -> None:
    told = post.take("w.csv", sheet("张一,36.5/36.8,36.6", "李二,很好,98.6", header="姓名,3.27,3.28"))
    assert (told["kind"], told["records"]) == ("health-reports", 1)
    assert [(one["line"], one["code"]) for one in told["rejected"]] == [(3, "temperature")]


def test_a_roster_without_hours_asks_for_them(post: Post) -> None:
    told = post.take("w.csv", sheet("北门,张一,李二", header="岗位,3.27,3.28"))
    assert told["verdict"] == "asks"
    assert "开始" in told["why"]


def test_a_ledger_of_another_kind_with_a_temperature_a_day_asks(post: Post) -> None:
    header = "姓名,房号,管控方式,开始日期,3.27,3.28"
    told = post.take("w.csv", sheet("张一,3-2-501,居家,3.20,36.5,36.6", header=header))
    assert told["verdict"] == "asks"
    assert all(kind in told["why"] for kind in ("隔离台账", "体温日报"))


def ways(header: str, *gates: str) -> list[tuple[str, str]]:
    settings = Settings(gate=tuple(Gate(name=gate) for gate in gates))
    found = spread_of(header.split(","), (), replace(CONTEXT, settings=settings)).observed
    return [(one.said, one.slot) for one in found if one.of == "gate"]


def test_gates_with_both_their_ways_are_columns() -> None:
    assert ways("时段,东门进,东门出") == [("东门", "IN"), ("东门", "OUT")]
    assert ways("时段,正校区,东门 进入人数,东门(离开)", "东门") == [("东门", "IN"), ("东门", "OUT")]
    assert ways("Hour,Main Gate In,Main Gate Out") == [("Main Gate", "IN"), ("Main Gate", "OUT")]
    assert ways("时段,人员进,人员出,车辆进,车辆出") == []
    assert ways("时段,东门进,东门出", "南门") == []
    assert ways("时段,东门进,西门进") == []
    assert ways("时段,进,出") == []
    assert gateheads.joined(["时段", "东门", "", "西门", ""], ["", "进", "出", "进", "出"]) == [
        "时段",
        "东门 进",
        "东门 出",
        "西门 进",
        "西门 出",
    ]
    assert gateheads.joined(["时段", "人数", ""], ["", "进", "出"]) is None


def test_a_gate_nobody_declared_goes_back(post: Post) -> None:
    named = replace(post, settings=Settings(gate=(Gate(name="东门"),)))
    rows = sheet("2022-03-28 7:00-9:00,1,2,3,4", header="时段,东门进,东门出,西门进,西门出")
    told = named.take("t.csv", rows)
    assert [(one["column"], one["code"]) for one in told["rejected"]] == [("西门进", "unknown-place")]
