"""What a person has to judge: what is gone from a newer export, and what overrules an officer's act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from commandpost.clock import FixedClock
from commandpost.desks.isolation.tables import Isolation
from commandpost.store.claims import state
from commandpost.store.judging import Gone, Overruled, gone, overruled
from commandpost.store.records import Source, known
from commandpost.store.writing import write
from desks.given import DEFAULTS, Given, isolated, local

WANG = isolated("王秀兰", "2020-02-01", place="3-2-501")
CHEN = isolated("陈志远", "2020-02-02", place="5-1-302")


@pytest.fixture
def given(engine: Engine, tmp_path: Path) -> Given:
    return Given(tmp_path, engine=engine)


def _gone(given: Given) -> list[Gone]:
    with given.engine.connect() as connection:
        return gone(connection, Isolation)


def _overruled(given: Given) -> list[tuple[str, str]]:
    """(what the act said, what is known instead): categories."""
    with given.engine.connect() as connection:
        categories = dict(connection.execute(select(Isolation.id, Isolation.category)).all())  # type: ignore[call-overload]
        return [(categories[one.act], categories[one.now]) for one in overruled(connection, Isolation)]


def _entities(given: Given) -> dict[str, int]:
    with given.engine.connect() as connection:
        found = connection.execute(select(Isolation.name, Isolation.entity).where(known(Isolation, None)))  # type: ignore[call-overload]
        return dict(found.all())


def _act(given: Given, at: str, row: dict[str, Any]) -> int:
    """An officer states one isolation."""
    when = local(at)
    said = {**DEFAULTS[Isolation], **row, "person": row["name"] + "|" + row["place"]}
    source = Source(sort="action", at=when, said_at=when, officer="赵")
    with write(given.engine, FixedClock(when), source) as writing:
        rows = [(0, None, *(said[name] for name in (*Isolation.KEY, *Isolation.SAID)))]
        state(writing, Isolation, "register", rows)
        return writing.source_id


def test_what_a_newer_export_of_its_team_does_not_hold_is_listed_and_stays(given: Given) -> None:
    first = given.drop(Isolation, WANG, CHEN, at="2020-02-10 08:00")
    assert _gone(given) == []
    second = given.drop(Isolation, CHEN, at="2020-02-10 09:00")
    entities = _entities(given)
    assert sorted(entities) == ["王秀兰", "陈志远"]
    assert _gone(given) == [Gone(entities["王秀兰"], first, second)]
    given.drop(Isolation, WANG, CHEN, at="2020-02-10 10:00")
    assert _gone(given) == [], "it is back"


def test_what_another_team_a_late_sheet_or_one_with_bad_rows_does_not_hold_is_not_gone(given: Given) -> None:
    given.drop(Isolation, WANG, CHEN, at="2020-02-10 08:00")
    given.drop(Isolation, CHEN, at="2020-02-10 09:00", team="东区")
    given.drop(Isolation, CHEN, at="2020-02-10 10:00", team="北门岗/returned")
    given.drop(Isolation, CHEN, at="2020-02-10 11:00", rejected=1)
    assert _gone(given) == []


def test_an_export_that_was_undone_misses_nothing(given: Given) -> None:
    given.drop(Isolation, WANG, CHEN, at="2020-02-10 08:00")
    second = given.drop(Isolation, CHEN, at="2020-02-10 09:00")
    assert len(_gone(given)) == 1
    undone = given.undo(second, at="2020-02-10 10:00")
    assert _gone(given) == []
    given.undo(undone, at="2020-02-10 11:00")
    assert len(_gone(given)) == 1


def test_a_drop_that_overrules_an_officers_act_is_listed(given: Given) -> None:
    given.drop(Isolation, WANG, at="2020-02-10 08:00")
    act = _act(given, "2020-02-10 09:00", {**WANG, "category": "CLOSE_CONTACT"})
    given.drop(Isolation, WANG, at="2020-02-10 10:00")
    assert _overruled(given) == [], "a sheet sent again says nothing new"
    given.drop(Isolation, {**WANG, "category": "INBOUND"}, at="2020-02-10 11:00", team="东区")
    assert _overruled(given) == [("CLOSE_CONTACT", "INBOUND")]
    undone = given.undo(act, at="2020-02-10 12:00")
    assert _overruled(given) == [], "the act does not stand"
    given.undo(undone, at="2020-02-10 13:00")
    assert _overruled(given) == [("CLOSE_CONTACT", "INBOUND")]
    _act(given, "2020-02-10 14:00", {**WANG, "category": "CO_PRESENT"})
    assert _overruled(given) == [], "an officer has spoken again"


def test_an_act_that_confirmed_what_was_known_is_overruled_too(given: Given) -> None:
    given.drop(Isolation, WANG, at="2020-02-10 08:00")
    _act(given, "2020-02-10 09:00", WANG)
    assert _overruled(given) == []
    given.drop(Isolation, {**WANG, "category": "INBOUND"}, at="2020-02-10 10:00")
    assert _overruled(given) == [("RISK_AREA", "INBOUND")]
    with given.engine.connect() as connection:
        assert isinstance(overruled(connection, Isolation)[0], Overruled)
