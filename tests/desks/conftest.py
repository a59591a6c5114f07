from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desks.given import Given


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Given]:
    given = Given(tmp_path)
    yield given
    given.engine.dispose()
