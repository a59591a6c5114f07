"""One evening at a post, as the design's pictures show it: 2020-02-10 20:14. Everybody in it is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from commandpost.desks.duty.picture import DutyPicture, Gap, HandOver, OnDuty, PostRow, Span, StandIn
from commandpost.desks.gate.picture import GatePicture, GateState, Hour, PassRow
from commandpost.desks.isolation.picture import Call, IsolationPicture, IsolationRow, Slot
from commandpost.desks.shapes.common import (
    Alert,
    Celsius,
    Freshness,
    Name,
    Phone,
    Plate,
    Private,
    Room,
    Severity,
    Timing,
)
from commandpost.desks.supply.picture import RequestRow, StockRow, SupplyPicture
from commandpost.picture import DropRow, DropsPicture, Picture, TeamRow
from commandpost.words import Message, message

REASONS = {
    "证明不全": "papers missing",
    "返岗": "back to post",
    "取药": "medicine",
    "团购车": "group-buy van",
    "倒班": "shift change",
    "返家": "back home",
}
REQUESTERS = {
    "5栋杨文": "B5 Yang W.",
    "物业": "property",
    "北门": "N gate",
    "7栋赵桂英": "B7 Zhao",
    "各楼栋": "all blocks",
    "采样点": "sampling",
    "3栋": "B3",
    "卫生所": "clinic",
}
"""What the English pictures show: as if the sheets had been written in English."""

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2020, 2, 10, 20, 14, 32, tzinfo=ZONE)


def at(hour: int, minute: int = 0, day: int = 10) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


HOURLY = (2, 0, 1, 0, 3, 9, 22, 41, 39, 24, 18, 28, 31, 19, 14, 16, 25, 44, 36, 21, 8)


def _pass(
    when: datetime,
    direction: str,
    who: str,
    temperature: float | None,
    verdict: str,
    reason: str,
    severity: Severity | None = None,
    note: Message | None = None,
) -> PassRow:
    plate = who.startswith("鄂")
    return PassRow(
        id=0,
        entity=0,
        at=when,
        direction=direction,  # type: ignore[arg-type]
        name=Name("" if plate else who),
        plate=Plate(who if plate else ""),
        temperature=None if temperature is None else Celsius(temperature),
        fever=temperature is not None and temperature >= 37.3,
        verdict=verdict,  # type: ignore[arg-type]
        gate="北门",
        purpose=Private(reason),
        note=note,
        severity=severity,
    )


def gate(english: bool = False) -> GatePicture:
    rows = (
        _pass(
            at(20, 1),
            "IN",
            "张海涛",
            37.6,
            "HELD",
            "",
            "critical",
            message("retest by 20:31" if english else "复测 20:31 前"),
        ),
        _pass(at(20, 9), "IN", "鄂A12345", None, "TURNED_BACK", "证明不全", "warning"),
        _pass(at(20, 12), "IN", "李建国", 36.5, "ADMITTED", "返岗"),
        _pass(at(20, 5), "OUT", "周敏", None, "ADMITTED", "取药"),
        _pass(at(19, 58), "IN", "鄂AD55201", 36.4, "ADMITTED", "团购车"),
        _pass(at(19, 51), "OUT", "刘洋", None, "ADMITTED", "倒班"),
        _pass(at(19, 47), "IN", "欧阳静怡", 36.7, "ADMITTED", "返家"),
        _pass(at(19, 44), "IN", "吴志强", 36.3, "ADMITTED", "返岗"),
        _pass(at(19, 40), "IN", "村民甲", None, "REFUSED", "无证件"),
        _pass(at(19, 33), "OUT", "孙丽", None, "ADMITTED", "取快递"),
        _pass(at(19, 29), "IN", "陈晨", 36.5, "ADMITTED", "采买返回"),
        _pass(at(19, 21), "IN", "鄂A77931", 36.6, "ADMITTED", "消杀药剂"),
        _pass(at(19, 15), "OUT", "赵倩", None, "ADMITTED", "下班"),
        _pass(at(19, 8), "IN", "钱勇", 36.2, "ADMITTED", "返家"),
        _pass(at(19, 2), "IN", "孙丽", 36.5, "ADMITTED", "返家"),
    )
    if english:
        rows = tuple(replace(row, purpose=Private(REASONS.get(row.purpose, row.purpose))) for row in rows)
    return GatePicture(
        gates=(
            GateState("北门", "N gate", "OPEN", True, None, 214, 187, 0, at(20, 12)),
            GateState("东门", "E gate", "CLOSED", True, date(2020, 1, 24), 0, 0, 0, None),
        ),
        hours=tuple(Hour(at(hour), count // 2, count - count // 2) for hour, count in enumerate(HOURLY)),
        in_=214,
        out=187,
        inside=106,
        inside_from="census",
        inside_base=79,
        refused=3,
        turned_back=1,
        held=1,
        fever=1,
        fever_severity="critical",
        last_event=at(20, 12),
        rows=rows,
        total=9000,
        freshness=Freshness(MOMENT - timedelta(minutes=2)),
    )


def isolation(english: bool = False) -> IsolationPicture:
    def made(figure: float) -> Slot:
        return Slot("reported", Celsius(figure))

    def history(days: int, last: str) -> tuple[tuple[date, Slot, Slot], ...]:
        told = []
        for index in range(14):
            day = date(2020, 1, 28) + timedelta(days=index)
            slot = made(36.4) if index < days else Slot("not due")
            evening = Slot(last) if index == 13 and days == 14 else slot  # type: ignore[arg-type]
            told.append((day, slot, evening))
        return tuple(told)

    def person(
        name: str, day: int, due: date, am: float, pm: Slot, room: str, flag: str, severity: Severity | None
    ) -> IsolationRow:
        return IsolationRow(
            id=0,
            entity=0,
            name=Name(name),
            mode="HOME",
            category="",
            start=due - timedelta(days=14),
            day=day,
            days=14,
            due=due,
            stage="due" if day == 14 else "active",
            am=made(am),
            pm=pm,
            place=Room(room),
            phone=Phone(""),
            flags=(message(flag),) if flag else (),
            severity=severity,
            history=history(day, "missing"),
        )

    missing = Slot("missing")
    return IsolationPicture(
        open=3,
        due_today=1,
        overdue=0,
        missing=1,
        rows=(
            person(
                "王秀兰",
                14,
                date(2020, 2, 10),
                36.4,
                missing,
                "3-2-501",
                "PM missing" if english else "晚报未到",
                "warning",
            ),
            person("陈志远", 9, date(2020, 2, 15), 36.5, made(36.6), "5-1-302", "", None),
            person(
                "陈雨桐",
                9,
                date(2020, 2, 15),
                36.2,
                made(36.4),
                "5-1-302",
                "child" if english else "儿童",
                None,
            ),
        ),
        released=34,
        loudest=(Call("report-missing", "warning"),),
        am_reported=3,
        am_expected=3,
        pm_reported=2,
        pm_expected=3,
        coming=tuple(
            (date(2020, 2, 10) + timedelta(days=index), (1, 0, 0, 0, 0, 2, 0)[index]) for index in range(7)
        ),
        freshness=Freshness(MOMENT - timedelta(seconds=40)),
    )


def _post(name: str, english: str, on: int, need: int, *parts: tuple[datetime, datetime, str]) -> PostRow:
    spans = []
    for start, end, who in parts:
        people = tuple(Name(person) for person in who.split()) if who not in ("gap", "none") else ()
        spans.append(Span(start, end, people, gap=who == "gap", required=who != "none"))
    severity: Severity | None = "critical" if any(part.gap for part in spans) else None
    return PostRow(
        id=name,
        name=name,
        english=english,
        organisation="物业",
        declared=True,
        hours_declared=True,
        on=on,
        need=need,
        spans=tuple(spans),
        roster_until=at(8, 14, 11),
        severity=severity,
    )


def duty(narrow: bool = False) -> DutyPicture:
    """`narrow`: the two posts the 80-column picture shows come first."""
    start, end, night = at(19, 14), at(8, 14, 11), at(6, 0, 11)
    rows = [
        _post("监控室", "CCTV", 1, 1, (start, at(22), "马超"), (at(22), night, "gap"), (night, end, "徐静")),
        _post("带班领导", "Leader", 1, 1, (start, at(0, 0, 11), "周国强"), (at(0, 0, 11), end, "夏明")),
        _post("值班室", "Duty room", 1, 1, (start, at(20), "孙强"), (at(20), end, "张伟")),
        _post(
            "北门",
            "N gate",
            2,
            2,
            (start, at(22), "刘洋 赵铁柱"),
            (at(22), night, "李建国 吴志强"),
            (night, end, "郑凯 何勇"),
        ),
        _post(
            "西侧巡线", "W patrol", 2, 2, (start, at(0, 0, 11), "高峰 林涛"), (at(0, 0, 11), end, "罗斌 谢军")
        ),
        _post("消杀班", "Disinfection", 2, 2, (start, at(21), "胡斌 朱琳"), (at(21), end, "none")),
    ]
    if narrow:
        rows.insert(1, rows.pop(3))
    return DutyPicture(
        posts=6,
        covered=6,
        on=9,
        need=9,
        rows=tuple(rows),
        on_duty=(OnDuty("值班室", "物业", Name("张伟"), end),),
        gaps=(Gap("监控室", "CCTV", at(22), night, "critical"),),
        gaps_soon=1,
        roster_until=at(8, 0, 12),
        next_handover=HandOver(
            at(22), "北门", "N gate", (Name("刘洋"), Name("赵铁柱")), (Name("李建国"), Name("吴志强"))
        ),
        stand_ins=(StandIn(Name("徐静"), 11, True), StandIn(Name("郑凯"), 9, False)),
        freshness=Freshness(MOMENT - timedelta(minutes=5)),
    )


def supply(in_english: bool = False) -> SupplyPicture:
    def request(
        number: str,
        item: str,
        english: str,
        quantity: float | None,
        unit: str,
        who: str,
        priority: str,
        waited: int,
        state: str,
        over: int | None = None,
    ) -> RequestRow:
        return RequestRow(
            id=0,
            entity=0,
            number=number,
            item=item,
            item_english=english,
            quantity=quantity,
            unit=unit,
            requester=Name(REQUESTERS.get(who, who) if in_english else who),
            priority=priority,  # type: ignore[arg-type]
            at=MOMENT - timedelta(minutes=waited),
            waited=waited,
            over=over,
            state=state,  # type: ignore[arg-type]
            deliver_to=Private(""),
            severity="warning" if over is not None else None,
        )

    rows = (
        request("0217", "氧气瓶", "oxygen bottle", 2, "瓶", "5栋杨文", "URGENT", 302, "APPROVED", 62),
        request("0216", "84消毒液", "84 disinfectant", 10, "瓶", "物业", "HIGH", 191, "ALLOCATED"),
        request("0214", "N95口罩", "N95 masks", 200, "只", "北门", "HIGH", 160, "APPROVED"),
        request("0219", "降压药", "BP tablets", 3, "盒", "7栋赵桂英", "HIGH", 52, "SUBMITTED"),
        request("0209", "蔬菜包", "vegetable packs", 26, "份", "各楼栋", "NORMAL", 570, "DISPATCHED"),
        request("0211", "防护服", "gowns", None, "套", "采样点", "NORMAL", 435, "SUBMITTED"),
        request("0218", "米 10kg", "rice 10 kg", 12, "袋", "3栋", "NORMAL", 125, "SUBMITTED"),
        request("0220", "75%酒精", "75% alcohol", 5, "L", "卫生所", "NORMAL", 31, "SUBMITTED"),
    )
    return SupplyPicture(
        open=12,
        urgent=1,
        late=1,
        oldest=570,
        rows=rows,
        stock=(
            StockRow("口罩", "masks", 500, "只", 3.2, "warning"),
            StockRow("84消毒液", "84", 25, "L", 11.0, None),
            StockRow("酒精", "alcohol", 25, "L", 6.4, "warning"),
            StockRow("防护服", "gowns", 40, "套", None, None),
        ),
        freshness=Freshness(MOMENT - timedelta(minutes=2)),
    )


def todo(english: bool = False) -> tuple[Alert, ...]:
    """The design's eight, said in one language; what is private in them is of the private types."""

    def alert(
        rule: str,
        severity: Severity,
        chinese: str,
        said: str,
        timing: Timing,
        when: datetime | None,
        acts: tuple[str, str],
        **args: object,
    ) -> Alert:
        return Alert(
            rule=rule,
            severity=severity,
            subject=f"{rule}:1",
            text=message(said if english else chinese, **args),
            since=when,
            at=when,
            timing=timing,
            act=message(acts[english]),
        )

    zhang, wang, room = Name("张海涛"), Name("王秀兰"), Room("3-2-501")
    yang = Name("B5 Yang W." if english else "5栋杨文")
    return (
        alert(
            "fever",
            "critical",
            "{name} 37.6 北门 20:01 进 已留观",
            "{name} 37.6 N gate 20:01 in, held",
            "ago",
            at(20, 1),
            ("20:31前复测", "retest 20:31"),
            name=zhang,
        ),
        alert(
            "gap",
            "critical",
            "监控室 22:00–06:00 无人",
            "CCTV room 22:00–06:00 nobody",
            "in",
            at(22),
            ("排班", "assign"),
        ),
        alert(
            "request-age",
            "warning",
            "0217 氧气瓶×2 {who} 特急 限4时",
            "0217 oxygen ×2 {who} urgent, limit 4h",
            "over",
            at(19, 12),
            ("催办", "chase"),
            who=yang,
        ),
        alert(
            "report-missing",
            "warning",
            "{name} {room} 晚体温 限18:00",
            "{name} {room} PM temp, due 18:00",
            "late",
            at(18),
            ("电话", "phone"),
            name=wang,
            room=room,
        ),
        alert(
            "drop-missing",
            "warning",
            "东区网格 体温日报 应18:00前到",
            "E grid health reports, due 18:00",
            "late",
            at(18),
            ("催报", "chase report"),
        ),
        alert(
            "isolation-due",
            "info",
            "{name} 居家隔离 今日期满 晚报未到暂缓",
            "{name} home isolation ends today: PM missing, hold",
            "today",
            None,
            ("办解除", "arrange release"),
            name=wang,
        ),
        alert(
            "roster-missing",
            "info",
            "值班表 02-12 08:00 后未收到",
            "roster ends 02-12 08:00",
            "in",
            at(8, 0, 12),
            ("催报", "ask for it"),
        ),
        alert(
            "stock",
            "info",
            "口罩 可用3.2天 不足7天",
            "masks last 3.2 d, under 7 d",
            "",
            None,
            ("申购", "buy"),
        ),
    )


