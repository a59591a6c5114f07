"""Whoever listens hears of a commit; whoever cannot listen sees it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine

from commandpost.clock import RealClock
from commandpost.places import PostPlaces
from commandpost.store.changes import Listener, Pulse, send
from commandpost.store.engine import open_post
from commandpost.store.records import Source
from commandpost.store.writing import write


@pytest.fixture
def folder() -> Iterator[Path]:
    # A socket's path may have 107 bytes, which pytest's own folders can exceed.
    with TemporaryDirectory(prefix="cp-") as name:
        yield Path(name) / "signals"


def _commit(engine: Engine) -> None:
    now = RealClock().now()
    with write(engine, RealClock(), Source(sort="drop", at=now, said_at=now)):
        pass


def test_every_listener_hears_once(folder: Path) -> None:
    with Listener(folder) as one, Listener(folder) as two:
        assert send(folder) == 2
        assert (one.heard(), two.heard(), one.heard()) == (True, True, False)


def test_many_signals_are_one_for_who_was_busy(folder: Path) -> None:
    with Listener(folder) as listener:
        for _ in range(5):
            send(folder)
        assert listener.heard()
        assert not listener.heard()


def test_a_listener_that_never_reads_holds_nobody_up(folder: Path) -> None:
    with Listener(folder) as listener:
        for _ in range(5000):
            send(folder)
        assert listener.heard()


def test_a_dead_listener_s_socket_is_removed(folder: Path) -> None:
    folder.mkdir()
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    dead.bind(str(folder / "1-dead.sock"))
    dead.close()
    with Listener(folder) as alive:
        assert send(folder) == 1
        assert alive.heard()
        assert list(folder.iterdir()) == [alive.path]


def test_a_folder_that_is_not_there_is_nobody_listening(folder: Path) -> None:
    assert send(folder) == 0


def test_a_file_that_is_no_socket_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.sock").write_text("x")
    assert send(folder) == 0
    assert (folder / "notes.sock").exists()


def test_a_commit_by_another_is_seen_once(engine: Engine) -> None:
    pulse = Pulse(engine)
    assert not pulse.changed()
    _commit(engine)
    assert pulse.changed()
    assert not pulse.changed()
    pulse.close()


def test_a_read_only_look_sees_commits_of_another_process_s_connection(post_places: PostPlaces) -> None:
    writer = open_post(post_places)
    pulse = Pulse(open_post(post_places, readonly=True))
    _commit(writer)
    assert pulse.changed()
    pulse.close()
