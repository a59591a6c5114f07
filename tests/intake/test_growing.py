"""A growing sheet sent again: not reading what it says again changes nothing of what becomes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.clerking import BAD, HEADER, LI, WANG, ZHANG, Post

from commandpost.desks import KEPT
from commandpost.errors import CommandpostError
from commandpost.intake import growing, loading
from commandpost.places import PostPlaces
from commandpost.store.engine import connect
from commandpost.store.undo import undo

ROWS = (
    WANG,
    WANG.replace("36.5", "36.6"),
    LI,
    ZHANG,
    BAD,
    "2022-03-28 06:20,东门,进,,,,36.4,放行",
    "2022-03-28 06:20,东门,进,,,沪A12345,36.4,放行",
    "2022-03-29 09:00,东门,进,周七,,,36.4,放行",
    "06:30,东门,进,周七,,,36.4,放行",
    "3月28日 6:31,东门,进,吴八,,,体温正常,放行",
    ",,,,,,,",
    "合计,,,3,,,,",
    '2022-03-28 06:40,东门,进,"郑九",,,36.4,放行',
    '"2022-03-28 06:41,东门,进,郑十,,,36.4,放行',
)


@contextmanager
def _post(migrated: Path) -> Iterator[Post]:
    with TemporaryDirectory() as folder:
        places = PostPlaces(Path(folder))
        shutil.copy(migrated, places.database)
        engine = connect(places)
        yield Post(engine, places)
        engine.dispose()


def _known(post: Post) -> dict[str, Any]:
    """Everything said and known, whatever runs and ids it is kept by."""
    said = "v.gate, v.direction, v.who, v.event_at, v.temperature, v.verdict, v.plate, v.nth"
    repeats = post.ask(
        "SELECT source_id, line, record, n, said_at FROM repeat WHERE table_name = 'gate_pass'"
    )
    values = {id_: tuple(rest) for id_, *rest in post.ask(f"SELECT v.id, {said} FROM gate_pass v")}
    return {
        "claims": sorted(
            [
                *post.ask(f"SELECT source_id, line, {said} FROM gate_pass v WHERE claim = 0"),
                *((s, line + i, *values[record + i]) for s, line, record, n, _ in repeats for i in range(n)),
            ],
            key=repr,
        ),
        "current": sorted(post.ask(f"SELECT {said} FROM gate_pass v WHERE known_until IS NULL"), key=repr),
        "drops": post.ask(
            "SELECT id, verdict, done, lines_done, rows, records, accepted, superseding, duplicate, outdated, "
            'rejected, warned FROM "drop" ORDER BY id'
        ),
        "rejects": post.ask(
            'SELECT drop_id, line, warning, "column", code, reason, hint, cells, sha256, fresh FROM reject '
            "ORDER BY drop_id, line, warning, code"
        ),
        "quarters": sorted(post.ask("SELECT * FROM gate_quarter WHERE n <> 0"), key=repr),
    }


@pytest.fixture
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "FEWEST_LINES", 0)
    monkeypatch.setattr(growing, "SMALLEST", 0)


Step = tuple[str, list[int], int]

steps = st.lists(
    st.tuples(
        st.sampled_from(["grow", "grow", "grow", "edit", "other", "undo", "later", "title"]),
        st.lists(st.integers(0, len(ROWS) - 1), max_size=6),
        st.integers(1, 130),
    ),
    min_size=2,
    max_size=6,
)


def _play(post: Post, script: list[Step]) -> list[dict[str, Any]]:
    told = []
    sheet, title = [HEADER], "2022年3月28日登记表\r\n"
    for n, (what, rows, times) in enumerate(script):
        lines = [ROWS[i] for i in rows] * times
        team = "south" if what == "other" else "north"
        if what == "later":
            post.later(hours=9)
        if what == "title":
            title = "2022年3月27日登记表\r\n"
        if what == "undo" and (last := post.ask('SELECT max(id) FROM "drop"')[0][0]):
            with suppress(CommandpostError):
                undo(post.engine, post.clock, last, KEPT, "", "test")
        if what == "edit" and len(sheet) > 1:
            sheet[1] = sheet[1].replace("36.", "35.")
        of = sheet if team == "north" else [HEADER]
        of += lines
        post.later(minutes=1)
        told.append(post.take(f"{team}{n}.csv", title + "\r\n".join([*of, ""]), team))
    return told


@examples(10)
@given(steps)
@pytest.mark.usefixtures("no_limit")
def test_reading_on_behind_what_is_known_says_what_reading_all_says(
    migrated: Path, script: list[Step]
) -> None:
    with _post(migrated) as quick, _post(migrated) as slow:
        told = _play(quick, script)
        with patch.object(loading, "grown_from", lambda *_: None):
            assert _play(slow, script) == [{**one, "file": ANY} for one in told]
        assert _known(quick) == _known(slow)


class _Any:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


ANY = _Any()


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each drop was found to begin with another."""
    found: list[bool] = []
    ask: Callable[..., Any] = growing.grown_from

    def asked(*of: Any) -> Any:
        grown = ask(*of)
        found.append(grown is not None)
        return grown

    monkeypatch.setattr(loading, "grown_from", asked)
    return found


@pytest.mark.usefixtures("no_limit")
def test_only_what_begins_with_all_of_the_teams_last_sheet_is_read_on(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _counted(monkeypatch)
    begun = "\r\n".join([HEADER, WANG, ZHANG, ""])
    grown = begun + LI + "\r\n"
    assert post.take("a.csv", begun)["accepted"] == 2
    assert (post.take("b.csv", grown)["accepted"], found) == (1, [False, True])
    again = post.take("c.csv", grown + BAD + "\r\n")
    assert (again["duplicate"], again["rejected"][0]["line"], found[-1]) == (3, 5, True)
    # Another team, a changed row, and the day after (when a year not written might be another) are read.
    assert post.take("d.csv", grown + WANG + "\r\n", team="south")["duplicate"] == 4
    post.take("e.csv", (grown + LI + "\r\n").replace("36.5", "36.6"))
    post.later(days=1)
    post.take("f.csv", (grown + LI + "\r\n" + WANG + "\r\n").replace("36.5", "36.6"))
    assert found == [False, True, True, False, False, False]
