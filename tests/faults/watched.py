"""A post whose watcher is a real process, and what must be true of it whatever was done to that process."""

from __future__ import annotations

import csv
import hashlib
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commandpost.intake import giveback
from commandpost.places import PostPlaces
from commandpost.store.lock import is_held

HEADER = "登记时间,卡口,方向,姓名,手机号,车牌,体温,核验结果"
LIMIT = 60.0
"""Seconds a condition has to come true, on a machine that is busy with other tests."""
DROP = '"drop"'


def until(true: Callable[[], Any], said: Callable[[], object] = lambda: "", limit: float = LIMIT) -> None:
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end, f"did not come true in time {said()}"
        time.sleep(0.01)


class Forked:
    """A child of killed.py, with what one needs of a Popen."""

    def __init__(self, forker: subprocess.Popen[str], stage: str, nth: int) -> None:
        assert forker.stdin
        assert forker.stdout
        self._said = forker.stdout
        forker.stdin.write(f"{stage}\t{nth}\n")
        forker.stdin.flush()
        self.pid = int(self._said.readline())
        self.status: int | None = None

    def poll(self) -> int | None:
        if self.status is None and select.select([self._said], [], [], 0)[0]:
            self.status = int(self._said.readline())
        return self.status

    def wait(self, limit: float) -> None:
        if self.status is None:
            if not select.select([self._said], [], [], limit)[0]:
                raise subprocess.TimeoutExpired("killed.py", limit)
            self.poll()

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class Watched:
    """Files of gate passes that are sent, each row another person, and the watcher that takes them in."""

    def __init__(self, places: PostPlaces) -> None:
        self.places = places
        self.good: set[str] = set()
        self.bad: Counter[str] = Counter()
        self.originals: set[str] = set()
        self.paths: list[tuple[str, str]] = []
        """(path as shown, sha256) of every file that must end as taken."""
        self._next = 0
        self._running: list[subprocess.Popen[str]] = []
        self._forker: subprocess.Popen[str] | None = None

    # -- sending ----------------------------------------------------------------------------------------

    def rows(self, n: int, bad_every: int = 0) -> bytes:
        """A sheet of `n` new people; every `bad_every`th has passed on 30 February."""
        lines = [HEADER]
        for _ in range(n):
            self._next += 1
            k = self._next
            bad = bad_every and k % bad_every == 0
            day = "2022-02-30" if bad else f"2022-03-{1 + k // 80_000 % 28:02}"
            at = f"{day} {k // 3600 % 24:02}:{k // 60 % 60:02}:{k % 60:02}"
            lines.append(f"{at},{'东西南北'[k % 4]}门,{'进出'[k // 4 % 2]},访客{k},,,36.5,放行")
            if bad:
                self.bad[f"访客{k}"] += 1
            else:
                self.good.add(f"访客{k}")
        return ("\r\n".join(lines) + "\r\n").encode("gb18030")

    def expect(self, shown: str, data: bytes) -> None:
        sha = hashlib.sha256(data).hexdigest()
        self.originals.add(sha)
        self.paths.append((shown, sha))

    def put(self, name: str, data: bytes) -> Path:
        """As a careful sender does: under another name, then renamed."""
        path = self.places.drops / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(data)
        self.expect(name, data)
        return part.rename(path)

    # -- watching ---------------------------------------------------------------------------------------

    def start(self, *command: str, **more: Any) -> subprocess.Popen[str]:
        """`commandpost watch`, or another command, as a process of its own."""
        real = ["-m", "commandpost", "watch", "--post", str(self.places.root), "--lang", "en"]
        process = subprocess.Popen(
            [sys.executable, *(command or real)], stderr=subprocess.PIPE, text=True, **more
        )
        self._running.append(process)
        return process

    def watch(self, **more: Any) -> subprocess.Popen[str]:
        """A watcher that has begun."""
        watcher = self.start(**more)
        until(lambda: is_held(self.places.watch_lock) or watcher.poll() is not None)
        assert watcher.poll() is None, watcher.communicate()[1]
        return watcher

    def fork(self, stage: str = "", nth: int = 0) -> Forked:
        """A watcher that kills itself at a stage (see killed.py), sooner there than a real one."""
        if self._forker is None:
            script = str(Path(__file__).with_name("killed.py"))
            self._forker = self.start(
                script, str(self.places.root), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return Forked(self._forker, stage, nth)

    def end(self, watcher: subprocess.Popen[str]) -> str:
        """Ends it politely; what it said."""
        watcher.terminate()
        said = watcher.communicate(timeout=LIMIT)[1]
        assert watcher.returncode == 0, said
        assert "Traceback" not in said
        return said

    def kill(self, watcher: subprocess.Popen[str] | Forked) -> None:
        """kill -9; its lock is free at once."""
        watcher.kill()
        watcher.wait(LIMIT)
        assert not is_held(self.places.watch_lock)

    def clear(self) -> None:
        for process in self._running:
            if process.poll() is None:
                process.kill()
                process.communicate()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    pipe.close()

    def ask(self, sql: str) -> list[Any]:
        database = sqlite3.connect(f"file:{self.places.database}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def _made(self) -> bool:
        """Whether the database of a new post is there, tables and all."""
        try:
            return bool(self.ask("SELECT 1 FROM sqlite_master WHERE name = 'drop'"))
        except sqlite3.OperationalError:
            return False

    def all_taken(self) -> bool:
        if not self._made():
            return False
        taken = set(self.ask(f"SELECT path, sha256 FROM {DROP} WHERE verdict = 'taken' AND done"))
        return taken.issuperset(self.paths)

    def until_taken(self) -> None:
        until(
            self.all_taken,
            lambda: self.ask(f"SELECT path, verdict, why, lines_done FROM {DROP}")[-9:],
            LIMIT + 0.2 * len(self.paths),
        )

    def settle(self) -> str:
        """Watches in peace until all is taken; what the watcher said."""
        watcher = self.watch()
        self.until_taken()
        return self.end(watcher)

    # -- what must be true ------------------------------------------------------------------------------

    def prove(self) -> None:
        """Every row once, every reject once and given back once, every original kept, every sum right."""
        passes = self.ask("SELECT who FROM gate_pass")
        assert len(passes) == len(self.good)
        assert {who for (who,) in passes} == self.good
        rejects = Counter(who for (who,) in self.ask("SELECT json_extract(cells, '$[3]') FROM reject"))
        assert rejects == self.bad
        given: Counter[str] = Counter()
        for path in self.places.returned.rglob("*"):
            if path.is_file():
                with path.open(encoding="utf-8-sig", newline="") as file:
                    head, *rows = csv.reader(file)
                assert len({len(row) for row in (head, *rows)}) == 1, path.name
                given.update(row[3] for row in rows)
        assert given == self.bad
        for path, *counts in self.ask(
            "SELECT path, rows, accepted, superseding, duplicate, outdated, rejected "
            f"FROM {DROP} WHERE verdict = 'taken'"
        ):
            assert counts[0] == sum(counts[1:]), path
        ((rows,),) = self.ask(f"SELECT coalesce(sum(accepted + rejected), 0) FROM {DROP}")
        assert rows == len(self.good) + self.bad.total()
        for table, start, span in (("gate_quarter", "quarter", 900), ("gate_day", "day", 86_400)):
            kept = self.ask(
                f"SELECT {start}, gate, direction, verdict, n FROM {table} WHERE n ORDER BY 1, 2, 3, 4"
            )
            raw = self.ask(
                f"SELECT event_at - event_at % {span}, gate, direction, verdict, count(*) FROM gate_pass "
                "WHERE known_until IS NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
            )
            assert kept == raw
        kept_files = {path.name: path for path in self.places.archive.rglob("*") if path.is_file()}
        for sha in self.originals:
            original = kept_files[giveback.archived(self.places, sha).name]
            assert hashlib.sha256(original.read_bytes()).hexdigest() == sha
        assert not [name for name in kept_files if not name.endswith(".bin")], "nothing half copied stays"
        assert self.ask("PRAGMA integrity_check") == [("ok",)]


def nobody() -> Callable[[], None] | None:
    """For `preexec_fn`: takes from root what lets it read files whose permissions forbid it."""
    if os.geteuid():
        return None
    import ctypes

    libc = ctypes.CDLL(None)

    def drop() -> None:
        # PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: gone after the exec that follows.
        for capability in (1, 2):
            libc.prctl(24, capability, 0, 0, 0)

    return drop
