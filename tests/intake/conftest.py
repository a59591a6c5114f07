"""An empty post for the tests of intake's back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.intake.clerking import Post
from tests.intake.coming import Checking

from commandpost.places import PostPlaces
from commandpost.store.engine import connect


@pytest.fixture(scope="session")
def nothing_known(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A post that knows nothing, for tests that only check."""
    places = PostPlaces(tmp_path_factory.mktemp("nothing-known"))
    shutil.copy(migrated, places.database)
    engine = connect(places)
    yield engine
    engine.dispose()


@pytest.fixture
def told(tmp_path: Path, nothing_known: Engine) -> Checking:
    """What `check` says of a file."""
    return Checking(tmp_path, nothing_known)


@pytest.fixture
def post(post_places: PostPlaces, migrated: Path) -> Iterator[Post]:
    """An empty post, its settings declaring nothing."""
    shutil.copy(migrated, post_places.database)
    engine = connect(post_places)
    yield Post(engine, post_places)
    engine.dispose()
