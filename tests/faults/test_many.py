"""A folder full of small files: they are written together, and killing the watcher costs none of them."""

from __future__ import annotations

import pytest
from tests.faults.watched import DROP, LIMIT, Watched, until


def _taken_though_killed(watched: Watched, files: int, kills: tuple[int, ...]) -> None:
    for n in range(files):
        watched.put(f"north/{n:04}.csv", watched.rows(2, bad_every=50))
    for taken in kills:
        watcher = watched.watch()
        until(
            lambda taken=taken: watched.ask(f"SELECT count(*) FROM {DROP} WHERE done")[0][0] >= taken,
            limit=LIMIT + 0.2 * files,
        )
        watched.kill(watcher)
    watched.settle()
    watched.prove()
    # Each of them has its tick, though several were committed at once.
    assert watched.ask("SELECT count(*) = max(n) FROM tick") == [(1,)]


def test_a_hundred_files_at_once_are_taken_once_though_the_watcher_is_killed(watched: Watched) -> None:
    _taken_though_killed(watched, 100, (20, 60))


@pytest.mark.long
def test_five_thousand_files_in_one_folder_are_taken_once_though_the_watcher_is_killed(
    watched: Watched,
) -> None:
    _taken_though_killed(watched, 5000, (300, 1500, 1600, 4000))
