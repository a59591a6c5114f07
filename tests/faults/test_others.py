"""Others at work while the watcher is: a disk that is full, an officer, a board that dies."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.faults.watched import DROP, Watched, until

from commandpost.places import PostPlaces
from commandpost.store.lock import is_held

_OFFICER = """
import sqlite3, sys, time
from pathlib import Path
from commandpost.clock import RealClock
from commandpost.places import PostPlaces
from commandpost.store.engine import connect
from commandpost.store.records import Source
places = PostPlaces(Path(sys.argv[1]))
beside = sqlite3.connect(places.database)
from commandpost.store.writing import write
clock = RealClock()
engine = connect(places)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(50):
    now = clock.now()
    began = time.perf_counter()
    with write(engine, clock, Source(sort="action", at=now, said_at=now, officer="值班员")):
        pass
    print(time.perf_counter() - began, beside.execute(sys.argv[2]).fetchone()[0], flush=True)
    time.sleep(0.005)
"""
"""Prints for each write how many seconds it took, and how many drops were taken by then."""


def test_an_officer_writes_while_a_long_drop_loads(
    watched: Watched, record_property: Callable[[str, object], None]
) -> None:
    officer = watched.start(
        "-c",
        _OFFICER,
        str(watched.places.root),
        f"SELECT count(*) FROM {DROP} WHERE done",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert officer.stdout
    officer.stdout.readline()
    watcher = watched.watch()
    watched.put("long.csv", watched.rows(60_000, bad_every=500))
    until(lambda: watched.ask(f"SELECT 1 FROM {DROP} WHERE lines_done > 0"))
    told = [line.split() for line in officer.communicate("go\n", timeout=60)[0].splitlines()]
    assert officer.returncode == 0
    assert len(told) == 50, "none failed"
    assert sum(taken == "0" for _, taken in told) >= 5, "written while it loaded"
    waited = sorted(float(seconds) for seconds, _ in told)
    record_property("p99 seconds", waited[-2])
    print(f"officer's writes: p50 {waited[25]:.3f} s, p99 {waited[-2]:.3f} s, longest {waited[-1]:.3f} s")
    assert waited[-1] < 5
    watched.until_taken()
    watched.end(watcher)
    watched.prove()


@pytest.mark.parametrize("room", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (40_000, 400_000))])
def test_writes_that_fail_lose_nothing_and_go_on_when_there_is_room(watched: Watched, room: int) -> None:
    """The kernel refuses the watcher to write any file beyond `room` bytes: copy, database, returned file."""
    watcher = watched.watch()
    watched.put("before.csv", watched.rows(3))
    watched.until_taken()
    none = resource.RLIM_INFINITY
    resource.prlimit(watcher.pid, resource.RLIMIT_FSIZE, (room, none))
    watched.put("north/large.csv", watched.rows(9000, bad_every=100))
    watched.put("north/small.csv", watched.rows(9, bad_every=2))
    assert watcher.stderr
    said = ""
    while "tried again" not in said:
        line = watcher.stderr.readline()
        assert line, "the watcher ended"
        said += line
    assert watcher.poll() is None
    resource.prlimit(watcher.pid, resource.RLIMIT_FSIZE, (none, none))
    watched.until_taken()
    watched.end(watcher)
    watched.prove()


@pytest.fixture
def small_disk(watched: Watched) -> Iterator[Path]:
    """A disk of 3 MB that the post is on."""
    root = watched.places.root.parent / "disk"
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", root], capture_output=True)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield root
    watched.clear()
    subprocess.run(["umount", "-l", root], check=True)


@pytest.mark.long
def test_a_full_disk_loses_nothing(watched: Watched, small_disk: Path) -> None:
    post = PostPlaces(small_disk)
    post.settings.write_text("")
    post.drops.mkdir()
    post.database.write_bytes(watched.places.database.read_bytes())
    watched.places = post
    watcher = watched.watch()
    watched.put("before.csv", watched.rows(3))
    watched.until_taken()
    data = watched.rows(3000, bad_every=100)
    (post.drops / ".part").write_bytes(data)
    with (small_disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while ballast.write(bytes(4096)):
                pass
        except OSError:
            pass
    (post.drops / ".part").rename(post.drops / "a.csv")
    assert watcher.stderr
    assert "a" in watcher.stderr.readline() + watcher.stderr.readline()
    assert watcher.poll() is None
    (small_disk / "ballast").unlink()
    watched.expect("a.csv", data)
    watched.until_taken()
    watched.end(watcher)
    watched.prove()


_BOARD = """
import sys, time
from pathlib import Path
from commandpost.clock import RealClock
from commandpost.intake.child import spawn_child
from commandpost.places import PostPlaces
child = spawn_child(PostPlaces(Path(sys.argv[1])), RealClock())
sys.stdin.readline()
"""


def test_a_board_killed_while_its_child_loads_ends_the_child_and_loses_nothing(watched: Watched) -> None:
    watched.put("large.csv", watched.rows(30_000, bad_every=100))
    board = watched.start("-c", _BOARD, str(watched.places.root), stdin=subprocess.PIPE)
    until(lambda: watched.ask(f"SELECT 1 FROM {DROP} WHERE lines_done > 0"))
    board.kill()
    board.wait(60)
    until(lambda: not is_held(watched.places.watch_lock))
    watched.settle()
    watched.prove()


@pytest.mark.parametrize("what", ["post.db*", pytest.param("post.db-wal", marks=pytest.mark.long)])
def test_a_watcher_whose_database_was_removed_ends_and_the_next_takes_all_again(
    watched: Watched, what: str
) -> None:
    watcher = watched.watch()
    watched.put("a.csv", watched.rows(5))
    watched.until_taken()
    for file in watched.places.root.glob(what):
        file.unlink()
    said = watcher.communicate(timeout=60)[1]
    assert watcher.returncode == 1
    assert said.splitlines()[-1] == "commandpost: post.db: removed or replaced; start again"
    assert "Traceback" not in said
    watched.put("b.csv", watched.rows(3))
    watched.settle()
    watched.prove()
