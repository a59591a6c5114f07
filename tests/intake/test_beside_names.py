"""A name with more beside it is the person's own record: of passes, isolations, reports and check-ins alike."""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.coming import Checking, found

GATE = "时间,门岗,方向,姓名{more}\n2022-03-28 07:11,东门,进,{cells}\n"
HELD = "姓名,管控方式,开始日期{more}\n{cells}\n"


@pytest.mark.parametrize(
    ("more", "name", "phone", "kept"),
    [
        ("", "张一 13800000001", "", "13800000001"),
        (",电话", "张一13800000001", "", "13800000001"),
        (",电话", "张一13800000001", "13900000002", "13900000002"),
        (",电话", "张一（密接）", "13900000002", "13900000002"),
    ],
)
def test_a_telephone_beside_the_name_is_the_rows_unless_its_column_says_one(
    told: Checking, more: str, name: str, phone: str, kept: str
) -> None:
    tail = f",{phone}" if more else ""
    passes = told(GATE.format(more=more, cells=f"{name}{tail}"))
    held = told(HELD.format(more=more, cells=f"{name},居家,2022-03-20{tail}"))
    for report in (passes, held):
        assert (report["accepted"], found(report, "warnings")) == (1, [(2, "姓名", "value")])
        assert [(one["name"], one["phone"]) for one in report["values"]] == [("张一", kept)]


def test_a_state_beside_a_name_is_said_and_changes_nothing(told: Checking) -> None:
    """Whoever is called released in the wrong place is still looked for: nobody escapes by a remark."""
    report: dict[str, Any] = told(HELD.format(more="", cells="张一（已解除）,居家,2022-03-20"))
    (one,) = report["values"]
    assert (one["name"], one.get("state")) in (("张一", "ORDERED"), ("张一", None))
    assert found(report, "warnings") == [(2, "姓名", "value")]


def test_a_name_and_a_telephone_in_each_others_columns_go_back(told: Checking) -> None:
    report = told(GATE.format(more=",电话", cells="13800000001,张一"))
    assert (report["accepted"], found(report, "rejected")) == (0, [(2, "姓名", "columns")])
