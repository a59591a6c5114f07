"""Temperature reports as wardens write them (体温日报)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from commandpost.contract.kind import Across, Column, Expanded, Kind, Row
from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.dates import date_, midnight, moment, time_of_day
from commandpost.contract.values.numbers import temperature
from commandpost.contract.values.people import Several, passers
from commandpost.contract.values.places import address
from commandpost.contract.values.slots import slot, slot_at
from commandpost.contract.values.text import text
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.shapes.columns import BUILDING, PLACE, ROOM, UNIT, UPDATED, day_of
from commandpost.desks.shapes.fever import (
    RETEST,
    SAID_FEVER,
    SYMPTOMS,
    at_odds,
    is_fever,
    tells_of_fever,
    told,
    warmer,
)
from commandpost.words import message

_WIDE = (("morning", "AM"), ("noon", "NOON"), ("evening", "PM"))


def _day() -> Reader:
    """(day, second of the day written after it or 0): a sheet may date each report to the minute."""

    def reader(context: Context) -> Read:
        day, exact = date_()(context), moment(observed=False)(replace(context, sheet_date=None))

        def read(text: str) -> Any:
            found = day(text)
            if found is None or type(found) is Bad:
                return found
            at = exact(text)
            at = at.value if type(at) is Flagged else at
            time = datetime.fromtimestamp(at, context.zone).time() if type(at) is int else None
            second = time.hour * 3600 + time.minute * 60 if time else 0
            if type(found) is Flagged:
                return replace(found, value=(found.value, second))
            return found, second

        return read

    return reader


def _slot(row: Row, second: int) -> str:
    """The slot as written, else that of the time of day; AM when the row says neither."""
    if row.get("slot"):
        return str(row["slot"])
    if row.get("measured") is not None:
        second = row["measured"].second
    return slot_at(second)


def _whose(
    who: str | Several, measured: list[tuple[str, dict[str, Any]]], limit: float
) -> Sequence[str] | Bad:
    """The people of a row. Of several who are written in one cell a normal temperature is nobody knows whose;
    what has no number, and a fever, is each one's."""
    if isinstance(who, str):
        return (who,)
    if len(who.names) > 1:
        for _, how in measured:
            if how["temperature"] is not None and not is_fever(SimpleNamespace(**how), limit):
                return Bad("person", _WHOSE, _ONE_ROW_EACH, "name")
    return who.names


_WHOSE = message("Several people, and one temperature: nobody knows whose it is.")
_NO_SLOT = Flagged(None, "value", message("No slot is written: it counts as the morning's."))
_ONE_ROW_EACH = message("Write one row for each person.")


def _reports(row: Row, context: Context) -> Expanded:
    """One report a slot: of the one temperature, or of each of the 早, 午, 晚 columns that is filled."""
    day, second = row["date"] if "date" in row else (day_of(row, context), 0)
    same = {
        "event_at": midnight(day, context.zone),
        "room": address(row.get("building"), row.get("staircase"), row.get("room"), row.get("place")),
        "reporter": row.get("reporter", ""),
        "updated": row.get("updated"),
    }
    # What was measured again stands for the last slot that is filled, where the sheet has one a slot.
    filled = [field for field, _ in _WIDE if field in row]
    row, flags = warmer(row, filled[-1] if filled and "temperature" not in row else "temperature", context)
    measured = [(slot, row[field]) for field, slot in _WIDE if field in row]
    if "temperature" in row:
        measured.insert(0, (_slot(row, second), row["temperature"]))
    if not measured:
        if not row.get("fever") and not tells_of_fever(row.get("symptoms")):
            return Bad(
                "empty", message("No temperature is given."), message("Write a number such as 36.5."), "fever"
            )
        # Somebody who is said to have a fever is not waited for until they are measured.
        measured.append((_slot(row, second), None))
    reports = [(slot, told(row, degrees)) for slot, degrees in measured]
    names = _whose(row["name"], reports, context.settings.thresholds.fever)
    if isinstance(names, Bad):
        return names
    if (
        "slot" in context.headers
        and not row.get("slot")
        and not second
        and row.get("measured") is None
        and not filled
    ):
        flags = [*flags, _NO_SLOT]
    made = [{**same, "name": name, "slot": slot, **how} for name in names for slot, how in reports]
    return made, flags


