"""A post as `init` makes it."""

from __future__ import annotations

import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from commandpost.cli.main import main


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "post"
    with redirect_stdout(StringIO()):
        assert main(["init", str(root), "--lang", "zh"]) == 0
    return root


@pytest.fixture
def post(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "post"))
