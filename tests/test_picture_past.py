"""A look at the past is the picture that would have been taken then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from commandpost.desks import DESKS
from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.rollup import rebuild
from commandpost.desks.gate.tables import GateDay, GatePass, GateQuarter
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.tables import Household
from commandpost.desks.supply.tables import StockMovement, SupplyRequest
from desks.given import Given, asked, household, isolated, local, moved, passed, reported, shift

SETTINGS = """
[[gate]]
name = "北门"
[[gate]]
name = "东门"
open = false
[[duty_post]]
name = "监控室"
hours = "00:00-24:00"
[[team]]
name = "北门岗"
kinds = ["gate-passes"]
every = "2h"
"""
START = local("2020-02-10 18:00")

hours = st.integers(-60, 2)
names = st.sampled_from(["张海涛", "李建国", "王秀兰"])


def _ago(now: datetime, n: int) -> str:
    return (now + timedelta(hours=n, minutes=n * 7 % 60)).strftime("%Y-%m-%d %H:%M")


@st.composite
def happenings(draw: st.DrawFn) -> list[tuple[str, list[Any]]]:
    """What comes in, one after the other: drops of every desk, undos."""
    found = []
    for _ in range(draw(st.integers(2, 7))):
        what = draw(
            st.sampled_from(
                ["pass", "pass", "pass", "report", "isolation", "shift", "request", "stock", "census", "undo"]
            )
        )
        rows = draw(
            st.lists(
                st.tuples(hours, names, st.sampled_from([36.5, 37.6, None]), st.integers(0, 5)),
                min_size=1,
                max_size=5,
            )
        )
        found.append((what, rows))
    return found  # fmt: skip


def _do(post: Given, what: str, rows: list[Any], now: datetime, done: list[int]) -> None:
    table: Any
    if what == "undo":
        if done:
            post.undo(done.pop(rows[0][3] % len(done)), now)
        return
    if what == "pass":
        verdicts = ["ADMITTED", "", "REFUSED", "HELD", "TURNED_BACK", "ADMITTED"]
        table, made = GatePass, [
            passed(_ago(now, h), who, temperature=t, verdict=verdicts[k], gate=["北门", "东门", "西侧"][k % 3],
                   direction=["IN", "OUT"][k % 2])
            for h, who, t, k in rows
        ]  # fmt: skip
    elif what == "report":
        days = ["2020-02-10", "2020-02-09"]
        table, made = HealthReport, [reported(w, days[k % 2], ["AM", "PM"][k % 2], t) for _, w, t, k in rows]
    elif what == "isolation":
        table, made = (
            Isolation,
            [
                isolated(w, f"2020-01-{26 + k:02}", mode=["HOME", "CENTRAL"][k % 2], days=10 + k)
                for _, w, _, k in rows
            ],
        )
    elif what == "shift":
        table, made = Shift, [shift("监控室", w, _ago(now, h), 4 + k) for h, w, _, k in rows]
        made = list({(row["event_at"], row["name"]): row for row in made}.values())
    elif what == "request":
        table, made = SupplyRequest, [asked(f"{k}", w, _ago(now, h), priority="HIGH") for h, w, _, k in rows]
    elif what == "stock":
        table, made = (
            StockMovement,
            [moved("口罩", ["IN", "OUT", "COUNT"][k % 3], float(k), _ago(now, h)) for h, _, _, k in rows],
        )
    else:
        table, made = Household, [household(f"{k}-1-1", k) for *_, k in rows]
    made.sort(key=lambda row: str(row["event_at"]))
    done.append(post.drop(table, *made, at=now))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(happenings())
def test_a_picture_of_the_past_equals_the_one_taken_then(
    migrated: Path, coming: list[tuple[str, list[Any]]]
) -> None:
    with TemporaryDirectory() as name:
        shutil.copy(migrated, Path(name) / "post.db")
        post = Given(Path(name))
        post.set(SETTINGS)
        taken, done, now = [], [], START
        for what, rows in coming:
            _do(post, what, rows, now, done)
            moment = now + timedelta(minutes=3)
            taken.append((moment, post.take(moment)))
            now += timedelta(minutes=20)
        for moment, picture in taken:
            if picture.tick:
                assert post.take(moment, picture.tick) == picture
        _rollups_are_the_raw_counts(post)
        _pages_are_the_whole(post, now)
        post.engine.dispose()


def _rollups_are_the_raw_counts(post: Given) -> None:
    with Session(post.engine) as session:
        for table in (GateQuarter, GateDay):
            kept = {tuple(row) for row in session.connection().execute(table.__table__.select()) if row.n}
            rebuild(session.connection())
            assert {tuple(row) for row in session.connection().execute(table.__table__.select())} == kept
            session.rollback()


def _pages_are_the_whole(post: Given, now: datetime) -> None:
    with Session(post.engine) as session:
        look = post.look(session, now)
        for desk in DESKS:
            n = desk.count(look, "")
            whole = desk.page(look, "", 0, 100)
            assert len(whole) == n
            assert [row for at in range(0, n, 2) for row in desk.page(look, "", at, 2)] == list(whole)
            some = desk.page(look, "张", 0, 100)
            assert len(some) == desk.count(look, "张")
            assert all(row in whole for row in some)


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(happenings())
def test_postgresql_gives_the_same_pictures(
    migrated: Path, postgresql_engine: Callable[[], Engine], coming: list[tuple[str, list[Any]]]
) -> None:
    with TemporaryDirectory() as name:
        shutil.copy(migrated, Path(name) / "post.db")
        posts = Given(Path(name)), Given(Path(name), engine=postgresql_engine())
        now = START
        done: tuple[list[int], list[int]] = [], []
        for post, mine in zip(posts, done, strict=True):
            post.set(SETTINGS)
            for n, (what, rows) in enumerate(coming):
                _do(post, what, rows, now + timedelta(minutes=20 * n), mine)
        end = now + timedelta(minutes=20 * len(coming))
        assert posts[0].take(end) == posts[1].take(end)
        _rollups_are_the_raw_counts(posts[1])
        _pages_are_the_whole(posts[1], end)
        tick = posts[1].take(end).tick
        if tick > 1:
            assert posts[0].take(end, tick - 1) == posts[1].take(end, tick - 1)
        posts[0].engine.dispose()
