"""Several things in a cell: each is a record of its own, in requests, movements and donations alike."""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.clerking import Post, balances

SHEETS = {
    "supply-requests": ("物资,申请单位,数量,单位,申请时间", "{item},物业,{quantity},{unit},2022-03-28 09:00"),
    "stock-movements": ("物资,时间,类型,数量,单位,去向", "{item},2022-03-28 09:00,入库,{quantity},{unit},捐赠"),
    "donations": ("捐赠人,物资,数量,单位,时间", "某公司,{item},{quantity},{unit},2022-03-28 09:00"),
}  # fmt: skip
N95 = [("N95", 100_000.0, ""), ("护目镜", 1000.0, "")]
PAIR = [("口罩", 100.0, "个"), ("手套", 50.0, "双")]
TAKEN: dict[tuple[str, str, str], list[tuple[str, float, str]]] = {
    ("N95（10万）/护目镜（1千）", "", ""): N95,
    ("口罩100个、手套50双", "", ""): PAIR,
    ("口罩100个手套50双", "", ""): PAIR,
    ("口罩/手套", "100/50", "个/双"): PAIR,
    ("口罩、手套", "100个、50双", ""): PAIR,
    ("口罩;手套", "100;50", "件"): [("口罩", 100.0, "件"), ("手套", 50.0, "件")],
    ("口罩/手套/酒精", "1万/50/三", ""): [("口罩", 10_000.0, ""), ("手套", 50.0, ""), ("酒精", 3.0, "")],
    ('"口罩\n手套"', '"1,000\n50"', ""): [("口罩", 1000.0, ""), ("手套", 50.0, "")],
    ("口罩100个/手套50双", "100/50", ""): PAIR,
    ("口罩", '"1,000"', "个"): [("口罩", 1000.0, "个")],
    ("消毒液5L", "10瓶", ""): [("消毒液5L", 10.0, "瓶")],
    ("口罩100个", "100", ""): [("口罩", 100.0, "个")],
    ("口罩100个和手套50双", "", ""): PAIR,
    ("Masks 100 and gloves 50", "", ""): [("Masks", 100.0, ""), ("gloves", 50.0, "")],
    ("口罩和手套", "各100", "个"): [("口罩", 100.0, "个"), ("手套", 100.0, "个")],
    ("口罩、手套", "各100个", ""): [("口罩", 100.0, "个"), ("手套", 100.0, "个")],
    ("口罩及手套各5箱", "", ""): [("口罩", 5.0, "箱"), ("手套", 5.0, "箱")],
    ("Masks and gloves", "100 each", ""): [("Masks", 100.0, "each"), ("gloves", 100.0, "each")],
    ("锅碗和瓢盆", "100", "套"): [("锅碗和瓢盆", 100.0, "套")],
    ("帐篷和睡袋", "各一", ""): [("帐篷", 1.0, ""), ("睡袋", 1.0, "")],
}
BACK: dict[tuple[str, str, str], str] = {
    ("口罩/手套", "100/50/20", ""): "3 numbers for 2 things",
    ("口罩/手套/酒精", "1/2/3", "个/双"): "2 units for 3 things",
    ("口罩100/手套50", "100/60", ""): "Two numbers for one thing",
}
ONE_THING = ("口罩", "100/50", "")
"""A request counts without its number, and says so: `test_cells_beside`."""
UNSAID = (("口罩/手套", "100", ""), ("口罩100个、手套", "", ""), ("口罩/手套", "", ""))


def sheet(kind: str, *cells: tuple[str, str, str]) -> str:
    header, row = SHEETS[kind]
    told = (dict(zip(("item", "quantity", "unit"), one, strict=True)) for one in cells)
    return "\n".join([header, *(row.format(**one) for one in told), ""])


def things(told: dict[str, Any]) -> list[tuple[str, float | None, str]]:
    return [(one["item"], one["quantity"], one["unit"] or "") for one in told["values"]]


@pytest.mark.parametrize("kind", SHEETS)
def test_each_thing_of_a_cell_is_a_record_with_its_own_number(post: Post, kind: str) -> None:
    for cells, found in TAKEN.items():
        told = post.check("a.csv", sheet(kind, cells), values=True)
        assert (told["kind"], told["rejected"], told["warnings"]) == (kind, [], []), cells
        assert things(told) == found, cells


