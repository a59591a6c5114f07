"""Files that come slowly, in pieces, out of order, over each other: each is taken once, and whole."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.faults import share, slowly
from tests.faults.watched import DROP, Watched, until


def _comes_slowly(watched: Watched, files: int, seed: str, over: float, slow: float, shared: bool) -> None:
    """`files` schedules of a seed, beginning within `over` seconds, written by a process of its own."""
    chance = random.Random(seed)
    coming: list[tuple[Path, bytes]] = []
    for n in range(files):
        name = f"team{n % 7}/{n}.csv"
        data = watched.rows(chance.randint(2, 40), bad_every=chance.choice([0, 3, 9]))
        watched.expect(name, data)
        coming.append((watched.places.drops / name, data))
    outside = watched.places.root.parent / "whole"
    outside.mkdir()
    plan = slowly.plan_of(coming, outside, seed, over, slow)
    root = str(watched.places.root)
    on_a_share = [str(share.__file__), "watch", "--post", root, "--lang", "en"]
    watcher = watched.start(*on_a_share) if shared else watched.watch()
    writer = watched.start(str(slowly.__file__), str(plan))
    until(lambda: writer.poll() is not None, limit=60 + 10 * over)
    assert writer.returncode == 0, writer.communicate()[1]
    watched.until_taken()
    watched.end(watcher)
    taken = Counter(path for (path,) in watched.ask(f"SELECT path FROM {DROP} WHERE verdict = 'taken'"))
    assert taken == Counter({path: 1 for path, _ in watched.paths}), "every file once"
    assert watched.ask(f"SELECT path, verdict FROM {DROP} WHERE verdict <> 'taken'") == []
    watched.prove()


def test_files_that_come_slowly_on_a_share_are_taken_once_and_whole(watched: Watched) -> None:
    _comes_slowly(watched, 30, "thirty", 0.2, 0.3, shared=True)


@pytest.mark.long
def test_files_that_come_slowly_on_a_local_disk_are_taken_once_and_whole(watched: Watched) -> None:
    _comes_slowly(watched, 100, "hundred", 5, 1, shared=False)


@pytest.mark.long
@pytest.mark.parametrize("half", ["first", "second"])
def test_a_thousand_random_schedules_are_taken_once_and_whole(watched: Watched, half: str) -> None:
    seed = f"{half} {random.randrange(1 << 32)}"
    print(f"schedules of seed {seed!r}", file=sys.stderr)
    _comes_slowly(watched, 500, seed, 25, 1, shared=True)


def test_what_stands_between_two_steps_is_never_a_whole_file() -> None:
    ways = Counter[str]()
    data = b"a,b,c,d\r\n" + b"".join(b"%04d,two,three,four\r\n" % n for n in range(30))
    for n in range(500):
        chance = random.Random(n)
        steps = slowly.schedule(data, chance)
        ways.update({what for _, what, *_ in steps})
        assert sum(pause for pause, *_ in steps) < 60
    assert set(ways) == {"create", "write", "cut", "size", "times", "renamed", "remove"}
    for n in range(500):
        at = slowly.inside_a_row(data, random.Random(n))
        assert b"," in data[:at].rpartition(b"\n")[2] or data[at : at + 1] == b","
        assert data[:at].rpartition(b"\n")[2].count(b",") < 3
