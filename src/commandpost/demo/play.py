"""Plays a scenario: every save in the order of its moments, on the scenario's own clock."""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Protocol

from commandpost.clock import Clock
from commandpost.demo.gatelog import gate_log
from commandpost.demo.rounds import book, census, rosters, temperatures
from commandpost.demo.scenario import Scenario
from commandpost.demo.sheet import Saved
from commandpost.places import PostPlaces


@dataclass
class PlayedClock:
    """Stands at `moment` until the player sets it on."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)


class Take(Protocol):
    """How a saved file becomes known: the file, its moment."""

    def __call__(self, path: Path, saved: Saved, /) -> None: ...


def saves(scenario: Scenario, live_from: datetime | None = None) -> Iterator[Saved]:
    """All saves of the scenario in order. From `live_from` on the gate log is saved more often."""
    known: dict[str, bytes] = {}
    extra: list[tuple[datetime, str, str | bytes]] = [
        *((copy.at, copy.as_, copy.of) for copy in scenario.copy_),
        *((stray.at, stray.file, bytes.fromhex(stray.hexadecimal)) for stray in scenario.stray),
    ]
    sheets = heapq.merge(
        sorted(_once(scenario), key=lambda saved: saved.at),
        _daily(scenario, live_from),
        (Saved(at, path, source if isinstance(source, bytes) else source.encode()) for at, path, source in sorted(extra, key=lambda e: e[0])),
        key=lambda saved: saved.at,
    )  # fmt: skip
    copies = {(copy.at, copy.as_) for copy in scenario.copy_}
    for saved in sheets:
        if saved.at > scenario.end:
            return
        if (saved.at, saved.path) in copies:
            saved = Saved(saved.at, saved.path, known[saved.data.decode()])
        known[saved.path] = saved.data
        yield saved


def _once(scenario: Scenario) -> Iterator[Saved]:
    yield from census(scenario)
    for roster in scenario.roster:
        yield from rosters(scenario, roster)
    for told in scenario.book:
        yield from book(scenario, told)


def _daily(scenario: Scenario, live_from: datetime | None) -> Iterator[Saved]:
    """Day by day; a day's last save comes after midnight, before the next day's first."""
    day, last = scenario.start.astimezone(scenario.tz).date(), scenario.end.astimezone(scenario.tz).date()
    held: list[Saved] = []
    while day <= last:
        today = [*held, *gate_log(scenario, day, live_from), *temperatures(scenario, day)]
        today.sort(key=lambda saved: saved.at)
        tomorrow = datetime.combine(day + timedelta(days=1), datetime.min.time(), scenario.tz)
        yield from (saved for saved in today if saved.at < tomorrow)
        held = [saved for saved in today if saved.at >= tomorrow]
        day += timedelta(days=1)
    yield from held


def put(places: PostPlaces, saved: Saved) -> Path:
    """Save the file in drops/ the way a careful program does: written aside, renamed in."""
    path = places.drops / saved.path
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.tmp")
    aside.write_bytes(saved.data)
    os.utime(aside, (saved.at.timestamp(), saved.at.timestamp()))
    aside.replace(path)
    return path


def play(
    drops: Iterator[Saved], places: PostPlaces, clock: PlayedClock, until: datetime, take: Take
) -> Saved | None:
    """Save and take everything up to `until`, as fast as it goes. The first save after it, if any."""
    for saved in drops:
        if saved.at > until:
            clock.moment = until
            return saved
        clock.moment = saved.at
        take(put(places, saved), saved)
    clock.moment = until
    return None


def play_live(
    drops: Iterator[Saved],
    places: PostPlaces,
    clock: Clock,
    speed: float,
    stop: Event,
    saved: Callable[[Saved], None] = lambda saved: None,
) -> None:
    """Save each file into drops/ when its moment comes on `clock`, until `stop` is set. Intake takes them."""
    for one in drops:
        while (ahead := (one.at - clock.now()).total_seconds() / speed) > 0:
            if stop.wait(min(ahead, 60.0)):
                return
        if stop.is_set():
            return
        put(places, one)
        saved(one)
