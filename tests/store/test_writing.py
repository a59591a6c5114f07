"""Ticks are the post's clock of knowledge."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from commandpost.clock import FixedClock, RealClock
from commandpost.errors import CommandpostError
from commandpost.places import PostPlaces
from commandpost.store.engine import give_way, my_turn, open_post
from commandpost.store.records import Source, Tick
from commandpost.store.writing import together, write

NOON = datetime(2020, 2, 3, 12, tzinfo=UTC)


def _source(at: datetime = NOON) -> Source:
    return Source(sort="drop", at=at, said_at=at, team="东组")


def test_committed_at_never_decreases_whatever_the_host_s_clock_does(engine: Engine) -> None:
    for minutes in (0, 10, -60, 5, 20):
        with write(engine, FixedClock(NOON + timedelta(minutes=minutes)), _source()):
            pass
    with engine.connect() as connection:
        ticks = connection.execute(select(Tick.n, Tick.committed_at).order_by(Tick.n)).all()  # type: ignore[arg-type]
    assert [n for n, _ in ticks] == [1, 2, 3, 4, 5]
    assert [int((at - NOON).total_seconds() // 60) for _, at in ticks] == [0, 10, 10, 10, 20]


def test_a_write_that_fails_leaves_neither_tick_nor_source(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), write(engine, FixedClock(NOON), _source()):
        raise ZeroDivisionError
    with write(engine, FixedClock(NOON), _source()) as writing:
        assert (writing.tick, writing.source_id) == (1, 1)


def _ticks(engine: Engine) -> list[tuple[int, int]]:
    with engine.connect() as connection:
        told = connection.execute(select(Tick.n, Tick.source_id).order_by(Tick.n))  # type: ignore[arg-type]
        return [(n, source) for n, source in told]


def test_writes_together_have_a_tick_each_and_are_seen_by_others_all_at_once(engine: Engine) -> None:
    with together(engine):
        for n in (1, 2):
            with write(engine, FixedClock(NOON), _source()) as writing:
                assert (writing.tick, writing.source_id) == (n, n)
        assert _ticks(engine) == []
    assert _ticks(engine) == [(1, 1), (2, 2)]
    with together(engine):
        pass
    with write(engine, FixedClock(NOON), 1) as writing:
        assert writing.tick == 3


def test_of_writes_together_one_that_fails_leaves_none(engine: Engine) -> None:
    def both() -> None:
        with together(engine):
            with write(engine, FixedClock(NOON), _source()):
                pass
            with write(engine, FixedClock(NOON), _source()):
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        both()
    assert _ticks(engine) == []


def test_another_thread_does_not_join_writes_together(post_places: PostPlaces) -> None:
    engine = open_post(post_places)
    order: list[str] = []

    def officer() -> None:
        with write(engine, RealClock(), _source()):
            order.append("officer")

    with together(engine):
        with write(engine, RealClock(), _source()):
            pass
        other = threading.Thread(target=officer)
        other.start()
        order.append("load")
    other.join(10)
    assert (order, len(_ticks(engine))) == (["load", "officer"], 2)
    engine.dispose()


def test_a_source_that_is_not_there_is_a_mistake_of_one_line(engine: Engine) -> None:
    with pytest.raises(CommandpostError, match="no source 7"), write(engine, FixedClock(NOON), 7) as writing:
        writing.source(7)


def test_ticks_of_many_writers_have_no_gap_and_no_twin(engine: Engine) -> None:
    def some() -> None:
        for _ in range(10):
            with write(engine, RealClock(), _source()):
                pass

    writers = [threading.Thread(target=some) for _ in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    with engine.connect() as connection:
        ticks = connection.execute(select(Tick.n, Tick.committed_at).order_by(Tick.n)).all()  # type: ignore[arg-type]
    assert [n for n, _ in ticks] == list(range(1, 41))
    assert [at for _, at in ticks] == sorted(at for _, at in ticks)


def test_a_load_lets_a_short_writer_go_first(post_places: PostPlaces) -> None:
    engine = open_post(post_places)
    raised, order = threading.Event(), []

    def officer() -> None:
        with my_turn(engine):
            raised.set()
            with write(engine, RealClock(), _source()):
                order.append("officer")

    other = threading.Thread(target=officer)
    with write(engine, RealClock(), _source(), long=True):
        other.start()
        assert raised.wait(10)
    with write(engine, RealClock(), _source(), long=True):
        order.append("load")
    other.join(10)
    assert order == ["officer", "load"]


def test_nobody_can_hold_up_a_load_for_ever(post_places: PostPlaces) -> None:
    engine = open_post(post_places)
    with my_turn(engine):
        give_way(engine, limit=0.05)


def test_a_turn_file_that_cannot_be_made_stops_nobody(post_places: PostPlaces) -> None:
    engine = open_post(post_places)
    (post_places.root / "turn.lock").mkdir()
    for long in (False, True):
        with write(engine, RealClock(), _source(), long=long) as writing:
            assert writing.tick == 1 + long
