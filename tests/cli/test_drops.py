"""`commandpost drops answer`, `answers`, `forget-answer`, `--team`; `--map` of `import` and `check`."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from commandpost.cli.main import main

HEADER = "何时,何处,去向,何人,多少度"
ROWS = [f"2022-03-28 06:1{i}:21,东门,{'进出'[i % 2]},王伟,36.{i}" for i in range(6)]
MAPS = ["--map", "何时=时间", "--map", "何处=gate", "--map", "#3=Direction", "--map", "何人=姓名"]


def _sheet(*rows: str, header: str = HEADER) -> str:
    return "\r\n".join([header, *rows, ""])


@pytest.fixture
def asking(post: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path, int]:
    """A post, a file that asks in its drops/, and the number of its drop."""
    path = post / "drops" / "北门岗" / "早班.csv"
    path.parent.mkdir(parents=True)
    path.write_text(_sheet(*ROWS), "utf-8")
    assert main(["import", str(path), "--team", "北门岗", "--post", str(post)]) == 1
    capsys.readouterr()
    main(["drops", "--json", "--post", str(post)])
    (told,) = _told(capsys)
    assert told["verdict"] == "asks"
    return post, path, told["id"]


def _told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_without_a_word_it_shows_the_file_and_a_proposal_and_keeps_nothing(
    asking: tuple[Path, Path, int], capsys: pytest.CaptureFixture[str]
) -> None:
    post, _, drop = asking
    assert main(["drops", "answer", str(drop), "--post", str(post), "--lang", "zh"]) == 1
    said = capsys.readouterr().out
    for wanted in (
        "早班.csv",
        "何时",
        "2022-03-28 06:10:21",
        "建议：门岗通行",
        "6 格中 6 格是体温",
        "--map '何时=时间'",
    ):
        assert wanted in said
    assert main(["drops", "answer", str(drop), "--json", "--post", str(post)]) == 1
    (told,) = _told(capsys)
    assert (told["answer"], told["taken"], told["header"]) == (None, None, HEADER.split(","))
    assert [c["field"] for c in told["proposals"][0]["columns"]] == [
        "at",
        "gate",
        "direction",
        "name",
        "temperature",
    ]
    main(["drops", "answers", "--json", "--post", str(post)])
    assert _told(capsys) == []


@pytest.mark.parametrize(
    "how", [["--yes"], ["--kind", "gate-passes", *MAPS], MAPS, ["--kind", "门岗通行", "--yes"]]
)
def test_an_answer_is_kept_and_its_file_taken_at_once(
    how: list[str], asking: tuple[Path, Path, int], capsys: pytest.CaptureFixture[str]
) -> None:
    post, path, drop = asking
    assert main(["drops", "answer", str(drop), *how, "--json", "--post", str(post)]) == 0
    (told,) = _told(capsys)
    assert (told["taken"]["kind"], told["taken"]["accepted"]) == ("gate-passes", 6)
    path.write_text(_sheet(*(row.replace("06:", "07:") for row in ROWS)), "utf-8")
    assert main(["import", str(path), "--team", "北门岗", "--json", "--post", str(post)]) == 0
    assert _told(capsys)[0]["accepted"] == 6
    assert main(["drops", "answers", "--json", "--post", str(post)]) == 0
    (kept,) = _told(capsys)
    assert (kept["id"], kept["team"], kept["kind"]) == (told["answer"], "北门岗", "gate-passes")
    assert main(["drops", "forget-answer", str(kept["id"]), "--post", str(post)]) == 0
    capsys.readouterr()
    path.write_text(_sheet(*(row.replace("06:", "08:") for row in ROWS)), "utf-8")
    assert main(["check", str(path), "--team", "北门岗", "--json", "--post", str(post)]) == 1
    assert _told(capsys)[0]["verdict"] == "asks"


def test_on_a_terminal_enter_alone_cancels_and_y_keeps(asking: tuple[Path, Path, int]) -> None:
    post, _, drop = asking
    for typed, code, said in (("", 1, "Nothing was kept"), ("y", 0, "Kept as answer")):
        command = ["-m", "commandpost", "drops", "answer", str(drop), "--post", str(post), "--lang", "en"]
        running = pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(30, 80), timeout=60)
        running.expect(r"\[cancel\]")
        assert all(len(line) <= 80 for line in running.before.splitlines() if "2022-" in line or "→" in line)
        running.sendline(typed)
        running.expect(said)
        running.expect(pexpect.EOF)
        running.close()
        assert running.exitstatus == code


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (["--map", "何日=时间"], "何时 (#1)"),
        (["--map", "#9=时间"], "何时 (#1)"),
        (["--map", "何时"], "COLUMN=FIELD"),
        (["--kind", "gate-pass"], "gate-passes"),
        (["--kind", "gate-passes", "--map", "何时=体问"], "体温 (temperature)"),
        (["--kind", "gate-passes", "--map", "何时=时间", "--map", "何处=at"], "two columns"),
        (["--kind", "gate-passes", "--map", "何时=时间"], "门岗"),
    ],
)
def test_a_mapping_that_cannot_be_is_one_line_and_names_what_there_is(
    how: list[str], said: str, asking: tuple[Path, Path, int], capsys: pytest.CaptureFixture[str]
) -> None:
    post, _, drop = asking
    assert main(["drops", "answer", str(drop), *how, "--post", str(post), "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_when_the_file_is_gone_the_answer_stands_for_the_next(
    asking: tuple[Path, Path, int], capsys: pytest.CaptureFixture[str]
) -> None:
    post, path, drop = asking
    content = path.read_text("utf-8")
    path.unlink()
    answer = [
        "drops",
        "answer",
        str(drop),
        "--kind",
        "gate-passes",
        *MAPS,
        "--post",
        str(post),
        "--lang",
        "en",
    ]
    assert main(answer) == 0
    assert "not in drops/" in capsys.readouterr().err
    path.write_text(content, "utf-8")
    assert main(["import", str(path), "--team", "北门岗", "--json", "--post", str(post)]) == 0
    assert _told(capsys)[0]["accepted"] == 6


def test_what_does_not_ask_is_not_answered(post: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drops", "answer", "7", "--post", str(post), "--lang", "en"]) == 1
    assert "no drop 7" in capsys.readouterr().err


def test_a_running_watch_takes_the_file_that_was_answered_for(
    post: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = post / "drops" / "北门岗" / "早班.csv"
    path.parent.mkdir(parents=True)
    path.write_text(_sheet(*ROWS), "utf-8")
    command = [sys.executable, "-m", "commandpost", "watch", "--post", str(post)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as watching:
        try:
            drop = _waited(post, capsys, "asks")
            assert main(["drops", "answer", str(drop["id"]), "--yes", "--post", str(post)]) == 0
            assert _waited(post, capsys, "taken")["accepted"] == 6
        finally:
            watching.terminate()


def _waited(post: Path, capsys: pytest.CaptureFixture[str], verdict: str) -> dict[str, Any]:
    from time import monotonic, sleep

    end = monotonic() + 40
    while monotonic() < end:
        capsys.readouterr()
        main(["drops", "--json", "--post", str(post)])
        found = [one for one in _told(capsys) if one["verdict"] == verdict]
        if found:
            return found[-1]
        sleep(0.1)
    raise AssertionError(f"no drop {verdict}")


def test_by_team_it_says_who_sends_what_wrong_without_anybodys_data(
    post: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = post / "日志.csv"
    bad = "2022-02-30 06:15:21,东门,进,赵敏,36.6"
    path.write_text(_sheet(ROWS[0], bad, header="时间,门岗,方向,姓名,体温"), "utf-8")
    main(["import", str(path), "--team", "北门岗", "--post", str(post)])
    capsys.readouterr()
    assert main(["drops", "--team", "--json", "--post", str(post)]) == 0
    (told,) = _told(capsys)
    assert (told["team"], told["drops"], told["rows"], told["returned"], told["open"], told["mended"], told["share"]) == (
        "北门岗", 1, 2, 1, 1, 0, 0.5,
    )  # fmt: skip
    (fault,) = told["faults"]
    assert (fault["code"], fault["column"], fault["rows"], fault["line"]) == ("date", "时间", 1, 3)
    assert (
        main(["drops", "--team", "北门岗", "--since", "2020-01-01", "--post", str(post), "--lang", "zh"]) == 0
    )
    said = capsys.readouterr().out
    assert "退回 1 行（未改 1，已改 0）" in said
    assert "第 3 行" in said
    assert not any(name in said for name in ("赵敏", "36.6", "02-30"))
    assert main(["drops", "--since", "2020-01-01", "--post", str(post)]) == 2


def test_a_second_answer_for_a_drop_that_was_taken_holds_from_the_next_file_on(
    asking: tuple[Path, Path, int], capsys: pytest.CaptureFixture[str]
) -> None:
    post, path, drop = asking
    assert main(["drops", str(drop), "--post", str(post)]) == 0
    assert f"commandpost drops answer {drop}" in capsys.readouterr().err
    assert main(["drops", "answer", str(drop), "--yes", "--post", str(post)]) == 0
    capsys.readouterr()
    main(["drops", "--json", "--post", str(post)])
    taken = _told(capsys)[-1]["id"]
    command = [
        "drops",
        "answer",
        str(taken),
        *MAPS,
        "--ignore",
        "多少度",
        "--post",
        str(post),
        "--lang",
        "en",
    ]
    assert main(command) == 0
    assert "from the next file on" in capsys.readouterr().err
    path.write_text(_sheet(*(row.replace("06:", "07:") for row in ROWS)), "utf-8")
    how = ["--team", "北门岗", "--json", "--values", "--post", str(post)]
    assert main(["check", str(path), *how]) == 0
    assert {one["temperature"] for one in _told(capsys)[0]["values"]} == {None}


NO_GATE = "日期,时间,进出,姓名,体温"
OF_ONE_GATE = ["2022-03-28,7:10,进,张一,36.5", "2022-03-28,7:12,横,李二,36.6"]


def _of_one_gate(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], team: str = "北门岗"
) -> tuple[Path, int]:
    """A gate's own log, without its gate: the file, and the number of its drop."""
    (post / "post.toml").write_text('[[gate]]\nname = "东门"\n[[gate]]\nname = "西门"\n', "utf-8")
    path = tmp_path / "西门登记.csv"
    path.write_text(_sheet(*OF_ONE_GATE, header=NO_GATE), "utf-8")
    taken = ["import", str(path), "--team", team, *AT_NIGHT, "--json", "--post", str(post)]
    assert main(taken) == 1
    (told,) = _told(capsys)
    assert told["verdict"] == "asks"
    return path, told["drop"]


