"""Programs at a terminal, ended whatever happens."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from terminals import Terminal, alive

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
