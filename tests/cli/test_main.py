"""The way in: finding commands, telling mistakes in one line, never a traceback or anybody's data."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from commandpost.cli import main as entry
from commandpost.cli.main import main
from commandpost.cli.mistakes import one_line, told
from commandpost.words import Words


@pytest.fixture(autouse=True)
def _no_post_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMMANDPOST_HOME", str(tmp_path / "nothing-here"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """stderr, which must be one line of ours; stdout must be empty."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1, captured.err
    assert captured.err.startswith("commandpost: ")
    assert "Traceback" not in captured.err
    return captured.err.removeprefix("commandpost: ").strip()


def test_help_and_version_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "kiosk" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("commandpost ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["statsu"], ["statsu", "status"]),
        (["zzzz"], ["zzzz", "--help"]),
        (["status", "--jason"], ["--jason"]),
        (["status", "--at", "yesterday"], ["yesterday", "2020-02-03"]),
        (["status", "--post"], ["--post"]),
        (["check"], ["FILE"]),
        (["template", "gate-pases"], ["gate-passes"]),
        (["template", "门岗通形"], ["门岗通行"]),
        (["status", "--lang", "fr"], ["fr", "zh, en"]),
        (["demo", "residental-park"], ["residential-park"]),
        (["demo", "--speed", "0"], ["--speed"]),
        (["status"], ["no post", "init"]),
        (["watch"], ["no post", "init"]),
        (["drops"], ["no post", "init"]),
        (["import", "x.csv"], ["no post", "init"]),
        ([], ["no post", "init"]),
        (["kiosk"], ["no post", "init"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_wrong_usage_is_one_line_that_says_what_to_do(
    arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    line = said(capsys)
    for word in words:
        assert word in line


def test_mistakes_are_told_in_chinese_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh", "statsu"]) == 2
    assert "没有命令" in said(capsys)


def test_without_a_terminal_the_board_says_so_and_ends(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["init", str(tmp_path / "post")]) == 0
    capsys.readouterr()
    assert main(["--post", str(tmp_path / "post")]) == 2
    assert "terminal" in said(capsys)


def test_a_wrong_setting_is_named_with_its_key(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "post.toml").write_text("[thresholds]\nfever = 12\n", "utf-8")
    assert main(["--post", str(tmp_path), "status"]) == 1
    assert "thresholds.fever" in said(capsys)


def test_a_damaged_database_is_told_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "post.db").write_bytes(b"no database at all, but long enough to be one" * 50)
    assert main(["--post", str(tmp_path), "status"]) == 1
    assert "post.db" in said(capsys)


def test_a_newer_post_is_refused_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["init", str(tmp_path)]) == 0
    assert main(["--post", str(tmp_path), "status"]) == 0
    capsys.readouterr()
    with sqlite3.connect(tmp_path / "post.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    for command in ("status", "drops"):
        assert main(["--post", str(tmp_path), command]) == 1
        assert "newer" in said(capsys)


def test_an_error_of_our_own_shows_no_value_of_anybody(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(arguments: list[str], words: Words) -> int:
        raise ValueError("王秀兰 13800000000 37.6")

    monkeypatch.setattr(entry, "_run", broken)
    assert main(["status"]) == 1
    line = said(capsys)
    assert "ValueError" in line
    assert "王秀兰" not in line
    assert "138" not in line


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError(errno.EROFS, "Read-only file system", "post.db"), "read-only"),
        (FileNotFoundError(errno.ENOENT, "gone", "a.csv"), "a.csv: no such file"),
        (PermissionError(errno.EACCES, "no", "a.csv"), "a.csv: no permission"),
        (sqlite3.OperationalError("database is locked"), "busy"),
        (sqlite3.OperationalError("database or disk is full"), "disk is full"),
        (sqlite3.DatabaseError("file is not a database"), "post.db"),
    ],
)
def test_what_the_system_says_becomes_what_to_do(error: Exception, word: str) -> None:
    line, code = told(error, Words("en"))
    assert word in line
    assert code == 1


def test_a_hostile_file_name_cannot_steer_the_terminal() -> None:
    line = one_line("a\x1b]52;c;aGk=\x07b\u202ec\nd.csv")
    assert line.isprintable()


def test_interrupted_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(arguments: list[str], words: Words) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "_run", interrupted)
    assert main(["status"]) == 130
    assert said(capsys) == "interrupted"
    assert main(["import", "a.csv"]) == 130
    assert "the same command goes on" in said(capsys)


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    done = subprocess.run(
        ["bash", "-c", '"$0" -m commandpost --help | true; echo "${PIPESTATUS[0]}"', sys.executable],
        capture_output=True, text=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.strip() in ("0", "1")


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "gbk"}, {}])
def test_output_is_utf8_in_every_locale(locale: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "commandpost", "--help", "--lang", "zh"],
        capture_output=True, env={"PATH": os.environ["PATH"], **locale},
    )  # fmt: skip
    assert done.returncode == 0
    assert "命令" in done.stdout.decode("utf-8")


def test_ctrl_c_while_watching_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "commandpost", "init", tmp_path], check=True, capture_output=True)
    child = subprocess.Popen(
        [sys.executable, "-m", "commandpost", "--post", tmp_path, "watch"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stderr is not None
    assert str(tmp_path) in child.stderr.readline()
    child.send_signal(signal.SIGINT)
    _, rest = child.communicate(timeout=20)
    assert child.returncode == 130
    assert rest.splitlines()[-1].startswith(("Ended", "已结束"))
    assert "Traceback" not in rest