def drops() -> DropsPicture:
    def drop(when: datetime, name: str, team: str, kind: str, rows: int, new: int, back: int) -> DropRow:
        return DropRow(
            0, when, Private(name), team, kind, "taken", None, rows, new, rows - new - back, back, True
        )

    return DropsPicture(
        today=17,
        rejected_rows=2,
        last_received=MOMENT - timedelta(minutes=2),
        rows=(
            drop(at(20, 12), "北门日志.csv", "north", "gate-passes", 31, 4, 0),
            drop(at(20, 5), "值班表0210.xlsx→csv", "office", "rosters", 18, 2, 0),
            drop(at(19, 55), "申领登记.csv", "store", "supply-requests", 22, 1, 1),
            drop(at(17, 58), "西区网格体温.csv", "west", "health-reports", 53, 53, 0),
            drop(at(17, 31), "5栋体温.csv", "b5", "health-reports", 26, 25, 1),
        ),
        teams=(
            TeamRow("east", "东区网格", "E grid", ("health-reports",), None, at(18), True),
            TeamRow("b5", "5栋", "B5", ("health-reports",), at(17, 31), at(18), False),
            TeamRow("north", "北门", "N gate", ("gate-passes",), at(20, 12), None, False),
        ),
    )


def scene(narrow: bool = False, english: bool = False) -> Picture:
    return Picture(
        moment=MOMENT,
        tick=17,
        name="教育园区指挥部",
        short="教育园区",
        english="Education Park CP",
        zone="Asia/Shanghai",
        lockdown_day=19,
        clear_day=6,
        gate=gate(english),
        isolation=isolation(english),
        duty=duty(narrow),
        supply=supply(english),
        todo=todo(english),
        drops=drops(),
    )


def stale_scene() -> Picture:
    """The gate's sheet is 47 minutes old."""
    whole = scene()
    return replace(
        whole, gate=replace(whole.gate, freshness=Freshness(MOMENT - timedelta(minutes=47), stale=True))
    )
