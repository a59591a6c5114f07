"""The watcher is killed, like the power, at every stage of a drop and at random: every row once, every
reject once, every original archived."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.faults.killed import STAGES

from commandpost.places import PostPlaces
from commandpost.store.lock import is_held

HEADER = "登记时间,卡口,方向,姓名,手机号,车牌,体温,核验结果"
ROUNDS = int(os.environ.get("COMMANDPOST_FAULT_ROUNDS", "30"))


def _passes(day: int, first: int, rows: int, bad_every: int = 0) -> bytes:
    lines = [HEADER]
    for n in range(first, first + rows):
        at = f"2022-03-{day:02} {n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}"
        gate = "东门" if not bad_every or n % bad_every else ""
        lines.append(f"{at},{gate},进,访客{n},,,36.5,放行")
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


class Faulty:
    """A post whose watcher is killed again and again."""

    def __init__(self, places: PostPlaces, rows: int) -> None:
        self.places = places
        self.sent = {
            "north/large.csv": _passes(1, 0, rows, bad_every=100),
            "north/small.csv": _passes(2, 0, 5),
            "south/small.csv": _passes(3, 0, 5, bad_every=2),
            "south/cut.csv": _passes(4, 0, 5)[:-20],
        }
        self.rows = rows
        for name, data in self.sent.items():
            path = places.drops / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def start(self, stage: str = "", nth: int = 1) -> subprocess.Popen[bytes]:
        script = Path(__file__).with_name("killed.py")
        return subprocess.Popen(
            [sys.executable, str(script), str(self.places.root), stage, str(nth)], stderr=subprocess.PIPE
        )

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(f"file:{self.places.database}?mode=ro", uri=True, timeout=10) as database:
            return database.execute(sql).fetchall()

    def done(self) -> bool:
        found = dict(self.ask(f"SELECT path, verdict FROM {_DROP}"))
        wanted = {**dict.fromkeys(self.sent, "taken"), "south/cut.csv": "held"}
        return found == wanted

    def finish(self) -> None:
        """Watch in peace until all is done, and a little longer."""
        watcher = self.start()
        try:
            end = time.monotonic() + 40
            while not self.done():
                assert watcher.poll() is None, watcher.stderr and watcher.stderr.read().decode()
                assert time.monotonic() < end, self.ask(
                    f"SELECT path, verdict, done, lines_done FROM {_DROP}"
                )
                time.sleep(0.05)
        finally:
            watcher.terminate()
            watcher.communicate(timeout=30)

    def prove(self) -> None:
        bad = self.rows // 100
        passes = self.ask(
            "SELECT event_at, who, count(*) FROM gate_pass WHERE known_until IS NULL GROUP BY 1, 2"
        )
        assert all(n == 1 for _, _, n in passes)
        assert len(passes) == self.rows - bad + 5 + 2
        assert self.ask("SELECT count(*) FROM gate_pass") == [(len(passes),)]
        rejects = Counter(self.ask("SELECT drop_id, line FROM reject WHERE NOT warning"))
        assert set(rejects.values()) == {1}
        assert len(rejects) == bad + 3
        assert self.ask("SELECT sum(n) FROM gate_quarter") == [(len(passes),)]
        for path, rows, accepted, rejected in self.ask(
            f"SELECT path, rows, accepted, rejected FROM {_DROP} WHERE verdict = 'taken'"
        ):
            assert rows == accepted + rejected, path
        for name, data in self.sent.items():
            if name == "south/cut.csv":
                continue
            sha = hashlib.sha256(data).hexdigest()
            (original,) = self.places.archive.rglob(f"{sha}*")
            assert original.read_bytes() == data
        returned = [path for path in self.places.returned.rglob("*") if path.is_file()]
        lines = sum(path.read_bytes().count("访客".encode()) for path in returned)
        assert lines == bad + 3
        assert not is_held(self.places.watch_lock)


_DROP = '"drop"'


@pytest.fixture
def faulty_post(post_places: PostPlaces, migrated: Path) -> PostPlaces:
    shutil.copy(migrated, post_places.database)
    post_places.settings.write_text("")
    return post_places


QUICK = ("before commit", "after os.replace")


@pytest.mark.parametrize(
    ("stage", "nth"),
    [
        pytest.param(stage, nth, marks=() if stage in QUICK and nth == 2 else pytest.mark.long)
        for stage in STAGES
        for nth in (1, 2, 3)
    ],
)
def test_killed_at_any_stage_a_drop_counts_once(faulty_post: PostPlaces, stage: str, nth: int) -> None:
    faulty = Faulty(faulty_post, rows=6000)
    watcher = faulty.start(stage, nth)
    end = time.monotonic() + 60
    while watcher.poll() is None and not faulty.done():
        assert time.monotonic() < end
        time.sleep(0.05)
    if watcher.poll() is None:
        # This stage is not reached so often.
        watcher.kill()
    watcher.communicate(timeout=30)
    faulty.finish()
    faulty.prove()


@pytest.mark.long
def test_killed_at_random_again_and_again_a_drop_counts_once(faulty_post: PostPlaces) -> None:
    chance = random.Random(2022)
    faulty = Faulty(faulty_post, rows=40_000)
    for n in range(ROUNDS):
        watcher = faulty.start()
        while not is_held(faulty_post.watch_lock) and watcher.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.5))
        watcher.kill()
        watcher.communicate(timeout=30)
        assert not is_held(faulty_post.watch_lock), n
    faulty.finish()
    faulty.prove()
