"""Gates that count by themselves: used where no pass is recorded, never added to passes, differences told."""

from __future__ import annotations

from typing import Any

import pytest

from commandpost.desks.gate.tables import GatePass, GateTally
from commandpost.desks.gate.tallies import Tally, apart
from commandpost.picture import Picture
from desks.given import Given, household, local, passed, tallied

DAY = "2020-02-10"


def at(clock: str) -> str:
    return f"{DAY} {clock}"


def hours(picture: Picture) -> dict[int, tuple[int, int]]:
    """Hour of the post's day → in, out, where anybody passed."""
    return {n: (hour.in_, hour.out) for n, hour in enumerate(picture.gate.hours) if hour.in_ or hour.out}


def told(picture: Picture) -> list[dict[str, Any]]:
    return [dict(alert.text.args) for alert in picture.todo if alert.rule == "tally-differs"]


def test_a_span_without_passes_counts_as_the_gate_counted_it(post: Given) -> None:
    post.drop(GateTally, tallied(at("07:00"), at("09:00"), 20, 6), tallied(at("09:00"), at("10:00"), 5, 1))
    picture = post.take(at("20:14"))
    assert (picture.gate.in_, picture.gate.out, picture.gate.inside) == (25, 7, 18)
    assert (picture.gate.tallied_in, picture.gate.tallied_out) == (25, 7)
    assert hours(picture) == {7: (10, 3), 8: (10, 3), 9: (5, 1)}
    (gate,) = picture.gate.gates
    assert (gate.name, gate.in_, gate.out, gate.last_event) == ("北门", 25, 7, local(at("10:00")))
    assert told(picture) == []


def test_where_passes_are_recorded_they_count_and_the_difference_is_told(post: Given) -> None:
    post.drop(
        GatePass,
        passed(at("07:10"), "张三"),
        passed(at("07:20"), "李四"),
        passed(at("07:30"), "王五", direction="OUT"),
        passed(at("07:40"), "赵六", verdict="REFUSED"),
    )
    post.drop(GateTally, tallied(at("07:00"), at("08:00"), 3, 1), tallied(at("08:00"), at("09:00"), 4, 2))
    picture = post.take(at("20:14"))
    assert (picture.gate.in_, picture.gate.out) == (2 + 4, 1 + 2)
    assert hours(picture) == {7: (2, 1), 8: (4, 2)}
    (said,) = told(picture)
    assert (said["start"], said["end"]) == ("07:00", "08:00")
    assert (said["came_in"], said["went_out"], said["passed_in"], said["passed_out"]) == (3, 1, 2, 1)


@pytest.mark.parametrize(
    ("came_in", "went_out", "n"), [(2, 1, 0), (2, None, 0), (None, 1, 0), (3, None, 1), (2, 0, 1)]
)
def test_a_difference_is_exact_and_only_of_what_was_counted(
    post: Given, came_in: int | None, went_out: int | None, n: int
) -> None:
    post.drop(GatePass, passed(at("07:10"), "张三"), passed(at("07:20"), "李四"),
              passed(at("07:30"), "王五", direction="OUT"))  # fmt: skip
    post.drop(GateTally, tallied(at("07:00"), at("08:00"), came_in, went_out))
    assert len(told(post.take(at("20:14")))) == n


def test_a_difference_is_told_for_a_day(post: Given) -> None:
    post.drop(GatePass, passed(at("07:10"), "张三"))
    post.drop(GateTally, tallied(at("07:00"), at("08:00"), 3, 1))
    assert told(post.take("2020-02-11 07:59"))
    assert not told(post.take("2020-02-11 08:00"))


@pytest.mark.parametrize(
    ("clock", "beside"),
    [("07:06", False), ("07:07", True), ("08:51", True), ("08:52", False), ("07:50", True), ("09:30", False)],
)
def test_a_pass_in_the_span_to_the_minute_makes_the_passes_count(
    post: Given, clock: str, beside: bool
) -> None:
    post.drop(GateTally, tallied(at("07:07"), at("08:52"), 10, 0))
    post.drop(GatePass, passed(at(clock), "张三"))
    for tick in (None, 2):
        assert post.take(at("20:14"), tick).gate.in_ == (1 if beside else 11)


def test_passes_of_another_gate_say_nothing_of_this_one(post: Given) -> None:
    post.drop(GateTally, tallied(at("07:00"), at("08:00"), 10, 0))
    post.drop(GatePass, passed(at("07:30"), "张三", gate="东门"))
    assert post.take(at("20:14")).gate.in_ == 11


