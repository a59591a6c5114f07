"""The night of the design's board pictures, as tables: the numbers and alerts they show."""

from __future__ import annotations

from datetime import date

import pytest

from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.tables import Household
from commandpost.desks.supply.tables import StockMovement, SupplyRequest
from commandpost.picture import Picture
from commandpost.words import Words
from desks.given import Given, asked, household, isolated, local, moved, passed, reported, shift

SETTINGS = """
[post]
name = "教育园区指挥部"
short = "教育园区"
lockdown_since = 2020-01-23
clear_since = 2020-02-05
[[gate]]
name = "北门"
english = "N gate"
[[gate]]
name = "东门"
open = false
since = 2020-01-24
[[duty_post]]
name = "监控室"
english = "CCTV room"
hours = "00:00-24:00"
[[duty_post]]
name = "北门"
hours = "00:00-24:00"
minimum = 2
[[item]]
name = "氧气瓶"
english = "oxygen bottle"
unit = "瓶"
[[item]]
name = "口罩"
unit = "只"
"""


@pytest.fixture
def night(post: Given) -> Picture:
    return the_night(post)


def the_night(post: Given) -> Picture:
    post.set(SETTINGS)
    post.drop(
        Household, *(household(f"{n}-1-101", 79 if n == 1 else 0) for n in range(1, 4)), at="2020-02-01 09:00"
    )
    post.drop(
        Isolation,
        isolated("王秀兰", "2020-01-28", place="3-2-501"),
        isolated("陈志远", "2020-02-02", place="5-1-302"),
        isolated("陈雨桐", "2020-02-02", place="5-1-302", needs="儿童"),
        at="2020-02-02 12:00",
    )
    post.drop(
        HealthReport,
        *(reported(n, "2020-02-10", "AM", t, room=r) for n, t, r in (
            ("王秀兰", 36.4, "3-2-501"), ("陈志远", 36.5, "5-1-302"), ("陈雨桐", 36.2, "5-1-302"))),
        reported("陈志远", "2020-02-10", "PM", 36.6, room="5-1-302"),
        reported("陈雨桐", "2020-02-10", "PM", 36.4, room="5-1-302"),
        at="2020-02-10 18:10",
    )  # fmt: skip
    post.drop(
        Shift,
        shift("监控室", "马超", "2020-02-10 14:00"),
        shift("监控室", "徐静", "2020-02-11 06:00", 72),
        shift("北门", "刘洋", "2020-02-10 14:00"),
        shift("北门", "赵铁柱", "2020-02-10 14:00"),
        shift("北门", "李建国", "2020-02-10 22:00", 80),
        shift("北门", "吴志强", "2020-02-10 22:00", 80),
        at="2020-02-10 20:05",
    )
    post.drop(
        SupplyRequest,
        asked("0217", "氧气瓶", "2020-02-10 15:12", quantity=2.0, priority="URGENT", requester="5栋杨文", state="APPROVED"),
        asked("0216", "84消毒液", "2020-02-10 17:03", priority="HIGH"),
        asked("0200", "米", "2020-02-09 17:03", state="DELIVERED"),
        at="2020-02-10 19:55",
    )  # fmt: skip
    post.drop(
        StockMovement,
        moved("口罩", "COUNT", 500.0, "2020-02-03 08:00"),
        moved("口罩", "OUT", 180.0, "2020-02-09 08:00"),
        moved("口罩", "OUT", 173.0, "2020-02-10 08:00"),
        at="2020-02-10 19:55",
    )
    post.drop(
        GatePass,
        passed("2020-02-09 20:05", "周敏", direction="OUT"),
        passed("2020-02-10 20:01", "张海涛", temperature=37.6, verdict="HELD"),
        passed("2020-02-10 20:05", "周敏", direction="OUT", temperature=None),
        passed("2020-02-10 20:09", "鄂A12345", plate="鄂A12345", verdict="TURNED_BACK", purpose="证明不全"),
        passed("2020-02-10 20:12", "李建国", temperature=36.5, purpose="返岗"),
    )
    return post.take()


