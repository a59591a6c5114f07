"""`commandpost demo`: a throw-away post that lives, or, with no terminal, plays through and is printed."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from commandpost.cli.board import has_terminal, simple_terminal
from commandpost.cli.init import make_post
from commandpost.cli.options import Parser, aware, moment, positive, words_of
from commandpost.places import expanded
from commandpost.words import Words

if TYPE_CHECKING:
    from commandpost.demo.scenario import Scenario
    from commandpost.demo.sheet import Saved
    from commandpost.places import PostPlaces


def parser(words: Words, command: str) -> Parser:
    made = Parser(
        words,
        command,
        words(
            "A throw-away post that lives. With no terminal: plays the scenario through and prints the board."
        ),
        "commandpost demo",
        "commandpost demo residential-park --post ~/demo --speed 300",
    )
    made.own.add_argument(
        "scenario", metavar="SCENARIO", nargs="?", default="residential-park",
        help=words("a scenario's name or its .toml file (residential-park)"),
    )  # fmt: skip
    made.own.add_argument(
        "--speed", metavar="N", type=positive(words),
        help=words("how many times as fast as life (else as the scenario says)"),
    )  # fmt: skip
    made.own.add_argument(
        "--until", metavar="ISO", type=moment(words),
        help=words("how far to play at once; with a terminal the board opens there"),
    )  # fmt: skip
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    from commandpost.demo.scenario import load

    scenario = load(options.scenario)
    live = has_terminal() and not simple_terminal()
    until = scenario.live if live else scenario.end
    if options.until:
        until = min(max(aware(options.until, scenario.tz), scenario.start), scenario.end)
    with _folder(options.post) as root, _ended_by_sigterm():
        places = make_post(root, scenario.post)
        if live:
            return _live(places, scenario, until, options, words)
        _history(places, scenario, until, None, words)
        return _print(places, until, options, words)


@contextmanager
def _folder(asked: Path | None) -> Iterator[Path]:
    """The folder asked for, which is kept; else one that is gone at the end."""
    if asked is not None:
        yield expanded(asked).absolute()
        return
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _sweep(left)
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


_PREFIX = "commandpost-demo-"


def _sweep(left: Path) -> None:
    """Throw away what a demo that was killed left behind: a folder of ours whose process is gone."""
    pid = left.name.removeprefix(_PREFIX).split("-")[0]
    try:
        if pid.isdecimal() and left.stat().st_uid == os.getuid() and not left.is_symlink():
            os.kill(int(pid), 0)
    except ProcessLookupError:
        shutil.rmtree(left, ignore_errors=True)
    except OSError:
        return  # gone meanwhile, or another user's process: not ours to judge


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends like Ctrl-C, so that the throw-away folder is thrown away."""

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _history(
    places: PostPlaces, scenario: Scenario, until: datetime, live_from: datetime | None, words: Words
) -> Iterator[Saved]:
    """`play_history`, with the day it has come to on stderr when somebody is there to see it."""
    from commandpost.cli.progress import Line
    from commandpost.demo.history import play_history

    line = Line()

    def tell(day: date) -> None:
        line.show(
            words(
                "{title}: the days before, {day} of {until}",
                title=scenario.title, day=f"{day:%m-%d}", until=f"{until:%m-%d %H:%M}",
            )
        )  # fmt: skip

    try:
        return play_history(places, scenario, until, live_from, tell)
    finally:
        line.clear()


def _print(places: PostPlaces, at: datetime, options: argparse.Namespace, words: Words) -> int:
    from commandpost import picture
    from commandpost.board.frame import four_panes
    from commandpost.settings import load_settings
    from commandpost.store.engine import open_post

    settings, _ = load_settings(places.settings)
    engine = open_post(places, settings.database, readonly=True)
    try:
        print(four_panes(picture.at(engine, at, settings), words_of(options, settings, words)))
    finally:
        engine.dispose()
    if options.post:
        print(words("The post is kept: commandpost --post {folder}", folder=places.root), file=sys.stderr)
    return 0


def _live(
    places: PostPlaces, scenario: Scenario, until: datetime, options: argparse.Namespace, words: Words
) -> int:
    """The board on the scenario's clock, while a thread saves files when their moment comes."""
    from commandpost.clock import ScenarioClock
    from commandpost.demo.play import play_live

    rest = _history(places, scenario, until, until, words)
    from commandpost.board.run import run as open_board

    speed = options.speed or scenario.speed
    clock = ScenarioClock(until, datetime.now(UTC), speed)
    stop = threading.Event()
    player = threading.Thread(target=play_live, args=(rest, places, clock, speed, stop), daemon=True)
    player.start()
    try:
        return open_board(places, clock, options.lang)
    finally:
        stop.set()
        player.join(timeout=2)
