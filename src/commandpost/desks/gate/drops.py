"""Gate passes as the gates write them down (门岗通行)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from commandpost.contract.kind import Across, Column, Derived, Expanded, Kind, Row
from commandpost.contract.reading import Bad, Context, Flagged
from commandpost.contract.values.dates import NO_DAY, TimeOfDay, combine, date_, moment, seconds
from commandpost.contract.values.days import FUTURE, latest
from commandpost.contract.values.numbers import Quantity, label, quantity, temperature
from commandpost.contract.values.people import Several, passers, person_or_plate
from commandpost.contract.values.places import declared, plate
from commandpost.contract.values.shifts import Stretch, stretch
from commandpost.contract.values.tallies import InAndOut, in_and_out
from commandpost.contract.values.text import text
from commandpost.contract.values.words import DIRECTIONS, TICKS, VERDICTS, YES_NO, one_of
from commandpost.desks.gate.tables import GatePass, GateTally
from commandpost.desks.shapes.columns import ID_NUMBER, PHONE, UPDATED, day_text, moment_or_time
from commandpost.desks.shapes.fever import BESIDE_OTHERS, RETEST, SAID_FEVER, at_odds, is_fever, told, warmer
from commandpost.words import message

NO_DAY_WRITTEN = Bad(
    "date", message("A time without a date."), message("Write the date before it, or in a title above.")
)
_DAY = 86_400
_HOW_THEY_ARE = ("temperature", "symptoms")
_VISIT = 12 * 3600
"""Seconds: 23:50–0:20 is a visit past midnight, 9:30–9:00 a slip."""


def _left(row: Row, context: Context) -> int | Bad | None:
    """When somebody left. A time alone is of the day of the entry, or within 12 hours of it of the next."""
    left = row.get("left")
    if not isinstance(left, TimeOfDay):
        return left
    entered = row.get("entered")
    if entered is not None:
        day = datetime.fromtimestamp(entered, context.zone).date()
    else:
        said = date_()(context)(row.get("date") or "") or context.sheet_date or NO_DAY
        said = said.value if isinstance(said, Flagged) else said
        if isinstance(said, Bad):
            return said
        day = said
    found = combine(day, left, context)
    if isinstance(found, int) and entered is not None and entered - found >= _DAY - _VISIT:
        found = combine(day + timedelta(days=1), left, context)
    return found


def _each(row: Row, context: Context) -> list[dict[str, Any]]:
    """张三、李四: one pass each; 王某等3人: one by that name and two that name nobody, because three people
    went through the gate. Of several people nobody knows whose the phone and the ID are, nor a temperature,
    but a fever may be anybody's."""
    who = row.get("name")
    same = {k: v for k, v in row.items() if k != "fever"} | told(row, row.get("temperature"))
    if not isinstance(who, Several):
        return [same]
    nobody = {
        k: v for k, v in same.items() if k not in ("name", "plate", "phone", "id_number", *_HOW_THEY_ARE)
    }
    if len(who.names) > 1:
        fever = is_fever(SimpleNamespace(**same), context.settings.thresholds.fever)
        own = ("phone", "id_number") if fever else ("phone", "id_number", *_HOW_THEY_ARE)
        same = {k: v for k, v in same.items() if k not in own}
    return [*({**same, "name": one} for one in who.names), *(dict(nobody) for _ in range(who.others))]


def _passes(row: Row, context: Context) -> Expanded:
    """The passes of a row that is not simply one: 进入时间 + 离开时间 are two, several people one each."""
    if (either := row.get("either")) is not None:
        said = {"name": either.name, "plate": either.plate}
        row = {k: v for k, v in row.items() if k != "either"} | {k: v for k, v in said.items() if v}
    row, odd = warmer(row, "temperature", context)
    made = _ways(row, context)
    if isinstance(made, Bad):
        return made
    passes, flags = made if isinstance(made, tuple) else (made, [])
    flags = [*odd, *flags]
    return [one for each in passes for one in _each(each, context)], flags