AT_NIGHT = ["--received", "2022-03-28T20:00+08:00"]


def test_of_a_sheet_that_lacks_a_column_it_says_what_to_do_and_types_nothing_that_fails(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for n, wanted in enumerate(("西门", "东门", "health-reports")):
        path, drop = _of_one_gate(post, tmp_path, capsys, team=f"{n}队")
        answer = ["drops", "answer", str(drop), "--file", str(path), "--post", str(post), "--lang", "en"]
        assert main(answer) == 1
        said = capsys.readouterr().out
        assert "have the team add 门岗" in said
        typed = [line.strip() for line in said.splitlines() if line.startswith("  commandpost")]
        assert (len(typed), wanted in typed[n]) == (3, True)
        assert main([*shlex.split(typed[n])[1:], "--json"]) in (0, 1), "1: a row went back"
        assert _told(capsys)[0]["taken"]["verdict"] == "taken"


def test_what_every_row_has_is_kept_for_the_team_and_holds_for_what_goes_back(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, drop = _of_one_gate(post, tmp_path, capsys)
    here = ["--post", str(post), "--json"]
    values = ["--kind", "gate-passes", "--value", "门岗=西门"]
    assert main(["drops", "answer", str(drop), *values, "--file", str(path), *here]) == 1
    assert _told(capsys)[0]["taken"]["accepted"] == 1
    assert main(["drops", "answers", *here]) == 0
    assert _told(capsys)[0]["values"] == {"gate": "西门"}
    (back,) = (post / "returned").rglob("*.csv")
    mended = tmp_path / "mended.csv"
    mended.write_text(back.read_text("utf-8-sig").replace("横", "出"), "utf-8")
    assert main(["import", str(mended), "--team", "北门岗", *AT_NIGHT, *here]) == 0
    assert _told(capsys)[0]["accepted"] == 1
    tomorrow = tmp_path / "b.csv"
    tomorrow.write_text(_sheet("2022-03-28,9:10,出,张一,36.5", header=NO_GATE), "utf-8")
    assert main(["check", str(tomorrow), "--values", "--team", "北门岗", *AT_NIGHT, *here]) == 0
    assert [one["gate"] for one in _told(capsys)[0]["values"]] == ["西门"]
    assert main(["check", str(tomorrow), "--team", "南门岗", *AT_NIGHT, *here]) == 1, "another team's asks"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("门岗", "FIELD=VALUE"),
        ("门岗=火车站", "西门"),
        ("时间=7:10", "another one in every row"),
        ("姓名=张一", "another one in every row"),
        ("进出=进", "a column 进出 itself"),
        ("门牌=3", "no column 门牌"),
    ],
)
def test_a_value_that_cannot_be_is_one_line(
    value: str, said: str, post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, drop = _of_one_gate(post, tmp_path, capsys)
    answer = ["drops", "answer", str(drop), "--kind", "gate-passes", "--value", value, "--file", str(path)]
    assert main([*answer, "--post", str(post), "--lang", "en"]) == 2
    assert said in capsys.readouterr().err


def test_of_a_file_that_is_not_there_it_says_where_to_name_it_and_nothing_untrue(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, drop = _of_one_gate(post, tmp_path, capsys)
    assert main(["drops", "answer", str(drop), "--post", str(post), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "--file FILE" in said
    assert "No kind of table" not in said
