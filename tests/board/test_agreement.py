"""Pane, head, to-do band and `status --json` call the same things critical, warning, or over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from commandpost.board import frame, lines
from commandpost.board.panes import coverage, digits, flow, term
from commandpost.board.panes.common import SIGNS, Count
from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.picture import NOTABLE_WITHIN
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.shapes.common import SEVERITIES, Alert, Severity
from commandpost.desks.supply.tables import StockMovement, SupplyRequest
from commandpost.picture import Picture
from commandpost.settings import Settings
from commandpost.status import status_json
from commandpost.words import Words
from desks.given import Given, asked, isolated, local, moved, passed, reported, shift

pytestmark = pytest.mark.xdist_group("agreement")

SETTINGS = """
[[gate]]
name = "北门"
[[duty_post]]
name = "监控室"
hours = "00:00-24:00"
[[duty_post]]
name = "北门"
hours = "06:00-23:00"
minimum = 2
[[duty_post]]
name = "机动"
[[team]]
name = "北门岗"
every = "2h"
"""
START = local("2020-02-08 00:00")
PEOPLE = ("季云帆", "鲁平安", "宋望舒", "岑远", "柏青", "")
VERDICTS = ("ADMITTED", "ADMITTED", "ADMITTED", "HELD", "REFUSED", "TURNED_BACK", "")
TEMPERATURES = (None, 36.4, 36.9, 37.2, 37.3, 38.1)
ROOMS = ("3-2-501", "5-1-302", "7-1-101", "1-1-101")


def played(post: Given, random: Random) -> None:
    """Three days of a post at which everything that can go wrong does, some of it."""
    post.set(SETTINGS)
    came = START.isoformat(sep=" ", timespec="minutes")[:16]

    def hour(hours: float) -> str:
        return (START + timedelta(hours=hours)).isoformat(sep=" ", timespec="minutes")[:16]

    passes = {}
    for _ in range(160):
        at, who = hour(random.uniform(0, 72)), random.choice(PEOPLE)
        verdict, warm = random.choice(VERDICTS), random.choice(TEMPERATURES)
        passes[at, who] = passed(at, who, verdict=verdict, temperature=warm)
    post.drop(GatePass, *passes.values(), at=came)
    post.drop(
        Isolation,
        *(
            isolated(
                name,
                (START - timedelta(days=random.randint(0, 16))).strftime("%Y-%m-%d 00:00"),
                place=room,
                days=random.choice((3, 7, 14)),
                state=random.choice(("ORDERED", "ORDERED", "ORDERED", "LOST")),
                mode=random.choice(("HOME", "CENTRAL")),
            )
            for name, room in zip(PEOPLE, ROOMS, strict=False)
        ),
        at=came,
    )
    post.drop(
        HealthReport,
        *(
            reported(name, f"2020-02-{day:02}", slot, random.choice(TEMPERATURES), room=room)
            for name, room in zip(PEOPLE, ROOMS, strict=False)
            for day in range(6, 12)
            for slot in ("AM", "NOON", "PM")
            if random.random() < 0.6
        ),
        at=came,
    )
    post.drop(
        Shift,
        *(
            shift(where, random.choice(PEOPLE[:5]), hour(8 * n), random.choice((4, 8, 10)))
            for n in range(random.randint(6, 12))
            for where in ("监控室", "北门", "北门", "机动")
            if random.random() < 0.7
        ),
        at=came,
    )
    post.drop(
        SupplyRequest,
        *(
            asked(
                f"{n:04}",
                "口罩",
                hour(random.uniform(0, 60)),
                priority=random.choice(("URGENT", "HIGH", "NORMAL")),
            )
            for n in range(8)
        ),
        at=came,
    )
    post.drop(
        StockMovement,
        *(moved(item, "COUNT", quantity, hour(-100)) for item, quantity in (("口罩", 900.0), ("酒精", 50.0))),
        *(
            moved(item, "OUT", random.uniform(1, 120), hour(random.uniform(-90, 70)))
            for item in ("口罩", "酒精", "手套")
            for _ in range(6)
        ),
        at=came,
    )


@dataclass(frozen=True)
class Night:
    """A post that was played, looked at once a moment."""

    settings: Settings
    pictures: tuple[tuple[datetime, Picture], ...]


@pytest.fixture(scope="module", params=[0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3))])
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Night:
    given = Given(Path(tmp_path_factory.mktemp("played")))
    played(given, Random(request.param))
    pictures = tuple((moment, given.take(moment)) for moment in moments())
    given.engine.dispose()
    return Night(given.settings, pictures)


def moments() -> Iterator[datetime]:
    """Odd minutes of four days, and the seconds around hours at which rules begin."""
    for n in range(90):
        yield START + timedelta(minutes=61 * n + 7)
    for hours in (10, 12, 18, 24, 34, 36, 42, 48):
        for second in (-1, 0, 1):
            yield START + timedelta(hours=hours, seconds=second)


def drawn_signs(picture: Picture, pane: frame.Pane) -> dict[int, Severity | None]:
    """Row → the sign in its gutter, as it is drawn; a pane tall enough for all of them."""
    box = frame.box(pane, picture, (200, 160), frame.View(focus="todo"), Words("zh"))
    known = {sign: severity for severity, sign in SIGNS.items()}
    return {
        row: known[lines.text_of(line)[2:4]]
        for line, row in zip(box.lines, box.rows, strict=True)
        if row is not None
    }


def loudest(alerts: list[Alert]) -> Severity | None:
    return min((alert.severity for alert in alerts), key=SEVERITIES.index, default=None)


def about(picture: Picture, subject: str) -> list[Alert]:
    return [
        alert for alert in picture.todo if alert.subject == subject or alert.subject.startswith(subject + "@")
    ]


def said_name(alert: Alert) -> object:
    """Whom an alert names, however deep in its words."""
    args = dict(alert.text.args)
    return args["name"] if "name" in args else said_name(replace(alert, text=args["what"]))


def ruled(picture: Picture, rule: str, desk: str) -> list[Alert]:
    return [alert for alert in picture.todo if (alert.rule, alert.desk) == (rule, desk)]


def test_every_sign_of_a_gate_row_is_a_fever_in_the_to_do_or_a_listed_refusal(night: Night) -> None:
    seen: set[object] = set()
    breached = 0
    for moment, picture in night.pictures:
        fevers = ruled(picture, "fever", "gate")
        signs = drawn_signs(picture, "flow")
        for index, row in enumerate(picture.gate.rows):
            who = row.name or row.plate
            # A breach is told of the person, about the latest of their passes.
            at_gate = [a for a in ruled(picture, "isolation-breach", "gate") if said_name(a) == who]
            named = [
                a for a in fevers if (dict(a.text.args)["name"] == who if who else a.entity == row.entity)
            ]
            open_ = row.fever and row.at >= moment - timedelta(hours=12) and bool(named)
            if open_:
                assert signs[index] in (loudest(named), loudest([*named, *at_gate])), (moment, row)
            else:
                turned = row.verdict in ("REFUSED", "TURNED_BACK") or (
                    row.verdict == "HELD" and not row.fever
                )
                listed = turned and row.at >= moment - NOTABLE_WITHIN
                if signs[index] != ("warning" if listed else None):
                    assert signs[index] == loudest(at_gate), (moment, row)
                    breached += 1
            seen.add((row.fever, signs[index]))
        shown = {row.entity: signs[index] for index, row in enumerate(picture.gate.rows)}
        for alert in fevers:
            assert alert.entity is not None
            about_them = [
                a for a in ruled(picture, "isolation-breach", "gate") if said_name(a) == said_name(alert)
            ]
            assert shown[alert.entity] in (alert.severity, loudest([alert, *about_them])), (moment, alert)
        for alert in ruled(picture, "isolation-breach", "gate"):
            if alert.entity in shown:
                assert SEVERITIES.index(shown[alert.entity]) <= SEVERITIES.index(alert.severity)
    assert breached
    assert {(True, "critical"), (True, "warning"), (True, None), (False, "warning"), (False, None)} <= seen


@pytest.mark.parametrize(
    ("pane", "subject", "expected"),
    [
        ("term", lambda row: f"isolation:{row.entity}", {"critical", "warning", "info", None}),
        ("coverage", lambda row: f"post:{row.name}", {"critical", "warning", None}),
        ("request", lambda row: f"supply_request:{row.entity}", {"warning", None}),
    ],
)
def test_every_sign_of_a_row_is_its_loudest_to_do(night, pane, subject, expected) -> None:  # type: ignore[no-untyped-def]
    seen = set()
    for moment, picture in night.pictures:
        rows = {"term": picture.isolation, "coverage": picture.duty, "request": picture.supply}[pane].rows
        for index, sign in drawn_signs(picture, pane).items():
            assert sign == loudest(about(picture, subject(rows[index]))), (moment, rows[index])
            seen.add(sign)
    assert seen <= expected
    assert len(seen) > 1


def test_stock_that_is_short_is_told_and_what_is_nearly_gone_is_critical_in_both(night: Night) -> None:
    for _, picture in night.pictures:
        for stock in picture.supply.stock:
            called = loudest(about(picture, f"item:{stock.item}|{stock.unit}"))
            # Under seven days the pane warns and the to-do tells: what can be acted on tonight comes first.
            assert (stock.severity == "critical") == (called == "critical")
            assert (stock.severity is None) == (called is None)


def test_a_team_is_late_in_the_intake_pane_when_it_is_in_the_to_do(night: Night) -> None:
    for _, picture in night.pictures:
        late = {f"team:{team.name}" for team in picture.drops.teams if team.late}
        assert late == {alert.subject for alert in picture.todo if alert.rule == "drop-missing"}


def test_a_heads_figure_and_the_walls_digits_are_as_loud_as_the_to_do(night: Night) -> None:
    words = Words("en")
    for _, picture in night.pictures:
        pen = frame.pen_for(picture, frame.View(), words)
        heads = {
            count.label: count
            for pane in (
                flow.head(picture.gate, pen),
                term.head(picture.isolation, pen),
                coverage.head(picture.duty, pen),
            )
            for count in pane.counts
        }

        def said(label: str, heads: dict[str, Count] = heads) -> Severity | None:
            return heads[label].severity if heads[label].value not in ("0", "?") else None

        assert said("fever") == loudest(ruled(picture, "fever", "gate"))
        assert said("overdue") == loudest(ruled(picture, "isolation-overdue", "isolation"))
        assert said("missing") == loudest(ruled(picture, "report-missing", "isolation"))
        gaps = [*ruled(picture, "gap", "duty"), *ruled(picture, "unfit", "duty")]
        critical = [alert for alert in gaps if alert.severity == "critical"]
        assert said("gap 12h") == loudest(critical)
        if said("on"):
            assert any(alert.desk == "duty" for alert in picture.todo)
        assert ("roster to" in heads) == bool(ruled(picture, "roster-missing", "duty"))
        wall = {figure.label: figure for figure in digits.figures(picture, pen)}
        for label, rule, desk in (("gap", "gap", "duty"), ("reports missing", "report-missing", "isolation")):
            figure = wall[words.short("figure", label)]
            assert (figure.severity if figure.value else None) == loudest(
                critical if rule == "gap" else ruled(picture, rule, desk)
            )


def test_header_band_and_status_count_the_same(night: Night) -> None:
    for _, picture in night.pictures[::8]:
        told = [alert["severity"] for alert in status_json(picture, night.settings)["todo"]]
        counts = [told.count(severity) for severity in SEVERITIES]
        header = lines.text_of(frame.whole(picture, (120, 36), frame.View(), Words("zh"))[0])
        assert "!!{} !{} ·{}".format(*counts) in header
        box = frame.box("todo", picture, (200, len(told) + 2), frame.View(focus="flow"), Words("zh"))
        known = {sign: severity for severity, sign in SIGNS.items()}
        assert [known[lines.text_of(line)[1:3]] for line in box.lines[1:-1]] == told
