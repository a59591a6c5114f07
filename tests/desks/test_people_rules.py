"""What two desks know of one person put together: isolated people at a gate, unfit people on a roster."""

from __future__ import annotations

import pytest

from commandpost.desks.duty.tables import CheckIn, Shift
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.tables import Household
from commandpost.picture import Picture, masked
from commandpost.words import Words
from desks.given import Given, household, isolated, local, passed, reported, shift

A = "110101199003070011"
HELD = {"mode": "HOME", "place": "3-2-501", "phone": "13900000001"}
POST = """
[[duty_post]]
name = "监控室"
hours = "00:00-24:00"
"""


def told(picture: Picture, rule: str) -> list[tuple[str, str]]:
    words = Words("en")
    return [(one.severity, words.say(one.text)) for one in picture.todo if one.rule == rule]


@pytest.mark.parametrize(
    ("held", "said", "expected"),
    [
        (HELD, {"phone": "13900000001"}, ["critical 宋望舒 home isolation 北门 19:00 in, admitted"]),
        (HELD, {}, ["critical 宋望舒 home isolation 北门 19:00 in, admitted, by name"]),
        ({**HELD, "mode": "CENTRAL"}, {}, ["critical 宋望舒 central isolation 北门 19:00 in, admitted, by name"]),
        ({**HELD, "mode": "MONITORING"}, {}, ["warning 宋望舒 home monitoring 北门 19:00 in, admitted, by name"]),
        # Who was turned away was at the gate.
        (HELD, {"verdict": "REFUSED"}, ["critical 宋望舒 home isolation 北门 19:00 in, refused, by name"]),
        (HELD, {"direction": "OUT"}, ["critical 宋望舒 home isolation 北门 19:00 out, admitted, by name"]),
        # Another phone is somebody else; another way to write the name is not, when the ID is the same.
        (HELD, {"phone": "13700000009"}, []),
        ({**HELD, "id_number": A}, {"who": "宋望书", "id_number": A}, ["critical 宋望舒 home isolation 北门 19:00 in, admitted"]),
        ({**HELD, "id_number": A}, {"who": "宋望舒", "id_number": A[:-1] + "9"}, []),
        ({**HELD, "state": "LOST"}, {}, ["critical 宋望舒 home isolation 北门 19:00 in, admitted, by name"]),
        ({**HELD, "state": "CANCELLED"}, {}, []),
        ({**HELD, "state": "TRANSFERRED"}, {}, []),
        ({**HELD, "state": "RELEASED", "released": local("2020-02-10 00:00").date()}, {}, []),
        # Released since, and held when passing.
        ({**HELD, "state": "RELEASED", "released": local("2020-02-11 00:00").date()}, {},
         ["critical 宋望舒 home isolation 北门 19:00 in, admitted, by name"]),
    ],
)  # fmt: skip
def test_who_in_isolation_is_at_a_gate(
    post: Given, held: dict[str, object], said: dict[str, object], expected: list[str]
) -> None:
    post.drop(Isolation, isolated("宋望舒", "2020-02-01", **held), at="2020-02-05 09:00")
    post.drop(GatePass, passed("2020-02-10 19:00", **{"who": "宋望舒", **said}))
    assert [" ".join(one) for one in told(post.take(), "isolation-breach")] == expected


@pytest.mark.parametrize(
    ("start", "known", "at", "expected"),
    [
        ("2020-02-11", "2020-02-05 09:00", "2020-02-10 19:00", []),
        # Begun that day: before the ledger came the pass may have been first.
        ("2020-02-10", "2020-02-10 19:01", "2020-02-10 19:00", ["warning"]),
        ("2020-02-10", "2020-02-10 18:59", "2020-02-10 19:00", ["critical"]),
        ("2020-02-09", "2020-02-10 19:30", "2020-02-10 19:00", ["critical"]),
        # 24 hours, to the second.
        ("2020-02-01", "2020-02-05 09:00", "2020-02-09 20:14", ["critical"]),
        ("2020-02-01", "2020-02-05 09:00", "2020-02-09 20:13", []),
    ],
)
def test_since_when_and_for_how_long_a_pass_is_called(
    post: Given, start: str, known: str, at: str, expected: list[str]
) -> None:
    post.drop(Isolation, isolated("宋望舒", start, **HELD), at=known)
    post.drop(GatePass, passed(at, "宋望舒"))
    assert [severity for severity, _ in told(post.take(), "isolation-breach")] == expected


def test_how_long_a_breach_is_called_is_a_setting(post: Given) -> None:
    post.set('[thresholds]\nbreach_for = "1h"\n')
    post.drop(Isolation, isolated("宋望舒", "2020-02-01", **HELD))
    post.drop(GatePass, passed("2020-02-10 19:00", "宋望舒"))
    assert told(post.take(), "isolation-breach") == []


