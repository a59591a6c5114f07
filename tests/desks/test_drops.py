"""The kinds of drop: what teams' sheets become, row by row."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.intake.clerking import check, sheet

from commandpost.contract.kind import Kind
from commandpost.contract.values.text import header
from commandpost.desks.kinds import KINDS
from commandpost.settings import Settings


def told(tmp_path: Path, text: str, settings: Settings | None = None) -> dict[str, Any]:
    path = tmp_path / "sheet.csv"
    path.write_text(text, "utf-8")
    return check(path, settings, values=True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_no_header_of_a_kind_means_two_columns(kind: Kind) -> None:
    seen: dict[str, str] = {}
    for column in kind.columns:
        for name in {header(n) for n in (column.header, column.english, column.field, *column.aliases)}:
            assert seen.setdefault(name, column.field) == column.field, name


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_of_every_kind_is_taken(kind: Kind, language: str, tmp_path: Path) -> None:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(c.header if language == "zh" else c.english for c in kind.columns)
    writer.writerow(c.example for c in kind.columns)
    report = told(tmp_path, made.getvalue())
    assert (report["verdict"], report["kind"]) == ("taken", kind.name)
    assert (report["accepted"], report["rejected"]) == (1, [])


def test_a_row_with_entry_and_exit_makes_two_passes(tmp_path: Path) -> None:
    text = sheet("张三,东门,2022-03-28 08:00,2022-03-28 09:30", header="姓名,门岗,进入时间,离开时间")
    report = told(tmp_path, text)
    assert (report["rows"], report["records"], report["accepted"]) == (1, 2, 1)
    assert [(v["direction"], v["at"][11:16]) for v in report["values"]] == [("IN", "08:00"), ("OUT", "09:30")]


def test_who_left_before_entering_is_rejected_as_order(tmp_path: Path) -> None:
    text = sheet("张三,东门,2022-03-28 09:00,2022-03-28 08:30", header="姓名,门岗,进入时间,离开时间")
    assert [r["code"] for r in told(tmp_path, text)["rejected"]] == ["order"]


def test_a_date_column_and_a_time_column_are_one_moment(tmp_path: Path) -> None:
    head = "日期,时间,门岗,方向,姓名"
    text = sheet("2022-03-28,6:13,东门,进,张三", ",7:15,东门,出,张三", header=head)
    report = told(tmp_path, text)
    assert [v["at"] for v in report["values"]] == ["2022-03-28T06:13:00+08:00", "2022-03-28T07:15:00+08:00"]


def test_a_time_alone_is_of_the_day_in_the_title(tmp_path: Path) -> None:
    text = "通行登记 2022年3月27日,,,\r\n" + sheet("6:13,东门,进,张三", header="时间,门岗,方向,姓名")
    assert [v["at"] for v in told(tmp_path, text)["values"]] == ["2022-03-27T06:13:00+08:00"]


def test_a_time_without_any_date_is_rejected_as_date(tmp_path: Path) -> None:
    text = sheet("6:13,东门,进,张三", header="时间,门岗,方向,姓名")
    assert [r["code"] for r in told(tmp_path, text)["rejected"]] == ["date"]


def test_a_plate_is_who_passed_when_nobody_is_named(tmp_path: Path) -> None:
    text = sheet(
        "2022-03-28 06:13,东门,进,,鄂A·12345", "2022-03-28 06:14,东门,进,,", header="时间,门岗,方向,姓名,车牌"
    )
    report = told(tmp_path, text)
    assert [v["who"] for v in report["values"]] == ["鄂A12345"]
    assert [(r["line"], r["code"]) for r in report["rejected"]] == [(3, "empty")]


def test_morning_and_evening_temperatures_are_two_reports(tmp_path: Path) -> None:
    head = "日期,姓名,房号,早,晚"
    text = sheet("2022-03-28,张三,3-2-501,36.5,37.4", "2022-03-28,李四,3-2-502,正常,", header=head)
    report = told(tmp_path, text)
    assert [(v["name"], v["slot"], v["temperature"]) for v in report["values"]] == [
        ("张三", "AM", 36.5),
        ("张三", "PM", 37.4),
        ("李四", "AM", None),
    ]
    assert (report["rows"], report["records"], report["accepted"]) == (2, 3, 2)


def test_a_bad_evening_does_not_lose_the_morning(tmp_path: Path) -> None:
    text = sheet("2022-03-28,张三,36.5,98.6", "2022-03-28,李四,,98.6", header="日期,姓名,早,晚")
    report = told(tmp_path, text)
    assert (report["accepted"], report["records"]) == (1, 1)
    assert [(w["line"], w["code"]) for w in report["warnings"]] == [(2, "temperature")]
    assert [(r["line"], r["code"]) for r in report["rejected"]] == [(3, "temperature")]


def test_a_release_that_lies_ahead_is_when_it_is_due(tmp_path: Path) -> None:
    head = "姓名,管控方式,开始日期,解除日期"
    text = sheet("张三,居家隔离,2022-03-20,2022-04-03", "李四,集中,2022-03-01,2022-03-15", header=head)
    values = told(tmp_path, text)["values"]
    assert [(v["state"], v["due"], v["released"]) for v in values] == [
        ("ORDERED", "2022-04-03", None),
        ("RELEASED", None, "2022-03-15"),
    ]


def test_an_isolation_that_ends_before_it_starts_is_rejected_as_order(tmp_path: Path) -> None:
    text = sheet("张三,居家隔离,2022-03-20,2022-03-10", header="姓名,管控方式,开始日期,解除日期")
    assert [r["code"] for r in told(tmp_path, text)["rejected"]] == ["order"]


def test_a_shift_past_midnight_ends_the_next_day(tmp_path: Path) -> None:
    text = sheet("北门,2022-03-28,22:00,6:00,张三、李四", header="岗位,日期,开始,结束,姓名")
    report = told(tmp_path, text)
    assert [(v["name"], v["at"][:16], v["ends_at"][:16]) for v in report["values"]] == [
        ("张三", "2022-03-28T22:00", "2022-03-29T06:00"),
        ("李四", "2022-03-28T22:00", "2022-03-29T06:00"),
    ]
    assert (report["rows"], report["records"]) == (1, 2)


def test_shift_words_have_the_hours_the_post_declares(tmp_path: Path) -> None:
    text = sheet("北门,2022-03-28,早班,张三,王五", ",,夜,李四,", header="岗位,日期,班次,姓名,带班领导")
    values = told(tmp_path, text)["values"]
    assert [(v["name"], v["role"], v["at"][11:16], v["ends_at"][:13]) for v in values] == [
        ("张三", "GUARD", "07:00", "2022-03-28T15"),
        ("王五", "LEADER", "07:00", "2022-03-28T15"),
        ("李四", "GUARD", "23:00", "2022-03-29T07"),
    ]


def test_three_requests_in_one_cell(tmp_path: Path) -> None:
    text = sheet(
        '"N95（10万）/护目镜（1千）、84消毒液10瓶",市一医院,2022-03-28 09:00', header="所需物资,申请单位,时间"
    )
    report = told(tmp_path, text)
    assert [(v["item"], v["quantity"], v["unit"]) for v in report["values"]] == [
        ("N95", 100_000, None),
        ("护目镜", 1000, None),
        ("84消毒液", 10, "瓶"),
    ]
    assert (report["rows"], report["records"]) == (1, 3)


def test_a_request_without_a_quantity_counts_and_is_flagged(tmp_path: Path) -> None:
    report = told(tmp_path, sheet("口罩,北门,,", header="物资,申请单位,数量,单号"))
    assert [(v["item"], v["quantity"]) for v in report["values"]] == [("口罩", None)]
    assert [w["code"] for w in report["warnings"]] == ["quantity"]


def test_a_stock_ledger_in_columns_is_a_movement_a_cell(tmp_path: Path) -> None:
    text = sheet("2022-03-27,口罩,500,20,480", header="日期,物资,入库,出库,结存")
    assert [(v["move"], v["quantity"]) for v in told(tmp_path, text)["values"]] == [
        ("IN", 500),
        ("OUT", 20),
        ("COUNT", 480),
    ]


def test_losses_take_away(tmp_path: Path) -> None:
    text = sheet("2022-03-27 08:00,口罩,报损,20", header="时间,物资,类型,数量")
    assert [(v["move"], v["quantity"]) for v in told(tmp_path, text)["values"]] == [("ADJUST", -20)]


def test_a_census_adds_up_with_its_total(tmp_path: Path) -> None:
    head = "地址,户主,人数"
    right = told(tmp_path, sheet("3-2-501,张三,4", "3-2-502,李四,3", "合计,,7", header=head))
    wrong = told(tmp_path, sheet("3-2-501,张三,4", "3-2-502,李四,3", "合计,,9", header=head))
    assert (right["accepted"], right["warnings"]) == (2, [])
    assert [(w["line"], w["code"]) for w in wrong["warnings"]] == [(4, "total")]


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("SUBMITTED", "DELIVERED", True),
        ("DELIVERED", "APPROVED", False),
        ("CLOSED", "DELIVERED", False),
        ("ALLOCATED", "CANCELLED", True),
        ("DISPATCHED", "CANCELLED", False),
        ("SUBMITTED", "REJECTED", True),
        ("REJECTED", "APPROVED", False),
        ("PARTIAL", "DELIVERED", True),
    ],
)
def test_a_request_never_runs_backwards(before: str, after: str, allowed: bool) -> None:
    from commandpost.desks.supply.drops import moves

    refused = moves({"state": before}, {"state": after})
    assert (refused is None) == allowed
    assert refused is None or refused.code == "state"


def test_moments_are_aware(tmp_path: Path) -> None:
    text = sheet("2022-03-28 06:13,东门,进,张三", header="时间,门岗,方向,姓名")
    at = datetime.fromisoformat(told(tmp_path, text)["values"][0]["at"])
    assert at.astimezone(UTC) == datetime(2022, 3, 27, 22, 13, tzinfo=UTC)
