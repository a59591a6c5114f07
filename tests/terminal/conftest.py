"""Programs at a terminal, ended whatever happens."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from night import MOMENT, SHEETS
from terminals import Terminal, alive

from commandpost.cli.main import main
from commandpost.places import PostPlaces


@pytest.fixture
def terminal(post_places: PostPlaces) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []
    post_places.drops.mkdir(exist_ok=True)
    if not post_places.settings.exists():
        post_places.settings.write_text("")

    def start(*arguments: str, **given: object) -> Terminal:
        opened.append(Terminal(*arguments, "--post", str(post_places.root), **given))  # type: ignore[arg-type]
        return opened[-1]

    yield start
    for one in opened:
        children = one.children() if alive(one.pid) else []
        one.end()
        for child in children:
            if alive(child):
                os.kill(child, signal.SIGKILL)


@pytest.fixture
def filled(post_places: PostPlaces, capsys: pytest.CaptureFixture[str]) -> PostPlaces:
    """A post with everything in it that a board shows, and a wall must not."""
    post_places.settings.write_text("", "utf-8")
    files = []
    for name, sheet in SHEETS.items():
        files.append(post_places.root / f"台账甲{name}")
        files[-1].write_text(sheet, "utf-8")
    given = ["--post", str(post_places.root), "--received", (MOMENT - timedelta(minutes=1)).isoformat()]
    assert main(["import", *map(str, files), *given]) == 0, capsys.readouterr()
    capsys.readouterr()
    return post_places
