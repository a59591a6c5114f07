"""What a row does when it meets what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from commandpost.clock import FixedClock
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.supply.tables import SupplyRequest
from commandpost.errors import CommandpostError
from commandpost.store import stating
from commandpost.store import undo as undo_module
from commandpost.store.claims import Kept, resettle, state
from commandpost.store.records import Repeat, Source, known
from commandpost.store.runs import MAX_RUN
from commandpost.store.undo import undo
from commandpost.store.writing import write

T0 = datetime(2020, 2, 3, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _source(team: str, at: datetime, said: datetime | None = None) -> Source:
    return Source(sort="drop", at=at, said_at=said or at, team=team)


def _passes(n: int, verdict: str = "ADMITTED", start: int = 0) -> list[tuple[Any, ...]]:
    return [
        (i + 2, None, T0 + timedelta(seconds=i // 2), "北门", "IN" if i % 3 else "OUT", f"王{i}", verdict,
         36.5, "", "", "", "", "", None, "", "")
        for i in range(start, start + n)
    ]  # fmt: skip


def _load(
    engine: Engine,
    rows: list[tuple[Any, ...]],
    team: str = "东组",
    at: datetime = T0 + HOUR,
    size: int = 1000,
) -> tuple[int, Counter[Any]]:
    source: int | Source = _source(team, at)
    told: Counter[Any] = Counter()
    for start in range(0, len(rows), size):
        with write(engine, FixedClock(at), source, long=True) as writing:
            source = writing.source_id
            told.update(state(writing, GatePass, "log", rows[start : start + size]))
    assert isinstance(source, int)
    return source, told


def _current(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).where(known(GatePass, None))).scalar_one()


def test_a_drop_sent_twice_counts_once(engine: Engine) -> None:
    rows = _passes(3000)
    assert _load(engine, rows)[1] == {"accepted": 3000}
    assert _load(engine, rows)[1] == {"duplicate": 3000}
    assert _current(engine) == 3000


def test_of_a_growing_sheet_only_the_new_rows_count(engine: Engine) -> None:
    _load(engine, _passes(2000))
    assert _load(engine, _passes(2500))[1] == {"duplicate": 2000, "accepted": 500}


def test_repeats_are_kept_as_runs(engine: Engine) -> None:
    _load(engine, _passes(3000))
    _load(engine, _passes(3000))
    with engine.connect() as connection:
        runs, rows = connection.execute(select(func.count(), func.sum(Repeat.n))).one()
    assert rows == 3000
    assert runs < 60


def test_a_run_is_of_rows_that_say_when_alike(engine: Engine) -> None:
    _load(engine, _passes(4))
    own = [None, T0 + HOUR, T0 + HOUR, None]
    rows = [(row[0], said, *row[2:]) for row, said in zip(_passes(4), own, strict=True)]
    assert _load(engine, rows, at=T0 + 2 * HOUR)[1] == {"duplicate": 4}
    with engine.connect() as connection:
        runs = select(Repeat.line, Repeat.n, Repeat.said_at).order_by(Repeat.line)  # type: ignore[arg-type]
        assert connection.execute(runs).all() == [(2, 1, None), (3, 2, T0 + HOUR), (5, 1, None)]


def test_a_correction_in_a_large_sheet_supersedes_one_row(engine: Engine) -> None:
    _load(engine, _passes(2000))
    rows = _passes(2000)
    rows[1500] = (*rows[1500][:6], "REFUSED", *rows[1500][7:])
    assert _load(engine, rows, at=T0 + 2 * HOUR)[1] == {"duplicate": 1999, "superseding": 1}
    assert _current(engine) == 2000


def test_a_growing_sheet_never_flips_another_s_correction_back(engine: Engine) -> None:
    _load(engine, _passes(10))
    _load(engine, _passes(1, "REFUSED"), team="西组", at=T0 + 2 * HOUR)
    assert _load(engine, _passes(12), at=T0 + 3 * HOUR)[1] == {"duplicate": 10, "accepted": 2}
    with engine.connect() as connection:
        refused = select(GatePass.who).where(known(GatePass, None), GatePass.verdict == "REFUSED")
        assert connection.execute(refused).scalars().all() == ["王0"]


def test_an_old_sheet_that_comes_late_is_outdated(engine: Engine) -> None:
    _load(engine, _passes(5, "REFUSED"), at=T0 + 3 * HOUR)
    with write(engine, FixedClock(T0 + 5 * HOUR), _source("西组", T0 + 5 * HOUR, T0 + HOUR)) as writing:
        assert set(state(writing, GatePass, "log", _passes(5))) == {"outdated"}
    assert _current(engine) == 5


def test_nobody_says_anything_later_than_it_was_received(engine: Engine) -> None:
    isolation = ("2", T0, "HOME", "no:1", "陈", "", None, None, None, "ORDERED", "", "", "", "", "")
    with write(engine, FixedClock(T0 + HOUR), _source("东组", T0 + HOUR)) as writing:
        state(writing, Isolation, "register", [(2, T0 + 99 * HOUR, *isolation[1:])])
    later = (*isolation[1:9], "RELEASED", *isolation[10:])
    with write(engine, FixedClock(T0 + 2 * HOUR), _source("西组", T0 + 2 * HOUR)) as writing:
        assert state(writing, Isolation, "register", [(2, None, *later)]) == ["superseding"]


def test_a_crowd_of_nobodies_in_one_minute_is_many_facts_and_again_the_same(engine: Engine) -> None:
    row = (None, T0, "北门", "IN", "", "ADMITTED", None, "", "", "", "", "", None, "", "")
    crowd = [(line, *row) for line in range(2, 502)]
    for size in (100, 77, 500):
        expected = {"accepted": 500} if size == 100 else {"duplicate": 500}
        assert _load(engine, crowd, at=T0 + size * HOUR, size=size)[1] == expected
    assert _current(engine) == 500


@pytest.mark.parametrize("size", [1, 4])
def test_a_crowd_sent_again_in_other_chunks_stands_on_to_the_last_of_it(engine: Engine, size: int) -> None:
    row = (None, T0, "北门", "IN", "", "ADMITTED", None, "", "", "", "", "", None, "", "")
    crowd = [(line, *row) for line in range(2, 12)]
    source, _ = _load(engine, crowd, size=4)
    _load(engine, crowd, at=T0 + 2 * HOUR, size=size)
    undo(engine, FixedClock(T0 + 3 * HOUR), source, list(_kept()), "赵", "发错了")
    assert _current(engine) == 10


def test_an_exact_repeat_that_names_somebody_is_a_duplicate(engine: Engine) -> None:
    rows = [*_passes(3), *_passes(3)]
    rows = [(line, *row[1:]) for line, row in enumerate(rows, 2)]
    assert _load(engine, rows, size=4)[1] == {"accepted": 3, "duplicate": 3}


def _kept() -> Iterable[Kept]:
    return [Kept(GatePass)]


def test_undo_takes_back_a_large_drop_and_undo_of_the_undo_brings_it_back(engine: Engine) -> None:
    _load(engine, _passes(500), at=T0 + HOUR)
    source, _ = _load(engine, _passes(3000), at=T0 + 2 * HOUR)
    action = undo(engine, FixedClock(T0 + 3 * HOUR), source, list(_kept()), "赵", "发错了")
    assert _current(engine) == 500
    undo(engine, FixedClock(T0 + 4 * HOUR), action, list(_kept()), "赵", "没发错")
    assert _current(engine) == 3000
    with engine.connect() as connection:
        for tick, wanted in ((1, 500), (4, 3000), (5, 500), (6, 3000)):
            at = select(func.count()).where(known(GatePass, tick))
            assert connection.execute(at).scalar_one() == wanted


def test_what_later_drops_repeated_stands_on_after_an_undo(engine: Engine) -> None:
    source, _ = _load(engine, _passes(300))
    later, _ = _load(engine, _passes(200), at=T0 + 2 * HOUR)
    undo(engine, FixedClock(T0 + 3 * HOUR), source, list(_kept()), "赵", "发错了")
    assert _current(engine) == 200
    with engine.connect() as connection:
        sources = connection.execute(select(GatePass.source_id).distinct().where(known(GatePass, None)))  # type: ignore[attr-defined]
        assert sources.scalars().all() == [later]


@pytest.mark.parametrize("rows", [MAX_RUN - 1, MAX_RUN, MAX_RUN + 1, 2 * MAX_RUN])
def test_a_run_of_repeats_stands_on_to_its_last_row(engine: Engine, rows: int) -> None:
    source, _ = _load(engine, _passes(rows))
    _load(engine, _passes(rows), at=T0 + 2 * HOUR)
    undo(engine, FixedClock(T0 + 3 * HOUR), source, list(_kept()), "赵", "发错了")
    assert _current(engine) == rows


def test_undo_goes_through_all_runs_of_a_sheet_portion_by_portion(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_module, "_KEYS", 2 * MAX_RUN)
    source, _ = _load(engine, _passes(5 * MAX_RUN))
    again, _ = _load(engine, _passes(5 * MAX_RUN), at=T0 + 2 * HOUR)
    for hour, each, left in ((3, source, 5 * MAX_RUN), (4, again, 0)):
        undo(engine, FixedClock(T0 + hour * HOUR), each, list(_kept()), "赵", "发错了")
        assert _current(engine) == left


def test_whose_voice_made_it_newest_is_missed_when_undone(engine: Engine) -> None:
    _say(engine, 1, 10)
    assert _say(engine, 3, 10, team="北组") == ["duplicate"]
    with write(engine, FixedClock(T0 + 4 * HOUR), _source("西组", T0 + 4 * HOUR, T0 + 2 * HOUR)) as writing:
        assert state(writing, SupplyRequest, "register", [_request(2, 20)]) == ["outdated"]
    undo(engine, FixedClock(T0 + 5 * HOUR), 2, [Kept(SupplyRequest)], "赵", "发错了")
    assert _requests(engine)[0] == [20.0]


def test_a_sheet_that_was_undone_breaks_nobody_s_run(engine: Engine) -> None:
    _say(engine, 1, 10)
    _say(engine, 2, 20)
    undo(engine, FixedClock(T0 + 3 * HOUR), 2, [Kept(SupplyRequest)], "赵", "发错了")
    assert _say(engine, 4, 30, team="西组") == ["superseding"]
    assert _say(engine, 5, 10) == ["duplicate"]
    assert _requests(engine)[0] == [30.0]


def test_what_an_undone_sheet_said_was_said_since_then(engine: Engine) -> None:
    _say(engine, 1, 10)
    assert _say(engine, 2, 30, team="西组") == ["superseding"]
    undo(engine, FixedClock(T0 + 3 * HOUR), 1, [Kept(SupplyRequest)], "赵", "发错了")
    assert _say(engine, 4, 10) == ["outdated"]
    assert _requests(engine)[0] == [30.0]


def test_the_same_bytes_count_again_after_an_undo(engine: Engine) -> None:
    source, _ = _load(engine, _passes(300))
    undo(engine, FixedClock(T0 + 2 * HOUR), source, list(_kept()), "赵", "发错了")
    assert _load(engine, _passes(300), at=T0 + 3 * HOUR)[1] == {"accepted": 300}
    assert _current(engine) == 300


@pytest.mark.parametrize("bound", [3, 2000])
def test_what_comes_again_after_an_undo_is_the_same_thing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    monkeypatch.setattr(stating, "_MANY_ENDED", bound)
    source, _ = _load(engine, _passes(10))
    undo(engine, FixedClock(T0 + 2 * HOUR), source, list(_kept()), "赵", "发错了")
    _load(engine, _passes(10), at=T0 + 3 * HOUR)
    with engine.connect() as connection:
        assert connection.execute(select(func.count(GatePass.entity.distinct()))).scalar_one() == 10  # type: ignore[attr-defined]


def test_what_is_undone_cannot_be_undone_again(engine: Engine) -> None:
    source, _ = _load(engine, _passes(3))
    undo(engine, FixedClock(T0 + 2 * HOUR), source, list(_kept()), "赵", "")
    with pytest.raises(CommandpostError, match="undone already"):
        undo(engine, FixedClock(T0 + 2 * HOUR), source, list(_kept()), "赵", "")
    with pytest.raises(CommandpostError, match="no source 99"):
        undo(engine, FixedClock(T0 + 2 * HOUR), 99, list(_kept()), "赵", "")


def test_what_is_loaded_of_a_source_undone_meanwhile_is_not_current(engine: Engine) -> None:
    source, _ = _load(engine, _passes(3))
    undo(engine, FixedClock(T0 + 2 * HOUR), source, list(_kept()), "赵", "")
    with write(engine, FixedClock(T0 + 3 * HOUR), source, long=True) as writing:
        assert state(writing, GatePass, "log", _passes(3, start=3)) == ["outdated"] * 3
    assert _current(engine) == 0


def _request(line: int, quantity: int) -> tuple[Any, ...]:
    return (line, None, "no:1", T0, "1", "N95", float(quantity), "", False, "NORMAL", "SUBMITTED", "三号楼",
            "", "", "")  # fmt: skip


def _say(engine: Engine, hour: int, *quantities: int, size: int = 1000, team: str = "东组") -> list[Any]:
    """A sheet that states one request on lines 2, 3, …, in chunks of `size`; returns the outcomes."""
    at = T0 + hour * HOUR
    source: int | Source = _source(team, at)
    rows = [_request(line, quantity) for line, quantity in enumerate(quantities, 2)]
    told: list[Any] = []
    for start in range(0, len(rows), size):
        with write(engine, FixedClock(at), source, long=True) as writing:
            source = writing.source_id
            told += state(writing, SupplyRequest, "register", rows[start : start + size])
    return told


def _requests(engine: Engine) -> tuple[list[float], int]:
    """(the quantities current, how many versions there are)"""
    with engine.connect() as connection:
        current = connection.execute(select(SupplyRequest.quantity).where(known(SupplyRequest, None)))
        versions = connection.execute(select(func.count()).select_from(SupplyRequest)).scalar_one()
        return [float(quantity) for quantity in current.scalars()], versions


@pytest.mark.parametrize("size", [1, 1000])
def test_a_sheet_that_says_one_thing_in_two_ways_says_nothing_new_when_sent_again(
    engine: Engine, size: int
) -> None:
    assert _say(engine, 1, 10, 20, size=size) == ["accepted", "superseding"]
    once = _requests(engine)
    for hour in (2, 3, 4):
        assert _say(engine, hour, 10, 20, size=size) == ["duplicate", "duplicate"]
        assert _requests(engine) == once


def test_the_last_line_wins_on_the_first_load_and_the_first_never_was(engine: Engine) -> None:
    assert _say(engine, 1, 10, 20, 30) == ["accepted", "superseding", "superseding"]
    assert _requests(engine) == ([30.0], 3)
    with engine.connect() as connection:
        spans = select(SupplyRequest.known_from, SupplyRequest.known_until).order_by(SupplyRequest.id)  # type: ignore[arg-type]
        assert connection.execute(spans).all() == [(1, 1), (1, 1), (1, None)]


def test_a_value_in_between_and_back_leaves_one_version_for_each_claim(engine: Engine) -> None:
    assert _say(engine, 1, 10, 20, 10) == ["accepted", "superseding", "superseding"]
    once = _requests(engine)
    assert once == ([10.0], 3)
    assert _say(engine, 2, 10, 20, 10) == ["duplicate"] * 3
    assert _requests(engine) == once


def test_a_sheet_that_gathers_two_earlier_ones_changes_nothing(engine: Engine) -> None:
    assert _say(engine, 1, 10) == ["accepted"]
    assert _say(engine, 2, 20) == ["superseding"]
    _say(engine, 3, 10, 20)
    with engine.connect() as connection:
        current = select(SupplyRequest.quantity, SupplyRequest.known_from)
        assert connection.execute(current.where(known(SupplyRequest, None))).all() == [(20.0, 2)]
    once = _requests(engine)
    assert _say(engine, 4, 10, 20) == ["duplicate", "duplicate"]
    assert _requests(engine) == once


def test_a_second_line_taken_out_later_changes_nothing(engine: Engine) -> None:
    _say(engine, 1, 10, 20)
    once = _requests(engine)
    assert _say(engine, 2, 10) == ["duplicate"]
    assert _say(engine, 3, 10) == ["duplicate"]
    assert _requests(engine) == once


def test_two_lines_sent_again_never_flip_another_team_s_correction_back(engine: Engine) -> None:
    _say(engine, 1, 10, 20)
    assert _say(engine, 2, 30, team="西组") == ["superseding"]
    once = _requests(engine)
    assert _say(engine, 3, 10, 20) == ["duplicate", "duplicate"]
    assert _requests(engine) == once


def test_of_two_teams_at_one_moment_the_one_that_repeats_does_not_win(engine: Engine) -> None:
    _say(engine, 1, 10)
    assert _say(engine, 1, 20, team="西组") == ["superseding"]
    assert _say(engine, 2, 10) == ["duplicate"]
    assert _requests(engine) == ([20.0], 2)


def test_a_line_said_twice_under_two_dates_is_settled_like_any_other(engine: Engine) -> None:
    _load(engine, _passes(1), at=T0 + 2 * HOUR)
    _load(engine, _passes(1, "REFUSED"), team="西组", at=T0 + 3 * HOUR)
    first, again = _passes(1)[0], (3, T0 + HOUR, *_passes(1)[0][2:])
    assert _load(engine, [first, again], at=T0 + 4 * HOUR)[1] == {"duplicate": 2}
    with write(engine, FixedClock(T0 + 5 * HOUR), _source("", T0 + 5 * HOUR)) as writing:
        assert resettle(writing, Kept(GatePass), [(int(T0.timestamp()), *first[3:6])]) == 0


class _HostClock:
    """A clock that may be set back."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def test_what_comes_later_is_newer_though_the_host_s_clock_was_set_back(engine: Engine) -> None:
    for hour, quantity, expected in ((9, 10, "accepted"), (3, 20, "superseding"), (4, 30, "superseding")):
        at = T0 + hour * HOUR
        with write(engine, _HostClock(at), _source("东组", at)) as writing:
            assert state(writing, SupplyRequest, "register", [_request(2, quantity)]) == [expected]
    with write(engine, _HostClock(T0 + 5 * HOUR), _source("西组", T0 + 5 * HOUR, T0 + HOUR)) as writing:
        assert state(writing, SupplyRequest, "register", [_request(2, 40)]) == ["outdated"], "an old sheet"
    assert _requests(engine)[0] == [30.0]
    with engine.connect() as connection:
        ats = connection.execute(select(Source.at).order_by(Source.id)).scalars()  # type: ignore[arg-type]
        assert [(at - T0) // HOUR for at in ats] == [9, 3, 4, 5], "when it came stays as the clock said"
