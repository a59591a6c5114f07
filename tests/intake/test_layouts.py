"""How teams lay a kind's sheet out: wide and long, days in titles, rooms in pieces, two passes in a row, English.

Each case: header, rows → the values stored, row by row (line first), the lines that go back (line, column, code)
and the warnings (line, column, code).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from tests.intake.clerking import RECEIVED
from tests.intake.coming import Checking, found, local, sheet


@dataclass(frozen=True)
class Layout:
    kind: str
    header: str
    rows: tuple[str, ...]
    fields: str
    values: tuple[tuple[Any, ...], ...]
    back: tuple[tuple[int, str, str], ...] = ()
    warned: tuple[tuple[int, str, str], ...] = ()
    title: str = ""
    name: str = "a.csv"
    received: datetime = RECEIVED


def _day(day: str) -> str:
    return local(f"2022-{day}")


def _on(time: str, day: str = "03-28") -> str:
    return local(f"2022-{day}", time)


GATE = "时间,门岗,方向,姓名"
NEW_YEAR = datetime.fromisoformat("2022-01-01T08:00:00+08:00")
YEAR_END = datetime.fromisoformat("2021-12-31T20:00:00+08:00")

LAYOUTS = {
    # -- two passes in a row
    "in and out": Layout(
        "gate-passes", "姓名,门岗,进入时间,离开时间,体温",
        ("王伟,东门,3.28 7:30,3.28 8:30,36.5", "李娜,东门,3.28 7:40,,36.6", "张敏,东门,,3.28 9:00,36.7"), "line direction at temperature",
        ((2, "IN", _on("07:30"), 36.5), (2, "OUT", _on("08:30"), None), (3, "IN", _on("07:40"), 36.6), (4, "OUT", _on("09:00"), 36.7)),
    ),
    "one time beside a direction": Layout(
        "gate-passes", "姓名,门岗,方向,进入时间", ("王伟,东门,出,3.28 7:30", "李娜,东门,进,3.28 7:40"), "line direction at", ((2, "OUT", _on("07:30")), (3, "IN", _on("07:40"))),
    ),
    "in and out, turned round and empty": Layout(
        "gate-passes", "姓名,门岗,进入时间,离开时间", ("王伟,东门,3.28 9:30,3.28 9:00", "李娜,东门,,"), "line", (),
        back=((2, "离开时间", "order"), (3, "进入时间", "empty")),
    ),
    "a time alone beside an entry": Layout(
        "gate-passes", "姓名,门岗,进入时间,离开时间", ("王伟,东门,3.28 7:30,8:30", "李娜,东门,3.27 23:30,0:30", "张敏,东门,3.28 9:30,9:00"),
        "line direction at",
        ((2, "IN", _on("07:30")), (2, "OUT", _on("08:30")), (3, "IN", _on("23:30", "03-27")), (3, "OUT", _on("00:30"))),
        back=((4, "离开时间", "order"),),
    ),
    "a time alone beside no entry": Layout(
        "gate-passes", "姓名,门岗,进入时间,离开时间", ("王伟,东门,,8:30",), "line", (), back=((2, "离开时间", "date"),),
    ),
    "an exit that cannot be yet": Layout(
        "gate-passes", "姓名,门岗,进入时间,离开时间", ("王伟,东门,3.28 7:30,21:30",), "line direction", ((2, "IN"),),
        warned=((2, "离开时间", "future"),),
    ),
    "times alone under a day in a title": Layout(
        "gate-passes", "姓名,门岗,进入时间,离开时间", ("王伟,东门,7:30,8:30", "李娜,东门,,9:30"), "line direction at",
        ((3, "IN", _on("07:30", "03-27")), (3, "OUT", _on("08:30", "03-27")), (4, "OUT", _on("09:30", "03-27"))), title="3月27日登记",
    ),
    "times alone beside a day": Layout(
        "gate-passes", "日期,姓名,门岗,进入时间,离开时间", ("3.27,王伟,东门,7:30,8:30", ",李娜,东门,23:30,0:10"), "line direction at",
        ((2, "IN", _on("07:30", "03-27")), (2, "OUT", _on("08:30", "03-27")), (3, "IN", _on("23:30", "03-27")), (3, "OUT", _on("00:10"))),
        warned=((3, "日期", "filled"),),
    ),
    # -- where the day stands
    "a day in a column of its own": Layout(
        "gate-passes", "日期,时间,门岗,方向,姓名", ("3.27,7:30,东门,进,王伟", ",8:30,东门,进,李娜", "同上,9.30,东门,进,张敏"), "line at",
        ((2, _on("07:30", "03-27")), (3, _on("08:30", "03-27")), (4, _on("09:30", "03-27"))),
        warned=((3, "日期", "filled"), (4, "日期", "filled")),
    ),
    "a day in a title": Layout(
        "gate-passes", GATE, ("7:30,东门,进,王伟", "24:00,东门,出,王伟", "7.30,东门,进,李娜", "下午3点,东门,出,李娜"), "line at",
        ((3, _on("07:30", "03-27")), (4, _on("00:00")), (5, _on("07:30", "03-27")), (6, _on("15:00", "03-27"))), title="北门登记 2022年3月27日",
    ),
    "a day without a year in a title": Layout(
        "gate-passes", GATE, ("7:30,东门,进,王伟",), "line at", ((3, _on("07:30", "03-27")),), title="3月27日北门登记",
    ),
    "a labelled day among others in a title": Layout(
        "gate-passes", GATE, ("7:30,东门,进,王伟",), "at", ((_on("07:30", "03-27"),),), title="2022年3月1日起执行,填报日期：2022-03-27",
    ),
    "a year in a title": Layout(
        "gate-passes", GATE, ("3.27 7:30,东门,进,王伟",), "at", ((local("2021-03-27", "07:30"),),), title="2021年3月27日",
    ),
    "a span of days in a title is no day": Layout(
        "gate-passes", GATE, ("7:30,东门,进,王伟",), "at", (), title="2022-03-26至2022-03-27", back=((3, "时间", "date"),),
    ),
    "a day in the file's name": Layout(
        "gate-passes", GATE, ("7:30,东门,进,王伟",), "at", ((_on("07:30", "03-27"),),), name="北门_20220327.csv",
    ),
    "a health report's day in a title": Layout(
        "health-reports", "姓名,房号,早,晚", ("王伟,501,36.5,36.6",), "line at slot temperature",
        ((3, _day("03-28"), "AM", 36.5), (3, _day("03-28"), "PM", 36.6)), title="3月28日体温登记表",
    ),
    "a health report's day in the file's name": Layout(
        "health-reports", "姓名,体温", ("王伟,36.5",), "at", ((_day("03-28"),),), name="体温3月28日.csv",
    ),
    "a roster's day in a title": Layout(
        "rosters", "岗位,班次,姓名", ("北门,早,张三", "北门,夜班,李四"), "at ends_at name",
        ((_on("07:00", "03-30"), _on("15:00", "03-30"), "张三"), (_on("23:00", "03-30"), _on("07:00", "03-31"), "李四")), title="3月30日值班表",
    ),
    # -- the year that is not written
    "last year's days after New Year": Layout(
        "gate-passes", GATE, ("12.31 23:50,东门,进,王伟", "1.1 0:10,东门,出,王伟"), "at",
        ((local("2021-12-31", "23:50"),), (local("2022-01-01", "00:10"),)), received=NEW_YEAR,
    ),
    "next year's days before New Year, in a roster": Layout(
        "rosters", "岗位,日期,开始,结束,姓名", ("北门,12.31,22:00,6:00,张三", "北门,1.01,22:00,6:00,李四"), "at",
        ((local("2021-12-31", "22:00"),), (local("2022-01-01", "22:00"),)), received=YEAR_END,
    ),
    "next year's release before New Year": Layout(
        "isolations", "姓名,管控方式,开始日期,解除日期", ("王伟,居家,12.25,1月8日",), "at due", ((local("2021-12-25"), "2022-01-08"),),
        received=YEAR_END,
    ),
    "an isolation ordered for tomorrow, which is next year": Layout(
        "isolations", "姓名,管控方式,开始日期", ("王伟,居家,1月1日",), "at", ((local("2022-01-01"),),), received=YEAR_END,
    ),
    "a health report of tomorrow has not happened": Layout(
        "health-reports", "日期,姓名,体温", ("1月1日,王伟,36.5",), "at", (), back=((2, "日期", "future"),), received=YEAR_END,
    ),
    # -- health, wide
    "morning and evening": Layout(
        "health-reports", "日期,姓名,房号,早,午,晚", ("3.28,王伟,501,36.5,,36.6", "3.28,李娜,502,,36.7,"), "line slot temperature",
        ((2, "AM", 36.5), (2, "PM", 36.6), (3, "NOON", 36.7)),
    ),
    "other words for morning and evening": Layout(
        "health-reports", "日期,姓名,上午体温,下午体温", ("3.28,王伟,36.5,36.6",), "slot temperature", (("AM", 36.5), ("PM", 36.6)),
    ),
    "morning and evening, some of it unreadable": Layout(
        "health-reports", "日期,姓名,晨检,晚检", ("3.28,王伟,36.5,98.6", "3.28,李娜,98.6,99", "3.28,张敏,,", "3.28,赵六,/,正常"), "line slot temperature",
        ((2, "AM", 36.5), (5, "PM", None)), back=((3, "晨检", "temperature"), (4, "晨检", "empty")),
        warned=((2, "晚检", "temperature"), (5, "晚检", "temperature")),
    ),
    "morning and evening below 体温": Layout(
        "health-reports", "日期,姓名,体温,,症状", (",,早,晚,", "3.28,王伟,36.5,36.6,无"), "line slot temperature",
        ((3, "AM", 36.5), (3, "PM", 36.6)),
    ),
    "a time for a slot": Layout(
        "health-reports", "日期,姓名,体温,测量时间", ("3.28,王伟,36.5,8:00", "3.28,王伟,36.6,12:30", "3.28,王伟,36.7,下午5点"), "slot temperature",
        (("AM", 36.5), ("NOON", 36.6), ("PM", 36.7)),
    ),
    "a day to the minute for a slot": Layout(
        "health-reports", "日期,姓名,体温", ("3.28 8:00,王伟,36.5", "2022-03-28 18:30,王伟,36.7", "2022/3/28 0:00,李娜,36.6", "44648.75,李娜,36.8"),
        "at slot temperature", tuple((_day("03-28"), *said) for said in (("AM", 36.5), ("PM", 36.7), ("AM", 36.6), ("PM", 36.8))),
    ),
    # -- rooms in pieces
    "building and room": Layout(
        "health-reports", "日期,姓名,楼栋,房号,体温", ("3.28,王伟,3栋,501,36.5", "3.28,李娜,,502,36.6", "3.28,张敏,4,2-501,36.7", "3.28,赵六,5号楼,,36.5"),
        "line room", ((2, "3-501"), (3, "3-502"), (4, "4-2-501"), (5, "5栋")), warned=((3, "楼栋", "filled"),),
    ),
    "building, staircase and room": Layout(
        "census", "楼栋,单元,房号,户主,人数", ("3栋,2单元,501,王伟,3", "同上,,502,李娜,2", "3号楼,三单元,301室,张敏,1", "3,2,3-2-503,赵六,4"), "address",
        (("3-2-501",), ("3-2-502",), ("3-3-301",), ("3-2-503",)), warned=((3, "楼栋", "filled"), (3, "单元", "filled")),
    ),
    "a building alone": Layout("census", "楼栋,户主,人数", ("3栋501,王伟,3", "3#2-502,李娜,2"), "address", (("3-501",), ("3-2-502",))),
    "an address and a room": Layout(
        "census", "地址,房号,户主,人数", ("幸福小区3栋,501,王伟,3", "幸福小区3栋,502,李娜,2", "3-2-501,501,张敏,1"), "address",
        (("幸福小区3-501",), ("幸福小区3-502",), ("3-2-501",)),
    ),
    "a home and a room": Layout(
        "health-reports", "日期,姓名,住址,房号,体温", ("3.28,王伟,3栋2单元,501,36.5", "3.28,李娜,3-2-502,,36.5"), "room", (("3-2-501",), ("3-2-502",)),
    ),
    "a place and a room": Layout(
        "isolations", "姓名,管控方式,开始日期,隔离地点,房号", ("王伟,集中,3.20,如家酒店,302", "李娜,居家,3.20,3栋,501", "张敏,居家,3.20,3-2-501,501"), "place person",
        (("如家酒店302", "room:如家酒店302|王伟"), ("3-501", "room:3-501|李娜"), ("3-2-501", "room:3-2-501|张敏")),
    ),
    "a room alone": Layout(
        "isolations", "姓名,管控方式,开始日期,房号", ("王伟,居家,3.20,3栋2单元501",), "place", (("3-2-501",),)
    ),
    # -- who
    "an isolated person by number, phone, room": Layout(
        "isolations", "姓名,管控方式,开始日期,证件号,电话,地点",
        ("王伟,居家,3.20,11010519491231002X,13800000000,501", "王伟,居家,3.20,,13800000000,501", "王伟,居家,3.20,,1.38E+10,501"), "person",
        (("id:11010519491231002X",), ("tel:13800000000|王伟",), ("room:501|王伟",)), warned=((4, "电话", "lost-digits"),),
    ),
    "vehicles": Layout(
        "gate-passes", "时间,门岗,方向,姓名,车牌", ("3.28 7:30,东门,进,,鄂A·12345", "3.28 7:31,东门,进,王伟,鄂Ａ12345", "3.28 7:32,东门,进,,"), "line who plate",
        ((2, "鄂A12345", "鄂A12345"), (3, "王伟", "鄂A12345")), back=((4, "姓名", "empty"),),
    ),
    # -- isolations
    "ends of all sorts": Layout(
        "isolations", "姓名,管控方式,开始日期,解除日期,状态",
        ("王伟,居家,3.10,3月24日,", "李娜,居家,3.20,4月3日,", "张敏,居家,3.10,,已解除", "赵六,居家,3.20,4月3日,已解除", "钱七,居家,3.20,3月19日,"),
        "name due released state",
        (("王伟", None, "2022-03-24", "RELEASED"), ("李娜", "2022-04-03", None, "ORDERED"), ("张敏", None, None, "RELEASED"),
         ("赵六", None, "2022-04-03", "RELEASED")),
        back=((6, "解除日期", "order"),),
    ),
    "an isolation in the words of a street": Layout(
        "isolations", "姓名,现住址,管控方式,管控开始时间,管控解除时间,管控原因", ("王伟,3栋2单元501,居家隔离,2022.3.20,2022.4.3,密接",),
        "place due category", (("3-2-501", "2022-04-03", "CLOSE_CONTACT"),),
    ),
    # -- rosters
    "words for shifts, hours, and both": Layout(
        "rosters", "岗位,日期,班次,值班人员,带班领导",
        ("北门,3.30,早,张三、李四,王五", "北门,3.30,中班,张三,", "北门,3.30,夜,张三,", "北门,3.30,22:00-6:00,张三,", "北门,3.30,24小时,张三,", "北门,3.30,大夜,张三,"),
        "line name role at ends_at",
        ((2, "张三", "GUARD", _on("07:00", "03-30"), _on("15:00", "03-30")), (2, "李四", "GUARD", _on("07:00", "03-30"), _on("15:00", "03-30")),
         (2, "王五", "LEADER", _on("07:00", "03-30"), _on("15:00", "03-30")), (3, "张三", "GUARD", _on("15:00", "03-30"), _on("23:00", "03-30")),
         (4, "张三", "GUARD", _on("23:00", "03-30"), _on("07:00", "03-31")), (5, "张三", "GUARD", _on("22:00", "03-30"), _on("06:00", "03-31")),
         (6, "张三", "GUARD", _on("00:00", "03-30"), _on("00:00", "03-31"))),
        back=((7, "班次", "value"),),
    ),
    "thirty hours": Layout(
        "rosters", "岗位,日期,开始,结束,姓名", ("北门,3.30,8:00,次日14:00,张三",), "at ends_at", ((_on("08:00", "03-30"), _on("14:00", "03-31")),),
    ),
    # -- supply
    "a hospital asks": Layout(
        "supply-requests", "医院名称,地址,联系方式,所需物资信息", ("市一医院,幸福路1号,李 138,N95（10万）/护目镜（1千）、84消毒液10瓶",),
        "requester deliver_to item quantity",
        (("市一医院", "幸福路1号", "N95", 100_000.0), ("市一医院", "幸福路1号", "护目镜", 1000.0), ("市一医院", "幸福路1号", "84消毒液", 10.0)),
    ),
    "a building buys together": Layout(
        "supply-requests", "楼栋,姓名,品名,需求量,优先级", ("3栋,王伟,大米,2袋,一般", "4栋,王伟,大米,1袋,急", "5栋,,大米,3袋,", ",,大米,3袋,"),
        "requester item quantity unit priority",
        (("3栋 王伟", "大米", 2.0, "袋", "NORMAL"), ("4栋 王伟", "大米", 1.0, "袋", "HIGH"), ("5栋", "大米", 3.0, "袋", "NORMAL")),
        back=((5, "姓名", "empty"),),
    ),
    "a department and who wrote for it": Layout(
        "supply-requests", "申请部门,申请人,物资,数量", ("后勤部,王伟,口罩,5",), "requester", (("后勤部",),),
    ),
    "a ledger by columns": Layout(
        "stock-movements", "物资,日期,入库,出库,结存", ("口罩,3.28,500,20,480", "手套,3.28,,5,", "酒精,3.28,-1,,"), "line move quantity",
        ((2, "IN", 500.0), (2, "OUT", 20.0), (2, "COUNT", 480.0), (3, "OUT", 5.0)), back=((4, "入库", "negative"),),
    ),
    # -- English
    "gate": Layout(
        "gate-passes", "Time,Gate,Direction,Name,Temp (°C),Result", ("2022-03-28 06:13,East gate,in,John Smith,36.5,admitted",),
        "gate direction name temperature verdict", (("East gate", "IN", "John Smith", 36.5, "ADMITTED"),),
    ),
    "health": Layout("health-reports", "Date,Name,Room,Slot,Temperature", ("2022-03-28,John Smith,3-2-501,PM,36.5",), "room slot", (("3-2-501", "PM"),)),
    "isolation": Layout("isolations", "Name,Mode,Start date,Days,Address", ("John Smith,home,2022-03-20,14,3-2-501",), "mode days place", (("HOME", 14, "3-2-501"),)),
    "roster": Layout("rosters", "Post,Date,Start,End,Name", ("North gate,2022-03-30,22:00,6:00,John Smith/Mary Jones",), "name", (("John Smith",), ("Mary Jones",))),
    "requests": Layout("supply-requests", "name,address,contact,supplies,remark", ("City hospital,1 Road,Li 138,Masks 500 / Goggles 20,please",), "requester item quantity", (("City hospital", "Masks", 500.0), ("City hospital", "Goggles", 20.0))),
    "stock": Layout("stock-movements", "Item,Time,Movement,Quantity", ("Masks,2022-03-28 09:30,out,500 pcs",), "move quantity unit", (("OUT", 500.0, "pcs"),)),
    "census": Layout("census", "Address,Head,Persons", ("3-2-501,John Smith,3",), "address head size", (("3-2-501", "John Smith", 3),)),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_sheet_is_read_as_it_is_laid_out(told: Checking, layout: Layout) -> None:
    title = layout.title + "\r\n" if layout.title else ""
    report = told(
        title + sheet(*layout.rows, header=layout.header), name=layout.name, received=layout.received
    )
    assert (report["verdict"], report["kind"]) == ("taken", layout.kind)
    fields = layout.fields.split()
    assert tuple(tuple(value[name] for name in fields) for value in report["values"]) == layout.values
    assert tuple(found(report, "rejected")) == layout.back
    assert tuple(found(report, "warnings")) == layout.warned
