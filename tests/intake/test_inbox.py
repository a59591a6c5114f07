"""What arrived and is complete."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commandpost.intake.inbox import Arrival, Changed, Inbox

NOON = datetime(2022, 3, 28, 4, tzinfo=UTC)


class Drops:
    """A drops folder, its inbox, and a clock that is set by hand."""

    def __init__(self, folder: Path, *, leases: bool) -> None:
        self.folder = folder
        self.seconds = 0.0
        self.odd: list[tuple[str, str]] = []
        self.inbox = Inbox(
            folder,
            lambda: NOON,
            lambda: self.seconds,
            leases=leases,
            odd=lambda shown, what: self.odd.append((shown, what)),
        )

    def put(self, name: str, data: bytes = b"x") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def found(self) -> list[str]:
        return [arrival.shown for arrival in self.inbox.scan()]

    def one(self) -> Arrival:
        (arrival,) = self.inbox.scan()
        return arrival


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    """Without leases, as on a network share: every file needs two looks."""
    (tmp_path / "drops").mkdir()
    return Drops(tmp_path / "drops", leases=False)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Drops]:
    """On a local disk, where a lease tells."""
    (tmp_path / "drops").mkdir()
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    made = Drops(tmp_path / "drops", leases=True)
    path = made.put("probe.csv")
    if made.found() != ["probe.csv"]:
        pytest.skip("this file system gives no leases")
    path.unlink()
    made.inbox.scan()
    yield made
    signal.signal(signal.SIGIO, before)


def test_a_renamed_in_file_is_taken_at_once(local: Drops) -> None:
    part = local.put("north/.part.tmp")
    assert local.found() == []
    part.rename(local.folder / "north" / "gate.csv")
    arrival = local.one()
    assert (arrival.shown, arrival.team, arrival.received) == ("north/gate.csv", "north", NOON)


def test_a_file_a_writer_has_open_is_not_complete_until_it_is_closed(local: Drops) -> None:
    with (local.folder / "gate.csv").open("wb") as writer:
        writer.write(b"half")
        writer.flush()
        assert local.found() == []
        local.seconds += 60
        assert local.found() == []
        writer.write(b" and half")
    assert local.found() == ["gate.csv"]


def test_a_writer_is_never_kept_waiting_by_our_lease(local: Drops) -> None:
    path = local.put("gate.csv")
    assert local.found() == ["gate.csv"]
    handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    os.close(handle)


def test_without_leases_two_equal_looks_a_second_apart_tell(drops: Drops) -> None:
    drops.put("gate.csv")
    assert drops.found() == []
    drops.seconds = 0.9
    assert drops.found() == []
    assert drops.inbox.waiting
    drops.seconds = 1.0
    assert drops.found() == ["gate.csv"]
    assert not drops.inbox.waiting


def test_a_file_that_grows_between_looks_starts_anew(drops: Drops) -> None:
    path = drops.put("gate.csv", b"a")
    for second in range(5):
        drops.seconds = second
        path.write_bytes(b"a" * (second + 2))
        assert drops.found() == []
    drops.seconds = 5
    assert drops.found() == ["gate.csv"]


def test_a_file_is_brought_once(local: Drops) -> None:
    local.put("gate.csv")
    arrival = local.one()
    assert local.found() == []
    local.inbox.settle(arrival, "taken")
    local.seconds = 99_999
    assert local.found() == []


def test_a_rewrite_is_a_new_drop_even_with_an_older_time(local: Drops) -> None:
    path = local.put("gate.csv", b"new")
    local.inbox.settle(local.one(), "taken")
    other = local.put(".other", b"old")
    os.utime(other, (1, 1))
    other.rename(path)
    assert local.found() == ["gate.csv"]
    path.write_bytes(b"abc")
    os.utime(path, (1, 1))
    assert local.found() == ["gate.csv"]


def test_a_file_deleted_and_made_again_is_a_new_drop(local: Drops) -> None:
    path = local.put("north/gate.csv")
    local.inbox.settle(local.one(), "taken")
    path.unlink()
    path.parent.rmdir()
    assert local.found() == []
    assert local.inbox.folders_changed
    local.put("north/gate.csv")
    assert local.found() == ["north/gate.csv"]


def test_held_files_come_again_when_they_change_or_are_overdue(local: Drops) -> None:
    path = local.put("gate.csv", b"")
    local.inbox.settle(local.one(), "held")
    assert local.found() == []
    path.write_bytes(b"rest")
    arrival = local.one()
    assert not arrival.overdue
    local.inbox.settle(arrival, "held")
    local.seconds = 599
    assert local.found() == []
    local.seconds = 600
    arrival = local.one()
    assert arrival.overdue
    local.inbox.settle(arrival, "asks")
    local.seconds = 9999
    assert local.found() == []


def test_new_settings_bring_back_what_was_held_or_asks(local: Drops) -> None:
    for verdict in ("held", "asks", "taken"):
        local.put(f"{verdict}.csv")
        local.inbox.settle(local.one(), verdict)
    local.inbox.ask_again()
    assert sorted(local.found()) == ["asks.csv", "held.csv"]


def test_a_held_file_that_is_taken_away_is_told(local: Drops) -> None:
    path = local.put("north/gate.csv", b"")
    local.inbox.settle(local.one(), "held")
    path.unlink()
    local.inbox.scan()
    assert local.inbox.gone == [("north/gate.csv", "north")]


def test_what_failed_is_brought_again_later_but_not_for_ever(local: Drops) -> None:
    local.put("gate.csv")
    for _ in range(10):
        assert local.inbox.failed(local.one(), its_fault=False)
        assert local.found() == []
        local.seconds += 5
    assert local.inbox.failed(local.one(), its_fault=True)
    local.seconds += 5
    assert local.inbox.failed(local.one(), its_fault=True)
    local.seconds += 5
    assert not local.inbox.failed(local.one(), its_fault=True)
    local.seconds += 500
    assert local.found() == []


@pytest.mark.parametrize(
    "name",
    [
        ".gate.csv", "~$gate.csv", ".~lock.gate.csv#", "gate.csv.tmp", "gate.TMP", "gate.csv.part", "gate.csv.filepart",
        "gate.crdownload", "Thumbs.db", "desktop.ini", ".DS_Store", "gate.csv~", "~WRL0001.tmp", ".hidden/gate.csv",
        "@eaDir/gate.csv", "$RECYCLE.BIN/gate.csv", "System Volume Information/x", "__MACOSX/gate.csv", "#recycle/a.csv",
    ],
)  # fmt: skip
def test_temporary_names_are_ignored(local: Drops, name: str) -> None:
    path = local.put(name)
    assert local.found() == []
    assert local.inbox.look(str(path)) is None
    assert local.odd == []


@pytest.mark.parametrize(
    "name", ["gate.csv", "值班表 3月.csv", "a/b/c/gate.txt", "no-ending", "gate.csv.1", "GATE.CSV"]
)
def test_all_other_names_are_drops(local: Drops, name: str) -> None:
    path = local.put(name)
    arrival = local.inbox.look(str(path))
    assert arrival is not None
    assert arrival.shown == name
    assert local.found() == []


def test_names_that_are_no_utf8_are_taken_and_made_visible(local: Drops) -> None:
    (local.folder / "north").mkdir()
    raw = os.fsencode(local.folder / "north") + b"/\xc3\xc5\xb8\xda\x1b[31m.csv"
    with open(raw, "wb") as file:
        file.write(b"x")
    arrival = local.one()
    arrival.shown.encode("utf-8")
    assert "\x1b" not in arrival.shown
    assert arrival.shown.startswith("north/\\xc3")
    with arrival.open() as opened:
        assert opened.read() == b"x"


def test_only_regular_files_are_drops_and_the_rest_is_told_once(local: Drops) -> None:
    target = local.folder.parent / "secret.csv"
    target.write_bytes(b"x")
    (local.folder / "link.csv").symlink_to(target)
    (local.folder / "dangling.csv").symlink_to("nowhere")
    (local.folder / "folder").symlink_to(local.folder.parent)
    os.mkfifo(local.folder / "pipe.csv")
    for _ in range(3):
        assert local.found() == []
    assert sorted(local.odd) == [
        ("dangling.csv", "link"), ("folder", "link"), ("link.csv", "link"), ("pipe.csv", "no regular file"),
    ]  # fmt: skip


def test_a_file_swapped_for_a_link_or_a_pipe_is_not_opened(local: Drops) -> None:
    path = local.put("gate.csv")
    arrival = local.one()
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(Changed):
        arrival.open()
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(OSError):
        arrival.open()


def test_a_file_written_after_the_look_is_another_one(local: Drops) -> None:
    path = local.put("gate.csv", b"one")
    arrival = local.one()
    with arrival.open() as file:
        assert arrival.still(file)
        path.write_bytes(b"two")
        assert not arrival.still(file)
    with pytest.raises(Changed):
        arrival.open()
    local.inbox.settle(arrival, "changed")
    assert local.found() == ["gate.csv"]


@pytest.mark.usefixtures("permissions_count")
def test_an_unreadable_file_is_told_once_and_taken_when_it_can_be_read(local: Drops) -> None:
    path = local.put("gate.csv")
    path.chmod(0)
    assert local.found() == []
    assert local.found() == []
    assert local.odd == [("gate.csv", "unreadable")]
    path.chmod(0o600)
    assert local.found() == ["gate.csv"]


def test_a_burst_of_three_thousand_comes_whole_and_oldest_first(local: Drops) -> None:
    for n in range(3000):
        path = local.put(f"team{n % 7}/{n}.csv")
        os.utime(path, (10_000 - n, 10_000 - n))
    arrivals = local.inbox.scan()
    assert [arrival.shown.split("/")[1] for arrival in arrivals] == [
        f"{n}.csv" for n in reversed(range(3000))
    ]
    assert local.found() == []


def test_a_folder_that_is_missing_is_empty(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "nowhere", lambda: NOON, lambda: 0.0, held_asks=timedelta(minutes=1))
    assert inbox.scan() == []
