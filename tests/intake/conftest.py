"""An empty post for the tests of intake's back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.intake.clerking import Post

from commandpost.places import PostPlaces
from commandpost.store.engine import connect


@pytest.fixture
def post(post_places: PostPlaces, migrated: Path) -> Iterator[Post]:
    """An empty post, its settings declaring nothing."""
    shutil.copy(migrated, post_places.database)
    engine = connect(post_places)
    yield Post(engine, post_places)
    engine.dispose()
