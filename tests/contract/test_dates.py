"""Days, times and moments as people and spreadsheets write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_case import ZONE, at, code, here, reading, value
from tests.examples import examples

from commandpost.contract.reading import Bad, Context, Flagged
from commandpost.contract.values.dates import (
    TimeOfDay,
    combine,
    date_,
    hours,
    midnight,
    moment,
    span,
    time_of_day,
)
from commandpost.contract.values.days import careful_moment

SHEET = here(sheet=date(2022, 3, 28))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022-03-28 06:13:21", "2022-03-28T06:13:21"), ("2022-03-28 06:13", "2022-03-28T06:13"),
        ("2022-03-28T06:13:21", "2022-03-28T06:13:21"), ("2022/3/28 6:13", "2022-03-28T06:13"),
        ("2022年3月28日 06时14分", "2022-03-28T06:14"), ("3月28日上午6:15", "2022-03-28T06:15"),
        ("２０２２－０３－２８　０６：１３：２１", "2022-03-28T06:13:21"), ("44648.25927", "2022-03-28T06:13:21"),
        ("2月17日 7:30", "2022-02-17T07:30"), ("2.17 7:30", "2022-02-17T07:30"), ("2-17 7:30", "2022-02-17T07:30"),
        ("2022-03-28T06:13:21+08:00", "2022-03-28T06:13:21"), ("2022-03-27T22:13:21Z", "2022-03-28T06:13:21"),
        ("2022-03-28T06:13:21.000", "2022-03-28T06:13:21"), ("20220328 0613", "2022-03-28T06:13"),
        ("20220328061321", "2022-03-28T06:13:21"), ("202203280613", "2022-03-28T06:13"),
        ("2022.3.28 6.15", "2022-03-28T06:15"), ("2022/3/28 星期一 上午 6:15:40", "2022-03-28T06:15:40"),
        ("2022年3月28日（周一）下午3点", "2022-03-28T15:00"), ("3/28/2022 6:13 AM", "2022-03-28T06:13"),
        ("28-Mar-22 06:13", "2022-03-28T06:13"), ("三月二十八日上午六点半", "2022-03-28T06:30"),
        ("二〇二二年三月二十八日十五时", "2022-03-28T15:00"), ("2022-03-27 24:00", "2022-03-28T00:00"),
        ("3月27日截至24时", "2022-03-28T00:00"), ("22/3/28 6:13", "2022-03-28T06:13"), ("12-30 7:30", "2021-12-30T07:30"),
        ("2022-03-28 0.3125", "2022-03-28T07:30"), ("44648 7:30", "2022-03-28T07:30"), ("2022/3/28 0:00 7:30", "2022-03-28T07:30"),
        ("2022-03-27 次日6:00", "2022-03-28T06:00"), ("09:00 2022-03-28", "2022-03-28T09:00"), ("2022-03-28(一) 9:00", "2022-03-28T09:00"),
        ("2022。3。28 9:00", "2022-03-28T09:00"), ("44648,25927", "2022-03-28T06:13:21"), ("Mar 28 2022 9:00 AM", "2022-03-28T09:00"),
    ],
)  # fmt: skip
def test_a_moment_in_any_of_these_spellings_is_the_same_moment(written: str, meant: str) -> None:
    assert value(reading(moment())(written)) == at(meant)


@pytest.mark.parametrize(
    "written", ["44648", "2022-03-28", "2022年3月28日", "3.28", "2022-02-30 06:13", "2月30日 7:30", "2022-13-01 06:13", "2022-03-28 25:00",
                "2022-03-28 06:61", "2022-03-28 06:00-07:00", "2022-03-28 6:00-7:00", "昨天下午", "2022-03-28 6", "周一 9:00", "早上", "2022-03-28 06:13 左门",
                "3/4/2022 6:13", "1899-03-28 06:13", "2022-03-28 24:30", "上午13点", "9" * 5000, "2022-03-28 06:13:21" + " x" * 200]
)  # fmt: skip
def test_a_moment_that_cannot_be_or_lacks_its_time_is_a_date_reject(written: str) -> None:
    assert code(reading(moment())(written)) == "date"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("下午3点", "15:00"), ("晚10点半", "22:30"), ("凌晨1点", "01:00"), ("15时30分", "15:30"), ("7：30", "07:30"),
        ("7.30", "07:30"), ("0.3125", "07:30"), ("24:00", "24:00"), ("截至24时", "24:00"), ("早8点", "08:00"), ("22:00", "22:00"),
        ("7", "07:00"), ("0730", "07:30"), ("730", "07:30"), ("8:00 PM", "20:00"), ("12:30 AM", "00:30"), ("12:30 pm", "12:30"),
        ("中午12点", "12:00"), ("中午1点", "13:00"), ("晚12点", "24:00"), ("凌晨12点", "00:00"), ("下午13点", "13:00"), ("20点整", "20:00"),
        ("三点一刻", "03:15"), ("七点三十分", "07:30"), ("7点05", "07:05"), ("7:30:59", "07:30"), ("0.5", "12:00"), ("零点", "00:00"),
        ("2022-03-28 08:00", "08:00"), ("次日6:00", "30:00"), ("上午 9:05", "09:05"), ("44648.25", "06:00"), ("20h30", "20:30"), ("1899-12-30 08:30:00", "08:30"), ("8。30", "08:30"), ("第二天早上8点", "32:00"),
    ],
)  # fmt: skip
def test_times_of_day(written: str, meant: str) -> None:
    assert str(reading(time_of_day())(written)) == meant


def test_a_time_said_roughly_is_flagged() -> None:
    found = reading(time_of_day())("约7点左右")
    assert (str(value(found)), code(found)) == ("07:00", "approximate")
    assert code(reading(moment())("2022-03-28 7点左右")) == "approximate"


@pytest.mark.parametrize(
    "written", ["25:00", "24:01", "7:60", "早上13点", "好", "1.5.2022", "凌晨9点", "-7:00"]
)
def test_what_is_no_time_of_day_is_a_date_reject(written: str) -> None:
    assert code(reading(time_of_day())(written)) == "date"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20220311", date(2022, 3, 11)), ("2020/2/17", date(2020, 2, 17)), ("2020年2月17日", date(2020, 2, 17)), ("43878", date(2020, 2, 17)),
        ("2月17日", date(2022, 2, 17)), ("2.17", date(2022, 2, 17)), ("2-17", date(2022, 2, 17)), ("2/17", date(2022, 2, 17)),
        ("12-30", date(2021, 12, 30)), ("2月29日", date(2020, 2, 29)), ("2022-03-28 00:00:00", date(2022, 3, 28)), ("43878.0", date(2020, 2, 17)),
        ("２０２０－２－１７", date(2020, 2, 17)), ("2020.2.17", date(2020, 2, 17)), ("2020-02-17T00:00:00Z", date(2020, 2, 17)),
        ("28/3/2022", date(2022, 3, 28)), ("Mar 28, 2022", date(2022, 3, 28)), ("28 March 2022", date(2022, 3, 28)), ("2022年3月28号", date(2022, 3, 28)),
        ("2月17日(周四)", date(2022, 2, 17)), ("二月十七日", date(2022, 2, 17)), ("2022- 3-28", date(2022, 3, 28)), ("20年2月17日", date(2020, 2, 17)), ("2022年3月28日起", date(2022, 3, 28)), ("自3月28日", date(2022, 3, 28)),
        ("元月27日", date(2022, 1, 27)), ("2022-03-28下午", date(2022, 3, 28)), ("2022-03-27T16:00:00Z", date(2022, 3, 28)),
        ("3月28日", date(2022, 3, 28)),
    ],
)  # fmt: skip
def test_days(written: str, meant: date) -> None:
    assert reading(date_())(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "2月30日",
        "2022-02-29",
        "2022-13-01",
        "13-40",
        "0000-00-00",
        "今天",
        "17日",
        "2022-3",
        "99999",
        "3/4/2022",
        "2022-03-28~2022-04-02",
    ],
)
def test_impossible_days_are_date_rejects(written: str) -> None:
    assert code(reading(date_())(written)) == "date"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2月30日", "There is no such day."), ("2022-13-01", "There is no such day."), ("2021-02-29", "There is no such day."),
        ("3/4/2022", "Day and month cannot be told apart."), ("1899-03-28", "Not a date."), ("3月28日x", "Not a date."),
        ("17日", "Not a date."), ("今天", "Not a date."),
    ],
)  # fmt: skip
def test_a_day_that_is_in_no_calendar_or_reads_two_ways_is_told_as_such(written: str, reason: str) -> None:
    for read, time, otherwise in ((date_(), "", "Not a date."), (moment(), " 7:30", "Not a date and time.")):
        bad = reading(read)(written + time)
        assert isinstance(bad, Bad)
        assert bad.reason.id == (otherwise if reason == "Not a date." else reason)


def test_a_number_that_may_have_lost_its_last_zero_is_flagged() -> None:
    found = reading(date_())("2.1")
    assert (value(found), code(found)) == (date(2022, 2, 1), "date")
    time = reading(time_of_day())("7.3")
    assert (str(value(time)), code(time)) == ("07:30", "approximate")
    assert code(reading(time_of_day())("7.5")) == "date"


def test_planned_days_take_the_nearest_year_and_may_lie_ahead() -> None:
    planned = reading(date_(planned=True))
    assert planned("4.5") == date(2022, 4, 5)
    assert planned("12-30") == date(2021, 12, 30)
    assert planned("2022-12-30") == date(2022, 12, 30)
    new_year = reading(date_(planned=True), here(received=datetime(2021, 12, 30, 9, tzinfo=ZONE)))
    assert new_year("1月2日") == date(2022, 1, 2)


def test_an_observed_fact_may_not_lie_ahead() -> None:
    read = reading(moment())
    assert read("2022-03-28 20:05:00") == at("2022-03-28T20:05:00")
    assert code(read("2022-03-28 20:05:01")) == "future"
    assert code(read("2022/3/28 20:06")) == "future"
    assert code(reading(date_())("2022-03-29")) == "future"
    assert reading(moment(observed=False))("2022-03-29 08:00") == at("2022-03-29T08:00")


def test_the_day_after_received_still_means_this_year() -> None:
    assert code(reading(moment())("3月29日 7:30")) == "future"
    assert reading(moment())("5月1日 7:30") == at("2021-05-01T07:30")


@pytest.mark.parametrize("text", ["3月30日 7:30", "3/30 07:30", "3-30 7时30分", "４月２８日上午7点半"])
def test_one_that_is_last_years_because_this_years_is_a_few_weeks_ahead_is_told(text: str) -> None:
    read = reading(moment())(text)
    assert type(read) is Flagged
    assert (read.code, read.value) == (
        "date",
        at("2021-04-28T07:30" if text.startswith("４") else "2021-03-30T07:30"),
    )
    assert type(reading(date_())(text.split(" ")[0].removesuffix("上午7点半"))) is Flagged


def test_a_time_alone_takes_the_sheets_date() -> None:
    read = reading(moment(), SHEET)
    assert read("7:30") == read("7.30") == read("0.3125") == read("早7点半") == at("2022-03-28T07:30")
    assert read("28日7:30") == at("2022-03-28T07:30")
    assert code(read("24:00")) == "future"
    assert code(read("3.28")) == "date"


def test_a_time_alone_without_a_sheet_date_comes_back_for_the_caller() -> None:
    found = reading(moment())("下午3点")
    assert found == TimeOfDay(15 * 3600)
    assert combine(date(2022, 3, 28), found, here()) == at("2022-03-28T15:00")
    assert code(combine(date(2022, 3, 28), TimeOfDay(86400), here())) == "future"


def test_a_date_without_a_year_goes_by_the_sheets_own_date() -> None:
    old = here(sheet=date(2020, 2, 17))
    assert reading(moment(), old)("2月16日 7:30") == at("2020-02-16T07:30")
    assert reading(date_(), here(sheet=date(2021, 1, 2)))("12月31日") == date(2020, 12, 31)


def test_a_shift_that_ends_before_it_starts_ends_the_next_day() -> None:
    day = date(2022, 3, 28)
    clock = reading(time_of_day())
    assert span(day, clock("22:00"), clock("6:00"), ZONE) == (at("2022-03-28T22:00"), at("2022-03-29T06:00"))
    assert span(day, clock("8:00"), clock("8:00"), ZONE) == (at("2022-03-28T08:00"), at("2022-03-29T08:00"))
    assert span(day, clock("8:00"), clock("次日14:00"), ZONE) == (
        at("2022-03-28T08:00"),
        at("2022-03-29T14:00"),
    )
    assert span(day, clock("0:00"), clock("24:00"), ZONE) == (at("2022-03-28T00:00"), at("2022-03-29T00:00"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("早", "07:00 15:00"), ("早班", "07:00 15:00"), ("夜班", "23:00 07:00"), ("8:00-20:00", "08:00 20:00"), ("22:00—6:00", "22:00 06:00"),
        ("8点至次日8点", "08:00 32:00"), ("早班(6:00-14:00)", "06:00 14:00"), ("早班 07:00-15:00", "07:00 15:00"), ("夜班：22点-次日6点", "22:00 30:00"), ("07:30-21:30", "07:30 21:30"), ("全天", "00:00 24:00"),
        ("8-20", "08:00 20:00"), ("晚8点到早8点", "20:00 08:00"), ("中 班", "15:00 23:00"),
    ],
)  # fmt: skip
def test_hours_of_a_shift(written: str, meant: str) -> None:
    assert " ".join(map(str, reading(hours())(written))) == meant


def test_a_shift_word_nobody_declared_is_refused_naming_the_declared() -> None:
    found = reading(hours())("大夜")
    assert code(found) == "value"
    assert "早" in dict(found.hint.args)["words"]


def answers(context: Context, text: str, observed: bool) -> tuple[Any, Any]:
    quick = reading(moment(observed=observed), context)
    for seen in ("2022-03-28 06:13:21", "2022/3/28 6:13", "2022-02-30 06:13:21", text):
        quick(seen)
    return quick(text), careful_moment(context, observed=observed)(text)


almost = st.builds(
    "{:04}{}{:02}{}{:02}{}{:02}:{:02}{}".format,
    st.integers(2019, 2023), st.sampled_from("--/."), st.integers(0, 13), st.sampled_from("--/."), st.integers(0, 32),
    st.sampled_from(["", " ", " ", "T", "  "]), st.integers(0, 25), st.integers(0, 61), st.sampled_from(["", ":00", ":59", ":60", ":7", "Z", " "]),
)  # fmt: skip
tight = st.builds("2022-03-28 {}".format, st.text("0123456789: ", max_size=9))


@examples(300)
@given(almost | tight, st.booleans(), st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]))
def test_the_shortcut_and_the_careful_reader_agree(text: str, observed: bool, zone: str) -> None:
    quick, careful = answers(here(zone=zone), text, observed)
    assert quick == careful


_wide = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "0123456789-/.:"} | {" ": "\u3000"})
_period = st.sampled_from(
    ["", "凌晨", "早上", "上午", "中午", "下午", "午后", "傍晚", "晚", "晚上", "夜里", "夜半"]
)
_loose = st.builds(
    "{}{}{}{}{}{}{}{}".format,
    st.sampled_from(["2022年", "2021/", "2022-", "2019.", "", "", "22年", "1999-"]),
    st.sampled_from(["3月28日", "3月28号", "02-29", "2/30 ", "3.28", "12月31日", "1-1 ", "03－28 ", "3-28T", "4/1 "]),
    st.sampled_from(["", " ", "  ", "t"]), _period, st.integers(0, 25),
    st.sampled_from([":", "点", "时", "：", ".", "点半", ""]), st.sampled_from(["", "5", "05", "59", "60"]),
    st.sampled_from(["", "分", ":7", ":60", "分07秒", "整", "秒", "分钟", " "]),
)  # fmt: skip


@examples(300)
@given(
    st.lists(_loose, min_size=1, max_size=12),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]),
)
def test_a_column_of_moments_in_many_forms_says_what_the_careful_reader_says(
    texts: list[str], wide: bool, observed: bool, zone: str
) -> None:
    texts = [text.translate(_wide) for text in texts] if wide else texts
    for context in (here(zone=zone), here(zone=zone, sheet=date(2022, 3, 27))):
        read = reading(moment(observed=observed), context)
        careful = careful_moment(context, observed=observed)
        assert read.many(texts, careful) == [careful(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["2022-03-27 02:30:00", "2022-03-27 12:00", "2021-10-31 02:30", "2021-10-31 23:00"]
)
def test_days_on_which_the_clock_jumps_are_read_carefully(text: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    quick, careful = answers(here(zone="Europe/Berlin"), text, True)
    assert quick == careful == int(datetime.fromisoformat(text).replace(tzinfo=berlin).timestamp())


@examples(100)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2022, 3, 28, 20)), st.data())
def test_every_written_form_of_a_moment_reads_back(when: datetime, data: st.DataObject) -> None:
    when = when.replace(microsecond=0)
    minute = when.replace(second=0)
    serial = (when - datetime(1899, 12, 30)) / timedelta(days=1)
    forms = {
        when.isoformat(" "): when, when.isoformat(): when, f"{when:%Y/%m/%d %H:%M:%S}": when, f"{when:%Y年%m月%d日%H时%M分%S秒}": when,
        f"{when.year}.{when.month}.{when.day} {when.hour}:{when:%M}": minute, f"{serial:.6f}": when, f"{when:%Y%m%d%H%M%S}": when,
        f"{when:%Y-%m-%d} {when:%I:%M %p}": minute, f"{when:%Y-%m-%dT%H:%M:%S}+08:00": when,
    }  # fmt: skip
    form, meant = data.draw(st.sampled_from(sorted(forms.items())))
    read = reading(moment())
    if abs(serial - round(serial)) < 1e-5 and form == f"{serial:.6f}":
        return
    assert read(form) == int(meant.replace(tzinfo=ZONE).timestamp())


def test_midnight_is_the_posts_own() -> None:
    assert midnight(date(2022, 3, 28), ZONE) == at("2022-03-28")


def test_a_very_short_limit_reaches_moments_too() -> None:
    found = reading(moment(), here("[intake]\nmax_cell = 5"))("2022-03-28 06:13")
    assert isinstance(found, Bad)
    assert found.code == "too-long"


def test_a_post_of_a_day_and_a_night_means_them_by_any_of_their_words() -> None:
    two = here('[shifts]\n"白" = "08:00-20:00"\n"夜" = "20:00-08:00"\n')
    assert hours()(two)("晚班") == hours()(two)("夜") == (TimeOfDay.of("20:00"), TimeOfDay.of("08:00"))
    assert hours()(two)("早班") == hours()(two)("日班") == hours()(two)("白班")
    for word in ("晚班", "白班", "大夜", "小夜"):
        found = hours()(here())(word)
        assert type(found) is Bad
        assert found.hint is not None
        assert "早 / 中 / 夜" in str(found.hint.args)
