"""Sheets as teams send them and what must be said of each: the words the tables of cases are written in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from tests.intake.clerking import ENGLISH, RECEIVED, balances

from commandpost.intake import clerk
from commandpost.settings import Settings

ROWS: dict[str, dict[str, str]] = {
    "gate-passes": {"时间": "2022-03-28 06:13", "门岗": "东门", "方向": "进", "姓名": "王伟"},
    "isolations": {"姓名": "王伟", "管控方式": "居家隔离", "开始日期": "2022-03-20"},
    "health-reports": {"日期": "2022-03-28", "姓名": "王伟", "时段": "早", "体温": "36.5"},
    "rosters": {"岗位": "北门", "日期": "2022-03-29", "开始": "07:00", "结束": "15:00", "姓名": "王伟"},
    "supply-requests": {"物资": "口罩", "申请单位": "北门岗", "数量": "500", "申请时间": "2022-03-28 09:30"},
    "stock-movements": {"物资": "口罩", "时间": "2022-03-28 09:30", "类型": "入库", "数量": "500"},
    "census": {"地址": "3-2-501", "户主": "王伟", "人数": "3"},
    "gate-tallies": {
        "门岗": "东门",
        "日期": "2022-03-28",
        "起": "07:00",
        "止": "15:00",
        "进": "120",
        "出": "98",
    },
    "check-ins": {"姓名": "王伟", "岗位": "北门", "到岗时间": "2022-03-28 06:52"},
    "donations": {
        "捐赠人": "某公司",
        "物资": "口罩",
        "数量": "500",
        "单位": "个",
        "时间": "2022-03-28 09:30",
    },
}
"""A faultless row of each kind, received on 2022-03-28 at 20:00."""

UNREADABLE = {
    "-5": "negative",
    "－５": "negative",
    "500-600": "value",
    "500、50": "value",
    "2箱×50": "value",
    "很好": "value",
    "1.38E+10": "lost-digits",
}
"""What is no quantity, and the code that says why."""


@dataclass(frozen=True)
class Back:
    """The row goes back, for this code."""

    code: str


@dataclass(frozen=True)
class Warned:
    """The row counts with this value, and a warning of this code is told."""

    code: str
    value: Any = None


def local(day: str, time: str = "00:00") -> str:
    """A moment in the post's zone, as `check` tells it."""
    return f"{day}T{time}:00+08:00"


def sheet(*rows: str, header: str = "时间,门岗,方向,姓名") -> str:
    return "\r\n".join([header, *rows, ""])


def row_of(kind: str, **cells: str) -> str:
    """A sheet of one row of `kind`, some of its cells written otherwise."""
    said = ROWS[kind] | cells
    text = io.StringIO()
    csv.writer(text).writerows([said.keys(), said.values()])
    return text.getvalue()


@dataclass(frozen=True)
class Checking:
    """`check` against a post that knows nothing: quicker than one without a post, which makes its own."""

    folder: Path
    post: Engine

    def __call__(
        self,
        content: str | bytes,
        name: str = "a.csv",
        settings: Settings | None = None,
        received: datetime = RECEIVED,
    ) -> dict[str, Any]:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (report,) = clerk.check(
            path, settings or Settings(), received, post=self.post, words=ENGLISH, values=True
        )
        assert balances(report)
        for one in report["rejected"]:
            assert one["reason"]
            assert one["hint"], f"{one['code']} goes back without a hint"
        return report


def found(report: dict[str, Any], what: str) -> list[tuple[int, str, str]]:
    """(line, column, code) of what was `rejected`, or of the `warnings`."""
    return [(one["line"], one["column"], one["code"]) for one in report[what]]