def test_a_later_mode_decides(post: Given) -> None:
    post.drop(
        Isolation,
        isolated("宋望舒", "2020-02-01", **HELD),
        isolated("宋望舒", "2020-02-08", **{**HELD, "mode": "MONITORING"}),
    )
    post.drop(GatePass, passed("2020-02-10 19:00", "宋望舒", phone="13900000001"))
    assert [severity for severity, _ in told(post.take(), "isolation-breach")] == ["warning"]


def test_of_two_of_the_name_both_are_listed_and_nobody_is_accused(post: Given) -> None:
    post.drop(Isolation, isolated("宋望舒", "2020-02-01", **HELD))
    post.drop(Household, household("7-1-101", 2, head="宋望舒"))
    post.drop(GatePass, passed("2020-02-10 19:00", "宋望舒"))
    picture = post.take()
    assert told(picture, "isolation-breach") == [
        ("warning", "宋望舒, one of 2: 3-2-501 home / 7-1-101, 北门 19:00 in, admitted")
    ]
    assert "isolation-breach" not in {call.rule for call in picture.isolation.rows[0].calls}
    hidden = repr(masked(picture))
    assert "宋望舒" not in hidden
    assert "501" not in hidden


def test_one_person_is_told_once_however_often_they_pass(post: Given) -> None:
    post.drop(Isolation, isolated("宋望舒", "2020-02-01", **HELD))
    post.drop(GatePass, *(passed(f"2020-02-10 19:0{n}", "宋望舒", phone="13900000001") for n in range(5)))
    picture = post.take()
    assert len(told(picture, "isolation-breach")) == 1
    assert [row.severity for row in picture.gate.rows] == ["critical"] * 5
    assert "isolation-breach" in {call.rule for call in picture.isolation.rows[0].calls}


def test_a_breach_is_told_of_the_past_as_it_was_known(post: Given) -> None:
    post.drop(Isolation, isolated("宋望舒", "2020-02-01", **HELD), at="2020-02-05 09:00")
    post.drop(GatePass, passed("2020-02-10 19:00", "宋望舒"), at="2020-02-10 19:01")
    source = post.drop(Household, household("7-1-101", 2, head="宋望舒"), at="2020-02-10 19:02")
    post.undo(source)
    severities = [[s for s, _ in told(post.take(tick=n), "isolation-breach")] for n in range(5)]
    assert severities == [[], [], ["critical"], ["warning"], ["critical"]]


@pytest.mark.parametrize(
    ("known", "expected", "gaps"),
    [
        ([(Isolation, isolated("岑远", "2020-02-05", mode="CENTRAL"))],
         [("critical", "监控室 16:00–00:00 岑远 central isolation, by name")], 1),
        ([(Isolation, isolated("岑远", "2020-02-05", mode="MONITORING"))],
         [("warning", "监控室 16:00–00:00 岑远 home monitoring, by name")], 0),
        ([(Isolation, isolated("岑远", "2020-02-05", state="RELEASED"))], [], 0),
        ([(GatePass, passed("2020-02-10 15:00", "岑远", temperature=38.1))],
         [("critical", "监控室 16:00–00:00 岑远 fever 38.1, by name")], 1),
        # Only from when it was measured.
        ([(GatePass, passed("2020-02-10 19:00", "岑远", temperature=38.1))],
         [("critical", "监控室 19:00–00:00 岑远 fever 38.1, by name")], 1),
        # A normal retest ends it.
        ([(GatePass, passed("2020-02-10 15:00", "岑远", temperature=38.1)),
          (GatePass, passed("2020-02-10 15:40", "岑远", temperature=36.4))], [], 0),
        ([(HealthReport, reported("岑远", "2020-02-10", "PM", 37.9, room="3-2-501"))],
         [("critical", "监控室 16:00–00:00 岑远 fever 37.9, by name")], 1),
        ([(CheckIn, {"event_at": local("2020-02-10 16:02"), "post": "监控室", "name": "岑远", "temperature": 37.8})],
         [("critical", "监控室 16:02–00:00 岑远 fever 37.8")], 1),
        # Two of the name: nobody loses their cover, both are told.
        ([(Isolation, isolated("岑远", "2020-02-05", mode="CENTRAL", phone="13900000001")),
          (Household, household("7-1-101", 2, head="岑远"))],
         [("warning", "监控室 16:00–00:00 岑远, one of 2: central isolation")], 0),
        ([(Isolation, isolated("柏青", "2020-02-05", mode="CENTRAL"))], [], 0),
    ],
)  # fmt: skip
def test_who_on_the_roster_is_no_cover(post: Given, known, expected, gaps) -> None:  # type: ignore[no-untyped-def]
    post.set(POST)
    for table, row in known:
        post.drop(table, row)
    # Nobody has a hole after them: the one gap is theirs.
    post.drop(Shift, *(shift("监控室", name, f"2020-02-{day} {hour}") for day, hour, name in ROSTER))
    picture = post.take()
    assert told(picture, "unfit") == expected
    assert told(picture, "gap") == []
    assert len(picture.duty.gaps) == gaps
    assert picture.duty.on == 1 - bool(gaps)
    assert [row.severity for row in picture.duty.rows] == [expected[0][0] if expected else None]
    assert "岑远" not in {one.person for one in picture.duty.stand_ins}