def test_the_gates_show_the_day_up_to_the_moment(night: Picture) -> None:
    gate = night.gate
    assert (gate.in_, gate.out, gate.fever, gate.turned_back, gate.held, gate.refused) == (1, 1, 1, 1, 1, 0)
    assert (gate.inside, gate.inside_from) == (79 + 1 - 2, "census")
    assert [(row.name or row.plate, row.severity) for row in gate.rows] == [
        ("张海涛", "critical"), ("鄂A12345", "warning"), ("李建国", None), ("周敏", None), ("周敏", None),
    ]  # fmt: skip
    assert [(g.name, g.state, g.declared) for g in gate.gates] == [
        ("北门", "OPEN", True),
        ("东门", "CLOSED", True),
    ]
    assert gate.last_event == local("2020-02-10 20:12")
    assert len(gate.hours) == 24
    assert (gate.hours[20].in_, gate.hours[20].out) == (1, 1)


def test_isolation_counts_the_start_day_as_day_one(night: Picture) -> None:
    rows = {row.name: row for row in night.isolation.rows}
    assert (rows["王秀兰"].day, rows["王秀兰"].days, rows["王秀兰"].due) == (14, 14, date(2020, 2, 10))
    assert (rows["陈志远"].day, rows["陈志远"].due) == (9, date(2020, 2, 15))
    assert (
        night.isolation.open,
        night.isolation.due_today,
        night.isolation.overdue,
        night.isolation.missing,
    ) == (3, 1, 0, 1)
    assert (night.isolation.am_reported, night.isolation.am_expected) == (3, 3)
    assert (night.isolation.pm_reported, night.isolation.pm_expected) == (2, 3)
    assert night.isolation.rows[0].name == "王秀兰"
    assert night.isolation.rows[0].stage == "blocked"


def test_duty_sees_the_gap_of_the_night(night: Picture) -> None:
    duty = night.duty
    assert [(gap.post, gap.start, gap.end) for gap in duty.gaps] == [
        ("监控室", local("2020-02-10 22:00"), local("2020-02-11 06:00"))
    ]
    assert (duty.on, duty.need, duty.posts, duty.covered, duty.gaps_soon) == (3, 3, 2, 2, 1)
    assert duty.next_handover is not None
    assert (duty.next_handover.post, duty.next_handover.at) == ("北门", local("2020-02-10 22:00"))
    assert duty.next_handover.leaving == ("刘洋", "赵铁柱")


def test_supply_knows_what_waits_and_how_long_stock_lasts(night: Picture) -> None:
    supply = night.supply
    assert (supply.open, supply.urgent, supply.late, supply.oldest) == (2, 1, 1, 302)
    assert (supply.rows[0].number, supply.rows[0].over) == ("0217", 62)
    masks = supply.stock[0]
    assert (masks.item, masks.quantity) == ("口罩", 147.0)
    assert masks.cover_days == pytest.approx(147 / (353 / 7))


def test_the_to_do_says_what_the_board_says(night: Picture) -> None:
    zh = Words("zh")
    said = [
        (alert.severity, alert.rule, zh.say(alert.text), zh.say(alert.act) if alert.act else "", alert.timing)
        for alert in night.todo
    ]
    assert said == [
        ("critical", "fever", "张海涛 37.6 北门 20:01 进 已留观", "20:31前复测", "ago"),
        ("critical", "gap", "监控室 22:00–06:00 无人", "排班", "in"),
        ("critical", "stock", "口罩 可用2.9天 不足3天", "申购", ""),
        ("warning", "report-missing", "王秀兰 3-2-501 晚体温 限18:00", "电话", "late"),
        ("warning", "request-age", "0217 氧气瓶×2 5栋杨文 特急 限4时", "催办", "over"),
        ("info", "isolation-due", "王秀兰 居家隔离 今日期满 晚报未到暂缓", "办解除", "today"),
    ]


def test_the_header_counts_days(night: Picture) -> None:
    assert (night.lockdown_day, night.clear_day, night.short) == (19, 6, "教育园区")


def test_equal_tables_give_equal_pictures(post: Given) -> None:
    first = the_night(post)
    assert post.take() == first
    assert post.take(tick=first.tick) == first