HEALTH_REPORTS = Kind(
    name="health-reports",
    chinese="体温日报",
    desk="health",
    rule="log",
    table=HealthReport,
    columns=(
        Column(
            "date", "日期", "Date", _day(),
            ("测量日期", "检测日期", "上报日期", "填报日期", "报告日期", "登记日期", "测温日期",
             "report date", "date of report", "date taken", "date measured", "测体温日期", "上报日期/时间",
             "timestamp", "提交时间", "提交答卷时间", "填写时间", "填报时间", "填表日期"),
            required=True, titled="day", key=True, fill_down=True, example="2022-03-28",
        ),
        Column(
            "name", "姓名", "Name", passers(),
            ("人员", "人员姓名", "学生姓名", "员工姓名", "住户姓名", "名字", "隔离人员", "person",
             "full name", "student", "student name", "name of student", "employee", "employee name",
             "staff name", "resident", "resident name", "patient", "patient name", "职工姓名", "教职工姓名", "居民姓名",
             "业主姓名", "患者姓名", "人员姓名/工号"),
            required=True, titled="label", key=True, example="张某",
        ),
        ROOM,
        PLACE,
        BUILDING,
        UNIT,
        Column(
            "slot", "时段", "Slot", slot(),
            ("时间段", "检测时段", "测量时段", "班次", "早晚", "早/晚", "上午/下午", "午别",
             "am/pm", "session", "time of day", "测温时段"), key=True, example="早",
        ),
        Column(
            "temperature", "体温", "Temperature", temperature(report=True),
            ("测量值", "体温值", "温度", "测温", "额温", "测量体温", "测温结果", "体温度", "temp",
             "body temp", "body temperature", "temp reading", "temperature reading", "reading", "temp f",
             "temp c", "temperature f", "今日体温", "当日体温", "当前体温", "体温情况", "体温测量值", "实测体温", "腋温", "耳温", "腕温"),
            again="retest", example="36.5",
        ),
        RETEST,
        SYMPTOMS,
        Column(
            "reporter", "上报人", "Reporter", text(),
            ("填报人", "测量人", "登记人", "检测人", "报告人", "楼长", "网格员",
             "reported by", "recorded by", "taken by", "measured by", "checked by", "测温人", "班主任", "测量人员"), example="李某",
        ),
        SAID_FEVER,
        Column(
            "measured", "测量时间", "Measured", time_of_day(), ("检测时间", "上报时间", "测温时间", "时间",
             "time", "time taken", "time measured"),
            key=True, unless="slot",
        ),
        Column(
            "morning", "早", "Morning", temperature(report=True),
            ("晨检", "早晨", "上午体温", "早上体温", "早体温", "体温早", "体温上午", "上午", "早上", "晨", "早晨体温", "早检",
             "晨检体温", "am",
             "am temp", "am temperature", "temp am", "temperature am", "morning temp",
             "morning temperature", "早晨测温", "早测", "晨测", "早间体温", "上午测温",
             "上班测温", "上班体温", "到岗体温"),
        ),
        Column(
            "noon", "午", "Noon", temperature(report=True),
            ("午检", "中午体温", "午体温", "体温午", "体温中", "体温中午", "中午", "中", "午检体温",
             "noon temp", "noon temperature", "midday", "midday temp", "午测", "午间体温", "中午测温"),
        ),
        Column(
            "evening", "晚", "Evening", temperature(report=True),
            ("晚检", "下午体温", "晚上体温", "晚体温", "晚间", "晚间体温", "体温晚", "体温下午", "体温晚上", "下午", "晚上", "傍晚体温",
             "晚检体温", "pm",
             "pm temp", "pm temperature", "temp pm", "temperature pm", "evening temp",
             "evening temperature", "afternoon", "afternoon temp", "afternoon temperature", "晚测", "下午测温",
             "晚间测温",
             "下班测温", "下班体温", "离岗体温"),
        ),
        UPDATED,
    ),
    expand=_reports,
    doubt=at_odds,
    doubt_when="fever",
    any_of=(("temperature", "morning", "noon", "evening", "fever", "retest"),),
    instead=("symptoms", tells_of_fever),
    across=(Across("date", {"": "temperature", "AM": "morning", "NOON": "noon", "PM": "evening"}),),
)  # fmt: skip
