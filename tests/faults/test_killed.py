"""The watcher is killed, as by a power cut, at every stage of a drop and at random: every row once, every
reject once, every original kept, every returned file whole."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from subprocess import TimeoutExpired

import pytest
from tests.faults.killed import STAGES
from tests.faults.watched import Watched, until
from tests.intake.books import book

from commandpost.places import PostPlaces

ROUNDS = int(os.environ.get("COMMANDPOST_FAULT_ROUNDS", "30"))
ROUNDS_A_POST = 15
QUICK = ("before commit",)


def _send(post: Watched, n: int, rows: int = 4500) -> None:
    post.put(f"north/large{n}.csv", post.rows(rows, bad_every=100))
    post.put(f"north/clean{n}.csv", post.rows(5))
    post.put(f"south/small{n}.csv", post.rows(5, bad_every=2))
    post.put(f"all-bad{n}.csv", post.rows(2, bad_every=1))
    post.put(f"north/book{n}.xlsx", _book(post, rows))


def _book(post: Watched, rows: int) -> bytes:
    """A workbook of two sheets, the second with more rows than a chunk has where `rows` are more."""
    sheets = {"早班": post.rows(5, bad_every=2), "晚班": post.rows(rows, bad_every=100)}
    return book(
        {
            name: [line.split(",") for line in data.decode("gb18030").splitlines()]
            for name, data in sheets.items()
        }
    )


@pytest.mark.parametrize(
    "stage",
    [pytest.param(stage, marks=() if stage in QUICK else pytest.mark.long) for stage in STAGES],
)
def test_killed_at_any_stage_a_drop_counts_once(watched: Watched, stage: str) -> None:
    """At the first, the second … time a watcher comes there: between chunks, at the last one, in another drop."""
    killed = 0
    for nth in (1, 2, 3, 5):
        _send(watched, nth)
        watcher = watched.fork(stage, nth)
        until(lambda watcher=watcher: watcher.poll() is not None or watched.all_taken())
        killed += watcher.poll() is not None
        watched.kill(watcher)
        assert watcher.status == 9
    assert killed, "no watcher ever came to this stage"
    watched.settle()
    watched.prove()


def _again_and_again(watched: Watched, rounds: int, chance: random.Random) -> None:
    for n in range(rounds):
        _send(watched, n, rows=chance.choice((100, 4000, 12_000)))
        watcher = watched.fork()
        with pytest.raises(TimeoutExpired):
            # The moment of the kill: from before the first scan until all is likely to be done.
            watcher.wait(chance.uniform(0.0, 0.6))
        watched.kill(watcher)
    watched.settle()
    watched.prove()


@pytest.mark.long
def test_killed_five_times_at_random_a_drop_counts_once(watched: Watched) -> None:
    _again_and_again(watched, 5, random.Random(5))


@pytest.mark.long
@pytest.mark.parametrize("part", range(-(-ROUNDS // ROUNDS_A_POST)))
def test_killed_at_random_again_and_again_a_drop_counts_once(watched: Watched, part: int) -> None:
    _again_and_again(watched, min(ROUNDS_A_POST, ROUNDS - part * ROUNDS_A_POST), random.Random(part))


@pytest.mark.long
def test_killed_in_its_first_second_a_post_still_opens(watched: Watched, migrated: Path) -> None:
    """While the database is made, too."""
    chance = random.Random(3)
    data = watched.rows(50, bad_every=10)
    for n in range(10):
        root = watched.places.root / f"new{n}"
        (root / "drops").mkdir(parents=True)
        (root / "post.toml").touch()
        new = Watched(PostPlaces(root))
        watcher = new.start()
        with pytest.raises(TimeoutExpired):
            watcher.wait(chance.uniform(0.2, 1.2))
        new.kill(watcher)
        new.good, new.bad = watched.good, watched.bad
        new.put("a.csv", data)
        new.settle()
        new.prove()
        shutil.rmtree(root)
