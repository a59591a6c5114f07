"""`commandpost init`: a post is made, and never made twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandpost.cli.main import main
from commandpost.settings import load_settings


def test_a_new_post_has_its_folders_and_settings_that_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "a" / "post"
    assert main(["init", str(root), "--lang", "zh"]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{root}\n"
    assert str(root / "drops") in captured.err
    assert {path.name for path in root.iterdir()} == {"post.toml", "drops", "returned", "archive"}
    assert load_settings(root / "post.toml")[0].post.name == "指挥部"


def test_a_post_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "post.toml").write_text("[post]\nname = 'ours'\n", "utf-8")
    assert main(["init", str(tmp_path)]) == 2
    assert "ours" in (tmp_path / "post.toml").read_text("utf-8")
    assert capsys.readouterr().err.count("\n") == 1


def test_the_home_of_the_environment_is_used_when_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMANDPOST_HOME", str(tmp_path / "home"))
    assert main(["init"]) == 0
    assert (tmp_path / "home" / "post.toml").is_file()


def test_files_that_are_there_already_stay(tmp_path: Path) -> None:
    (tmp_path / "drops").mkdir()
    (tmp_path / "drops" / "北门.csv").write_text("时间\n", "utf-8")
    assert main(["init", str(tmp_path)]) == 0
    assert (tmp_path / "drops" / "北门.csv").read_text("utf-8") == "时间\n"
