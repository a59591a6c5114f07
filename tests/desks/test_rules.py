"""Every rule of alerts just below, at and above its threshold."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.supply.tables import StockMovement, SupplyRequest
from commandpost.picture import Picture, masked
from commandpost.words import Words
from desks.given import ZONE, Given, asked, isolated, local, moved, passed, reported, shift

GATES = """
[[gate]]
name = "北门"
[[gate]]
name = "东门"
open = false
since = 2020-01-24
"""
POST = """
[[duty_post]]
name = "监控室"
hours = "00:00-24:00"
"""


def rules(picture: Picture, rule: str) -> list[tuple[str, str]]:
    """(severity, subject) of the alerts of one rule."""
    return [(alert.severity, alert.subject) for alert in picture.todo if alert.rule == rule]


def severities(picture: Picture, rule: str) -> list[str]:
    return [severity for severity, _ in rules(picture, rule)]


# Fever: ≥ 37.3 °C; critical when held, or measured again.


@pytest.mark.parametrize(("temperature", "n"), [(37.2, 0), (37.3, 1), (37.4, 1)])
def test_fever_begins_at_its_threshold(post: Given, temperature: float, n: int) -> None:
    post.drop(GatePass, passed("2020-02-10 20:01", "张海涛", temperature=temperature))
    picture = post.take()
    assert severities(picture, "fever") == ["warning"] * n
    assert picture.gate.fever == n


def test_a_held_or_repeated_fever_is_critical(post: Given) -> None:
    post.drop(
        GatePass,
        passed("2020-02-10 19:01", "张海涛", temperature=37.6, verdict="HELD"),
        passed("2020-02-10 19:10", "周敏", temperature=37.6),
        passed("2020-02-10 19:40", "周敏", temperature=37.5),
        passed("2020-02-10 19:50", "李建国", temperature=37.5),
    )
    assert sorted(severities(post.take(), "fever")) == ["critical", "critical", "warning"]


@pytest.mark.parametrize(
    ("again", "severity"), [("19:40", "critical"), ("19:41", "warning"), ("20:05", "warning")]
)
def test_a_fever_measured_again_within_half_an_hour_is_critical(
    post: Given, again: str, severity: str
) -> None:
    post.drop(
        GatePass,
        passed("2020-02-10 19:10", "周敏", temperature=37.6),
        passed(f"2020-02-10 {again}", "周敏", temperature=37.5),
    )
    assert severities(post.take(), "fever") == [severity]
    post.set('[thresholds]\nfever_again = "1h"\n')
    assert severities(post.take(), "fever") == ["critical"]


def test_a_fever_that_is_open_at_midnight_is_still_counted_after_it(post: Given) -> None:
    post.drop(GatePass, passed("2020-02-10 23:40", "周敏", temperature=37.6))
    gate = post.take("2020-02-11 00:05").gate
    assert (gate.fever, gate.fever_before, gate.fever_severity) == (0, 1, "warning")
    gate = post.take("2020-02-11 11:41").gate
    assert (gate.fever, gate.fever_before, gate.fever_severity) == (0, 0, None)


def test_a_post_may_call_less_than_37_a_fever(post: Given) -> None:
    post.set("[thresholds]\nfever = 36.8\n")
    rows = (
        passed("2020-02-10 19:10", "周敏", temperature=36.8),
        passed("2020-02-10 19:20", "李建国", temperature=36.7),
    )
    post.drop(GatePass, *rows)
    picture = post.take()
    assert (picture.gate.fever, severities(picture, "fever")) == (1, ["warning"])


def test_a_fever_is_not_lost_among_hundreds_who_were_refused_or_just_below_it(post: Given) -> None:
    post.drop(
        GatePass,
        passed("2020-02-10 12:00", "周敏", temperature=37.3),
        *(passed(f"2020-02-10 13:{n // 60:02}:{n % 60:02}", f"甲{n}", temperature=37.2) for n in range(260)),
        *(passed(f"2020-02-10 14:{n // 60:02}:{n % 60:02}", f"乙{n}", verdict="REFUSED") for n in range(510)),
    )  # fmt: skip
    picture = post.take()
    assert (picture.gate.fever, severities(picture, "fever")) == (1, ["warning"])
    assert picture.gate.rows[0].name == "周敏"
    past = post.take(tick=picture.tick)
    assert severities(past, "fever") == ["warning"]


def test_a_fever_ends_when_the_retest_is_normal(post: Given) -> None:
    post.drop(GatePass, passed("2020-02-10 19:01", "张海涛", temperature=37.6, verdict="HELD"))
    assert severities(post.take(), "fever") == ["critical"]
    post.drop(GatePass, passed("2020-02-10 19:31", "张海涛", temperature=36.9))
    assert severities(post.take(), "fever") == []


@pytest.mark.parametrize(("at", "n"), [("2020-02-11 08:01", 1), ("2020-02-11 08:02", 0)])
def test_a_fever_is_called_for_twelve_hours(post: Given, at: str, n: int) -> None:
    post.drop(GatePass, passed("2020-02-10 20:01", "张海涛", temperature=37.6))
    assert len(rules(post.take(at), "fever")) == n


@pytest.mark.parametrize(
    ("temperature", "symptoms", "found"),
    [(37.2, "", []), (37.3, "", ["warning"]), (37.3, "咳嗽", ["critical"])],
)
def test_a_fever_reported_by_anybody_is_called(
    post: Given, temperature: float, symptoms: str, found: list[str]
) -> None:
    post.drop(
        HealthReport, reported("周敏", "2020-02-10", "AM", temperature, symptoms=symptoms, room="1-1-101")
    )
    assert severities(post.take(), "fever") == found


def test_a_reported_fever_ends_with_a_normal_report_and_with_the_next_noon(post: Given) -> None:
    post.drop(
        HealthReport, reported("周敏", "2020-02-10", "AM", 37.5), reported("刘洋", "2020-02-10", "AM", 37.5)
    )
    assert len(rules(post.take(), "fever")) == 2
    post.drop(HealthReport, reported("周敏", "2020-02-10", "PM", 36.5))
    assert len(rules(post.take(), "fever")) == 1
    assert len(rules(post.take("2020-02-11 11:59"), "fever")) == 1
    assert len(rules(post.take("2020-02-11 12:00"), "fever")) == 0


def test_a_fever_of_somebody_isolated_is_called_once(post: Given) -> None:
    post.drop(Isolation, isolated("王秀兰", "2020-02-01"), at="2020-02-01 09:00")
    post.drop(
        HealthReport, reported("王秀兰", "2020-02-10", "AM"), reported("王秀兰", "2020-02-10", "PM", 37.8)
    )
    assert severities(post.take(), "fever") == ["critical"]


# Refused: the same person or point three times in 24 h.


@pytest.mark.parametrize(("times", "n"), [(2, 0), (3, 2)])
def test_refusals_that_repeat_name_the_person_and_the_gate(post: Given, times: int, n: int) -> None:
    rows = [passed(f"2020-02-10 1{k}:00", "村民甲", verdict="REFUSED") for k in range(times)]
    post.drop(GatePass, *rows)
    assert len(rules(post.take(), "refused")) == n


def test_refusals_older_than_a_day_do_not_count(post: Given) -> None:
    rows = [
        passed(f"2020-02-09 {h}", "村民甲", verdict="TURNED_BACK")
        for h in ("20:13", "20:14", "21:00", "22:00")
    ]
    post.drop(GatePass, *rows)
    assert [alert.text.args[1][1] for alert in post.take().todo if alert.rule == "refused"] == [3, 3]
    assert rules(post.take("2020-02-10 20:15"), "refused") == []


# Closed gate.


def test_a_pass_at_a_closed_gate_is_an_alert_that_day(post: Given) -> None:
    post.set(GATES)
    post.drop(GatePass, passed("2020-02-10 10:00", "周敏", gate="东门"))
    picture = post.take()
    assert rules(picture, "closed-gate") == [("warning", "gate:东门")]
    assert [gate.breaches for gate in picture.gate.gates] == [0, 1]
    assert rules(post.take("2020-02-11 00:01"), "closed-gate") == []


def test_who_is_turned_back_at_a_closed_gate_has_not_passed_it(post: Given) -> None:
    post.set(GATES)
    post.drop(GatePass, passed("2020-02-10 10:00", "周敏", gate="东门", verdict="TURNED_BACK"))
    assert rules(post.take(), "closed-gate") == []


# Gate silent: 4 h without a history; else 2 h and a gap of < 1 % at the hour's usual rate.


@pytest.mark.parametrize(("at", "n"), [("2020-02-10 14:00", 0), ("2020-02-10 14:01", 1)])
def test_a_gate_without_history_is_silent_after_four_hours(post: Given, at: str, n: int) -> None:
    post.set(GATES)
    post.drop(GatePass, passed("2020-02-10 10:00", "周敏"), at="2020-02-10 10:05")
    assert len(rules(post.take(at), "gate-silent")) == n


def _week(post: Given, an_hour: int, hour: int) -> None:
    rows = [
        passed(f"2020-02-{day:02} {hour}:{60 * k // an_hour:02}", f"{day}-{k}")
        for day in range(3, 10)
        for k in range(an_hour)
    ]
    post.drop(GatePass, *rows, passed("2020-02-10 10:00", "周敏"), at="2020-02-10 10:05")


@pytest.mark.parametrize(
    ("an_hour", "at", "n"),
    # ln(100) / 2 an hour = 2 h 18 min; at 10 an hour the 2 h decide; nobody comes at 3: no silence.
    [(2, "2020-02-10 12:18", 0), (2, "2020-02-10 12:19", 1), (10, "2020-02-10 12:00", 0), (10, "2020-02-10 12:01", 1),
     (10, "2020-02-11 03:00", 0)],
)  # fmt: skip
def test_a_gate_with_history_is_silent_when_the_gap_is_unlikely(
    post: Given, an_hour: int, at: str, n: int
) -> None:
    post.set(GATES)
    _week(post, an_hour, 12)
    assert len(rules(post.take(at), "gate-silent")) == n


# Isolation: due on its last day, overdue 12 h past its end.


@pytest.mark.parametrize(
    ("at", "stage"),
    [
        ("2020-02-09 23:59", "active"),
        ("2020-02-10 00:00", "due"),
        ("2020-02-11 11:59", "due"),
        ("2020-02-11 12:00", "overdue"),
    ],
)
def test_an_isolation_is_due_on_its_last_day_and_overdue_twelve_hours_later(
    post: Given, at: str, stage: str
) -> None:
    # Fourteen days from 01-28: 02-10 is day 14.
    post.drop(Isolation, isolated("王秀兰", "2020-01-28"), at="2020-01-28 09:00")
    days = ("2020-02-07", "2020-02-08", "2020-02-09", "2020-02-10", "2020-02-11")
    post.drop(
        HealthReport,
        *(reported("王秀兰", day, slot) for day in days for slot in ("AM", "PM")),
        at="2020-02-07 09:00",
    )
    row = post.take(at).isolation.rows[0]
    assert (row.stage, str(row.due)) == (stage, "2020-02-10")
    expected = {"active": [], "due": ["info"], "overdue": []}[stage]
    assert severities(post.take(at), "isolation-due") == expected
    assert severities(post.take(at), "isolation-overdue") == (["warning"] if stage == "overdue" else [])


def test_who_is_called_days_ahead_is_said_to_end_not_to_have_ended(post: Given) -> None:
    post.set('[thresholds]\nisolation_due = "72h"\n')
    post.drop(Isolation, isolated("王秀兰", "2020-01-30"), at="2020-01-30 09:00")
    for slot in ("AM", "PM"):
        post.drop(HealthReport, reported("王秀兰", "2020-02-10", slot), at="2020-02-10 09:00")
    (alert,) = (alert for alert in post.take().todo if alert.rule == "isolation-due")
    assert (Words("zh").say(alert.text), alert.timing) == ("王秀兰 居家隔离 02-12期满", "in")
    assert (alert.since, alert.at) == (None, local("2020-02-13 00:00"))


def test_a_due_isolation_is_blocked_by_a_recent_fever(post: Given) -> None:
    post.drop(Isolation, isolated("王秀兰", "2020-01-28"), at="2020-01-28 09:00")
    post.drop(
        HealthReport, reported("王秀兰", "2020-02-10", "AM"), reported("王秀兰", "2020-02-08", "PM", 37.5)
    )
    assert post.take("2020-02-10 12:00").isolation.rows[0].stage == "blocked"
    post.drop(HealthReport, reported("王秀兰", "2020-02-08", "PM", 36.5))
    assert post.take("2020-02-10 12:00").isolation.rows[0].stage == "due"


@pytest.mark.parametrize(("day", "stage"), [("2020-02-07", "blocked"), ("2020-02-06", "due")])
def test_a_fever_holds_a_release_back_for_three_days(post: Given, day: str, stage: str) -> None:
    post.drop(Isolation, isolated("王秀兰", "2020-01-28"), at="2020-01-28 09:00")
    post.drop(HealthReport, reported("王秀兰", day, "PM", 37.5), reported("王秀兰", "2020-02-10", "AM"))
    assert post.take("2020-02-10 12:00").isolation.rows[0].stage == stage


def test_a_release_stated_by_the_team_closes_and_a_planned_one_moves_the_due_date(post: Given) -> None:
    post.drop(
        Isolation,
        isolated("王秀兰", "2020-01-28", due=local("2020-02-12").date()),
        isolated("陈志远", "2020-01-28", released=local("2020-02-09").date()),
        isolated("陈雨桐", "2020-01-28", state="RELEASED"),
    )
    picture = post.take()
    assert [(row.name, str(row.due)) for row in picture.isolation.rows] == [("王秀兰", "2020-02-12")]
    assert (picture.isolation.open, picture.isolation.released) == (1, 2)


def test_another_mode_that_starts_later_is_a_transfer(post: Given) -> None:
    post.drop(
        Isolation,
        isolated("王秀兰", "2020-02-01", mode="CENTRAL", person="p1", days=7),
        isolated("王秀兰", "2020-02-08", mode="HOME", person="p1", days=7),
        isolated("陈志远", "2020-02-20", mode="HOME", person="p2"),
    )
    picture = post.take()
    assert [(row.name, row.mode, row.stage) for row in picture.isolation.rows] == [
        ("王秀兰", "HOME", "active"), ("陈志远", "HOME", "planned"),
    ]  # fmt: skip
    assert (picture.isolation.open, picture.isolation.transferred) == (1, 1)


def test_two_modes_from_the_same_day_are_listed_for_judgement(post: Given) -> None:
    post.drop(
        Isolation,
        isolated("王秀兰", "2020-02-01", mode="CENTRAL", person="p1"),
        isolated("王秀兰", "2020-02-01", mode="HOME", person="p1"),
    )
    assert severities(post.take(), "isolation-overlap") == ["warning", "warning"]


# Health reports: AM by 10:00, PM by 18:00; two slots in a row: critical.


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2020-02-10 09:59", []),
        ("2020-02-10 10:00", ["warning"]),
        ("2020-02-10 17:59", ["warning"]),
        ("2020-02-10 18:00", ["critical"]),
    ],
)
def test_a_report_is_missing_from_its_hour_on(post: Given, at: str, found: list[str]) -> None:
    post.drop(Isolation, isolated("王秀兰", "2020-02-01"), at="2020-02-01 09:00")
    post.drop(HealthReport, reported("王秀兰", "2020-02-09", "PM"), at="2020-02-09 18:00")
    assert severities(post.take(at), "report-missing") == found


def test_a_report_by_name_alone_counts_when_only_one_can_be_meant(post: Given) -> None:
    post.drop(
        Isolation,
        isolated("李伟", "2020-02-01", place="3-2-501"),
        isolated("王秀兰", "2020-02-01", place="3-2-502"),
    )
    post.drop(
        HealthReport,
        reported("李伟", "2020-02-10", "AM", room="5-1-101"),
        reported("王秀兰", "2020-02-10", "AM", room=""),
    )
    rows = {row.name: row.am.state for row in post.take().isolation.rows}
    assert rows == {"李伟": "missing", "王秀兰": "reported"}


def test_two_of_one_name_need_their_rooms(post: Given) -> None:
    post.drop(
        Isolation,
        isolated("李伟", "2020-02-01", place="3-2-501"),
        isolated("李伟", "2020-02-01", place="5-1-101"),
    )
    post.drop(
        HealthReport,
        reported("李伟", "2020-02-10", "AM", room=""),
        reported("李伟", "2020-02-10", "PM", room="5-1-101"),
    )
    rows = {row.place: (row.am.state, row.pm.state) for row in post.take().isolation.rows}
    assert rows == {"3-2-501": ("missing", "missing"), "5-1-101": ("missing", "reported")}


# Duty: gaps of 72 h, critical within 12 h, never beyond the roster.


@pytest.mark.parametrize(
    ("at", "severity"),
    [
        ("2020-02-09 19:59", []),
        ("2020-02-09 20:01", ["warning"]),
        ("2020-02-12 08:00", ["warning"]),
        ("2020-02-12 08:01", ["critical"]),
        ("2020-02-12 20:30", ["critical"]),
        ("2020-02-12 22:00", []),
    ],
)
def test_a_gap_is_seen_three_days_ahead_and_critical_half_a_day(
    post: Given, at: str, severity: list[str]
) -> None:
    post.set(POST)
    post.drop(
        Shift,
        *(
            shift("监控室", "马超", f"2020-02-{day:02} 08:00", 24 if day < 12 else 12)
            for day in (9, 10, 11, 12)
        ),
        shift("监控室", "徐静", "2020-02-12 22:00", 100),
        at="2020-02-09 08:00",
    )
    picture = post.take(at)
    assert severities(picture, "gap") == severity
    if severity:
        assert [(gap.start, gap.end) for gap in picture.duty.gaps] == [
            (local("2020-02-12 20:00"), local("2020-02-12 22:00"))
        ]


def test_beyond_the_roster_nothing_is_a_gap_but_the_roster_is_missing(post: Given) -> None:
    post.set(POST)
    post.drop(Shift, shift("监控室", "马超", "2020-02-10 08:00", 24), at="2020-02-10 08:00")
    picture = post.take()
    assert rules(picture, "gap") == []
    assert severities(picture, "roster-missing") == ["warning"]
    assert not post.take("2020-02-10 19:00").duty.rows[0].spans[-1].unknown
    assert post.take("2020-02-11 07:00").duty.rows[0].spans[-1].unknown


@pytest.mark.parametrize(("at", "n"), [("2020-02-10 00:00", 0), ("2020-02-10 00:01", 1)])
def test_a_roster_that_ends_within_a_day_is_called_for(post: Given, at: str, n: int) -> None:
    post.set(POST)
    post.drop(Shift, shift("监控室", "马超", "2020-02-09 00:00", 48), at="2020-02-09 00:00")
    assert len(rules(post.take(at), "roster-missing")) == n


def test_undeclared_posts_and_posts_without_hours_have_no_gaps(post: Given) -> None:
    post.set('[[duty_post]]\nname = "流动岗"\n')
    post.drop(Shift, shift("流动岗", "马超", "2020-02-10 08:00"), shift("临时岗", "徐静", "2020-02-10 08:00"))
    picture = post.take("2020-02-10 20:14")
    assert picture.duty.gaps == ()
    assert [alert.rule for alert in picture.todo] == []
    assert [(row.name, row.declared) for row in picture.duty.rows] == [("流动岗", True), ("临时岗", False)]


def test_fewer_than_the_minimum_is_understaffed_not_a_gap(post: Given) -> None:
    post.set(POST + "minimum = 2\n")
    post.drop(Shift, shift("监控室", "马超", "2020-02-10 08:00", 100))
    picture = post.take()
    assert (rules(picture, "gap"), severities(picture, "understaffed")) == ([], ["warning"])
    assert (picture.duty.posts, picture.duty.covered) == (1, 0)


def test_a_swapped_or_cancelled_shift_covers_nothing(post: Given) -> None:
    post.set(POST)
    post.drop(
        Shift,
        shift("监控室", "马超", "2020-02-10 08:00", 24, state="CANCELLED"),
        shift("监控室", "徐静", "2020-02-11 08:00", 100),
        at="2020-02-10 08:00",
    )
    assert severities(post.take(), "gap") == ["critical"]


def test_hours_past_midnight_are_covered_hours(post: Given) -> None:
    post.set('[[duty_post]]\nname = "夜岗"\nhours = "22:00-06:00"\n')
    post.drop(
        Shift, shift("夜岗", "马超", "2020-02-10 22:00", 4), shift("夜岗", "徐静", "2020-02-11 22:00", 8)
    )
    assert [(gap.start, gap.end) for gap in post.take().duty.gaps] == [
        (local("2020-02-11 02:00"), local("2020-02-11 06:00"))
    ]


# Requests: 4 h, 12 h, 24 h.


@pytest.mark.parametrize(("priority", "hours"), [("URGENT", 4), ("HIGH", 12), ("NORMAL", 24)])
def test_a_request_is_too_old_from_its_limit_on(post: Given, priority: str, hours: int) -> None:
    began = datetime(2020, 2, 9, 8, tzinfo=ZONE)
    post.drop(SupplyRequest, asked("1", "米", "2020-02-09 08:00", priority=priority), at="2020-02-09 08:01")
    limit = began + timedelta(hours=hours)
    assert rules(post.take(limit - timedelta(seconds=1)), "request-age") == []
    assert severities(post.take(limit), "request-age") == ["warning"]
    assert post.take(limit + timedelta(minutes=62)).supply.rows[0].over == 62


@pytest.mark.parametrize("state", ["DELIVERED", "CLOSED", "REJECTED", "CANCELLED"])
def test_nobody_waits_for_what_is_settled(post: Given, state: str) -> None:
    post.drop(SupplyRequest, asked("1", "米", "2020-02-01 08:00", state=state))
    assert (post.take().supply.open, post.take().todo) == (0, ())


# Stock: days of cover under 7, critical under 3; a count wins; no use, no days.


@pytest.mark.parametrize(
    ("on_hand", "found"),
    [(70.0, []), (69.0, ["info"]), (30.0, ["info"]), (29.0, ["critical"]), (-1.0, ["critical"])],
)
def test_stock_is_short_under_seven_days(post: Given, on_hand: float, found: list[str]) -> None:
    post.drop(
        StockMovement,
        moved("口罩", "OUT", 70.0, "2020-02-10 08:00", unit="只"),
        moved("口罩", "COUNT", on_hand, "2020-02-10 09:00", unit="只"),
    )
    assert severities(post.take(), "stock") == found


def test_a_count_wins_and_movements_after_it_are_added(post: Given) -> None:
    post.drop(
        StockMovement,
        moved("口罩", "IN", 500.0, "2020-02-01 08:00", unit="只"),
        moved("口罩", "COUNT", 400.0, "2020-02-02 08:00", unit="只"),
        moved("口罩", "OUT", 30.0, "2020-02-02 09:00"),
        moved("口罩", "ADJUST", -5.0, "2020-02-02 10:00"),
        moved("口罩", "IN", None, "2020-02-02 11:00"),
        moved("84消毒液", "IN", 25.0, "2020-02-02 09:00", unit="L"),
        moved("84消毒液", "IN", 2.0, "2020-02-02 09:30", unit="箱"),
    )
    assert [(row.item, row.quantity, row.unit, row.cover_days) for row in post.take().supply.stock] == [
        ("84消毒液", 25.0, "L", None), ("84消毒液", 2.0, "箱", None), ("口罩", 365.0, "只", None),
    ]  # fmt: skip


# Drops: timetables, files that wait, rows given back.

TEAM = """
[[team]]
name = "网格员"
kinds = ["health-reports", "isolations"]
due = [10:00:00, 18:00:00]
"""


@pytest.mark.parametrize(
    ("at", "stale", "late"),
    [
        ("2020-02-10 18:00:00", False, False),
        ("2020-02-10 18:00:01", True, False),
        ("2020-02-10 18:29:59", True, False),
        ("2020-02-10 18:30:00", True, True),
    ],
)
def test_a_pane_is_stale_one_second_past_its_timetable_and_the_team_silent_after_half_an_hour(
    post: Given, at: str, stale: bool, late: bool
) -> None:
    post.set(TEAM)
    post.drop(HealthReport, reported("王秀兰", "2020-02-10", "AM"), at="2020-02-10 09:30", team="网格员")
    picture = post.take(local(at))
    assert picture.isolation.freshness.stale is stale
    assert not picture.gate.freshness.stale
    assert rules(picture, "drop-missing") == ([("warning", "team:网格员")] if late else [])
    assert picture.drops.teams[0].late is late


def test_a_silent_team_is_called_with_the_number_it_is_called_by_which_the_wall_does_not_show(
    post: Given,
) -> None:
    post.set(TEAM + 'contact = "13800000000"\n')
    post.drop(HealthReport, reported("王秀兰", "2020-02-10", "AM"), at="2020-02-10 09:30", team="网格员")
    picture = post.take("2020-02-10 18:30")
    (alert,) = (alert for alert in picture.todo if alert.rule == "drop-missing")
    assert "13800000000" in Words("zh").say(alert.text)
    assert "13800000000" not in repr(masked(picture))


def test_any_drop_of_a_team_keeps_its_timetable(post: Given) -> None:
    post.set(TEAM)
    post.drop(HealthReport, reported("王秀兰", "2020-02-10", "AM"), at="2020-02-10 09:30", team="网格员")
    post.drop(Isolation, isolated("王秀兰", "2020-02-01"), at="2020-02-10 10:01", team="网格员")
    assert rules(post.take("2020-02-10 20:00"), "drop-missing") == []
    assert post.take("2020-02-10 20:00").drops.teams[0].due == local("2020-02-11 10:00")


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2020-02-10 22:30", False),  # two hours at 22:30; the night does not count
        ("2020-02-11 07:59", False),
        ("2020-02-11 08:00", False),
        ("2020-02-11 08:30", True),
    ],
)
def test_every_two_hours_is_counted_in_the_teams_hours(post: Given, at: str, late: bool) -> None:
    post.set('[[team]]\nname = "北门岗"\nkinds = ["gate-passes"]\nevery = "2h"\nhours = "07:00-22:00"\n')
    post.drop(GatePass, passed("2020-02-10 20:59", "周敏"), at="2020-02-10 21:00")
    assert bool(rules(post.take(at), "drop-missing")) is late


def test_a_team_silent_for_months_missed_what_came_after_its_last_drop(post: Given) -> None:
    post.set('[[team]]\nname = "北门岗"\nkinds = ["gate-passes"]\nevery = "2h"\nhours = "07:00-22:00"\n')
    for at in ("2020-02-01 09:00", "2020-02-10 21:00"):
        post.drop(GatePass, passed(at, "周敏"), at=at, team="北门岗")
    (team,) = post.take("2020-04-10 12:00").drops.teams
    assert team.due == local("2020-02-11 08:00")
    assert team.last_received == local("2020-02-10 21:00")


def test_without_a_timetable_nothing_is_stale_or_late(post: Given) -> None:
    post.set('[[team]]\nname = "北门岗"\nkinds = ["gate-passes"]\n')
    post.drop(GatePass, passed("2020-01-10 20:59", "周敏"), at="2020-01-10 21:00")
    picture = post.take()
    assert not picture.gate.freshness.stale
    assert (picture.drops.teams[0].due, picture.drops.teams[0].late) == (None, False)


def test_files_that_wait_are_counted_and_called(post: Given) -> None:
    post.waiting("asks", "2020-02-10 20:00")
    post.waiting("held", "2020-02-10 20:05")
    picture = post.take()
    assert (picture.drops.asking, picture.drops.held, picture.drops.today) == (1, 1, 2)
    assert (severities(picture, "drop-asks"), severities(picture, "drop-held")) == (["warning"], ["info"])
    assert len(rules(post.take("2020-03-11 20:00"), "drop-asks")) == 1
    assert rules(post.take("2020-03-11 20:01"), "drop-asks") == [], "thirty days later nobody waits for it"


@pytest.mark.parametrize(("rows", "rejected", "n"), [(19, 1, 0), (18, 1, 1)])
def test_more_than_one_row_in_twenty_given_back_is_an_alert(
    post: Given, rows: int, rejected: int, n: int
) -> None:
    post.drop(GatePass, *(passed(f"2020-02-10 10:{k:02}", str(k)) for k in range(rows)), rejected=rejected)
    assert len(rules(post.take(), "rejects")) == n
    assert len(rules(post.take("2020-02-11 20:11"), "rejects")) == n
    assert rules(post.take("2020-02-11 20:12"), "rejects") == [], "for a day"
    post.drop(GatePass, passed("2020-02-10 20:10", "周敏"), at="2020-02-10 20:13")
    assert rules(post.take(), "rejects") == []


# The day.


def test_the_posts_day_begins_at_its_own_midnight(post: Given) -> None:
    post.drop(
        GatePass,
        passed("2020-02-09 23:59", "周敏"),
        passed("2020-02-10 00:00", "李建国"),
        passed("2020-02-10 08:00", "刘洋", direction="OUT"),
    )
    assert (post.take().gate.in_, post.take().gate.out, post.take().gate.inside) == (1, 1, 1)
    assert post.take("2020-02-11 00:00").gate.in_ == 0
    post.set('[post]\nzone = "UTC"\n')
    assert (post.take("2020-02-10 20:14").gate.in_, post.take("2020-02-10 20:14").gate.out) == (0, 1)


def test_unknown_verdicts_count_and_refused_ones_do_not(post: Given) -> None:
    verdicts = ("ADMITTED", "", "REFUSED", "TURNED_BACK", "HELD")
    post.drop(GatePass, *(passed(f"2020-02-10 10:0{n}", str(n), verdict=v) for n, v in enumerate(verdicts)))
    gate = post.take().gate
    assert (gate.in_, gate.refused, gate.turned_back, gate.held, gate.total) == (2, 1, 1, 1, 5)


def test_with_nothing_known_inside_is_unknown_not_zero(post: Given) -> None:
    gate = post.take().gate
    assert (gate.inside, gate.inside_from, gate.freshness.newest) == (None, "", None)


def test_an_undeclared_gate_is_shown_as_new(post: Given) -> None:
    post.set(GATES)
    post.drop(GatePass, passed("2020-02-10 10:00", "周敏", gate="西侧"))
    assert [(g.name, g.declared, g.in_) for g in post.take().gate.gates][2:] == [("西侧", False, 1)]


def test_a_panes_age_is_when_its_newest_fact_was_received(post: Given) -> None:
    post.drop(GatePass, passed("2020-02-10 08:00", "周敏"), at="2020-02-10 19:00")
    last = post.drop(GatePass, passed("2020-02-10 09:00", "周敏"), at="2020-02-10 20:00")
    assert post.take().gate.freshness.newest == local("2020-02-10 20:00")
    post.undo(last)
    assert post.take().gate.freshness.newest == local("2020-02-10 19:00")
    assert [row.stands for row in post.take().drops.rows] == [False, True]


def test_a_night_of_nothing_has_nothing_to_do(post: Given) -> None:
    assert post.take().todo == ()


def test_isolation_is_as_fresh_as_its_newest_report(post: Given) -> None:
    post.drop(Isolation, isolated("王秀兰", "2020-02-02", place="3-2-501"), at="2020-02-02 12:00")
    assert post.take().isolation.freshness.newest == local("2020-02-02 12:00")
    post.drop(HealthReport, reported("王秀兰", "2020-02-10", "PM", room="3-2-501"), at="2020-02-10 18:05")
    assert post.take().isolation.freshness.newest == local("2020-02-10 18:05")
    post.drop(Isolation, isolated("李海", "2020-02-10", place="1-1-101"), at="2020-02-10 19:00")
    assert post.take().isolation.freshness.newest == local("2020-02-10 19:00")
