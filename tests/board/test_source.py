"""The source thread on a real post: what it tells, when time alone changes the board, when the post goes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message

from commandpost.board import frame, lines
from commandpost.board.messages import IntakeChanged, Pictured, Unavailable
from commandpost.board.source import RESPAWN, Source
from commandpost.cli.main import main
from commandpost.clock import Clock, RealClock
from commandpost.places import PostPlaces
from commandpost.store.lock import PostLock
from commandpost.words import Words

LIMIT = 20.0
"""Seconds a test waits: the machine may be busy with other tests."""
CAME = datetime.fromisoformat("2020-02-10T20:13:17+08:00")
SHEET = "时间,门岗,方向,姓名,体温,结果\n2020-02-10 20:12,北门,进,季云帆,36.5,放行\n"
TEAM = '[[team]]\nname = "gate-north"\nkinds = ["gate-passes"]\nevery = "30m"\n'


class SetClock:
    """Tells what it was set to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Told:
    """What a source told, from its thread."""

    def __init__(self, source: Source, messages: list[Message]) -> None:
        self.source, self.messages = source, messages

    def until(self, met: Callable[[Any], bool]) -> Any:
        """The latest message that meets the condition."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            for message in reversed(self.messages):
                if met(message):
                    return message
            time.sleep(0.01)
        raise AssertionError([type(message).__name__ for message in self.messages])

    def pictured(self) -> Pictured:
        found = self.until(lambda message: isinstance(message, Pictured))
        assert isinstance(found, Pictured)
        return found


@contextmanager
def told(places: PostPlaces, clock: Clock, *, intake: bool = False) -> Iterator[Told]:
    messages: list[Message] = []
    source = Source(places, clock, messages.append, intake=intake, masked=not intake)
    source.start()
    try:
        yield Told(source, messages)
    finally:
        source.stop()


@pytest.fixture
def post(post_places: PostPlaces, capsys: pytest.CaptureFixture[str]) -> PostPlaces:
    """A post whose north gate sends every half hour, and sent at 20:13:17."""
    post_places.settings.write_text(TEAM, "utf-8")
    sheet = post_places.root / "gate.csv"
    sheet.write_text(SHEET, "utf-8")
    given = ["--post", str(post_places.root), "--received", CAME.isoformat(), "--team", "gate-north"]
    assert main(["import", str(sheet), *given]) == 0
    capsys.readouterr()
    return post_places


def drawn(message: Pictured) -> str:
    return lines.as_text(frame.whole(message.picture, (120, 36), frame.View(focus="term"), Words("zh")))


def test_one_second_past_its_timetable_a_pane_gains_frame_word_and_age(post: PostPlaces) -> None:
    clock = SetClock(CAME + timedelta(minutes=30))
    with told(post, clock) as seen:
        before = seen.pictured()
        assert not before.picture.gate.freshness.stale
        assert "╌" not in drawn(before)
        seen.messages.clear()
        clock.moment += timedelta(seconds=1)
        after = seen.pictured()
    assert after.picture.gate.freshness.stale
    assert "旧 30分" in drawn(after)
    assert "╌" in drawn(after)


def test_the_next_minute_is_looked_at_and_nothing_before(post: PostPlaces) -> None:
    clock = SetClock(CAME)
    with told(post, clock) as seen:
        seen.pictured()
        seen.messages.clear()
        clock.moment = CAME.replace(second=59)
        # A look that has nothing new to tell leaves no trace, so a question is put behind it.
        seen.source.ask(("probe",), lambda look, engine: look.moment)
        seen.until(lambda message: getattr(message, "name", None) == ("probe",))
        assert not any(isinstance(message, Pictured) for message in seen.messages)
        clock.moment = CAME.replace(second=0) + timedelta(minutes=1)
        assert seen.pictured().picture.moment == clock.moment


def test_a_folder_in_which_nobody_can_watch_is_still_read(post: PostPlaces) -> None:
    (post.root / "watch.log").mkdir()
    with told(post, SetClock(CAME), intake=True) as seen:
        seen.pictured()
        seen.source._spawned = seen.source._seen = -RESPAWN
        seen.until(lambda message: isinstance(message, IntakeChanged) and not message.state.running)
        seen.source.ask(("probe",), lambda look, engine: look.moment)
        seen.until(lambda message: getattr(message, "name", None) == ("probe",))
        assert not any(isinstance(message, Unavailable) for message in seen.messages)


def test_nobody_saw_when_intake_stopped_before_the_board_came(post: PostPlaces) -> None:
    with told(post, SetClock(CAME)) as seen:
        found = seen.until(lambda message: isinstance(message, IntakeChanged))
        assert found.state == (False, None)
        with PostLock(post.watch_lock):
            seen.until(lambda message: isinstance(message, IntakeChanged) and message.state.running)
            seen.messages.clear()
        found = seen.until(lambda message: isinstance(message, IntakeChanged))
        assert found.state == (False, CAME)


def test_a_clock_set_back_is_followed(post: PostPlaces) -> None:
    clock = SetClock(CAME + timedelta(hours=1))
    with told(post, clock) as seen:
        seen.pictured()
        seen.messages.clear()
        clock.moment = CAME
        assert seen.pictured().picture.moment == CAME


def test_a_post_that_is_missing_damaged_deleted_and_back_is_tried_again_for_ever(
    post: PostPlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commandpost.board.source.AGAIN", 0.05)
    away = post.root / "away.db"
    unavailable = lambda message: isinstance(message, Unavailable)  # noqa: E731
    for path in (post.database.with_name("post.db-wal"), post.database.with_name("post.db-shm")):
        path.unlink(missing_ok=True)
    post.database.rename(away)
    with told(post, SetClock(CAME)) as seen:
        seen.until(unavailable)
        post.database.write_bytes(b"no database " * 100)
        seen.messages.clear()
        seen.until(unavailable)
        put(away, post.database)
        assert seen.pictured().picture.gate.rows
        seen.messages.clear()
        post.database.unlink()
        seen.until(unavailable)
        for path in (post.database.with_name("post.db-wal"), post.database.with_name("post.db-shm")):
            path.unlink(missing_ok=True)
        seen.messages.clear()
        put(away, post.database)
        assert seen.pictured().picture.gate.rows


def put(kept: Path, where: Path) -> None:
    """A whole file at once."""
    copy = where.with_name("copy.db")
    copy.write_bytes(kept.read_bytes())
    copy.replace(where)


def test_a_mistake_in_the_settings_is_said_and_their_mending_seen(post: PostPlaces) -> None:
    post.settings.write_text("zone = 7\n", "utf-8")
    with told(post, SetClock(CAME)) as seen:
        seen.until(lambda message: isinstance(message, Unavailable))
        post.settings.write_text(TEAM, "utf-8")
        assert seen.pictured()


def test_while_the_settings_have_a_mistake_the_board_goes_on_with_the_last_good_ones(
    post: PostPlaces,
) -> None:
    folder = post.drops / "gate-north"
    folder.mkdir(parents=True)

    def dropped(minute: str) -> None:
        sheet = post.root / f"{minute}.csv"
        sheet.write_text(SHEET.replace("20:12", f"20:{minute}"), "utf-8")
        put(sheet, folder / sheet.name)

    def has(n: int) -> Callable[[Message], bool]:
        return lambda message: isinstance(message, Pictured) and len(message.picture.drops.rows) == n

    with told(post, RealClock(), intake=True) as seen:
        dropped("13")
        assert seen.until(has(2)).mistake is None
        post.settings.write_text(TEAM + "zone = 7\n", "utf-8")
        wrong = seen.until(lambda message: isinstance(message, Pictured) and message.mistake)
        assert "post.toml" in Words("en").say(wrong.mistake)
        assert [team.name for team in wrong.settings.team] == ["gate-north"]
        dropped("14")
        assert seen.until(has(3)).mistake is not None
        assert not any(isinstance(message, Unavailable) for message in seen.messages)
        post.settings.write_text(TEAM, "utf-8")
        seen.until(lambda message: message is seen.messages[-1] and message.mistake is None)


def test_an_intake_child_that_dies_is_started_again(
    post: PostPlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commandpost.board.source.RESPAWN", 0.5)
    post.drops.mkdir()
    with told(post, RealClock(), intake=True) as seen:
        seen.until(lambda message: isinstance(message, IntakeChanged) and message.state.running)
        first = seen.source.child
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        seen.until(lambda _: seen.source.child is not None and seen.source.child.pid != first.pid)
        second = seen.source.child
        assert second is not None
        assert second.poll() is None
    assert second.poll() is not None
