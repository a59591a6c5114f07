"""What a picture of the present may cost, in questions asked: each is 0.05 to 0.1 ms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.supply.tables import StockMovement
from desks.given import Given, isolated, moved, passed, shift

MOST = 36
"""Statements of one picture: so many whatever there is on the board."""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Given]:
    given = Given(tmp_path)
    yield given
    given.engine.dispose()


def _asked(post: Given) -> list[str]:
    asked: list[str] = []

    def hear(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    event.listen(post.engine, "before_cursor_execute", hear)
    post.take()
    event.remove(post.engine, "before_cursor_execute", hear)
    return asked


def test_more_people_gates_and_posts_are_no_more_questions(post: Given) -> None:
    post.drop(GatePass, *(passed(f"2020-02-{day:02} 20:0{n}", f"王{n}", gate="北门")
                          for day in (8, 9, 10) for n in range(3)))  # fmt: skip
    post.drop(Isolation, isolated("李海", "2020-02-02", place="1-1-101"))
    post.drop(Shift, shift("值班室", "周文", "2020-02-10 16:00"))
    post.drop(StockMovement, moved("口罩", "IN", 100, "2020-02-09 12:00"))
    few = len(_asked(post))
    post.drop(GatePass, *(passed(f"2020-02-10 20:0{n}", f"陈{n}", gate=f"{n}号门", temperature=38.0)
                          for n in range(9)))  # fmt: skip
    post.drop(Isolation, *(isolated(f"赵{n}", "2020-02-03", place=f"2-1-{n}") for n in range(30)))
    post.drop(Shift, *(shift(f"{n}号岗", f"孙{n}", "2020-02-10 16:00") for n in range(30)))
    post.drop(StockMovement, *(moved(f"物资{n}", "OUT", n, "2020-02-09 12:00") for n in range(30)))
    many = len(_asked(post))
    assert few <= MOST
    assert many <= few + 2
