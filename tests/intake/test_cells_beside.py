"""What a cell says beside its value: several things, several people, units, what a post declares."""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.coming import ROWS, UNREADABLE, Back, Checking, found, local, row_of

from commandpost.settings import parse_settings


@pytest.mark.parametrize("written", [*UNREADABLE, "", "/", "若干", "无"])
def test_a_request_counts_without_its_quantity_and_says_so(told: Checking, written: str) -> None:
    report = told(row_of("supply-requests", 数量=written))
    assert report["accepted"] == 1
    assert report["values"][0]["quantity"] is None
    codes = [code for _, _, code in found(report, "warnings")]
    assert "quantity" in codes
    assert (UNREADABLE.get(written) in codes) is (written in UNREADABLE)


@pytest.mark.parametrize(
    ("written", "approximate"), [("240余", True), ("2百多", True), ("约200", True), ("240", False)]
)
@pytest.mark.parametrize("kind", ["supply-requests", "stock-movements"])
def test_a_vague_quantity_is_marked(told: Checking, kind: str, written: str, approximate: bool) -> None:
    (value,) = told(row_of(kind, 数量=written))["values"]
    assert value["approximate"] is approximate


@pytest.mark.parametrize(
    ("at", "code"), [("2月30日", "date"), ("2022-03-29 10:00", "future"), ("9:30", "date")]
)
def test_a_request_with_a_number_counts_without_its_time(told: Checking, at: str, code: str) -> None:
    report = told(row_of("supply-requests", 单号="S1", 申请时间=at))
    assert (report["accepted"], found(report, "warnings")) == (1, [(2, "申请时间", code)])


@pytest.mark.parametrize(
    ("move", "written", "quantity"),
    [
        ("调整", "-5", -5.0),
        ("调整", "5", 5.0),
        ("报损", "5", -5.0),
        ("报损", "-5", -5.0),
        ("盘亏", "－５", -5.0),
    ],
)
def test_an_adjustment_may_be_downwards(told: Checking, move: str, written: str, quantity: float) -> None:
    (value,) = told(row_of("stock-movements", 类型=move, 数量=written))["values"]
    assert (value["move"], value["quantity"]) == ("ADJUST", quantity)


@pytest.mark.parametrize("kind", ["supply-requests", "stock-movements"])
def test_the_unit_beside_the_number_goes_before_that_of_its_column(told: Checking, kind: str) -> None:
    (value,) = told(row_of(kind, 数量="10箱", 单位="个"))["values"]
    assert (value["quantity"], value["unit"]) == (10.0, "箱")


LISTS: dict[str, list[tuple[str, float | None, str | None]]] = {
    "N95（10万）/护目镜（1千）、84消毒液10瓶": [("N95", 100_000, None), ("护目镜", 1000, None), ("84消毒液", 10, "瓶")],
    "口罩100个，手套50双": [("口罩", 100, "个"), ("手套", 50, "双")],
    "口罩：100个；手套：50双": [("口罩", 100, "个"), ("手套", 50, "双")],
    "口罩 100个 手套 50双": [("口罩", 100, "个"), ("手套", 50, "双")],
    "1.口罩100个 2.手套50双": [("口罩", 100, "个"), ("手套", 50, "双")],
    "N95口罩1万只,防护服2百套": [("N95口罩", 10_000, "只"), ("防护服", 200, "套")],
    "两箱方便面、大米": [("方便面", 2, "箱"), ("大米", None, None)],
    "75%酒精25升": [("75%酒精", 25, "升")],
    "3M口罩": [("3M口罩", None, None)],
    "84消毒液": [("84消毒液", None, None)],
    "口罩\n手套": [("口罩", None, None), ("手套", None, None)],
    "口罩若干": [("口罩", None, None)],
}  # fmt: skip