_WAYS = ("at", "entered", "left", "direction", "ticked_in", "ticked_out")
_BOTH_WAYS = Bad(
    "value", message("In and out are both ticked."), message("Write one row for each."), "ticked_out"
)


def _ticked(row: Row) -> str | Bad | None:
    """进 or 出, whichever of the two columns holds a tick."""
    ways = [way for way, field in (("IN", "ticked_in"), ("OUT", "ticked_out")) if row.get(field)]
    if len(ways) > 1 and "direction" not in row:
        return _BOTH_WAYS
    return ways[0] if ways else None


def _ways(row: Row, context: Context) -> Expanded:
    """进入时间 + 离开时间: one row, two passes."""
    if isinstance(way := _ticked(row), Bad):
        return way
    row = {"direction": way, **row} if way else row
    same = {k: v for k, v in row.items() if k not in _WAYS}
    made = []
    if "at" in row:
        if "direction" not in row:
            asked = next((field for field in ("ticked_in", "ticked_out") if field in row), "direction")
            return Bad("empty", message("In or out?"), message("Fill the direction in."), asked)
        made.append({**same, "at": row["at"], "direction": row["direction"]})
    entered, left = row.get("entered"), _left(row, context)
    flags: list[Flagged | Bad] = []
    if isinstance(left, Bad):
        left = replace(left, field="left")
        if entered is None and not made:
            return left
        flags.append(left)
        left = None
    if entered is not None and left is None and not flags and not made and "direction" in row:
        # 进入时间 beside 方向 and nothing of leaving: one time, and the direction is written.
        return [{**same, "at": entered, "direction": row["direction"]}]
    if entered is not None and left is not None and left < entered:
        return Bad("order", message("Left before entering."), message("Check both times."), "left")
    if entered is not None:
        made.append({**same, "at": entered, "direction": "IN"})
    if left is not None:
        # What was measured and decided on the way in says nothing of the way out.
        out = (
            same if entered is None else {k: v for k, v in same.items() if k not in (*_HOW_THEY_ARE, "fever")}
        )
        made.append({**out, "at": left, "direction": "OUT"})
    return (made, flags) if flags else made


