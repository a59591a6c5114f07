"""Many things in one cell."""

from __future__ import annotations

import pytest
from reading_case import POST, code, here, reading, value

from commandpost.contract.values.supplies import wanted


def things(written: str) -> list[tuple[str, float | None, str]]:
    return [
        (one.item, one.quantity.value if one.quantity else None, one.quantity.unit if one.quantity else "")
        for one in value(reading(wanted())(written))
    ]


def test_three_requests_in_one_cell() -> None:
    assert things("N95（10万）/护目镜（1千）、84消毒液10瓶") == [
        ("N95", 100_000, ""),
        ("护目镜", 1000, ""),
        ("84消毒液", 10, "瓶"),
    ]


@pytest.mark.parametrize(
    ("written", "item", "much", "unit"),
    [
        ("84消毒液", "84消毒液", None, ""), ("75%酒精 25L", "75%酒精", 25, "L"), ("75%酒精5桶", "75%酒精", 5, "桶"), ("10瓶84消毒液", "84消毒液", 10, "瓶"),
        ("口罩×100", "口罩", 100, ""), ("口罩：100个", "口罩", 100, "个"), ("N95口罩", "N95口罩", None, ""), ("3M口罩", "3M口罩", None, ""),
        ("医用口罩N95", "医用口罩N95", None, ""), ("KN95口罩五百只", "KN95口罩", 500, "只"), ("两箱方便面", "方便面", 2, "箱"), ("一次性口罩", "一次性口罩", None, ""),
        ("护目镜(防雾,透明)20副", "护目镜(防雾,透明)", 20, "副"), ("口罩若干", "口罩", None, ""), ("鸡蛋一箱半", "鸡蛋", 1.5, "箱"), ("84消毒液（25L）", "84消毒液", 25, "L"),
        ("防护服 180型 20套", "防护服 180型", 20, "套"), ("抗原试剂100人份", "抗原试剂", 100, "人份"), ("口罩1,000个", "口罩", 1000, "个"),
    ],
)  # fmt: skip
def test_a_thing_with_its_number_and_unit(written: str, item: str, much: float | None, unit: str) -> None:
    assert things(written) == [(item, much, unit)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1、口罩100个 2、手套50双", [("口罩", 100, "个"), ("手套", 50, "双")]),
        ("口罩100个手套50双", [("口罩", 100, "个"), ("手套", 50, "双")]),
        ("米10kg 油5L", [("米", 10, "kg"), ("油", 5, "L")]),
        ("鸡蛋2板\n牛奶1箱", [("鸡蛋", 2, "板"), ("牛奶", 1, "箱")]),
        ("大米2袋（10kg/袋）、消毒片100片/瓶 20瓶", [("大米", 2, "袋"), ("消毒片100片/瓶", 20, "瓶")]),
        ("急需N95口罩100只，2号电池4节", [("N95口罩", 100, "只"), ("2号电池", 4, "节")]),
        ("口罩100*2", [("口罩100*2", None, "")]),
    ],
)
def test_lists_without_clear_separators(written: str, found: list[tuple[str, float | None, str]]) -> None:
    assert things(written) == found


def test_one_of_several_without_a_number_is_flagged() -> None:
    assert code(reading(wanted())("额温枪5把、酒精")) == "approximate"
    assert code(reading(wanted())("酒精")) == ""


def test_declared_names_and_nothing() -> None:
    assert value(reading(wanted(), here(POST))("消毒水5桶"))[0].item == "84消毒液"
    assert reading(wanted())("/") is reading(wanted())("、") is reading(wanted())("无") is None
