"""A roster's cell names who comes: whoever is away, put off or no name at all covers nothing."""

from __future__ import annotations

import pytest
from reading_case import here

from commandpost.contract.reading import Bad
from commandpost.contract.values.people import people

READ = people()(here())


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("张某（请假）、李某", ("李某",)),
        ("张某（请假）", None),
        ("王某 李某（休）", ("王某",)),
        ("张三 李四（隔离中） 王五", ("张三", "王五")),
        ("李某(替张某请假)", ("李某",)),
        ("张某（隔离点）", ("张某",)),
        ("李某（组长）", ("李某",)),
        ("×", None),
        ("张某 请假、李某", ("李某",)),
        ("张某请假", None),
        ("张某（出差）、李某（阳性）、王某（候补）", None),
        ("暂缺", None),
        ("待安排", None),
        ("李休", ("李休",)),
        ("张代英", ("张代英",)),
        ("张一 因公", ("张一",)),
        ("组长：张一 李二", ("张一", "李二")),
        ("轮休", None),
    ],
)
def test_whoever_is_away_covers_nothing(written: str, who: tuple[str, ...] | None) -> None:
    assert READ(written) == who


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("vacant", None),
        ("OFF", None),
        ("On Leave", None),
        ("TBC", None),
        ("n/a", None),
        ("Jim Poe (on leave)", None),
        ("Jim Poe (off sick), Joe Doe", ("Joe Doe",)),
        ("Jim Poe - sick / Joe Doe", ("Joe Doe",)),
        ("Jim Poe on leave", None),
        ("李四 (off)、Wang Wei", ("Wang Wei",)),
        ("Jim Poe (covering for Joe Doe)", ("Jim Poe",)),
        ("Poe, Jim; Doe, Joe", ("Jim Poe", "Joe Doe")),
        ("Poe, Jim / Doe, Joe", ("Jim Poe", "Joe Doe")),
        ("Jim Poe and Joe Doe", ("Jim Poe", "Joe Doe")),
        ("Jim Poe, Joe Doe", ("Jim Poe", "Joe Doe")),
        ("Sandy Anderson", ("Sandy Anderson",)),
        ("Grace Holiday", ("Grace Holiday",)),
        ("Al Poe", ("Al Poe",)),
        ("na li", ("na li",)),
        ("need 2 more", None),
        ("as above", None),
        ("RDO", None),
        ("Thomas More", ("Thomas More",)),
        ("Poe, Jim & Doe, Joe", ("Jim Poe", "Joe Doe")),
        ("van Poe, Jim; O'Doe, Mary Ann", ("Jim van Poe", "Mary Ann O'Doe")),
        ("Poe, Jim; vacant", ("Jim Poe",)),
        ("Poe, Jim (on leave); Doe, Joe", ("Joe Doe",)),
        ("Jim Poe +1", ("Jim Poe",)),
    ],
)
def test_so_it_is_in_english(written: str, who: tuple[str, ...] | None) -> None:
    assert READ(written) == who


@pytest.mark.parametrize(
    "written",
    [
        "Jim Poe or Joe Doe",
        "Jim Poe swapped with Joe Doe",
        "Jim Poe (cover: Joe Doe)",
        "Poe, Jim",
        "Poe, Jim Jr.",
        "张一休",
        "李二休、张一",
        "张一：北门 李二：南门",
        "张一:3号岗",
        "张某→李某",
        "张某换李某",
        "张某改为李某",
        "张某代李某",
        "李某休，张某替",
        "张某（病假，由李某代）",
    ],
)
def test_one_name_put_for_another_goes_back(written: str) -> None:
    found = READ(written)
    assert type(found) is Bad
    assert found.code == "value"
