"""Who may only read a post reads it whether somebody has it open or not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, QueuePool, create_engine, text
from tests.faults.watched import nobody

from commandpost.clock import FixedClock
from commandpost.errors import CommandpostError
from commandpost.places import PostPlaces
from commandpost.store.engine import open_post
from commandpost.store.records import Source
from commandpost.store.sealed import open_sealed, watch_seals
from commandpost.store.writing import write

NOON = datetime(2020, 2, 3, 12, tzinfo=UTC)
WALL = """
import sys
from pathlib import Path
from sqlalchemy import text
from commandpost.places import PostPlaces
from commandpost.store.changes import Pulse
from commandpost.store.engine import open_post

engine = open_post(PostPlaces(Path(sys.argv[1])), readonly=True)
pulse = Pulse(engine)
for line in sys.stdin:
    changed = pulse.changed()
    with engine.connect() as connection:
        ticks = connection.execute(text("SELECT count(*) FROM tick")).scalar()
    print(changed, ticks, flush=True)
"""


def _tick(engine: Engine) -> None:
    with write(engine, FixedClock(NOON), Source(sort="drop", at=NOON, said_at=NOON)):
        pass


@pytest.fixture
def shut(post_places: PostPlaces) -> Iterator[PostPlaces]:
    """A post that nobody has open, in a folder that may only be read."""
    engine = open_post(post_places)
    _tick(engine)
    engine.dispose()
    post_places.settings.write_text("")
    assert not list(post_places.root.glob("post.db-*"))
    post_places.root.chmod(0o555)
    yield post_places
    post_places.root.chmod(0o755)


def _status(places: PostPlaces) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commandpost", "status", "--json", "--lang", "en", "--post", str(places.root)],
        preexec_fn=nobody(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_a_post_nobody_has_open_is_read_by_who_may_not_write(shut: PostPlaces) -> None:
    told = _status(shut)
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout)["tick"] == 1


def test_a_post_that_was_not_closed_says_what_to_do(shut: PostPlaces) -> None:
    shut.root.chmod(0o755)
    engine = open_post(shut)
    _tick(engine)
    log = Path(f"{shut.database}-wal").read_bytes()
    engine.dispose()
    Path(f"{shut.database}-wal").write_bytes(log)
    shut.root.chmod(0o555)
    told = _status(shut)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        "commandpost: post.db: was not closed, and who may not write cannot open it so: "
        "its owner must open it once (`commandpost status`)"
    ]
    shut.root.chmod(0o755)
    open_post(shut, readonly=True).dispose()
    shut.root.chmod(0o555)
    assert json.loads(_status(shut).stdout)["tick"] == 2


def test_a_reader_who_stays_sees_what_a_writer_does_who_comes_later(shut: PostPlaces) -> None:
    wall = subprocess.Popen(
        [sys.executable, "-c", WALL, str(shut.root)],
        preexec_fn=nobody(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert wall.stdin
    assert wall.stdout

    def seen() -> str:
        assert wall.stdin
        assert wall.stdout
        wall.stdin.write("look\n")
        wall.stdin.flush()
        return wall.stdout.readline().strip()

    assert seen() == "False 1"
    shut.root.chmod(0o755)
    engine = open_post(shut)
    _tick(engine)
    assert seen() == "True 2"
    assert seen() == "False 2"
    _tick(engine)
    assert seen() == "True 3"
    engine.dispose()
    again = open_post(shut)
    _tick(again)
    assert seen() == "True 4"
    wall.stdin.close()
    assert wall.wait(60) == 0
    again.dispose()


def test_what_was_read_while_somebody_wrote_does_not_count(post_places: PostPlaces) -> None:
    writer = open_post(post_places)
    writer.dispose()
    path = post_places.database
    reader = create_engine(
        "sqlite://",
        creator=lambda: open_sealed(path, f"file:{path}?mode=ro", isolation_level=None),
        poolclass=QueuePool,
    )
    watch_seals(reader)
    connection = reader.connect()
    connection.execute(text("SELECT count(*) FROM tick"))
    _tick(writer)
    with pytest.raises(CommandpostError, match="while it was read"):
        connection.close()
    writer.dispose()
    with reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM tick")).scalar() == 1
    reader.dispose()
