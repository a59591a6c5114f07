"""Many small drops at once: they share transactions, and nobody can tell."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.intake.clerking import BAD, LI, WANG, ZHANG, Post, sheet

from commandpost.clock import RealClock
from commandpost.intake import clerk, queue
from commandpost.intake.giveback import archived
from commandpost.intake.watcher import Watch

ROW = "2022-03-28 06:{:02}:{:02},东门,进,王伟,13812345678,,36.5,放行"


@pytest.fixture
def watch(post: Post) -> Iterator[Watch]:
    """Stepped by the test, without its thread."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    post.places.drops.mkdir(exist_ok=True)
    made = Watch(
        post.places,
        RealClock(),
        post.settings,
        lambda arrival, now: clerk.begin(post.engine, arrival, post.places, now, post.clock),
    )
    made.queue.together = lambda jobs: clerk.together(post.engine, post.places, jobs)
    yield made
    made.queue.close()
    signal.signal(signal.SIGIO, before)


def _drop(post: Post, name: str, content: str, team: str = "north") -> Path:
    path = post.places.drops / team / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode())
    return path


def _take_all(watch: Watch) -> int:
    """Takes what is in drops/; how many transactions that took."""
    for arrival in watch.inbox.scan():
        watch.queue.add(arrival)
    steps = 0
    while len(watch.queue):
        watch.queue.step(watch.settings)
        steps += 1
    return steps


def _verdicts(post: Post) -> dict[str, tuple[str, int, int, int]]:
    found = post.ask('SELECT name, verdict, accepted, duplicate, rejected FROM "drop" WHERE done ORDER BY id')
    return {name: tuple(rest) for name, *rest in found}


def test_small_drops_share_transactions_and_each_is_as_if_it_had_come_alone(post: Post, watch: Watch) -> None:
    for n in range(40):
        _drop(post, f"{n:02}.csv", sheet(ROW.format(n, 0), ROW.format(n, 30)))
    assert _take_all(watch) <= 4
    assert set(_verdicts(post).values()) == {("taken", 2, 0, 0)}
    ticks = post.ask("SELECT n, source_id FROM tick ORDER BY n")
    assert [n for n, _ in ticks] == list(range(1, 41))
    for (sha,) in post.ask('SELECT sha256 FROM "drop"'):
        assert archived(post.places, sha).exists()
    assert not list(post.places.archive.glob(".incoming*"))


def test_of_two_alike_in_one_go_the_second_says_nothing_new(post: Post, watch: Watch) -> None:
    for n in range(6):
        _drop(post, f"{n}.csv", sheet(WANG, ROW.format(n // 2, 0)))
    _take_all(watch)
    assert [one[1:] for one in _verdicts(post).values()] == [(2, 0, 0), (1, 1, 0), (1, 1, 0)]


def test_what_goes_back_what_asks_and_what_is_held_among_small_drops(post: Post, watch: Watch) -> None:
    for n in range(12):
        _drop(post, f"{n:02}.csv", sheet(ROW.format(n, 0), *([BAD] if n % 3 == 0 else [])))
    _drop(post, "05a.csv", "甲,乙,丙\n1,2,3\n")
    _drop(post, "07a.csv", sheet(LI)[:-20])
    _take_all(watch)
    told = _verdicts(post)
    assert (told["05a.csv"][0], told["07a.csv"][0]) == ("asks", "held")
    assert sum(one[1] for one in told.values()) == 12
    # The same bad row of the same team goes back once.
    assert [path.name for path in post.returned()] == ["00_退回.csv"]


def test_one_that_cannot_be_written_costs_the_others_of_its_transaction_nothing(
    post: Post, watch: Watch, capfd: pytest.CaptureFixture[str]
) -> None:
    with post.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER no BEFORE INSERT ON \"drop\" WHEN new.name = '3.csv' "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
    for n in range(8):
        _drop(post, f"{n}.csv", sheet(ROW.format(n, 0)))
    _take_all(watch)
    assert sorted(_verdicts(post)) == [f"{n}.csv" for n in range(8) if n != 3]
    assert post.ask("SELECT count(*) FROM gate_pass WHERE known_until IS NULL") == [(7,)]
    with post.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER no"))
    watch.inbox.failed = lambda arrival, its_fault: True  # type: ignore[method-assign]
    assert post.take_path(post.places.drops / "north" / "3.csv")["accepted"] == 1


def test_an_archived_original_cut_off_by_a_power_failure_is_replaced(post: Post, watch: Watch) -> None:
    content = sheet(WANG, ZHANG)
    post.take("a.csv", content)
    ((sha,),) = post.ask('SELECT sha256 FROM "drop"')
    archived(post.places, sha).write_bytes(b"")
    for n in range(queue.AT_ONCE):
        _drop(post, f"{n}.csv", sheet(ROW.format(n, 0)), "south")
    _drop(post, "a.csv", content, "south")
    _take_all(watch)
    assert archived(post.places, sha).read_bytes() == content.encode()
