"""The board in a real tmux: what it shows is what the drawing makes, to the last cell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from night import MOMENT

from commandpost import picture
from commandpost.board import frame, lines
from commandpost.board.panes.edges import IntakeState, keys_of
from commandpost.clock import ScenarioClock
from commandpost.places import PostPlaces
from commandpost.settings import load_settings
from commandpost.store.engine import open_post
from commandpost.words import Language, Words

LIMIT = 40.0
"""Seconds a screen may take: the machine may be busy with other tests."""
SIZES = ((80, 24), (120, 36), (200, 60))
STILL = str(ScenarioClock(MOMENT, datetime(2020, 1, 1, tzinfo=UTC), 0))
"""A clock that stands at 20:14: the drawing of a moment is compared with."""

pytestmark = pytest.mark.skipif(
    shutil.which("tmux") is None and not os.environ.get("CI"), reason="no tmux here (CI has one)"
)


class Tmux:
    """A tmux server of its own, one pane."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def __call__(self, *arguments: str) -> str:
        environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        for name in ("TMUX", "NO_COLOR", "COLORTERM", "COLUMNS", "LINES"):
            environment.pop(name, None)
        ran = subprocess.run(
            ["tmux", "-u", "-S", str(self._socket), "-f", "/dev/null", *arguments],
            env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
        )  # fmt: skip
        return ran.stdout

    def opens(self, size: tuple[int, int], *command: str) -> None:
        width, height = map(str, size)
        self("new-session", "-d", "-x", width, "-y", height, *command, ";", "set", "-g", "status", "off")
        self.resizes(size)

    def resizes(self, size: tuple[int, int]) -> None:
        width, height = map(str, size)
        self("resize-window", "-x", width, "-y", height)

    def shows(self, text: str) -> None:
        """Waits for exactly this screen; blanks at a line's end are not told by tmux."""
        wanted = [line.rstrip() for line in text.split("\n")]
        end = time.monotonic() + LIMIT
        seen: list[str] = []
        while time.monotonic() < end:
            seen = [line.rstrip() for line in self("capture-pane", "-p").split("\n")][: len(wanted)]
            if seen == wanted:
                return
            time.sleep(0.05)
        assert seen == wanted


@pytest.fixture
def tmux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    # Not below the test's own folder: a socket's path has 107 bytes.
    folder = tmp_path_factory.mktemp("t")
    one = Tmux(folder / "s")
    yield one
    subprocess.run(["tmux", "-S", str(folder / "s"), "kill-server"], capture_output=True, check=False)


def started(tmux: Tmux, size: tuple[int, int], *arguments: str) -> None:
    tmux.opens(size, sys.executable, "-m", "commandpost", *arguments)


def expected(places: PostPlaces, size: tuple[int, int], language: Language, kiosk: bool = False) -> str:
    """The drawing of that moment; nobody watches beside a kiosk of this test."""
    settings, _ = load_settings(places.settings)
    engine = open_post(places)
    try:
        found = picture.at(engine, MOMENT, settings)
    finally:
        engine.dispose()
    words = Words(language)
    if kiosk:
        found = picture.masked(found)
    view = frame.View(
        keys=() if kiosk else keys_of("board", words, len(found.todo)),
        kiosk=kiosk,
        intake=IntakeState(running=False) if kiosk else IntakeState(),
        folder=str(places.drops),
    )
    drawn = frame.whole(found, size, view, words)
    assert [lines.length(line) for line in drawn] == [size[0]] * size[1]
    return lines.as_text(drawn)


@pytest.mark.parametrize(("language", "first"), [("zh", 0), pytest.param("en", 1, marks=pytest.mark.long)])
def test_what_tmux_shows_is_what_was_drawn_at_every_size_it_gets(
    tmux: Tmux, filled: PostPlaces, language: Language, first: int
) -> None:
    started(tmux, SIZES[first], "--post", str(filled.root), "--lang", language, "--clock", STILL)
    tmux.shows(expected(filled, SIZES[first], language))
    for step in (1, 2, 3):
        size = SIZES[(first + step) % len(SIZES)]
        tmux.resizes(size)
        tmux.shows(expected(filled, size, language))


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.long)])
def test_what_tmux_shows_of_a_wall_is_what_was_drawn(
    tmux: Tmux, filled: PostPlaces, language: Language
) -> None:
    started(tmux, (200, 60), "kiosk", "--post", str(filled.root), "--lang", language, "--clock", STILL)
    tmux.shows(expected(filled, (200, 60), language, kiosk=True))


def test_an_empty_post_says_where_sheets_are_put(tmux: Tmux, post_places: PostPlaces) -> None:
    post_places.drops.mkdir(exist_ok=True)
    post_places.settings.write_text("", "utf-8")
    open_post(post_places).dispose()
    started(tmux, SIZES[0], "--post", str(post_places.root), "--lang", "zh", "--clock", STILL)
    for size in SIZES:
        tmux.resizes(size)
        tmux.shows(expected(post_places, size, "zh"))
        assert "尚未收到任何台账" in tmux("capture-pane", "-p")


def test_a_window_too_small_says_what_it_needs(tmux: Tmux, filled: PostPlaces) -> None:
    started(tmux, (70, 20), "--post", str(filled.root), "--lang", "zh", "--clock", STILL)
    tmux.shows(expected(filled, (70, 20), "zh"))
    tmux.resizes((80, 24))
    tmux.shows(expected(filled, (80, 24), "zh"))
