"""`check`, `import`, `template` and `drops`: contracts people script against."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from commandpost.cli.main import main
from commandpost.desks.kinds import KINDS

CLEAN = "登记时间,卡口,方向,姓名,体温,核验结果\n2020-02-10 07:30,北门,进,李建国,36.5,放行\n2020-02-10 07:41,北门,出,周敏,,放行\n"
MESSY = CLEAN + "2020-02-30 08:00,北门,进,吴志强,36.6,放行\n2020-02-10 08:10,北门,进,郑凯,98.6,放行\n"
KEYS = [
    "file", "kind", "verdict", "encoding", "delimiter", "rows", "records",
    "accepted", "superseding", "duplicate", "outdated", "rejected", "warnings", "skipped",
]  # fmt: skip
RECEIVED = ["--received", "2020-02-10T20:00+08:00"]


@pytest.fixture
def clean(tmp_path: Path) -> str:
    (tmp_path / "北门.csv").write_text(CLEAN, "utf-8")
    return str(tmp_path / "北门.csv")


@pytest.fixture
def messy(tmp_path: Path) -> str:
    (tmp_path / "北门乱.csv").write_bytes(MESSY.encode("gb18030"))
    return str(tmp_path / "北门乱.csv")


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_check_needs_no_post_and_writes_nothing(
    clean: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMMANDPOST_HOME", str(tmp_path / "none"))
    assert main(["check", clean, "--json", *RECEIVED]) == 0
    (one,) = told(capsys)
    assert [key for key in one if key in KEYS] == KEYS
    assert (one["kind"], one["verdict"], one["rows"], one["accepted"]) == ("gate-passes", "taken", 2, 2)
    assert {path.name for path in tmp_path.iterdir()} == {"北门.csv"}


def test_values_are_told_as_they_would_be_stored(clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", clean, "--json", "--values", *RECEIVED]) == 0
    (one,) = told(capsys)
    assert [value["line"] for value in one["values"]] == [2, 3]
    assert one["values"][0]["at"] == "2020-02-10T07:30:00+08:00"
    assert one["values"][0]["temperature"] == 36.5
    assert one["values"][1]["temperature"] is None


def test_a_bad_row_is_named_and_the_exit_code_says_so(messy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", messy, "--json", *RECEIVED]) == 1
    (one,) = told(capsys)
    assert [(bad["line"], bad["code"]) for bad in one["rejected"]] == [(4, "date")]
    assert [(warned["line"], warned["code"]) for warned in one["warnings"]] == [(5, "temperature")]
    assert set(one["rejected"][0]) == {"line", "column", "code", "reason", "hint"}
    assert one["rows"] == one["accepted"] + len(one["rejected"])


def test_reasons_come_in_the_language_asked_for(messy: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", messy, "--json", "--lang", "en", *RECEIVED])
    english = told(capsys)[0]["rejected"][0]["reason"]
    main(["check", messy, "--json", "--lang", "zh", *RECEIVED])
    assert english.isascii()
    assert not told(capsys)[0]["rejected"][0]["reason"].isascii()


def test_the_text_report_is_for_people(messy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", messy, "--lang", "zh", *RECEIVED]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "退1" in lines[0]
    assert any("第4行" in line for line in lines[1:])


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    clean: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "missing.csv"), clean, "--json", *RECEIVED]) == 1
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 1
    assert captured.err.count("\n") == 1
    assert "missing.csv" in captured.err


def test_what_is_no_sheet_is_refused_and_what_is_no_kind_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7" + bytes(range(200)))
    (tmp_path / "b.csv").write_text("甲,乙,丙\n1,2,3\n4,5,6\n", "utf-8")
    assert main(["check", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--json"]) == 1
    assert [one["verdict"] for one in told(capsys)] == ["refused", "asks"]


def test_an_import_that_asks_names_the_drop_and_the_command_that_answers_it(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.csv").write_text("甲,乙,丙\n1,2,3\n4,5,6\n", "utf-8")
    arguments = ["import", str(tmp_path / "b.csv"), "--post", str(post), "--team", "北门岗", *RECEIVED]
    assert main([*arguments, "--json"]) == 1
    (one,) = told(capsys)
    assert one["verdict"] == "asks"
    for language, said in (("zh", "请作答"), ("en", "to answer it")):
        assert main([*arguments, "--lang", language]) == 1
        line = capsys.readouterr().out.splitlines()[1]
        assert said in line
        command = shlex.split(line.split("commandpost ")[1])
        assert main([*command, "--json"]) == 1, "as it is printed"
        (answer,) = told(capsys)
        assert answer["drop"] == one["drop"]
        assert [row["cells"] for row in answer["rows"]] == [["1", "2", "3"], ["4", "5", "6"]]
    other = tmp_path / "c.csv"
    other.write_text("甲,乙,丙\n1,2,3\n", "utf-8")
    answering = ["drops", "answer", str(one["drop"]), "--post", str(post), "--lang", "en"]
    assert main([*answering, "--file", str(other)]) != 0
    assert "another file" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "b.csv"), "--post", str(post), "--json"]) == 1
    assert "drop" not in told(capsys)[0]


def test_import_takes_rows_once(post: Path, clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--post", str(post), "--json", *RECEIVED, "--team", "北门岗"]
    assert main(["import", clean, *arguments]) == 0
    assert told(capsys)[0]["accepted"] == 2
    assert main(["import", clean, *arguments]) == 0
    again = told(capsys)[0]
    assert (again["accepted"], again["duplicate"]) == (0, 2)
    assert main(["check", clean, "--post", str(post), "--json", *RECEIVED]) == 0
    assert told(capsys)[0]["duplicate"] == 2


def test_drops_lists_what_came_and_the_rejects_of_one(
    post: Path, messy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", messy, "--post", str(post), *RECEIVED, "--team", "北门岗"]) == 1
    capsys.readouterr()
    assert main(["drops", "--post", str(post), "--json"]) == 0
    (one,) = told(capsys)
    assert (one["team"], one["kind"], one["rejected"], one["stands"]) == ("北门岗", "gate-passes", 1, True)
    assert one["received"] == "2020-02-10T20:00:00+08:00"
    assert main(["drops", str(one["id"]), "--post", str(post), "--json"]) == 0
    assert [(bad["line"], bad["warning"]) for bad in told(capsys)] == [(4, False), (5, True)]
    assert main(["drops", "--post", str(post), "--lang", "zh"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert "北门乱.csv" in table[1]
    assert main(["drops", "999", "--post", str(post)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_status_counts_what_was_imported_and_knows_the_past(
    post: Path, clean: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", clean, "--post", str(post), *RECEIVED])
    capsys.readouterr()
    assert main(["status", "--post", str(post), "--json", "--at", "2020-02-10T20:30"]) == 0
    (known,) = told(capsys)
    assert (known["panes"]["gate"]["in"], known["panes"]["gate"]["out"]) == (1, 1)
    assert main(["status", "--post", str(post), "--json", "--at", "2020-02-10T19:59+08:00"]) == 0
    (before,) = told(capsys)
    assert before["panes"]["gate"]["in"] == 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_template_prints_check_takes(
    kind: Any, language: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["template", kind.name, "--lang", language]) == 0
    sheet = capfdbinary.readouterr().out
    assert sheet.startswith(b"\xef\xbb\xbf")
    assert sheet.count(b"\r\n") == 2
    file = tmp_path / "sheet.csv"
    file.write_bytes(sheet)
    assert main(["check", str(file), "--json"]) == 0
    (line,) = capfdbinary.readouterr().out.splitlines()
    one = json.loads(line)
    assert (one["verdict"], one["kind"], one["rows"], one["accepted"]) == ("taken", kind.name, 1, 1)


def test_what_one_file_says_is_nothing_to_the_next_that_is_checked(
    clean: str, messy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", clean, messy, clean, "--json", *RECEIVED])
    first, _, last = told(capsys)
    assert first == last
    assert first["accepted"] == 2


def test_hundreds_of_small_files_are_checked_in_one_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for n in range(200):
        files.append(tmp_path / f"{n}.csv")
        files[-1].write_text(CLEAN.replace("李建国", f"人{n}"), "utf-8")
    assert main(["check", *map(str, files), "--json", *RECEIVED]) == 0
    assert [(one["file"], one["accepted"]) for one in told(capsys)] == [(str(file), 2) for file in files]
