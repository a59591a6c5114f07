"""Duty rosters (值班表) and check-ins (签到)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from commandpost.contract.kind import Across, Column, Expanded, Kind, Row
from commandpost.contract.reading import Bad, Context, Flagged
from commandpost.contract.values.dates import TimeOfDay, combine, date_, hours, moment, span, time_of_day
from commandpost.contract.values.numbers import temperature
from commandpost.contract.values.people import people
from commandpost.contract.values.places import declared
from commandpost.contract.values.shifts import hours_in, shift_words
from commandpost.contract.values.words import ROLES, SHIFT_STATES, one_of
from commandpost.desks.duty.tables import CheckIn, Shift
from commandpost.desks.shapes.columns import PHONE, UPDATED, day_of, day_text, moment_or_time
from commandpost.desks.shapes.fever import BESIDE_OTHERS, RETEST, SAID_FEVER, at_odds, is_fever, told, warmer
from commandpost.words import message

_ACROSS = (("early", "早班"), ("middle", "中班"), ("late", "晚班"), ("night", "夜班"), ("by_day", "白班"))
"""Columns that are shifts, and their words."""
_OF_WHICH = message("Of which shift the leader is nobody knows: not counted.")


def _across(row: Row, context: Context) -> Expanded:
    declared = shift_words(context)
    made: list[dict[str, Any]] = []
    for field, word in _ACROSS:
        if field not in row:
            continue
        times = hours_in(context.headers.get(field, "")) or declared.get(word)
        if times is None:
            hint = message("Write its hours into the header: {header}", header=f"{word}(07:00-15:00)")
            return Bad("value", message("The post has no such shift."), hint, field)
        same = {k: v for k, v in row.items() if k not in ("leader", *dict(_ACROSS))}
        found = _shifts({**same, "names": row[field], "shift": times}, context)
        assert isinstance(found, list)
        made += found
    return made, [Flagged(None, "value", _OF_WHICH)] if "leader" in row else []


def _shifts(row: Row, context: Context) -> Expanded:
    """One shift a name. Hours of its own go before those of the shift's word; an end not after the start
    is the next day's. Shifts as columns (早班, 夜班) are one each, of the hours in their header or the post's."""
    if "names" not in row and any(field in row for field, _ in _ACROSS):
        return _across(row, context)
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
            ("值班岗位", "岗位名称", "值守岗位", "点位", "值守点", "值守点位", "值班地点", "值班点", "地点", "岗点",
             "post name", "duty post", "station", "location", "position", "值勤岗位", "执勤岗位", "执勤点", "执勤地点",
             "值守岗点",
             "服务点", "值守地点", "值守门岗", "执勤门岗"),
            required=True, titled="label", key=True, fill_down=True, example="北门",
        ),
        Column(
            "date", "日期", "Date", date_(planned=True), ("值班日期", "值守日期", "班次日期", "排班日期",
             "duty date", "执勤日期", "值勤日期"),
            required=True, titled="day", key=True, fill_down=True, example="2022-03-28",
        ),
        Column(
            "start", "开始", "Start", time_of_day(),
            ("开始时间", "起", "上岗", "上班", "上岗时间", "上班时间", "起始时间", "值班开始",
             "start time", "from"), key=True, exact=True,
            example="07:00",
        ),
        Column(
            "end", "结束", "End", time_of_day(),
            ("结束时间", "止", "下岗", "下班", "下岗时间", "下班时间", "截止时间", "值班结束",
             "end time", "finish", "finish time", "to", "until"), key=True, example="15:00",
        ),
        Column(
            "names", "姓名", "Name", people(),
            ("值班人员", "值班人", "值守人员", "值守人", "人员", "值班员", "值班人员姓名", "在岗人员", "队员", "保安", "names",
             "name", "staff", "staff name", "officer", "officers", "guard", "guards", "guard name",
             "on duty", "person on duty", "assigned to", "employee", "employee name", "volunteer",
             "volunteer name", "执勤人员", "执勤人", "值勤人员", "当班人员", "当值人员", "上岗人员", "值守人员姓名", "执勤人员姓名", "人员姓名"),
            key=True, example="张某",
        ),
        Column("role", "角色", "Role", one_of(ROLES), ("职务", "身份", "职责", "岗位职责"), example="值守"),
        Column(
            "shift", "班次", "Shift", hours(), ("班", "班别", "值班时段", "时段", "时间段", "值班时间", "时间", "值守时间",
             "hours", "shift time", "shift hours", "duty hours", "执勤时间", "执勤时段", "当班时间", "班次时间", "值守时段"),
            key=True, fill_down=True,
        ),
        Column("leader", "带班领导", "Leader", people(), ("带班", "带班人", "带班人员", "值班领导", "组长", "负责人",
             "shift leader", "team leader", "supervisor", "in charge", "带班负责人", "带队领导", "总值班")),
        Column("state", "状态", "State", one_of(SHIFT_STATES)),
        Column("early", "早班", "Early shift", people(), ("早班人员", "早班值班人员", "morning shift", "morning"), key=True, exact=True),
        Column("middle", "中班", "Middle shift", people(), ("中班人员", "中班值班人员", "afternoon shift", "afternoon"), key=True, exact=True),
        Column("late", "晚班", "Late shift", people(), ("晚班人员", "晚班值班人员", "evening shift", "evening"), key=True, exact=True),
        Column("night", "夜班", "Night shift", people(), ("夜班人员", "夜班值班人员"), key=True, exact=True),
        Column("by_day", "白班", "Day shift", people(), ("日班", "白班人员", "白班值班人员"), key=True, exact=True),
        UPDATED,
    ),
    expand=_shifts,
    any_of=(
        ("start", "shift", "early", "middle", "late", "night", "by_day"),
        ("names", "leader", "early", "middle", "late", "night", "by_day"),
    ),
    across=(Across("date", {"": "names"}), Across("date", {"": "shift"}), Across("post", {"": "names"}, unclear="leader")),
    planned=True,
    scope=("post", "day"),
)  # fmt: skip


def _check_ins(row: Row, context: Context) -> Expanded:
    """One check-in a name. A time alone of leaving is of the arrival's day, or of the next: nights end there."""
    came, left = row["at"], row.get("left")
    row, flags = warmer(row, "temperature", context)
    if isinstance(left, TimeOfDay):
        day = datetime.fromtimestamp(came, context.zone).date()
        end = combine(day, left, context)
        if isinstance(end, int) and end <= came:
            end = combine(day + timedelta(days=1), left, context)
        if isinstance(end, Bad):
            # They came all the same.
            flags.append(replace(end, field="left"))
        left = None if isinstance(end, Bad) else end
    if left is not None and left <= came:
        return Bad("order", message("Left before entering."), message("Check both times."), "left")
    names = row["names"]
    how, phone = told(row, row.get("temperature")), row.get("phone", "")
    if len(names) > 1 and (how["temperature"] is not None or how["symptoms"] or phone):
        flags.append(Flagged(None, "value", message("Of several people nobody knows whose it is.")))
        phone = ""
        if not is_fever(SimpleNamespace(**how), context.settings.thresholds.fever):
            how = {}
    made = [
        {"event_at": came, "post": row["post"], "name": name, "left_at": left, "phone": phone, **how}
        for name in names
    ]
    return made, flags