GATE_PASSES = Kind(
    name="gate-passes",
    chinese="门岗通行",
    desk="gate",
    rule="log",
    table=GatePass,
    columns=(
        Column(
            "at", "时间", "Time", moment(),
            ("登记时间", "通行时间", "进出时间", "出入时间", "测温时间", "扫码时间", "刷卡时间", "记录时间", "日期时间",
             "登记日期时间", "时刻", "at", "datetime", "date time", "timestamp",
             "date/time", "date & time", "date and time", "entry/exit time", "scan time",
             "提交时间", "提交答卷时间", "填报时间"),
            key=True, after="date", clock=True, example="2022-03-28 06:13:21",
        ),
        Column(
            "gate", "门岗", "Gate", declared("gate"),
            ("卡口", "大门", "出入口", "卡点", "门", "门口", "岗亭", "校门", "园门", "通道", "检查点", "查验点", "登记点",
             "卡口名称", "门岗名称", "门岗位置", "所在门岗", "checkpoint", "entrance",
             "gate name", "gate no", "entry point", "access point", "登记门岗", "通行门岗", "进出门岗", "通行地点", "进出口",
             "进出校门", "进出门岗名称", "入口", "登记地点",
             "location"),
            required=True, titled="label", key=True, example="东门",
        ),
        Column(
            "direction", "方向", "Direction", one_of(DIRECTIONS),
            ("进出", "进/出", "出入", "出/入", "进出方向", "通行方向", "进出类型", "出入类型", "进出情况", "in/out",
             "way",
             "entry/exit", "in or out", "movement", "进入/离开", "进/出校",
             "进出校", "进校/离校", "进厂/出厂", "进出厂", "进出园", "入园/出园", "进/离"),
            key=True, example="进",
        ),
        Column(
            "name", "姓名", "Name", passers(),
            ("人员", "人员姓名", "来访人", "来访人姓名", "来访人员", "访客", "访客姓名", "通行人", "通行人员", "进出人员",
             "出入人员", "名字", "visitor", "person",
             "visitor name", "visitor's name", "visitors name", "name of visitor", "full name", "guest",
             "guest name", "visitor full name", "person name", "driver", "driver name", "来访者", "来访者姓名",
             "来客姓名", "进出人员姓名", "出入人员姓名", "通行人员姓名", "进入人员", "学生姓名", "职工姓名", "员工姓名", "教职工姓名",
             "驾驶员", "驾驶员姓名", "司机", "司机姓名"),
            key=True, example="张某",
        ),
        PHONE,
        Column(
            "plate", "车牌", "Plate", plate(),
            ("车牌号", "车牌号码", "车号", "车辆", "车辆号牌", "号牌", "车辆牌照", "license plate", "car", "vehicle",
             "vehicle reg", "vehicle reg no", "vehicle registration", "registration no", "reg no",
             "vehicle no", "vehicle number", "car reg", "car registration", "car plate", "car no",
             "plate no", "plate number", "licence plate", "number plate", "vehicle plate",
             "license plate no", "车牌号/车型"),
            key=True, example="鄂A12345",
        ),
        Column(
            "temperature", "体温", "Temperature", temperature(),
            ("测温", "温度", "额温", "腋温", "耳温", "腕温", "体温值", "测量体温", "测温结果", "体温测量", "体温度", "temp",
             "temp f", "temp c", "temp check", "temp reading", "body temp", "body temperature",
             "temperature f", "temperature reading", "进门体温", "入校体温", "入园体温", "实测体温",
             "当前体温", "今日体温", "现场体温", "体温情况"),
            again="retest", example="36.5",
        ),
        RETEST,
        Column(
            "verdict", "结果", "Verdict", one_of(VERDICTS),
            ("核验结果", "处置结果", "处理结果", "放行结果", "查验结果", "检查结果", "登记结果", "是否放行", "核验", "处置",
             "放行", "通行结果", "result",
             "outcome", "decision", "admitted?", "access granted", "access"),
            example="放行",
        ),
        SAID_FEVER,
        BESIDE_OTHERS,
        ID_NUMBER,
        Column(
            "purpose", "事由", "Purpose", text(),
            ("入校事由", "来访事由", "进入事由", "出入事由", "进出事由", "外出事由", "进园事由", "入园事由", "目的", "来访目的",
             "事项",
             "purpose of visit", "reason for visit", "reason", "visit purpose", "来访原因", "进校事由", "入园目的"),
            example="上班",
        ),
        Column(
            "trail", "轨迹", "Trail", one_of(YES_NO),
            ("行程", "行程码", "行程卡", "轨迹核查", "行程核查", "行程查验", "是否查验行程", "轨迹查验"),
            example="是",
        ),
        Column("permit", "通行证", "Permit", label(), ("出入证", "通行证号", "出入证号", "证明",
             "badge", "badge no", "badge number", "pass no", "pass number", "permit no", "visitor pass no")),
        Column(
            "host", "接访人", "Host", text(), ("接待人", "被访人", "受访人", "拜访人", "被访人姓名", "接访单位",
             "host name", "visiting", "person visited", "person to see", "person to visit", "to see",
             "here to see", "whom to see", "meeting with", "受访者", "受访人姓名", "接待人姓名", "拜访对象", "被访者")
        ),
        Column(
            "either", "姓名/车牌", "Name or plate", person_or_plate(),
            ("车牌/姓名", "姓名或车牌", "姓名、车牌", "姓名车牌", "人员/车辆", "车辆/人员", "人员/车牌", "姓名/车牌号", "人/车",
             "通行人/车牌", "name/plate"),
            key=True,
        ),
        day_text(("通行日期", "进出日期", "出入日期")),
        Column(
            "entered", "进入时间", "Entered", moment(),
            ("进门时间", "入校时间", "进校时间", "入园时间", "进园时间", "入场时间", "到访时间", "来访时间", "进时间", "time in",
             "in time", "entry time", "time of entry", "arrival time", "time of arrival", "arrival",
             "arrived", "sign in", "sign in time", "signed in", "check in", "check in time", "checked in",
             "entry", "time entered",
             "进厂时间", "来院时间", "入院时间", "到达时间", "到访登记时间", "进入校园时间", "来校时间"),
            key=True, after="date", clock=True,
        ),
        Column(
            "left", "离开时间", "Left", moment_or_time(),
            ("出门时间", "离校时间", "出校时间", "离园时间", "出园时间", "离场时间", "外出时间", "出时间", "time out",
             "out time", "exit time", "time of exit", "departure time", "time of departure", "departure",
             "departed", "sign out", "sign out time", "signed out", "check out", "check out time",
             "checked out", "exit", "time left",
             "出厂时间", "离院时间", "离厂时间", "离去时间", "离开校园时间"),
            key=True, clock=True,
        ),
        Column("ticked_in", "进", "In", one_of(TICKS), ("入", "进入", "进门"), key=True, proven=True),
        Column("ticked_out", "出", "Out", one_of(TICKS), ("外出", "离开", "出门"), key=True, proven=True),
        UPDATED,
    ),
    expand=_passes,
    expand_when=("entered", "left", "either", "symptoms", "retest", "ticked_in", "ticked_out"),
    each=_each,
    doubt=at_odds,
    doubt_when="fever",
    derived=(Derived("who", ("name", "plate")), Derived("symptoms", ("symptoms", "fever"))),
    any_of=(
        ("at", "entered", "left"), ("direction", "entered", "left", "ticked_in", "ticked_out"),
        ("name", "plate", "either"),
    ),
)  # fmt: skip