OVERLAPS: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {
    "the same span twice: the one known last": ([(7, 15), (7, 15)], [(7, 15)]),
    "hours within a day that they do not fill": ([(7, 8), (8, 9), (0, 24)], [(0, 24)]),
    "hours that fill the shift": ([(7, 11), (11, 15), (7, 15)], [(7, 11), (11, 15)]),
    "two shifts and one across": ([(7, 15), (14, 16), (15, 23)], [(7, 15), (15, 23)]),
    "neighbours": ([(7, 8), (8, 9)], [(7, 8), (8, 9)]),
    "a chain": ([(0, 4), (3, 7), (6, 10)], [(0, 4), (6, 10)]),
    "none": ([], []),
}


@pytest.mark.parametrize(("spans", "counted"), OVERLAPS.values(), ids=OVERLAPS)
def test_overlapping_tallies_of_a_gate_never_count_twice(
    spans: list[tuple[int, int]], counted: list[tuple[int, int]]
) -> None:
    given = [Tally(n, n, "北门", a * 3600, b * 3600, n, 0) for n, (a, b) in enumerate(spans, 1)]
    for order in (given, given[::-1]):
        found = apart(order)
        assert [(tally.start // 3600, tally.end // 3600) for tally in found] == counted
    if len(set(spans)) < len(spans):
        assert [tally.id for tally in found] == [len(spans)]


def test_a_night_counts_on_each_day_for_its_part_of_it(post: Given) -> None:
    post.drop(GateTally, tallied("2020-02-09 22:00", "2020-02-10 06:00", 81, 0), at="2020-02-10 06:10")
    assert post.take("2020-02-10 20:14").gate.in_ == 81 - 81 * 2 // 8
    assert post.take("2020-02-10 20:14").gate.inside == 81
    # At 23:59 the span is not counted yet: nobody knew.
    assert post.take("2020-02-09 23:59").gate.in_ == 0


def test_inside_counts_tallies_since_the_census(post: Given) -> None:
    from commandpost.desks.people.tables import Household

    post.drop(Household, household("3-2-501", 79, on="2020-02-09", present=79), at="2020-02-09 08:00")
    post.drop(
        GateTally,
        tallied("2020-02-08 07:00", "2020-02-08 15:00", 50, 0),
        tallied(at("07:00"), at("15:00"), 3, 7),
    )
    assert post.take(at("20:14")).gate.inside == 75


def test_the_past_knows_the_tallies_and_the_passes_it_knew(post: Given) -> None:
    post.drop(GateTally, tallied(at("07:00"), at("08:00"), 10, 4), at=at("08:05"))
    passes = post.drop(GatePass, passed(at("07:30"), "张三"), at=at("09:00"))
    post.drop(GateTally, tallied(at("07:00"), at("08:00"), 12, 4), at=at("10:00"))
    undone = post.undo(passes, at("11:00"))
    assert undone
    seen = [(p.gate.in_, len(told(p))) for tick in (1, 2, 3, 4) if (p := post.take(at("20:14"), tick))]
    assert seen == [(10, 0), (1, 1), (1, 1), (12, 0)]
    now = post.take(at("20:14"))
    assert (now.gate.in_, now.gate.inside) == (12, 8)


def test_a_gate_that_counts_is_alive(post: Given) -> None:
    post.set('[[gate]]\nname = "北门"\n')
    post.drop(GatePass, passed(at("07:30"), "张三"), at=at("08:00"))
    silent = [alert.rule for alert in post.take(at("14:00")).todo]
    assert "gate-silent" in silent
    post.drop(GateTally, tallied(at("12:00"), at("13:00"), 0, 0), at=at("13:05"))
    picture = post.take(at("14:00"))
    assert "gate-silent" not in [alert.rule for alert in picture.todo]
    (gate,) = picture.gate.gates
    assert (gate.last_event, gate.last_tally) == (local(at("07:30")), local(at("13:00")))


def test_a_tallys_source_is_shown_like_any_other(post: Given) -> None:
    from sqlmodel import Session

    from commandpost.desks import detail

    post.drop(GatePass, passed(at("07:30"), "张三"), at=at("08:00"))
    post.drop(GateTally, tallied(at("07:00"), at("08:00"), 10, 4), at=at("08:05"), team="北门岗")
    (alert,) = [alert for alert in post.take(at("20:14")).todo if alert.rule == "tally-differs"]
    assert alert.entity is not None
    with Session(post.engine) as session:
        found = detail(post.look(session), alert.table, alert.entity)
    assert found is not None
    assert (found.origin.team, found.origin.line, dict(found.fields)["came in"]) == ("北门岗", 2, 10)