CHECK_INS = Kind(
    name="check-ins",
    chinese="签到",
    desk="duty",
    rule="log",
    table=CheckIn,
    columns=(
        Column(
            "names", "姓名", "Name", people(),
            ("值班人员", "值班人", "值守人员", "人员", "签到人", "签到人员", "队员", "员工姓名", "志愿者", "志愿者姓名", "name",
             "staff", "staff name", "employee", "employee name", "full name", "volunteer",
             "volunteer name", "guard", "guard name", "officer", "值守人", "值班人员姓名", "值守人员姓名", "职工姓名", "人员姓名",
             "签到人姓名", "执勤人员", "上岗人员", "打卡人"),
            required=True, titled="label", key=True, example="张某",
        ),
        Column(
            "post", "岗位", "Post", declared("duty_post"),
            ("值班岗位", "岗位名称", "值守岗位", "点位", "值守点", "值守点位", "值班地点", "值班点", "地点", "岗点", "签到地点",
             "打卡地点", "门岗",
             "station", "location", "duty post", "post name", "position", "执勤岗位", "执勤点", "执勤地点", "上岗地点",
             "所在岗位", "服务岗位",
             "服务点", "服务地点", "值守地点"),
            required=True, titled="label", key=True, fill_down=True, example="北门",
        ),
        Column(
            "at", "到岗时间", "Arrived", moment(),
            ("到岗", "签到", "签到时间", "上岗", "上岗时间", "上班", "上班时间", "打卡", "打卡时间", "上班打卡", "到达时间", "到",
             "check in", "check-in time", "clock in",
             "sign in", "sign in time", "signed in", "time in", "in time", "clock in time", "arrival",
             "arrival time", "time of arrival", "time arrived", "start of duty", "签到打卡时间", "上岗打卡", "报到时间",
             "到达", "到岗打卡", "上岗签到时间",
             "timestamp", "提交时间", "提交答卷时间"),
            required=True, key=True, after="date", clock=True, example="2022-03-28 06:52",
        ),
        Column(
            "left", "离岗时间", "Left", moment_or_time(),
            ("离岗", "签退", "签退时间", "下岗", "下岗时间", "下班", "下班时间", "下班打卡", "离开时间", "离", "check out",
             "check-out time", "clock out",
             "sign out", "sign out time", "signed out", "time out", "out time", "clock out time",
             "departure", "departure time", "departed", "time left", "end of duty", "离开", "离岗打卡", "离岗签退时间",
             "下岗打卡", "撤岗时间"),
            example="15:03",
        ),
        Column(
            "temperature", "体温", "Temperature", temperature(),
            ("测温", "温度", "额温", "体温值", "上岗体温", "到岗体温", "本人体温", "腋温", "耳温", "腕温", "temp"), again="retest",
            example="36.5",
        ),
        RETEST,
        SAID_FEVER,
        BESIDE_OTHERS,
        PHONE,
        day_text(("签到日期", "值班日期", "上岗日期", "打卡日期")),
        UPDATED,
    ),
    expand=_check_ins,
    doubt=at_odds,
    doubt_when="fever",
)  # fmt: skip