def _span(row: Row, context: Context) -> tuple[int, int] | Bad:
    """From when until when a tally counted, UTC seconds. A time alone is of the row's or the sheet's day."""
    day = row.get("date") or context.sheet_date
    written: Stretch | None = row.get("span")
    if written is not None and "start" not in row:
        day = written.day or day
        return NO_DAY_WRITTEN if day is None else written.seconds(day, context.zone)
    start, end = row.get("start"), row.get("end")
    if start is None or end is None:
        why = message("The span has no start or no end.")
        return Bad("empty", why, message("Fill both in."), "start" if start is None else "end")
    if isinstance(start, TimeOfDay):
        if day is None:
            return replace(NO_DAY_WRITTEN, field="start")
        first = seconds(day, start.second, context.zone)
    else:
        first = int(start)
    if not isinstance(end, TimeOfDay):
        return first, int(end)
    # Past midnight, as of a shift.
    day = datetime.fromtimestamp(first, context.zone).date()
    last = seconds(day, end.second, context.zone)
    return first, last if last > first else seconds(day + timedelta(days=1), end.second, context.zone)


def _tallies(row: Row, context: Context) -> list[dict[str, Any]] | Bad:
    """One count of one span; what a direction's own column says goes before the cell that holds both."""
    span = _span(row, context)
    if isinstance(span, Bad):
        return span
    start, end = span
    last = "end" if "end" in row else "span"
    if end <= start:
        return Bad("order", message("It ends before it starts."), message("Check both times."), last)
    if end > latest(context):
        return replace(FUTURE, field=last)
    both: InAndOut = row.get("both") or InAndOut()
    counted: list[Quantity | None] = [
        row.get("came_in") or both.came_in, row.get("went_out") or both.went_out,
    ]  # fmt: skip
    people: list[int | None] = []
    for field, much in zip(("came_in", "went_out"), counted, strict=True):
        if much is not None and (much.value is None or not much.value.is_integer()):
            hint = message("Write a whole number such as 12.")
            return Bad("value", message("Not a whole number."), hint, field)
        people.append(None if much is None or much.value is None else int(much.value))
    if people == [None, None]:
        return Bad("empty", message("No number is given."), message("Write a number."), "came_in")
    return [
        {
            "event_at": start,
            "gate": row["gate"],
            "ends_at": end,
            "came_in": people[0],
            "went_out": people[1],
            "approximate": any(much is not None and much.approximate for much in counted),
        }
    ]


