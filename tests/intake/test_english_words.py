"""The words of English sheets."""

from __future__ import annotations

import pytest
from tests.intake.clerking import Post

from commandpost.settings import Settings


@pytest.mark.parametrize(
    ("mode", "state", "found"),
    [
        ("Central isolation", "isolated", ("CENTRAL", "ORDERED")), ("Self-isolation", "Ongoing", ("HOME", "ORDERED")),
        ("Home quarantine", "In progress", ("HOME", "ORDERED")), ("Health monitoring", "Ended", ("MONITORING", "RELEASED")),
        ("Hotel quarantine", "Released", ("CENTRAL", "RELEASED")),
    ],
)  # fmt: skip
def test_modes_and_states(post: Post, mode: str, state: str, found: tuple[str, str]) -> None:
    told = post.check("a.csv", f"Name,Mode,Start,Status\nAl Roe,{mode},2022-03-20,{state}\n", values=True)
    assert [(one["mode"], one["state"]) for one in told["values"]] == [found]
    assert (told["rejected"], told["warnings"]) == ([], [])


def test_a_quarantine_without_where_goes_back(post: Post) -> None:
    told = post.check("a.csv", "Name,Mode,Start\nAl Roe,Quarantine,2022-03-20\n")
    assert [one["code"] for one in told["rejected"]] == ["value"]


THREE = {"早": "07:00-15:00", "中": "15:00-23:00", "夜": "23:00-07:00"}
TWO = {"白": "08:00-20:00", "夜": "20:00-08:00"}


@pytest.mark.parametrize(
    ("shifts", "word", "hour"),
    [
        (THREE, "morning", 7), (THREE, "Early shift", 7), (THREE, "Afternoon", 15), (THREE, "Night shift", 23),
        (THREE, "evening", None), (THREE, "day", None), (TWO, "Day", 8), (TWO, "Night", 20), (TWO, "Evening", 20),
    ],
)  # fmt: skip
def test_shift_words(post: Post, shifts: dict[str, str], word: str, hour: int | None) -> None:
    post.settings = Settings(shifts=shifts)
    told = post.check("a.csv", f"Post,Date,Shift,Name\nNorth,2022-03-29,{word},Al Roe\n", values=True)
    if hour is None:
        assert [one["code"] for one in told["rejected"]] == ["value"]
    else:
        assert [one["at"][11:13] for one in told["values"]] == [f"{hour:02}"]
