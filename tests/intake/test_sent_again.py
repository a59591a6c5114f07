"""A sheet sent again, grown or put in another order: not reading what it says again changes nothing of what
becomes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
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
from commandpost.intake import before, growing, loading, rearranged
from commandpost.places import PostPlaces
from commandpost.store.engine import connect
from commandpost.store.runs import Run
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
        "SELECT source_id, line, record, n, said_at, lines FROM repeat WHERE table_name = 'gate_pass'"
    )
    values = {id_: tuple(rest) for id_, *rest in post.ask(f"SELECT v.id, {said} FROM gate_pass v")}
    return {
        "claims": sorted(
            [
                *post.ask(f"SELECT source_id, line, {said} FROM gate_pass v WHERE claim = 0"),
                *(
                    (s, at, *values[run[1] + i])
                    for s, *run in repeats
                    for i, at in enumerate(Run(*run).numbers())
                ),
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
    monkeypatch.setattr(before, "FEWEST_LINES", 0)
    monkeypatch.setattr(growing, "SMALLEST", 0)
    monkeypatch.setattr(rearranged, "SMALLEST", 0)
    monkeypatch.setattr(rearranged, "_STATED", 7)


Step = tuple[str, list[int], int]

steps = st.lists(
    st.tuples(
        st.sampled_from(["grow", "grow", "grow", "edit", "other", "undo", "later", "title", "sort"]),
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
        if what == "sort":
            sheet[1:] = [line for i in range(times, 0, -1) for line in sheet[i::times]]
        if what == "edit" and len(sheet) > 1:
            sheet[1] = sheet[1].replace("36.", "35.")
        of = sheet if team == "north" else [HEADER]
        of += lines
        post.later(minutes=1)
        told.append(post.take(f"{team}{n}.csv", title + "\r\n".join([*of, ""]), team))
    return told


def _none(*_: object) -> Iterator[None]:
    """No sheet is one rearranged."""
    return
    yield


@contextmanager
def _all_read() -> Iterator[None]:
    with patch.object(loading, "grown_from", lambda *_: None), patch.object(loading, "rearranged", _none):
        yield


@examples(10)
@given(steps)
@pytest.mark.usefixtures("no_limit")
def test_reading_on_behind_what_is_known_says_what_reading_all_says(
    migrated: Path, script: list[Step]
) -> None:
    with _post(migrated) as quick, _post(migrated) as slow:
        told = _play(quick, script)
        with _all_read():
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


def _pass(n: int) -> str:
    """The nth pass of the morning."""
    return f"2022-03-28 {6 + n // 60:02}:{n % 60:02}:07,东门,{'进出'[n % 2]},{WHO[n % 7]},,,36.{n % 8},放行"


WHO = ("周七", "吴八", "郑九", "王十", "冯十一", "陈十二", "褚十三")
changes = st.lists(
    st.tuples(
        st.sampled_from(
            ["sort", "sort", "sort", "gbk", "edit", "add", "cut", "other", "undo", "later", "odd"]
        ),
        st.integers(0, 1000),
        st.booleans(),
    ),
    min_size=2,
    max_size=5,
)


def _rearrange(post: Post, begun: int, script: list[tuple[str, int, bool]], odd: str) -> list[dict[str, Any]]:
    """A sheet of `begun` rows, then after each change sent again, by chance in another order."""
    rows, added, codec = [_pass(n) for n in range(begun)], begun, "utf-8"
    told = [post.take("0.csv", "\r\n".join([HEADER, *rows, ""]))]
    for n, (what, seed, shuffled) in enumerate(script, 1):
        chance, team = Random(seed), "north"
        post.later(minutes=1)
        if what == "edit":
            at = chance.randrange(len(rows))
            rows[at] = rows[at].replace(",36.", ",37.")
        elif what == "add":
            rows[:0] = [_pass(added + i) for i in range(seed % 9)]
            added += seed % 9
        elif what == "cut":
            del rows[: seed % 5]
        elif what == "odd":
            rows.insert(chance.randrange(len(rows)), odd)
        elif what == "turn":
            rows.reverse()
        elif what == "gbk":
            codec = "gb18030"
        elif what == "later":
            post.later(hours=9 * (seed % 2))
        elif what == "other":
            team = "south"
        elif what == "undo" and (last := post.ask('SELECT max(id) FROM "drop"')[0][0]):
            with suppress(CommandpostError):
                undo(post.engine, post.clock, last, KEPT, "", "test")
        if shuffled or what == "sort":
            chance.shuffle(rows)
        told.append(post.take(f"{team}{n}.csv", "\r\n".join([HEADER, *rows, ""]).encode(codec), team))
    return told


@examples(15)
@given(st.integers(8, 60), changes, st.sampled_from([*ROWS, _pass(3), *"甲乙丙"]))
@pytest.mark.usefixtures("no_limit")
def test_reading_only_what_is_new_of_a_sheet_in_another_order_says_what_reading_all_says(
    migrated: Path, begun: int, script: list[tuple[str, int, bool]], odd: str
) -> None:
    with _post(migrated) as quick, _post(migrated) as slow:
        told = _rearrange(quick, begun, script, odd)
        with _all_read():
            assert _rearrange(slow, begun, script, odd) == [{**one, "file": ANY} for one in told]
        assert _known(quick) == _known(slow)


def _sheet(rows: list[str]) -> str:
    return "\r\n".join([HEADER, *rows, ""])


def _interrupted(monkeypatch: pytest.MonkeyPatch, at: int, by: Callable[[], object]) -> None:
    """Something happens after so many portions of known rows, once."""
    state, portions = rearranged.Rearranged.state, []

    def stated(*of: Any) -> Any:
        portions.append(of)
        if len(portions) == at:
            by()
        return state(*of)

    monkeypatch.setattr(rearranged.Rearranged, "state", stated)


class _Gone(BaseException):
    """The process is no more."""


def _fail() -> None:
    raise _Gone


@pytest.mark.usefixtures("no_limit")
@pytest.mark.parametrize("at", [1, 2, 5])
def test_a_sheet_in_another_order_that_broke_off_is_gone_on_with_and_nothing_counts_twice(
    migrated: Path, at: int
) -> None:
    rows = [_pass(n) for n in range(40)]
    other = _sheet([*rows[20:], BAD, _pass(50), *rows[:20]])
    with _post(migrated) as whole, _post(migrated) as broken, pytest.MonkeyPatch.context() as change:
        for post in (whole, broken):
            post.take("a.csv", _sheet(rows))
        told = whole.take("b.csv", other)
        _interrupted(change, at, _fail)
        with pytest.raises(_Gone):
            broken.take("b.csv", other)
        assert broken.take("b.csv", other) == {**told, "file": ANY}
        assert _known(broken) == _known(whole)
        assert (told["accepted"], told["duplicate"], len(told["rejected"])) == (1, 40, 1)


@pytest.mark.usefixtures("no_limit")
def test_when_the_earlier_sheet_is_undone_meanwhile_every_row_of_the_later_one_counts(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [_pass(n) for n in range(40)]
    post.take("a.csv", _sheet(rows))
    last = post.ask('SELECT max(id) FROM "drop"')[0][0]
    engine = connect(post.places)
    portions = rearranged.Rearranged.portions

    def undone_after_the_first(found: rearranged.Rearranged) -> Iterator[Any]:
        for n, portion in enumerate(portions(found)):
            if n == 1:
                undo(engine, post.clock, last, KEPT, "", "test")
            yield portion

    monkeypatch.setattr(rearranged.Rearranged, "portions", undone_after_the_first)
    told = post.take("b.csv", _sheet(rows[::-1]))
    engine.dispose()
    assert (told["rows"], told["rejected"]) == (40, [])
    assert len(post.ask("SELECT 1 FROM gate_pass WHERE known_until IS NULL")) == 40