@pytest.mark.parametrize("written", LISTS)
def test_a_cell_that_asks_for_several_things_is_several_requests(told: Checking, written: str) -> None:
    report = told(row_of("supply-requests", 物资=written, 数量="", 单号="S1"))
    assert (report["rows"], report["accepted"], report["records"]) == (1, 1, len(LISTS[written]))
    assert [(v["item"], v["quantity"], v["unit"]) for v in report["values"]] == LISTS[written]
    assert len({v["reference"] for v in report["values"]}) == len(LISTS[written])


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("张三、李四", ["张三", "李四"]), ("张三，李四", ["张三", "李四"]), ("张三/李四", ["张三", "李四"]), ("张三 李四", ["张三", "李四"]),
        ("张三;李四", ["张三", "李四"]), ("张三\n李四", ["张三", "李四"]), ("张三和李四", ["张三", "李四"]), ("张 三", ["张三"]),
        ("1.张三 2.李四", ["张三", "李四"]), ("张三(带班)、李四13800000000", ["张三", "李四"]), ("李和平", ["李和平"]),
        ("张三、张三", ["张三"]), ("John Smith", ["John Smith"]),
    ],
)  # fmt: skip
def test_several_people_in_a_rosters_cell_are_several_shifts(
    told: Checking, written: str, names: list[str]
) -> None:
    report = told(row_of("rosters", 姓名=written))
    assert (report["rows"], report["records"]) == (1, len(names))
    assert [v["name"] for v in report["values"]] == names


DECLARED = parse_settings("""
[[gate]]
name = "东门"
english = "East gate"
aliases = ["1号门"]
[[gate]]
name = "北门"
[[duty_post]]
name = "监控室"
aliases = ["监控中心"]
[shifts]
"早" = "06:00-14:00"
"大夜" = "22:00-06:00"
""")


@pytest.mark.parametrize(
    ("kind", "header", "field", "written", "becomes"),
    [
        ("gate-passes", "门岗", "gate", "1号门", "东门"),
        ("gate-passes", "门岗", "gate", "１号 门", "东门"),
        ("gate-passes", "门岗", "gate", "east GATE", "东门"),
        ("gate-passes", "门岗", "gate", "东大门", Back("unknown-place")),
        ("rosters", "岗位", "post", "监控中心", "监控室"),
        ("rosters", "岗位", "post", "岗亭", Back("unknown-place")),
        ("rosters", "岗位", "post", "1号门", "东门"),
        ("rosters", "班次", "at", "早班", local("2022-03-29", "06:00")),
        ("rosters", "班次", "ends_at", "大夜", local("2022-03-30", "06:00")),
        ("rosters", "班次", "at", "中班", Back("value")),
        ("rosters", "班次", "ends_at", "22:00-6:00", local("2022-03-30", "06:00")),
        ("rosters", "班次", "ends_at", "8点至次日8点", local("2022-03-30", "08:00")),
        ("rosters", "班次", "ends_at", "24小时", local("2022-03-30")),
    ],
)
def test_what_a_post_declares_is_known_by_its_names(
    told: Checking, kind: str, header: str, field: str, written: str, becomes: Any
) -> None:
    cells = {"岗位": "监控室", header: written} if kind == "rosters" else {header: written}
    if header == "班次":
        cells |= {"开始": "", "结束": ""}
    report = told(row_of(kind, **cells), settings=DECLARED)
    if isinstance(becomes, Back):
        assert found(report, "rejected") == [(2, header, becomes.code)]
        assert becomes.code != "unknown-place" or "post.toml" in report["rejected"][0]["hint"]
    else:
        assert report["values"][0][field] == becomes


@pytest.mark.parametrize("kind", ROWS)
def test_a_cell_over_the_limit_goes_back(told: Checking, kind: str) -> None:
    column = next(iter(ROWS[kind]))
    report = told(row_of(kind, **{column: "长" * 10_001}))
    assert [one["code"] for one in report["rejected"]] == ["too-long"]


@pytest.mark.parametrize("kind", ROWS)
def test_control_characters_are_stripped_at_the_door(told: Checking, kind: str) -> None:
    evil = "\x1b[31m\x1b]52;c;aGk=\x07\u202e\x00\x9b2J"
    report = told(row_of(kind, **{header: text + evil for header, text in ROWS[kind].items()}))
    assert report["accepted"] == 1
    assert not set(evil) - set("[]31m52;caGk=J") & set(str(report))