ROSTER = [
    ("10", "00:00", "鲁平安"), ("10", "08:00", "鲁平安"), ("10", "16:00", "岑远"),
    *((f"{day}", hour, "鲁平安") for day in (11, 12, 13) for hour in ("00:00", "08:00", "16:00")),
]  # fmt: skip


@pytest.mark.parametrize(
    "fever",
    [
        (GatePass, passed("2020-02-10 15:00", "岑远", temperature=38.1)),
        (CheckIn, {"event_at": local("2020-02-10 15:00"), "post": "监控室", "name": "岑远", "temperature": 38.1}),
    ],
)  # fmt: skip
def test_a_fever_keeps_a_guard_off_duty_for_a_day_and_no_longer(post: Given, fever) -> None:  # type: ignore[no-untyped-def]
    post.set(POST)
    post.drop(*fever)
    post.drop(Shift, shift("监控室", "岑远", "2020-02-11 12:00"), shift("监控室", "岑远", "2020-02-12 12:00"))
    unfit = post.take().duty.unfit
    assert [(one.start, one.end) for one in unfit] == [(local("2020-02-11 12:00"), local("2020-02-11 15:00"))]


def test_one_shift_of_a_name_two_people_have_is_one_warning(post: Given) -> None:
    post.set(POST)
    post.drop(
        Isolation,
        isolated("岑远", "2020-02-05", mode="CENTRAL", phone="13900000001"),
        isolated("岑远", "2020-02-06", mode="HOME", phone="13900000002"),
    )
    post.drop(Shift, *(shift("监控室", name, f"2020-02-{day} {hour}") for day, hour, name in ROSTER))
    ((severity, said),) = told(post.take(), "unfit")
    assert severity == "warning"
    assert said.startswith("监控室 16:00–00:00 岑远, one of 2: ")


def test_a_gap_ahead_is_as_loud_as_gaps_are(post: Given) -> None:
    post.set(POST)
    post.drop(Isolation, isolated("岑远", "2020-02-05", mode="CENTRAL"))
    post.drop(
        Shift,
        shift("监控室", "鲁平安", "2020-02-10 16:00", 12),
        shift("监控室", "岑远", "2020-02-11 04:00", 12),
        shift("监控室", "鲁平安", "2020-02-11 16:00", 12),
        shift("监控室", "岑远", "2020-02-12 04:00", 20),
    )
    assert [severity for severity, _ in told(post.take(), "unfit")] == ["critical", "warning"]


def test_who_is_left_covers_a_post_and_the_unfit_one_is_still_told(post: Given) -> None:
    post.set('[[gate]]\nname = "北门"\nminimum = 2\n')
    post.drop(Isolation, isolated("岑远", "2020-02-05", mode="HOME"))
    post.drop(Shift, shift("北门", "岑远", "2020-02-10 16:00"), shift("北门", "鲁平安", "2020-02-10 16:00"))
    picture = post.take()
    assert told(picture, "unfit") == [("warning", "北门 16:00–00:00 岑远 home isolation, by name")]
    assert told(picture, "understaffed") == [("warning", "北门 1 of 2")]
    (row,) = picture.duty.rows
    assert (row.on, row.short) == (1, True)


def test_a_post_without_declared_hours_has_a_gap_where_all_its_people_are_unfit(post: Given) -> None:
    post.drop(Isolation, isolated("岑远", "2020-02-05", mode="HOME"))
    post.drop(Shift, shift("北门", "岑远", "2020-02-10 16:00"))
    picture = post.take()
    assert [gap.severity for gap in picture.duty.gaps] == ["critical"]
    assert [severity for severity, _ in told(picture, "unfit")] == ["critical"]


def test_an_isolation_that_ends_gives_the_cover_back(post: Given) -> None:
    post.set(POST)
    post.drop(Isolation, isolated("岑远", "2020-01-29", mode="HOME", days=14))
    post.drop(Shift, shift("监控室", "岑远", "2020-02-11 20:00", 8))
    (gap,) = post.take().duty.gaps[1:] or post.take().duty.gaps
    assert [(one.start, one.end) for one in post.take().duty.unfit] == [
        (local("2020-02-11 20:00"), local("2020-02-12 00:00"))
    ]
    assert gap.end == local("2020-02-12 00:00")
