"""A loader killed anywhere loses nothing and counts nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from commandpost.desks.gate.tables import GatePass
from commandpost.places import PostPlaces
from commandpost.store.engine import open_post
from commandpost.store.records import known

LOADER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlalchemy import func, select
from commandpost.clock import RealClock
from commandpost.desks.gate.tables import GatePass
from commandpost.places import PostPlaces
from commandpost.store.claims import state
from commandpost.store.engine import open_post
from commandpost.store.records import Source
from commandpost.store.writing import write

engine = open_post(PostPlaces(Path(sys.argv[1])))
T0 = datetime(2020, 2, 3, tzinfo=UTC)
with engine.connect() as connection:
    done = connection.execute(select(func.max(GatePass.line))).scalar() or 0
source = 1 if done else Source(sort="drop", at=T0, said_at=T0, team="东组")
print(done, flush=True)
while done < 6000:
    rows = [
        (line, None, T0 + timedelta(seconds=line // 3), "北门", "IN", f"王{line}", "ADMITTED", 36.5,
         "", "", "", "", "", None, "", "")
        for line in range(done + 1, done + 101)
    ]
    with write(engine, RealClock(), source, long=True) as writing:
        outcomes = state(writing, GatePass, "log", rows)
        assert set(outcomes) == {"accepted"}, set(outcomes)
    source, done = writing.source_id, rows[-1][0]
    print(done, flush=True)
"""


def _start(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LOADER, str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("rounds", [4, pytest.param(40, marks=pytest.mark.long)])
def test_a_loader_killed_again_and_again_ends_with_every_row_once(
    post_places: PostPlaces, rounds: int
) -> None:
    engine = open_post(post_places)
    for n in range(rounds):
        loader = _start(post_places.root)
        assert loader.stdout is not None
        for _ in range(2 + n % 3):
            loader.stdout.readline()
        # Anywhere within the next chunk, which takes a few milliseconds.
        time.sleep((n % 7) / 2000)
        os.kill(loader.pid, signal.SIGKILL)
        loader.communicate()
    last = _start(post_places.root)
    assert last.communicate(timeout=60)[1] == ""
    assert last.returncode == 0
    with engine.connect() as connection:
        n, lines = connection.execute(
            select(func.count(), func.count(GatePass.line.distinct())).where(known(GatePass, None))  # type: ignore[attr-defined]
        ).one()
        assert (n, lines) == (6000, 6000)
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
