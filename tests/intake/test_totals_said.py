"""What is written below a table about its sum is no row of it."""

from __future__ import annotations

import pytest
from tests.intake.clerking import Post

DONATIONS = "捐赠人,物资,数量,单位,时间\n某公司,口罩,500,个,2022-03-28 07:00\n"
TALLIES = "Gate,Date,From,To,In,Out\nNorth,2022-03-28,07:00,15:00,22,11\n"


@pytest.mark.parametrize(
    ("sheet", "below"),
    [(DONATIONS, "合计金额：5000元"), (DONATIONS, "合计数量：500"), (TALLIES, "Sum,,,,22,11")],
)
def test_a_sum_is_skipped(post: Post, sheet: str, below: str) -> None:
    told = post.check("a.csv", f"{sheet}{below}\n")
    assert (told["rows"], told["rejected"], told["warnings"]) == (1, [], [])
    assert [(one["line"], one["why"]) for one in told["skipped"]] == [(3, "total")]


def test_a_sum_that_is_wrong_is_said(post: Post) -> None:
    told = post.check("a.csv", f"{TALLIES}Sum,,,,23,11\n")
    assert [(one["line"], one["code"]) for one in told["warnings"]] == [(3, "total")]
