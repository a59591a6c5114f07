from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desks.given import Given


@pytest.fixture
def post(tmp_path: Path, migrated: Path) -> Iterator[Given]:
    shutil.copy(migrated, tmp_path / "post.db")
    given = Given(tmp_path)
    yield given
    given.engine.dispose()
