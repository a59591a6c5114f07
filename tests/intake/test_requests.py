"""A form asks for several things under one number: each is a request of its own and goes its own way."""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.clerking import ENGLISH, Post, balances, sheet

from commandpost import picture
from commandpost.settings import parse_settings
from commandpost.status import status_json

HEAD = "单号,物资,申请单位,数量,状态,申请时间"
MASKS = "S1,口罩,北门,500,{},2022-03-28 08:00"
GLOVES = "S1,手套,北门,20,{},2022-03-28 08:00"


def _sent(post: Post, *rows: str, name: str = "s.csv", team: str = "north") -> dict[str, Any]:
    tried = post.check(name, sheet(*rows, header=HEAD), team=team)
    taken = post.take(name, sheet(*rows, header=HEAD), team=team)
    assert balances(taken)
    assert all(
        tried[key] == taken[key] for key in ("records", "accepted", "superseding", "duplicate", "outdated")
    )
    post.later(hours=1)
    return taken


def _known(post: Post) -> list[tuple[Any, ...]]:
    return post.ask(
        "SELECT number, item, quantity, state FROM supply_request WHERE known_until IS NULL ORDER BY item DESC"
    )


def _status(post: Post) -> dict[str, Any]:
    seen = picture.at(post.engine, post.now, post.settings)
    supply: dict[str, Any] = status_json(seen, post.settings, ENGLISH)["panes"]["supply"]
    return supply


@pytest.mark.parametrize("size", [1, 4])
def test_a_number_on_several_lines_is_several_requests(post: Post, size: int) -> None:
    rows = [MASKS.format("待审批"), GLOVES.format("待审批"), "S2,N95,东门,10,已批准,2022-03-28 09:00"]
    taken = _sent(post, *rows, *[f"S{n},酒精,西门,{n},待审批,2022-03-28 09:00" for n in range(3, size + 3)])
    assert (taken["accepted"], taken["superseding"]) == (3 + size, 0)
    assert [row for row in _known(post) if row[0] == "S1"] == [
        ("S1", "手套", 20.0, "SUBMITTED"), ("S1", "口罩", 500.0, "SUBMITTED"),
    ]  # fmt: skip
    assert _status(post)["open"] == 3 + size
    assert _status(post)["by_state"]["SUBMITTED"] == 2 + size
    again = _sent(post, *rows)
    assert (again["duplicate"], again["superseding"]) == (3, 0)


def test_several_lines_and_one_cell_say_the_same(post: Post) -> None:
    _sent(post, MASKS.format("待审批"), GLOVES.format("待审批"))
    other = _sent(post, "S1,口罩500个、手套20双,北门,,待审批,2022-03-28 08:00", name="o.csv", team="south")
    assert (other["records"], other["accepted"]) == (2, 0)
    assert [row[:3] for row in _known(post)] == [("S1", "手套", 20.0), ("S1", "口罩", 500.0)]


def test_each_thing_of_a_number_moves_by_itself_and_never_backwards(post: Post) -> None:
    _sent(post, MASKS.format("待审批"), GLOVES.format("待审批"))
    moved = _sent(post, GLOVES.format("已送达"), name="store.csv", team="store")
    assert moved["superseding"] == 1
    assert [row[1:4:2] for row in _known(post)] == [("手套", "DELIVERED"), ("口罩", "SUBMITTED")]
    assert (_status(post)["open"], _status(post)["by_state"]["SUBMITTED"]) == (1, 1)
    back = _sent(post, MASKS.format("已批准"), GLOVES.format("已批准"), name="late.csv", team="store")
    assert ([row["line"] for row in back["rejected"]], back["superseding"]) == ([3], 1)
    assert [row[1:4:2] for row in _known(post)] == [("手套", "DELIVERED"), ("口罩", "APPROVED")]


def test_a_thing_that_a_later_sheet_does_not_name_stays_asked_for(post: Post) -> None:
    _sent(post, MASKS.format("待审批"), GLOVES.format("待审批"))
    _sent(post, MASKS.format("已送达"), name="later.csv")
    assert [row[1:4:2] for row in _known(post)] == [("手套", "SUBMITTED"), ("口罩", "DELIVERED")]


def test_a_thing_written_otherwise_is_another_until_it_is_cancelled_or_declared_the_same(post: Post) -> None:
    _sent(post, MASKS.format("待审批"))
    renamed = MASKS.replace("口罩", "医用口罩")
    _sent(post, renamed.format("待审批"))
    assert [row[1] for row in _known(post)] == ["口罩", "医用口罩"]
    _sent(post, renamed.format("待审批"), MASKS.format("已取消"))
    assert _status(post)["open"] == 1
    post.settings = parse_settings('[[item]]\nname = "口罩"\naliases = ["N95", "N95口罩"]\n')
    _sent(post, "S7,N95口罩,北门,5,待审批,2022-03-28 08:00")
    store = _sent(post, "S7,N95,北门,5,已送达,2022-03-28 08:00", name="store.csv", team="store")
    assert store["superseding"] == 1
    assert [row for row in _known(post) if row[0] == "S7"] == [("S7", "口罩", 5.0, "DELIVERED")]


def test_check_tells_the_state_a_correction_would_leave(post: Post) -> None:
    _sent(post, MASKS.format(""))
    _sent(post, MASKS.format("已发货"), name="store.csv", team="store")
    tried = post.check("s.csv", sheet(MASKS.format("").replace("500", "600"), header=HEAD), values=True)
    assert [(row["quantity"], row["state"]) for row in tried["values"]] == [(600.0, "DISPATCHED")]


def test_a_row_that_names_no_thing_goes_back_and_changes_nothing(post: Post) -> None:
    _sent(post, MASKS.format("待审批"))
    bare = _sent(post, "S1,,北门,,已送达,2022-03-28 08:00", name="bare.csv")
    assert [row["code"] for row in bare["rejected"]] == ["empty"]
    assert _known(post) == [("S1", "口罩", 500.0, "SUBMITTED")]
