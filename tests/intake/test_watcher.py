"""The watch loop, with real files and real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from commandpost.clock import RealClock
from commandpost.errors import CommandpostError
from commandpost.intake import queue as queue_module
from commandpost.intake.child import spawn_child
from commandpost.intake.inbox import Arrival
from commandpost.intake.log import veiled
from commandpost.intake.watcher import Watch
from commandpost.places import PostPlaces
from commandpost.settings import Settings, load_settings
from commandpost.store.lock import PostLock, is_held
from commandpost.words import message


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.01)


class Clerk:
    """Reads files like the real one, and notes what it was given and in which order."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.steps: list[str] = []
        self.verdicts: dict[str, str] = {}
        self.chunks: dict[str, int] = {}
        self.fail: dict[str, list[Exception]] = {}
        self.settings: list[Settings] = []
        self.closed = 0

    def begin(self, arrival: Arrival, settings: Settings) -> _Job:
        self.settings.append(settings)
        return _Job(self, arrival)

    def names(self) -> list[str]:
        return [name for name, _ in self.taken]


class _Job:
    def __init__(self, clerk: Clerk, arrival: Arrival) -> None:
        self.clerk, self.arrival = clerk, arrival
        self.shown, self.team = arrival.shown, arrival.team
        self.verdict = ""
        self.left = clerk.chunks.get(arrival.shown, 1)

    def step(self) -> bool:
        shown = self.arrival.shown
        self.clerk.steps.append(shown)
        if self.clerk.fail.get(shown):
            raise self.clerk.fail[shown].pop(0)
        self.left -= 1
        if self.left:
            return True
        with self.arrival.open() as file:
            data = file.read()
            self.verdict = self.clerk.verdicts.get(shown, "taken") if self.arrival.still(file) else "changed"
        if self.verdict != "changed":
            self.clerk.taken.append((shown, data))
        return False

    def close(self) -> None:
        self.clerk.closed += 1


class Watching:
    def __init__(self, places: PostPlaces) -> None:
        places.drops.mkdir(exist_ok=True)
        self.drops = places.drops
        self.clerk = Clerk()
        settings, text = load_settings(places.settings)
        self.watch = Watch(places, RealClock(), settings, self.clerk.begin, text)
        self.thread = threading.Thread(target=self.watch.run)

    def start(self) -> Watching:
        self.thread.start()
        return self

    def put(self, name: str, data: bytes = b"x") -> Path:
        """As a careful sender does: under another name, then renamed."""
        path = self.drops / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(data)
        return part.rename(path)


@pytest.fixture
def watching(post_places: PostPlaces) -> Iterator[Watching]:
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    made = Watching(post_places)
    yield made
    made.watch.stop()
    if made.thread.is_alive():
        made.thread.join(10)
    assert not made.thread.is_alive()
    signal.signal(signal.SIGIO, before)


def test_what_lay_there_at_the_start_is_taken_and_then_what_comes(watching: Watching) -> None:
    watching.put("north/before.csv")
    watching.start()
    until(lambda: watching.clerk.names() == ["north/before.csv"])
    watching.put("south/after.csv")
    until(lambda: watching.clerk.names() == ["north/before.csv", "south/after.csv"])


def test_a_drop_is_handed_on_quickly(watching: Watching) -> None:
    watching.put("first.csv")
    watching.start()
    until(lambda: len(watching.clerk.taken) == 1)
    took = []
    for n in range(10):
        began = time.monotonic()
        watching.put(f"{n}.csv")
        until(lambda n=n: len(watching.clerk.taken) == n + 2)
        took.append(time.monotonic() - began)
    # 25 to 30 ms on a machine that is not busy; a scan alone would take half a second.
    assert sorted(took)[5] < 0.25


def test_what_was_dealt_with_before_the_start_is_left_alone(watching: Watching) -> None:
    watching.put("old.csv")
    watching.put("new.csv")
    watching.watch.already = lambda arrival: arrival.shown == "old.csv"
    watching.start()
    until(lambda: watching.clerk.names() == ["new.csv"])
    watching.put("old.csv", b"rewritten")
    until(lambda: watching.clerk.names() == ["new.csv", "old.csv"])


def test_a_burst_loses_nothing(watching: Watching) -> None:
    watching.start()
    for n in range(3000):
        watching.put(f"team{n % 5}/{n}.csv", str(n).encode())
    until(lambda: len(watching.clerk.taken) >= 3000)
    assert sorted(data for _, data in watching.clerk.taken) == sorted(str(n).encode() for n in range(3000))