@pytest.mark.parametrize("kind", SHEETS)
def test_numbers_that_fit_no_things_send_the_row_back(post: Post, kind: str) -> None:
    one = {} if kind == "supply-requests" else {ONE_THING: "2 numbers for 1 things"}
    for cells, why in (BACK | one).items():
        (reject,) = post.check("a.csv", sheet(kind, cells), values=True)["rejected"]
        assert why in reject["reason"], cells
        assert "each" in reject["hint"]


def test_a_thing_without_a_number_is_asked_for_and_cannot_be_moved_or_given(post: Post) -> None:
    for cells in UNSAID:
        asked = post.check("a.csv", sheet("supply-requests", cells), values=True)
        assert (len(asked["values"]), asked["values"][-1]["quantity"]) == (2, None)
        assert asked["warnings"]
        for kind in ("stock-movements", "donations"):
            (reject,) = post.check("a.csv", sheet(kind, cells), values=True)["rejected"]
            assert (reject["code"], reject["column"]) == ("empty", "数量")


def test_a_number_in_the_name_is_not_the_one_nobody_can_read_beside_it(post: Post) -> None:
    for item, number in (("Hand sanitizer 5L", "4 x 5L"), ("口罩1", "-3箱")):
        asked = post.check("a.csv", sheet("supply-requests", (item, number, "")), values=True)
        assert [(one["item"], one["quantity"]) for one in asked["values"]] == [(item, None)]
        assert asked["warnings"][0]["column"] == "数量"


def test_in_and_out_columns_hold_lists_too(post: Post) -> None:
    header = "日期,物资,入库,出库,结存\n"
    told = post.check("a.csv", header + "2022-03-28,口罩/手套,100/50,20/5,80/45\n", values=True)
    assert [(one["item"], one["move"], one["quantity"]) for one in told["values"]] == [
        ("口罩", "IN", 100.0), ("手套", "IN", 50.0), ("口罩", "OUT", 20.0), ("手套", "OUT", 5.0),
        ("口罩", "COUNT", 80.0), ("手套", "COUNT", 45.0),
    ]  # fmt: skip
    (reject,) = post.check("b.csv", header + "2022-03-28,口罩/手套,100/50,20,80/45\n")["rejected"]
    assert (reject["code"], reject["column"]) == ("empty", "出库")


@pytest.mark.parametrize("kind", SHEETS)
def test_a_row_of_several_things_counts_once_and_comes_again_as_a_duplicate(post: Post, kind: str) -> None:
    rows = sheet(kind, ("口罩/手套", "100/50", "个/双"), ("酒精", "25", "L"))
    told = post.take("a.csv", rows)
    assert (told["rows"], told["records"], told["accepted"]) == (2, 3, 2)
    again = post.take("b.csv", rows + sheet(kind, ("酒精", "30", "L")).splitlines()[1] + "\n")
    assert balances(again)
    assert again["duplicate"] == 2 if kind == "stock-movements" else 1


def test_a_total_below_lists_is_their_sum(post: Post) -> None:
    rows = sheet("donations", ("口罩/手套", "100/50", ""), ("酒精", "25", ""))
    assert post.check("a.csv", rows + "合计,,175,,\n")["warnings"] == []
    assert [one["code"] for one in post.check("a.csv", rows + "合计,,170,,\n")["warnings"]] == ["total"]


def test_two_equal_movements_of_a_day_are_two_and_come_again_as_two(post: Post) -> None:
    rows = "物资,日期,类型,数量,去向\n口罩,2022-03-28,领用,100,北门岗\n口罩,2022-03-28,领用,100,北门岗\n"
    assert post.take("a.csv", rows)["accepted"] == 2
    again = post.take("b.csv", rows + "口罩,2022-03-28,领用,50,北门岗\n")
    assert (again["duplicate"], again["accepted"]) == (2, 1)
    assert post.ask("SELECT sum(quantity) FROM stock_movement WHERE known_until IS NULL") == [(250.0,)]
