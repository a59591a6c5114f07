"""What teams, copies and file systems do to drops/, and a watcher that is real."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess

import pytest
from tests.faults.watched import DROP, Watched, nobody, until


def _burst(watched: Watched, files: int, parts: int = 6) -> None:
    """Stopped and let go on while files come, killed and started again while more do."""
    watcher = watched.watch()
    stopped = False
    for n in range(files):
        if n % (files // parts) == files // parts // 2:
            watcher.send_signal(signal.SIGCONT if stopped else signal.SIGSTOP)
            stopped = not stopped
        if n == files // 2:
            watched.kill(watcher)
            watcher, stopped = watched.watch(), False
        watched.put(f"team{n % 5}/{n}.csv", watched.rows(1, bad_every=50))
    watcher.send_signal(signal.SIGCONT)
    watched.until_taken()
    assert watched.ask(f"SELECT count(*) FROM {DROP}") == [(files,)], "none twice"
    watched.end(watcher)
    watched.prove()


@pytest.mark.long
def test_a_burst_loses_nothing_while_the_watcher_is_stopped_killed_and_started(watched: Watched) -> None:
    _burst(watched, 300)


@pytest.mark.long
def test_a_burst_of_3000_files_loses_nothing(watched: Watched) -> None:
    _burst(watched, 3000)


def test_names_that_are_no_utf8_are_taken_like_others(watched: Watched) -> None:
    watcher = watched.watch()
    team = os.fsencode(watched.places.drops) + "/北组".encode("gb18030")
    os.mkdir(team)
    names = ["登记.csv".encode("gb18030"), b"\xff\xfe.csv", b"a\xff\x1b[2J.csv", b"new\nline.csv"]
    for name in names:
        data = watched.rows(4, bad_every=3)
        watched.originals.add(hashlib.sha256(data).hexdigest())
        with open(team + b"/." + name + b".part", "wb") as file:
            file.write(data)
        os.rename(team + b"/." + name + b".part", team + b"/" + name)
        # After each of them an ordinary one: the watch is not deaf.
        watched.put(f"plain{len(watched.paths)}.csv", watched.rows(1))
        watched.until_taken()
    until(lambda: watched.ask(f"SELECT count(*) FROM {DROP} WHERE done") == [(8,)])
    for (path,) in watched.ask(f"SELECT path FROM {DROP}"):
        assert path.isprintable()
    assert "\x1b" not in watched.end(watcher)
    watched.prove()


def test_drops_removed_and_made_again_is_watched_again(watched: Watched) -> None:
    watcher = watched.watch()
    for n, gone in enumerate(("north", "", "north", "")):
        watched.put("north/a.csv", watched.rows(2 + n))
        watched.put("north/deep/er/b.csv", watched.rows(2 + n))
        watched.until_taken()
        shutil.rmtree(watched.places.drops / gone)
    watched.put("north/a.csv", watched.rows(9))
    watched.until_taken()
    watched.end(watcher)
    watched.prove()


def test_drops_renamed_away_and_back_loses_and_repeats_nothing(watched: Watched) -> None:
    watcher = watched.watch()
    away = watched.places.root / "away"
    for n in range(3):
        watched.put(f"north/{n}.csv", watched.rows(3, bad_every=2))
        watched.until_taken()
        watched.places.drops.rename(away)
        data = watched.rows(2)
        (away / f"while-away{n}.csv").write_bytes(data)
        if n:
            # A watcher meanwhile started makes the folder anew; the old one comes back beside it.
            watched.put("meanwhile.csv", watched.rows(1))
            watched.until_taken()
            shutil.rmtree(watched.places.drops)
        away.rename(watched.places.drops)
        watched.expect(f"while-away{n}.csv", data)
        watched.until_taken()
    ((count,),) = watched.ask(f"SELECT count(*) FROM {DROP}")
    assert count == len(set(watched.paths))
    watched.end(watcher)
    watched.prove()


def test_a_file_overwritten_with_an_older_time_is_another_file(watched: Watched) -> None:
    watcher = watched.watch()
    for n in range(3):
        # Rows of these numbers have one length: size tells nothing.
        while len(str(watched._next)) < 2:
            watched.rows(1)
            watched.good.clear()
        data = watched.rows(3)
        watched.expect("a.csv", data)
        path = watched.places.drops / "a.csv"
        if n == 1:
            path.write_bytes(data)
        else:
            part = path.with_name(".a.part")
            part.write_bytes(data)
            os.utime(part, (1000 - n, 1000 - n))
            part.rename(path)
        os.utime(path, (1000 - n, 1000 - n))
        watched.until_taken()
    watched.end(watcher)
    watched.prove()


def test_a_slow_writer_is_waited_for(watched: Watched) -> None:
    watcher = watched.watch()
    data = watched.rows(40, bad_every=7)
    path = watched.places.drops / "slow.csv"
    with path.open("wb") as writer:
        for n in range(0, len(data), len(data) // 4):
            writer.write(data[n : n + len(data) // 4])
            writer.flush()
            watched.put(f"other{n}.csv", watched.rows(1))
            watched.until_taken()
        assert not watched.ask(f"SELECT path FROM {DROP} WHERE path = 'slow.csv'")
    watched.expect("slow.csv", data)
    watched.until_taken()
    watched.end(watcher)
    watched.prove()


@pytest.mark.parametrize("cut", ["in a row", "after a row"])
def test_a_writer_that_dies_half_way_and_comes_again_counts_once(watched: Watched, cut: str) -> None:
    watcher = watched.watch()
    data = watched.rows(40)
    at = data.index(b"\r\n", len(data) // 2) + 2 - (9 if cut == "in a row" else 0)
    path = watched.places.drops / "slow.csv"
    path.write_bytes(data[:at])
    verdict = "held" if cut == "in a row" else "taken"
    until(lambda: watched.ask(f"SELECT verdict FROM {DROP}") == [(verdict,)])
    with path.open("ab") as writer:
        writer.write(data[at:])
    watched.expect("slow.csv", data)
    watched.until_taken()
    watched.end(watcher)
    ((sent, counted),) = watched.ask(f"SELECT sum(rows), sum(accepted) FROM {DROP}")
    assert counted == 40
    assert watched.ask("SELECT count(*), count(DISTINCT who) FROM gate_pass") == [(40, 40)]
    assert (sent > 40) is (cut == "after a row"), "what came twice is a duplicate"


def test_what_is_no_file_is_told_once_and_stops_nothing(watched: Watched) -> None:
    drops = watched.places.drops
    secret = watched.places.root / "secret.csv"
    secret.write_bytes(watched.rows(5))
    watched.good.clear()
    watcher = watched.watch()
    os.mkfifo(drops / "fifo.csv")
    (drops / "link.csv").symlink_to(secret)
    (drops / "dangling.csv").symlink_to("nowhere")
    (drops / "round.csv").symlink_to("round.csv")
    (drops / "linked").symlink_to(watched.places.root)
    (drops / "folder.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as endpoint:
        here = os.open(drops, os.O_RDONLY)
        endpoint.bind(f"/proc/self/fd/{here}/socket.csv")
        os.close(here)
        for n in range(3):
            watched.put(f"{n}.csv", watched.rows(2))
            watched.put(f"folder.csv/{n}.csv", watched.rows(2))
            watched.until_taken()
    said = watched.end(watcher)
    for name in ("fi….csv", "li….csv", "da….csv", "ro….csv", "so….csv"):
        assert said.count(name) == 1, said
    watched.prove()


def test_a_file_that_may_not_be_read_is_told_once_and_taken_when_it_may(watched: Watched) -> None:
    watcher = watched.watch(preexec_fn=nobody())
    data = watched.rows(3, bad_every=2)
    part = watched.places.drops / ".part"
    part.write_bytes(data)
    part.chmod(0)
    path = part.rename(watched.places.drops / "private.csv")
    watched.put("other.csv", watched.rows(2))
    watched.until_taken()
    assert len(watched.paths) == 1
    assert watched.ask(f"SELECT path FROM {DROP}") == [("other.csv",)]
    path.chmod(0o600)
    watched.expect("private.csv", data)
    watched.until_taken()
    assert watched.end(watcher).count("unreadable") == 1
    watched.prove()


@pytest.mark.long
def test_a_large_file_rewritten_or_removed_while_it_loads(watched: Watched) -> None:
    """What was there when the load began is loaded; what came after is another drop."""
    watcher = watched.watch()
    for n in range(2):
        first = watched.rows(30_000)
        path = watched.put("large.csv", first)
        sha = watched.paths[-1][1]
        until(lambda sha=sha: watched.ask(f"SELECT 1 FROM {DROP} WHERE sha256 = '{sha}' AND lines_done > 0"))
        if n:
            path.unlink()
        else:
            data = watched.rows(7, bad_every=2)
            watched.expect("large.csv", data)
            path.write_bytes(data)
            watched.until_taken()
    watched.until_taken()
    watched.end(watcher)
    watched.prove()


def _lines(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=60)[1]


def test_a_second_watcher_ends_at_once_with_one_line(watched: Watched) -> None:
    first = watched.watch()
    for _ in range(2):
        second = watched.start()
        said = _lines(second)
        assert second.returncode == 1
        assert said.count("\n") == 1, said
        assert "Traceback" not in said
    watched.put("a.csv", watched.rows(3))
    watched.until_taken()
    watched.kill(first)
    third = watched.watch()
    watched.put("b.csv", watched.rows(3))
    watched.until_taken()
    watched.end(third)
    watched.prove()


def test_of_watchers_started_at_once_one_watches(watched: Watched) -> None:
    several = [watched.start() for _ in range(3)]
    until(lambda: sum(process.poll() is not None for process in several) == 2)
    (watcher,) = [process for process in several if process.poll() is None]
    assert all(process.returncode == 1 for process in several if process is not watcher)
    watched.put("a.csv", watched.rows(3))
    watched.until_taken()
    watched.end(watcher)
    watched.prove()
