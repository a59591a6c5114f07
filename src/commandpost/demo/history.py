"""A scenario's past, taken in as fast as it goes by the same clerk the watcher uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from commandpost.demo.play import PlayedClock, play, saves
from commandpost.demo.scenario import Scenario
from commandpost.demo.sheet import Saved
from commandpost.intake import clerk, remembered
from commandpost.intake.inbox import Arrival, Look
from commandpost.places import PostPlaces
from commandpost.settings import parse_settings
from commandpost.store.engine import open_post


def play_history(
    places: PostPlaces,
    scenario: Scenario,
    until: datetime,
    live_from: datetime | None = None,
    day_begins: Callable[[date], None] = lambda day: None,
) -> Iterator[Saved]:
    """Save and take everything up to `until`, each file at its own moment. Returns what is still to come,
    saved more often from `live_from` on. `day_begins` is told of each new day."""
    settings = parse_settings(scenario.post)
    clock = PlayedClock(scenario.start)
    drops = saves(scenario, live_from)
    engine = open_post(places, settings.database)
    today: date | None = None

    def take(path: Path, saved: Saved) -> None:
        nonlocal today
        day = saved.at.astimezone(scenario.tz).date()
        if day != today:
            today = day
            day_begins(day)
        arrival = Arrival(path, path.parent.name, saved.path, Look.of(path.stat()), clock.now())
        job = clerk.begin(engine, arrival, places, settings, clock)
        while job.step():
            pass

    try:
        remembered.note_settings(engine, clock, scenario.post)
        rest = play(drops, places, clock, until, take)
    finally:
        engine.dispose()
    return chain([rest] if rest else [], drops)
