"""A post to be treated badly."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.watched import Watched

from commandpost.places import PostPlaces


@pytest.fixture
def watched(post_places: PostPlaces, migrated: Path) -> Iterator[Watched]:
    """An empty post that declares nothing, without a watcher."""
    shutil.copy(migrated, post_places.database)
    post_places.settings.write_text("")
    post_places.drops.mkdir()
    made = Watched(post_places)
    yield made
    made.clear()
