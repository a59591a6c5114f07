"""A post as `init` makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandpost.cli.main import main


@pytest.fixture
def post(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    root = tmp_path / "post"
    assert main(["init", str(root), "--lang", "zh"]) == 0
    capsys.readouterr()
    return root
