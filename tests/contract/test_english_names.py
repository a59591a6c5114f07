"""English cells name several people as Chinese ones do: each is counted, and one stays one."""

from __future__ import annotations

import pytest
from reading_case import here, value

from commandpost.contract.values.people import Several, passers

READ = passers()(here())
PAIR = Several(("John Smith", "Jane Roe"))


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("John Smith and Jane Roe", PAIR),
        ("John Smith / Jane Roe", PAIR),
        ("John Smith & Jane Roe", PAIR),
        ("John Smith; Jane Roe", PAIR),
        ("John Smith, Jane Roe", PAIR),
        ("Ann Poe, Jim Poe and Jane Roe", Several(("Ann Poe", "Jim Poe", "Jane Roe"))),
        ("A & B", Several(("A", "B"))),
        ("3 visitors", Several(("3 visitors",), 2)),
        ("family of 4", Several(("family of 4",), 3)),
        ("John Smith, party of 2", Several(("John Smith, party of 2",), 1)),
        ("1 visitor", "1 visitor"),
        ("200 visitors", "200 visitors"),
        ("Smith, John", "Smith, John"),
        ("Mr and Mrs Smith", "Mr and Mrs Smith"),
        ("Sandy Anders", "Sandy Anders"),
        ("Anne-Marie O'Neil Jr.", "Anne-Marie O'Neil Jr."),
    ],
)
def test_each_of_several_people_in_an_english_cell_is_counted(written: str, who: object) -> None:
    assert value(READ(written)) == who