GATE_TALLIES = Kind(
    name="gate-tallies",
    chinese="门岗计数",
    desk="gate",
    rule="log",
    table=GateTally,
    columns=(
        Column(
            "gate", "门岗", "Gate", declared("gate"),
            ("卡口", "大门", "出入口", "卡点", "门口", "岗亭", "校门", "园门", "检查点", "卡口名称", "门岗名称", "岗位",
             "点位", "checkpoint", "entrance",
             "gate name", "entry point"),
            required=True, titled="label", key=True, fill_down=True, example="东门",
        ),
        Column(
            "date", "日期", "Date", date_(), ("统计日期", "登记日期", "值班日期", "计数日期",
             "日期/星期", "值守日期", "记录日期"), key=True, fill_down=True,
            example="2022-03-28",
        ),
        Column(
            "start", "起", "From", moment_or_time(),
            ("开始", "开始时间", "起始时间", "起始", "自", "时间起", "起时间", "start",
             "start time", "time from"), key=True, exact=True, clock=True,
            example="07:00",
        ),
        Column(
            "end", "止", "To", moment_or_time(),
            ("结束", "结束时间", "截止时间", "截止", "至", "时间止", "止时间", "终止时间", "until",
             "end time", "time to", "finish"), key=True, example="15:00",
        ),
        Column(
            "span", "起止时间", "Period", stretch(),
            ("时段", "时间段", "起止", "起-止", "起止时段", "统计时段", "计数时段", "班次", "班", "值班时段", "值班时间", "时间", "shift",
             "hour", "hours", "time", "time period", "time slot", "time range", "time span", "interval",
             "统计时间", "值守时段", "值守时间"),
            key=True, fill_down=True, clock=True,
        ),
        Column(
            "came_in", "进", "In", quantity(),
            ("进入", "入", "进人数", "进入人数", "进门", "进门人数", "入校人数", "进校人数", "入园人数", "进园人数", "进入人次",
             "进人次", "入场人数", "entered",
             "entries", "number in", "no in", "people in", "persons in", "in count", "total in",
             "count in", "visitors in", "进人员", "进入数", "进(人)", "进校人次", "进人数合计"),
            key=True, exact=True, filled=True, unless="both", summed=True, example="120",
        ),
        Column(
            "went_out", "出", "Out", quantity(),
            ("外出", "离开", "出人数", "外出人数", "离开人数", "出门", "出门人数", "离校人数", "出校人数", "离园人数", "出园人数",
             "外出人次", "出人次", "离场人数", "left",
             "exits", "number out", "no out", "people out", "persons out", "out count", "total out",
             "count out", "visitors out", "离开人次", "出校人次", "出人员", "离开数"),
            key=True, exact=True, filled=True, unless="both", summed=True, example="98",
        ),
        Column(
            "both", "进出人数", "In and out", in_and_out(),
            ("情况", "人数", "进出情况", "进出", "人员进出", "人员进出情况", "进出人次", "出入人数", "出入情况", "通行情况",
             "通行人数", "值班情况", "登记情况", "log"),
            proven=True,
        ),
        UPDATED,
    ),
    expand=_tallies,
    across=(Across("gate", {"IN": "came_in", "OUT": "went_out"}, whole=True),),
    any_of=(("start", "span"), ("came_in", "went_out", "both")),
)  # fmt: skip
