"""The census, household by household (摸底)."""

from __future__ import annotations

from commandpost.contract.kind import Column, Expanded, Kind, Row
from commandpost.contract.reading import Context, Flagged
from commandpost.contract.values.counts import count
from commandpost.contract.values.dates import date_, midnight
from commandpost.contract.values.people import householder
from commandpost.contract.values.places import address, room
from commandpost.contract.values.text import text
from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.columns import BUILDING, ROOM_NUMBER, UNIT, UPDATED
from commandpost.words import message

_NOBODY_LIVES = message("Nobody lives there, and people are counted.")


def _households(row: Row, context: Context) -> Expanded:
    """Of a flat where nobody lives the head is unknown. Without a date of its own or of the sheet, a household keeps the date it is known by."""
    day = row.get("date") or context.sheet_date
    event_at = None if day is None else midnight(day, context.zone)
    said = {k: v for k, v in row.items() if k not in ("date", "building", "staircase", "room")}
    where = address(row.get("building"), row.get("staircase"), row.get("room"), row.get("address"))
    household = {**said, "address": where, "event_at": event_at}
    contradicts = "head" not in row and row.get("size")
    return [household], [Flagged(None, "value", _NOBODY_LIVES)] if contradicts else []


CENSUS = Kind(
    name="census",
    chinese="摸底",
    desk="people",
    rule="register",
    table=Household,
    columns=(
        Column(
            "address", "地址", "Address", room(),
            ("住址", "楼栋房号", "门牌号", "门牌", "户址", "房屋地址", "家庭住址", "详细地址", "居住地址",
             "house no", "house number", "home address", "household address", "房屋坐落", "户号", "楼栋/房号",
             "楼栋单元房号", "楼栋单元门牌号", "房屋门牌号"),
            key=True, example="3栋2单元501",
        ),
        ROOM_NUMBER,
        BUILDING,
        UNIT,
        Column(
            "head", "户主", "Head", householder(), ("户主姓名", "房主", "业主", "承租人", "联系人", "姓名", "负责人",
             "head of household", "household head", "head of family", "head name", "householder",
             "name of head", "户主/承租人", "住户姓名", "业主姓名", "居民姓名"),
            required=True, example="张某",
        ),
        Column(
            "size", "人数", "Persons", count(),
            ("应到", "应到人数", "家庭人数", "家庭人口", "家庭人口数", "常住人数", "人口数", "人口", "总人数", "户内人数", "size",
             "members", "no of members", "number of members", "household size", "family size",
             "family members", "people", "no of people", "number of people", "no of persons",
             "number of persons", "occupants", "residents", "居住人数", "住户人数", "家庭成员数", "总人口", "应住人数",
             "常住人口", "家庭总人数", "no of occupants", "number of occupants", "no of residents",
             "number of residents"),
            required=True, summed=True, example="3",
        ),
        Column(
            "present", "实到", "Present", count(),
            ("实到人数", "在家人数", "实有人数", "现有人数", "实住人数", "在家",
             "at home", "currently at home", "home now", "people present", "实住", "在家人口", "实际居住人数",
             "目前在家人数", "现居住人数", "在住人数"), summed=True, example="3",
        ),
        Column(
            "owner", "网格员", "Owner", text(), ("包保人", "包保责任人", "网格长", "责任人", "楼长", "包保干部",
             "warden", "grid officer", "grid worker", "responsible person", "网格负责人", "包户干部"), example="李某"
        ),
        Column(
            "date", "日期", "Date", date_(), ("摸底日期", "排查日期", "登记日期", "调查日期", "摸排日期", "填报日期",
             "survey date", "date visited", "visited on", "摸底时间", "排查时间", "登记时间", "入户日期", "走访日期",
             "timestamp", "提交时间", "提交答卷时间", "填报时间"),
            fill_down=True, example="2022-03-28",
        ),
        UPDATED,
    ),
    expand=_households,
    any_of=(("address", "room", "building"),),
)  # fmt: skip
