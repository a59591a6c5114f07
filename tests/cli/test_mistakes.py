"""Every mistake is one line and an exit code: 2 for wrong usage, 1 for a problem; never a traceback."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.first_schema import back_to_the_first

from commandpost.cli.main import main
from commandpost.places import PostPlaces
from commandpost.store.engine import connect

SHEET = "时间,门岗,方向,姓名,体温\n2020-02-10 07:30,北门,进,李建国,36.5\n"


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(SHEET, "utf-8")
    return tmp_path / "a.csv"


def _run(*arguments: object, shell: str = "", **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "commandpost", *map(str, arguments)]
    if shell:
        command = ["sh", "-c", shell, "sh", *command]
    return subprocess.run(command, capture_output=True, env={**os.environ, **env}, timeout=60, check=False)


def _one_line(done: subprocess.CompletedProcess[bytes], code: int) -> str:
    said = done.stderr.decode()
    assert (done.returncode, said.count("\n")) == (code, 1), said
    assert said.startswith("commandpost: ")
    assert "Error" not in said
    return said


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("moment", ["soon", "0001-01-01T00:00", "9999-12-31T23:59:59-12:00", "2020"])
def test_a_moment_that_is_none_is_wrong_usage(
    post: Path, drop: Path, moment: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["check", str(drop), "--received"], ["status", "--post", str(post), "--at"]):
        assert main([*command, moment, "--lang", language]) == 2
        said = capsys.readouterr().err
        assert (moment in said, said.count("\n")) == (True, 1)


@pytest.mark.parametrize(
    "command", [["status"], ["drops"], ["watch"], ["import", "a.csv"], ["check", "a.csv"], ["kiosk"], []]
)
def test_no_post_is_wrong_usage_and_says_how_to_make_one(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    for root in (tmp_path / "none", tmp_path / "file"):
        assert main([*command, "--post", str(root), "--lang", "en"]) == 2
        said = capsys.readouterr().err
        assert ("commandpost init" in said, said.count("\n")) == (True, 1)


def test_what_cannot_be_read_is_named_and_the_others_are_checked(
    drop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    names = [str(tmp_path / "folder"), str(tmp_path / "none.csv"), str(drop)]
    assert main(["check", *names, "--json", "--lang", "zh"]) == 1
    captured = capsys.readouterr()
    folder, missing = captured.err.splitlines()
    assert "folder" in folder
    assert "none.csv" in missing
    assert not any(word in captured.err for word in ("Is a directory", "No such file"))
    assert [json.loads(line)["verdict"] for line in captured.out.splitlines()] == ["taken"]


def test_a_hostile_name_steers_no_terminal_and_json_stays_one_line(tmp_path: Path) -> None:
    raw = b"a\nb\x1b[2J\xc2\x9bx\xe2\x80\xae\xd5\xc5.csv"
    path = os.path.join(os.fsencode(tmp_path), raw)
    with open(path, "w", encoding="utf-8") as file:
        file.write(SHEET)
    for arguments in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "commandpost", "check", path, *arguments],
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0
        assert len(done.stdout.splitlines()) == 1
        for harmful in (b"\x1b", b"\xc2\x9b", b"\xe2\x80\xae"):
            assert harmful not in done.stdout
    assert json.loads(done.stdout)["verdict"] == "taken"


def test_a_reader_that_has_gone_ends_a_command_quietly(tmp_path: Path) -> None:
    rows = "".join(f"2020-02-10 07:{n % 60:02},北门,进,人{n},36.5\n" for n in range(5000))
    (tmp_path / "big.csv").write_text(SHEET + rows, "utf-8")
    done = _run("check", tmp_path / "big.csv", "--json", "--values", shell='"$@" | head -c 10')
    assert (done.stdout[:7], done.stderr) == (b'{"file"', b"")


def test_a_closed_stdout_is_no_mistake_of_ours(drop: Path) -> None:
    for command in (["check", drop], ["template"], ["template", "rosters"]):
        done = _run(*command, shell='exec "$@" >&-')
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_stdout_is_one_line(drop: Path) -> None:
    for command in (["check", drop, "--json"], ["template", "rosters"]):
        done = _run(*command, "--lang", "en", shell='exec "$@" > /dev/full')
        assert "the disk is full" in _one_line(done, 1)


def test_no_room_for_a_drop_is_one_line_and_it_is_taken_once_there_is(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--post", str(post), "--lang", "en"]) == 0
    rows = "".join(
        f"2020-02-{1 + n // 1440:02} {n // 60 % 24:02}:{n % 60:02},北门,进,人{n},36.5\n" for n in range(9000)
    )
    (tmp_path / "big.csv").write_text(SHEET.splitlines()[0] + "\n" + rows, "utf-8")
    size = (post / "post.db").stat().st_size
    done = subprocess.run(
        [sys.executable, "-m", "commandpost", "import", tmp_path / "big.csv", "--post", post, "--lang", "en"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert "the disk is full" in _one_line(done, 1)
    capsys.readouterr()
    assert main(["import", str(tmp_path / "big.csv"), "--post", str(post), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["accepted"]) == (9000, 9000)


def test_a_database_of_no_bytes_is_made_again(post: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (post / "post.db").write_bytes(b"")
    assert main(["status", "--post", str(post)]) == 0
    assert main(["drops", "--post", str(post)]) == 0


@pytest.mark.parametrize("command", [["status"], ["drops"], ["import"], ["check"]])
def test_a_newer_schema_and_a_database_that_is_none_are_one_line(
    post: Path, drop: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--post", str(post)]) == 0
    files = [str(drop)] if command[0] in ("import", "check") else []
    with sqlite3.connect(post / "post.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    capsys.readouterr()
    assert main([*command, *files, "--post", str(post), "--lang", "en"]) == 1
    captured = capsys.readouterr()
    assert ("newer" in captured.err, captured.err.count("\n"), captured.out) == (True, 1, "")
    for left in post.glob("post.db*"):
        left.unlink()
    (post / "post.db").write_bytes(b"no database" * 500)
    assert main([*command, *files, "--post", str(post), "--lang", "en"]) == 1
    captured = capsys.readouterr()
    assert ("restore a backup" in captured.err, captured.err.count("\n")) == (True, 1)


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "zh_CN.GBK"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)  # fmt: skip
def test_a_chinese_name_is_read_and_said_in_any_locale(tmp_path: Path, locale: dict[str, str]) -> None:
    (tmp_path / "北门 日志.csv").write_text(SHEET, "utf-8")
    done = _run("check", tmp_path / "北门 日志.csv", "--json", **locale)
    assert done.returncode == 0
    assert json.loads(done.stdout)["file"].endswith("北门 日志.csv")


@pytest.mark.long
def test_an_import_that_is_interrupted_goes_on_where_it_was(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(
        f"2020-02-{1 + n // 8640:02} {n // 360 % 24:02}:{n // 6 % 60:02}:{n % 6}0,北门,进,人{n},36.5\n"
        for n in range(120_000)
    )
    (tmp_path / "big.csv").write_text(SHEET.splitlines()[0] + "\n" + rows, "utf-8")
    arguments = ["import", str(tmp_path / "big.csv"), "--post", str(post), "--json"]
    running = subprocess.Popen(
        [sys.executable, "-m", "commandpost", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 60
    while _loaded(post) == 0 and time.monotonic() < until:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err.count(b"\n")) == (130, b"", 1)
    assert 0 < _loaded(post) < 120_000
    assert main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["accepted"], told["duplicate"]) == (120_000, 120_000, 0)
    assert _loaded(post) == 120_000


def _loaded(post: Path) -> int:
    try:
        with sqlite3.connect(f"file:{post / 'post.db'}?mode=ro", uri=True) as database:
            return int(database.execute("SELECT count(*) FROM gate_pass").fetchone()[0])
    except sqlite3.Error:
        return 0


@pytest.mark.parametrize("team", ["../../elsewhere", "a/b", "..", "a\x1b[2J"])
def test_a_team_is_a_folder_and_never_leads_out_of_the_post(
    post: Path, drop: Path, team: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(drop), "--post", str(post), "--team", team]) == 2
    said = capsys.readouterr().err
    assert (said.count("\n"), "\x1b" in said) == (1, False)
    assert not list((post / "archive").iterdir())


@pytest.mark.long
def test_of_two_imports_of_one_file_at_once_each_row_counts_once(post: Path, tmp_path: Path) -> None:
    rows = "".join(
        f"2020-02-{1 + n // 1440:02} {n // 60 % 24:02}:{n % 60:02},北门,进,人{n},36.5\n"
        for n in range(30_000)
    )
    (tmp_path / "big.csv").write_text(SHEET.splitlines()[0] + "\n" + rows, "utf-8")
    command = [sys.executable, "-m", "commandpost", "import", tmp_path / "big.csv", "--post", post, "--json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    told = [running.communicate(timeout=60) for running in both]
    assert 0 in {running.returncode for running in both}
    for (_, err), running in zip(told, both, strict=True):
        assert (running.returncode, err.count(b"\n")) in ((0, 0), (1, 1)), err
    assert _loaded(post) == 30_000


@pytest.mark.long
def test_import_and_check_work_beside_a_watch(post: Path, drop: Path) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "commandpost", "watch", "--post", post, "--lang", "en"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert watching.stderr is not None
        assert "Watching" in watching.stderr.readline()
        assert "another" in _one_line(_run("watch", "--post", post, "--lang", "en"), 1)
        done = _run("import", drop, "--post", post, "--json")
        assert (done.returncode, json.loads(done.stdout)["accepted"]) == (0, 1)
        done = _run("check", drop, "--post", post, "--json")
        assert (done.returncode, json.loads(done.stdout)["duplicate"]) == (0, 1)
    finally:
        watching.terminate()
        assert watching.wait(30) == 0


def test_a_post_of_the_first_schema_says_what_to_do_and_whoever_writes_brings_it_up_to_date(
    post: Path, drop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(drop), "--post", str(post), "--received", "2020-02-10T20:00+08:00"]) == 0
    engine = connect(PostPlaces(post))
    with engine.begin() as connection:
        back_to_the_first(connection)
    engine.dispose()
    capsys.readouterr()
    assert main(["status", "--post", str(post), "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert ("commandpost watch" in said, said.count("\n")) == (True, 1)
    assert main(["import", str(drop), "--post", str(post), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["duplicate"] == 1
    assert main(["status", "--post", str(post), "--json", "--at", "2020-02-10T20:30"]) == 0
    assert json.loads(capsys.readouterr().out)["drops"]["today"] == 1
