"""Temperatures, quantities and counts as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_case import code, reading, value
from tests.examples import examples

from commandpost.contract.values.counts import count
from commandpost.contract.values.daycounts import days
from commandpost.contract.values.numbers import Quantity, numeral, quantity, temperature


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        ("36.8℃", 36.8), ("３６．８", 36.8), ("36。8", 36.8), ("36,8", 36.8), ("36.8度", 36.8), ("36.8 °C", 36.8), ("36.8c", 36.8),
        ("36度8", 36.8), ("36·8", 36.8), ("体温36.5", 36.5), ("额温:36.5", 36.5), ("正常36.5", 36.5), ("36.5正常", 36.5), ("37", 37.0),
        ("36.799999", 36.8), ("37.25", 37.3), ("36.50", 36.5), ("30", 30.0), ("45", 45.0), ("36．5", 36.5), (" 36.5 ", 36.5), ("36.5摄氏度", 36.5), ("36.5(额)", 36.5), ("正常（36.5℃）", 36.5), ("36.5/正常", 36.5), ("发热37.8", 37.8), ("38.5↑", 38.5), ("三十六度五", 36.5), ("37.", 37.0),
    ],
)  # fmt: skip
def test_a_temperature_in_any_spelling(written: str, degrees: float) -> None:
    assert reading(temperature())(written) == degrees


@pytest.mark.parametrize(
    ("written", "degrees"),
    [("368", 36.8), ("365", 36.5), ("340", 34.0), ("430", 43.0), ("365.0", 36.5), ("373℃", 37.3)],
)
def test_a_forgotten_point_is_put_in_and_flagged(written: str, degrees: float) -> None:
    found = reading(temperature())(written)
    assert (value(found), code(found)) == (degrees, "temperature")


@pytest.mark.parametrize(
    ("written", "degrees"),
    [("37.8(咳嗽)", 37.8), ("37.8℃（发热，已就医）", 37.8), ("36.5[家属代报]", 36.5)],
)
def test_a_remark_behind_the_number_takes_nothing_from_it(written: str, degrees: float) -> None:
    assert reading(temperature())(written) == degrees


@pytest.mark.parametrize("written", ["37.8(36.5)", "37.8(以下", "(37.8)-38", "36.5(-37)"])
def test_a_second_number_is_no_remark(written: str) -> None:
    assert code(reading(temperature())(written)) == "temperature"


@pytest.mark.parametrize(
    "written", ["正常", "已测", "合格", "体温正常", "√", "<37.3", "37.3以下", "低于37.3℃"]
)
def test_measured_without_a_number_is_never_given_one(written: str) -> None:
    assert reading(temperature())(written) is None
    report = reading(temperature(report=True))(written)
    assert (value(report), code(report)) == (None, "temperature")


@pytest.mark.parametrize(
    "written",
    [
        "29.9",
        "45.1",
        "98.6",
        "98.6F",
        "36.5-37",
        "36.5~36.8",
        "36.5/36.7",
        "发热门诊",
        "339",
        "431",
        "3.65",
        "36.5.5",
        "-36.5",
        "9" * 5000,
        "3 6 5 5",
    ],
)
def test_what_no_body_has_is_refused(written: str) -> None:
    assert code(reading(temperature())(written)) == "temperature"


def test_fahrenheit_is_said_to_be_fahrenheit() -> None:
    for written in ("98.6", "97.7F", "99.1℉", "98°F", "98华氏度"):
        assert "Fahrenheit" in reading(temperature())(written).hint.id


@pytest.mark.parametrize("written", ["", "/", "—", "未测", "无", "不详"])
def test_not_measured_is_unknown_never_zero(written: str) -> None:
    assert reading(temperature())(written) is None
    assert reading(temperature(report=True))(written) is None


@pytest.mark.parametrize(
    ("written", "much", "unit", "approximate"),
    [
        ("2百多人", 200, "人", True), ("近1万7千", 17000, "", True), ("5万", 50000, "", False), ("240余", 240, "", True), ("三次", 3, "次", False),
        ("1,000", 1000, "", False), ("十二", 12, "", False), ("１２", 12, "", False), ("10瓶", 10, "瓶", False), ("10 瓶", 10, "瓶", False),
        ("10箱(50瓶/箱)", 10, "箱", False), ("1.5万只", 15000, "只", False), ("1万7", 17000, "", False), ("两百三", 230, "", False),
        ("约10箱", 10, "箱", True), ("10箱左右", 10, "箱", True), ("十几个", 10, "个", True), ("10多万只", 100000, "只", True), ("上百人", 100, "人", True),
        ("百余", 100, "", True), ("半箱", 0.5, "箱", False), ("两箱半", 2.5, "箱", False), ("25L", 25, "L", False), ("500ml", 500, "ml", False),
        ("0", 0, "", False), ("1k", 1000, "", False), ("2w", 20000, "", False), ("共12人", 12, "人", False), ("12,345,678个", 12345678, "个", False),
        ("二十五桶", 25, "桶", False), ("一百零五", 105, "", False), ("3千5百", 3500, "", False), ("100+", 100, "", True), (".5", 0.5, "", False),
        ("10.0", 10, "", False), ("1亿2千万", 120_000_000, "", False), ("俩", 2, "", False), ("1２箱", 12, "箱", False), ("3kg", 3, "kg", False),
    ],
)  # fmt: skip
def test_quantities(written: str, much: float, unit: str, approximate: bool) -> None:
    assert reading(quantity())(written) == Quantity(much, unit, approximate)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("-5", "negative"), ("−5瓶", "negative"), ("负3", "negative"), ("1.38E+10", "lost-digits"), ("10-20个", "value"), ("10~20", "value"), ("1/2", "value"), ("三五个", "value"), ("两三个", "value"), ("一半", "value"),
        ("1,5", "value"), ("口罩", "value"), ("N95", "value"), ("10箱5瓶", "value"), ("1.2.3", "value"), ("9" * 5000, "value"), ("万" * 3000, "value"),
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(written: str, why: str) -> None:
    assert code(reading(quantity())(written)) == why


@pytest.mark.parametrize("written", ["若干", "一批", "适量", "几十", "多多益善", "许多"])
def test_asked_for_without_a_number_is_kept_and_flagged(written: str) -> None:
    found = reading(quantity())(written)
    assert (value(found), code(found)) == (Quantity(None, "", True), "approximate")


@pytest.mark.parametrize(
    ("written", "n"),
    [("12", 12), ("12人", 12), ("三口人", 3), ("１２", 12), ("0", 0), ("12.0", 12), ("共5人", 5), ("两", 2)],
)
def test_counts(written: str, n: int) -> None:
    found = reading(count())(written)
    assert found == n
    assert type(found) is int


def test_vague_negative_and_broken_counts() -> None:
    read = reading(count())
    assert (value(read("2百多人")), code(read("2百多人"))) == (200, "approximate")
    assert code(read("-1")) == "negative"
    assert code(read("3.5")) == "value"
    assert code(read("几个")) == "value"
    assert read("/") is None


@pytest.mark.parametrize(
    ("written", "n"),
    [
        ("14", 14),
        ("14天", 14),
        ("十四天", 14),
        ("14.0", 14),
        ("14 days", 14),
    ],
)
def test_days_of_an_isolation(written: str, n: int) -> None:
    assert reading(days())(written) == n


@pytest.mark.parametrize(("written", "n"), [("7+7", 14), ("14天集中+7天居家", 21)])
def test_days_of_several_stages_are_added_up_and_said_to_be(written: str, n: int) -> None:
    found = reading(days())(written)
    assert (found.value, found.code) == (n, "value")


@pytest.mark.parametrize("written", ["0", "--14", "400", "两周", "1.5", "14-21", "10余天", "第5天"])
def test_what_is_no_number_of_days_is_refused(written: str) -> None:
    assert code(reading(days())(written)) == "value"


@pytest.mark.parametrize("written", ["-14", "－3天"])
def test_days_are_not_negative(written: str) -> None:
    assert code(reading(days())(written)) == "negative"


DIGITS, PLACES = "零一二三四五六七八九", ("", "十", "百", "千")


def chinese(n: int) -> str:
    """1–9999 in Chinese numerals."""
    written = ""
    for place, digit in reversed(list(enumerate(map(int, reversed(str(n)))))):
        written += DIGITS[digit] + (PLACES[place] if digit else "")
    while "零零" in written:
        written = written.replace("零零", "零")
    return written.rstrip("零") or "零"


@examples(150)
@given(st.integers(1, 9999), st.integers(0, 9999))
def test_numbers_in_chinese_numerals_read_back(high: int, low: int) -> None:
    assert numeral(chinese(low)) == low
    below = chinese(low) if low >= 1000 else "零" + chinese(low)
    assert numeral(f"{chinese(high)}万{below}") == high * 10_000 + low
    assert numeral(f"{high:,}") == high
    assert numeral(f"{high / 100:.2f}万") == pytest.approx(high * 100)