def test_a_folder_removed_and_made_again_is_still_watched(watching: Watching) -> None:
    watching.start()
    watching.put("north/1.csv")
    until(lambda: len(watching.clerk.taken) == 1)
    for folder in ("north", ""):
        top = watching.drops / folder
        for path in sorted(top.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        top.rmdir()
        watching.put("north/1.csv", b"again")
        before = len(watching.clerk.taken)
        until(lambda before=before: len(watching.clerk.taken) > before)
    assert watching.clerk.taken[-1] == ("north/1.csv", b"again")


def test_a_folder_moved_in_brings_its_files(watching: Watching) -> None:
    watching.start()
    outside = watching.drops.parent / "outside"
    outside.mkdir()
    for n in range(50):
        (outside / f"{n}.csv").write_bytes(b"x")
    outside.rename(watching.drops / "north")
    until(lambda: len(watching.clerk.taken) == 50)


def test_names_that_are_no_utf8_stop_nothing(watching: Watching) -> None:
    watching.start()
    for n in range(3):
        with open(os.fsencode(watching.drops) + b"/\xff%d.csv" % n, "wb") as file:
            file.write(b"x")
        until(lambda n=n: len(watching.clerk.taken) == 2 * n + 1)
        watching.put(f"{n}.csv")
        until(lambda n=n: len(watching.clerk.taken) == 2 * n + 2)


def test_a_file_half_written_then_finished_is_taken_whole(watching: Watching) -> None:
    watching.start()
    with (watching.drops / "slow.csv").open("wb") as writer:
        for _ in range(5):
            writer.write(b"half")
            writer.flush()
            watching.put("other.csv", str(time.monotonic_ns()).encode())
            count = len(watching.clerk.taken)
            until(
                lambda count=count: len(watching.clerk.taken) > count or "other.csv" in watching.clerk.names()
            )
    until(lambda: "slow.csv" in watching.clerk.names())
    assert dict(watching.clerk.taken)["slow.csv"] == b"half" * 5


def test_a_file_written_while_it_is_read_comes_again(watching: Watching) -> None:
    watching.clerk.fail["a.csv"] = []
    path = watching.put("a.csv", b"one")
    begin = watching.clerk.begin

    def rewritten(arrival: Arrival, settings: Settings) -> _Job:
        if not watching.clerk.steps:
            path.write_bytes(b"two")
        return begin(arrival, settings)

    watching.watch.queue._begin = rewritten
    watching.start()
    until(lambda: watching.clerk.taken == [("a.csv", b"two")])


def test_a_file_that_fails_stops_no_other_and_is_told_without_its_name(
    watching: Watching, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commandpost.intake.inbox.TRY_AGAIN", 0.1)
    watching.clerk.fail["王伟体温.csv"] = [
        ValueError("王伟 13812345678"),
        CommandpostError("the disk is full"),
        OperationalError("王伟", (), Exception("13812345678")),
    ]
    watching.put("王伟体温.csv")
    watching.put("b.csv")
    watching.start()
    until(lambda: watching.clerk.names() == ["b.csv", "王伟体温.csv"])
    said = capfd.readouterr().err
    assert "the disk is full" in said
    assert "ValueError" in said
    assert "OperationalError" in said
    assert "王伟体" not in said
    assert "138" not in said
    assert veiled("north/王伟体温.csv") == "north/王….csv"


def test_small_drops_go_between_the_chunks_of_a_large_one(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "SMALL", 100)
    watching.clerk.chunks["large.csv"] = 50
    watching.put("large.csv", b"x" * 1000)
    watching.start()
    until(lambda: len(watching.clerk.steps) > 2)
    for n in range(3):
        watching.put(f"{n}.csv")
    until(lambda: len(watching.clerk.taken) == 4)
    assert watching.clerk.names()[-1] == "large.csv" or watching.clerk.steps.count("large.csv") == 50


def test_many_small_drops_do_not_starve_a_large_one(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "SMALL", 100)
    monkeypatch.setattr(queue_module, "RUN_OF_SMALL", 5)
    watching.clerk.chunks["large.csv"] = 3
    watching.put("large.csv", b"x" * 1000)
    for n in range(40):
        watching.put(f"{n}.csv")
    watching.start()
    until(lambda: len(watching.clerk.taken) == 41)
    assert watching.clerk.names().index("large.csv") < 20


def test_settings_are_read_again_and_a_mistake_in_them_changes_nothing(
    watching: Watching, post_places: PostPlaces, capfd: pytest.CaptureFixture[str]
) -> None:
    noted: list[str] = []
    watching.watch.settings_changed = noted.append
    watching.clerk.verdicts["asks.csv"] = "asks"
    watching.put("asks.csv")
    watching.start()
    until(lambda: watching.clerk.names() == ["asks.csv"])
    post_places.settings.write_text("[intake]\nmax_cell = 'many'\n")
    until(lambda: "max_cell" in capfd.readouterr().err)
    assert watching.watch.settings == Settings()
    post_places.settings.write_text("[intake]\nmax_cell = 77\n")
    # What asked is asked again: the new settings may answer.
    until(lambda: watching.clerk.names() == ["asks.csv", "asks.csv"])
    assert watching.clerk.settings[-1].intake.max_cell == 77
    assert noted == ["[intake]\nmax_cell = 77\n"]


def test_taken_files_stay_where_they_are_unless_the_settings_move_them(
    watching: Watching, post_places: PostPlaces, capfd: pytest.CaptureFixture[str]
) -> None:
    watching.put("north/a.csv", b"one")
    watching.start()
    until(lambda: len(watching.clerk.taken) == 1)
    assert (watching.drops / "north/a.csv").exists()
    post_places.settings.write_text("[intake]\nmove = true\n")
    until(lambda: watching.watch.settings.intake.move)
    watching.put("north/a.csv", b"two")
    watching.put("north/b.csv", b"three")
    until(lambda: (post_places.root / "taken/north/b.csv").exists())
    until(lambda: not (watching.drops / "north/a.csv").exists())
    watching.put("north/a.csv", b"four")
    until(lambda: (post_places.root / "taken/north/a-2.csv").exists())
    assert "left" not in capfd.readouterr().err


def test_what_waited_and_is_gone_is_forgotten(watching: Watching) -> None:
    gone: list[tuple[str, str]] = []
    watching.watch.gone = lambda shown, team: gone.append((shown, team))
    watching.watch.waited_for = [("north/gone.csv", "north"), ("north/here.csv", "north")]
    watching.clerk.verdicts["north/here.csv"] = "held"
    path = watching.put("north/here.csv")
    watching.start()
    until(lambda: gone == [("north/gone.csv", "north")])
    until(lambda: watching.clerk.names() == ["north/here.csv"])
    path.unlink()
    until(lambda: gone[1:] == [("north/here.csv", "north")])


# -- processes ------------------------------------------------------------------------------------------


@pytest.fixture
def post(post_places: PostPlaces, migrated: Path) -> PostPlaces:
    (post_places.root / "post.db").write_bytes(migrated.read_bytes())
    post_places.settings.write_text("")
    post_places.drops.mkdir()
    return post_places


def _watcher(post: PostPlaces, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "commandpost", "watch", "--post", str(post.root), "--lang", "en", *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_however_a_watcher_ends_its_lock_is_free(post: PostPlaces, sign: signal.Signals) -> None:
    watcher = _watcher(post)
    until(lambda: is_held(post.watch_lock))
    second = _watcher(post)
    _, said = second.communicate(timeout=30)
    assert second.returncode == 1
    assert post.watch_lock.name in said.splitlines()[-1]
    assert "Traceback" not in said
    (post.drops / "a.csv").write_bytes(b"")
    until(lambda: b"a.csv" in post.database.read_bytes() + _wal(post))
    watcher.send_signal(sign)
    watcher.wait(10)
    assert watcher.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130}.get(sign, 0)
    assert not is_held(post.watch_lock)
    watcher.communicate()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_while_it_opens_the_post_a_watcher_ends_as_at_any_time(
    post: PostPlaces, sign: signal.Signals
) -> None:
    watcher = _watcher(post)
    until(lambda: is_held(post.watch_lock))
    # Half a second of imports lies ahead of it.
    watcher.send_signal(sign)
    _, said = watcher.communicate(timeout=30)
    assert watcher.returncode == {signal.SIGINT: 130}.get(sign, 0)
    assert said.splitlines()[-1].startswith("Ended.")


def _wal(post: PostPlaces) -> bytes:
    wal = post.root / "post.db-wal"
    return wal.read_bytes() if wal.exists() else b""


_PARENT = """
import sys, time
from pathlib import Path
from commandpost.clock import RealClock
from commandpost.intake.child import spawn_child
from commandpost.places import PostPlaces
child = spawn_child(PostPlaces(Path(sys.argv[1])), RealClock())
print(child.pid if child else "none", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_with_its_parent_however_that_ends(post: PostPlaces, sign: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(post.root)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    until(lambda: is_held(post.watch_lock))
    parent.send_signal(sign)
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_held(post.watch_lock))
    until(lambda: not _lives(child))


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_no_child_is_started_beside_a_watcher(post: PostPlaces) -> None:
    with PostLock(post.watch_lock):
        assert spawn_child(post, RealClock()) is None


def test_a_child_ends_when_its_stdin_is_closed(post: PostPlaces) -> None:
    child = spawn_child(post, RealClock())
    assert child is not None
    assert child.stdin
    until(lambda: is_held(post.watch_lock))
    child.stdin.close()
    assert child.wait(5) == 0
    assert not is_held(post.watch_lock)


def test_messages_of_the_way_in_are_told_in_chinese() -> None:
    from commandpost.words import Words

    zh = Words("zh")
    for said in (
        "the file is empty: it is looked at again when it changes",
        "the last row is cut short: it is looked at again when it changes",
        "this is a web page or XML: save it as CSV",
        "no kind of table has these columns: say which kind it is, or mend the header",
        "blank line", "repeated header", "total", "footer", "another table", "title", "separator line",
        "a quotation mark too many or too few",
    ):  # fmt: skip
        assert zh.say(message(said)) != said
