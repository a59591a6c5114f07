"""How commands end: interrupted, unheard, refused by a busy database; narration and progress on stderr alone."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from functools import partial
from pathlib import Path

import pytest

from commandpost.board.lines import width
from commandpost.cli import opening
from commandpost.cli.main import main
from commandpost.store.engine import open_post

LOADING = """
import os, runpy, signal, sys

class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == "commandpost.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupted())
sys.argv = ["commandpost", "--version"]
runpy.run_module("commandpost", run_name="__main__")
"""
HEADER = "时间,门岗,方向,姓名,体温\n"
RECEIVED = ["--received", "2020-02-20T20:00+08:00"]


def sheet(path: Path, rows: int) -> Path:
    lines = (
        f"2020-02-{1 + n // 8640:02} {n // 360 % 24:02}:{n // 6 % 60:02}:{n % 6}0,北门,进,人{n},36.5\n"
        for n in range(rows)
    )
    path.write_text(HEADER + "".join(lines), "utf-8")
    return path


def test_an_interrupt_while_the_program_is_loaded_shows_no_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, timeout=60)
    assert done.stderr == b""
    assert done.returncode == -signal.SIGINT


def run(*arguments: object, shell: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "commandpost", *map(str, arguments)]
    if shell:
        command = ["bash", "-c", shell, "bash", *command]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        env={**os.environ, **env},
    )


def interrupted(*arguments: object, when: float, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command, with Ctrl-C when it has used `when` seconds of CPU: in the middle of its work."""
    command = [sys.executable, "-m", "commandpost", *map(str, arguments), "--lang", "en"]
    running = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **env},
    )  # fmt: skip
    until = time.monotonic() + 60
    while _cpu(running.pid) < when and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    return subprocess.CompletedProcess(command, running.returncode, out, err)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_check_that_is_interrupted_says_so_and_ends_with_130(tmp_path: Path) -> None:
    done = interrupted("check", sheet(tmp_path / "big.csv", 240_000), *RECEIVED, when=1.5, env={})
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "commandpost: interrupted\n")


def test_a_demo_that_is_interrupted_leaves_nothing_behind(tmp_path: Path) -> None:
    done = interrupted("demo", when=2.0, env={"TMPDIR": str(tmp_path)})
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "commandpost: interrupted\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [["status"], ["drops"], ["template", "census"], ["--help"], ["check", "FILE", "--json"], ["import", "FILE"]],
    ids=" ".join,
)  # fmt: skip
def test_a_reader_that_goes_away_is_no_mistake(command: list[str], post: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.csv", 3)
    arguments = [str(file) if part == "FILE" else part for part in command]
    assert main(["import", str(file), "--post", str(post), *RECEIVED]) == 0
    gone = run(*arguments, "--post", post, shell='"$@" | head -c 0; exit ${PIPESTATUS[0]}')
    assert (gone.returncode in (0, 1), gone.stderr) == (True, "")


def test_a_database_that_stays_busy_is_one_line(
    post: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(sheet(tmp_path / "a.csv", 3))
    assert main(["status", "--post", str(post)]) == 0
    capsys.readouterr()
    monkeypatch.setattr(opening, "open_post", partial(open_post, busy_limit=0.1))
    other = sqlite3.connect(post / "post.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for command in (["import", file], ["check", file]):
        for language, said in (("en", "the database is busy: try again"), ("zh", "忙")):
            assert main([*command, "--post", str(post), "--lang", language, *RECEIVED]) == 1
            captured = capsys.readouterr()
            assert captured.out == ""
            assert said in captured.err
            assert captured.err.count("\n") == 1
    # Who only looks does not wait for who writes.
    assert main(["status", "--post", str(post)]) == 0
    assert main(["drops", "--post", str(post)]) == 0
    other.execute("ROLLBACK")
    other.close()
    capsys.readouterr()
    assert main(["import", file, "--post", str(post), "--json", *RECEIVED]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == 3


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.long)])
def test_progress_tells_bytes_rows_rejects_and_time_left_on_one_line_and_goes_away(
    language: str, post: Path, tmp_path: Path
) -> None:
    name = "北门登记表" * 12 + ".csv"
    big = sheet(tmp_path / name, 40_000)
    with big.open("a", encoding="utf-8") as file:
        file.write("2020-02-30 07:30,北门,进,王某,36.5\n" * 3)
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
    running = subprocess.Popen(
        [sys.executable, "-m", "commandpost", "import", big, "--post", post, "--lang", language, "--json", *RECEIVED],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=child, text=True,
    )  # fmt: skip
    os.close(child)
    out, _ = running.communicate(timeout=120)
    shown = _drain(parent).decode()
    assert running.returncode == 1
    assert len(json.loads(out)["rejected"]) == 3
    drawn = shown.split("\r")
    words = {
        "zh": ("%（", " MB）", "行", "退", "还需", "秒"),
        "en": ("% of ", " MB", " rows", " back", " s left"),
    }
    assert any(all(word in line for word in words[language]) for line in drawn)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert all(width(line) <= 69 for line in drawn)
    assert (drawn[-2].strip(), drawn[-1]) == ("", "")


def _drain(parent: int) -> bytes:
    shown = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            return shown
        if not piece:
            return shown
        shown += piece


def test_stdout_is_data_and_stderr_is_narration(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, new, here = str(sheet(tmp_path / "a.csv", 3)), str(tmp_path / "new"), ["--post", str(post)]
    assert main(["init", new]) == 0
    told = capsys.readouterr()
    assert (told.out, "drops" in told.err) == (f"{new}\n", True)
    for command in (
        ["template"], ["template", "census"], ["check", file, "--json"], ["import", file, "--json", *here, *RECEIVED],
        ["status", *here], ["status", "--json", *here], ["drops", *here], ["drops", "--json", *here],
    ):  # fmt: skip
        assert main(command) == 0
        told = capsys.readouterr()
        assert (bool(told.out), told.err) == (True, "")
