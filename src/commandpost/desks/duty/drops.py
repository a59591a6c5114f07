"""Duty rosters (值班表)."""

from __future__ import annotations

from typing import Any

from commandpost.contract.kind import Column, Kind, Row
from commandpost.contract.reading import Bad, Context
from commandpost.contract.values.dates import date_, hours, span, time_of_day
from commandpost.contract.values.people import people
from commandpost.contract.values.places import declared
from commandpost.contract.values.words import ROLES, SHIFT_STATES, one_of
from commandpost.desks.duty.tables import Shift
from commandpost.desks.shapes.columns import UPDATED, day_of
from commandpost.words import message


def _shifts(row: Row, context: Context) -> list[dict[str, Any]] | Bad:
    """One shift a name. Hours of its own go before those of the shift's word; an end not after the start
    is the next day's."""
    start, end = row.get("start"), row.get("end")
    if start is None or end is None:
        if "shift" not in row:
            why = message("The shift has no start or no end.")
            return Bad(
                "empty", why, message("Fill both in, or the shift."), "start" if start is None else "end"
            )
        start, end = row["shift"]
    day = day_of(row, context)
    first, last = span(day, start, end, context.zone)
    roles = {name: row.get("role", "GUARD") for name in row.get("names") or ()}
    roles |= dict.fromkeys(row.get("leader") or (), "LEADER")
    return [
        {
            "event_at": first,
            "post": row["post"],
            "name": name,
            "day": day,
            "ends_at": last,
            "role": role,
            "state": row.get("state", "PLANNED"),
        }
        for name, role in roles.items()
    ]


ROSTERS = Kind(
    name="rosters",
    chinese="值班表",
    desk="duty",
    rule="snapshot",
    table=Shift,
    columns=(
        Column(
            "post", "岗位", "Post", declared("duty_post"),
            ("值班岗位", "岗位名称", "值守岗位", "点位", "值守点", "值守点位", "值班地点", "值班点", "地点", "岗点"),
            required=True, key=True, fill_down=True, example="北门",
        ),
        Column(
            "date", "日期", "Date", date_(planned=True), ("值班日期", "值守日期", "班次日期", "排班日期"),
            required=True, titled=True, key=True, fill_down=True, example="2022-03-28",
        ),
        Column(
            "start", "开始", "Start", time_of_day(),
            ("开始时间", "起", "上岗", "上班", "上岗时间", "上班时间", "起始时间", "值班开始"), key=True, example="07:00",
        ),
        Column(
            "end", "结束", "End", time_of_day(),
            ("结束时间", "止", "下岗", "下班", "下岗时间", "下班时间", "截止时间", "值班结束"), key=True, example="15:00",
        ),
        Column(
            "names", "姓名", "Name", people(),
            ("值班人员", "值班人", "值守人员", "值守人", "人员", "值班员", "值班人员姓名", "在岗人员", "队员", "保安", "names"),
            key=True, example="张某",
        ),
        Column("role", "角色", "Role", one_of(ROLES), ("职务", "身份", "职责", "岗位职责"), example="值守"),
        Column(
            "shift", "班次", "Shift", hours(), ("班", "班别", "值班时段", "时段", "时间段", "值班时间", "时间", "值守时间"),
            key=True, fill_down=True,
        ),
        Column("leader", "带班领导", "Leader", people(), ("带班", "带班人", "带班人员", "值班领导", "组长", "负责人")),
        Column("state", "状态", "State", one_of(SHIFT_STATES)),
        UPDATED,
    ),
    expand=_shifts,
    any_of=(("start", "shift"), ("names", "leader")),
    planned=True,
    scope=("post", "day"),
)  # fmt: skip
