"""A fever is one rule, wherever it was measured: at a gate, in a report, of a guard who checks in."""

from __future__ import annotations

import pytest

from commandpost.desks.duty.tables import CheckIn
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.shapes.common import Alert
from desks.given import Given, checked_in, passed

DAY = "2020-02-10"


def fevers(post: Given, clock: str = "20:14") -> list[Alert]:
    return [alert for alert in post.take(f"{DAY} {clock}").todo if alert.rule == "fever"]


def measured(name: str, clock: str, temperature: float | None) -> dict[str, object]:
    return checked_in(name, f"{DAY} {clock}", temperature=temperature)


def test_somebody_who_checks_in_with_a_fever_is_called(post: Given) -> None:
    post.drop(
        CheckIn,
        measured("张三", "18:50", 37.9),
        measured("李四", "18:55", 36.5),
        measured("王五", "19:00", None),
    )
    (alert,) = fevers(post)
    said = dict(alert.text.args)
    assert (said["name"], said["temperature"], str(said["time"]), alert.severity) == (
        "张三", 37.9, "18:50", "warning",
    )  # fmt: skip
    assert (alert.desk, alert.table) == ("duty", "check_in")
    picture = post.take(f"{DAY} 20:14")
    assert (picture.gate.fever, picture.gate.fever_severity, picture.gate.rows) == (0, None, ())


@pytest.mark.parametrize(
    ("clock", "temperature", "severities"),
    [("19:05", 37.6, ["critical"]), ("19:25", 37.6, ["warning"]), ("19:05", 36.6, [])],
)
def test_a_guard_measured_again_at_a_gate_is_one_person(
    post: Given, clock: str, temperature: float, severities: list[str]
) -> None:
    post.drop(CheckIn, measured("张三", "18:50", 37.9))
    post.drop(GatePass, passed(f"{DAY} {clock}", "张三", temperature=temperature))
    assert [alert.severity for alert in fevers(post)] == severities


def test_a_normal_check_in_ends_a_fever_of_the_gate(post: Given) -> None:
    post.drop(GatePass, passed(f"{DAY} 18:50", "张三", temperature=37.5))
    assert len(fevers(post)) == 1
    post.drop(CheckIn, measured("张三", "19:30", 36.6))
    assert fevers(post) == []


def test_a_guards_fever_is_called_for_twelve_hours(post: Given) -> None:
    post.drop(CheckIn, measured("张三", "06:50", 37.9))
    assert len(fevers(post, "18:49")) == 1
    assert fevers(post, "18:51") == []
