"""Opens the post that is meant: its settings, its database, what was known when."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from commandpost.cli.options import clock_of, places_of, words_of
from commandpost.clock import Clock
from commandpost.places import PostPlaces
from commandpost.settings import Settings, SettingsError, load_settings, parse_settings
from commandpost.store.engine import open_post
from commandpost.store.records import Source, Tick
from commandpost.words import Words


@dataclass(frozen=True, slots=True)
class Opened:
    """A post that is open, and who asks."""

    places: PostPlaces
    settings: Settings
    text: str
    """Of post.toml."""
    engine: Engine
    clock: Clock
    words: Words


@contextmanager
def opened(options: argparse.Namespace, words: Words, *, readonly: bool) -> Iterator[Opened]:
    """The post named by the options; closed at the end.

    A post in which nothing was ever stored is given its empty database first, so that looking at it shows
    an empty board. Raises UsageError without a post, CommandpostError when it cannot be opened.
    """
    places = places_of(options)
    settings, text = load_settings(places.settings)
    if settings.aliases:
        from commandpost.desks.aliases import check_aliases

        check_aliases(settings, places.settings.name)
    # A database of no bytes is one that was about to be made when the power or the disk gave out.
    fresh = not settings.database and not (places.database.exists() and places.database.stat().st_size)
    engine = open_post(places, settings.database, readonly=readonly and not fresh)
    try:
        yield Opened(places, settings, text, engine, clock_of(options), words_of(options, settings, words))
    finally:
        engine.dispose()


def settings_at(post: Opened, tick: int) -> Settings:
    """The settings of that tick: what they said then is part of what was known then.

    Where nobody kept them, or this version can no longer read them, those of today.
    """
    with Session(post.engine) as session:
        kept = (
            select(Source.text)
            .join(Tick, col(Tick.source_id) == col(Source.id))
            .where(Source.sort == "settings", col(Tick.n) <= tick)
            .order_by(col(Tick.n).desc())
            .limit(1)
        )
        text = session.exec(kept).first()
    if text is None or text == post.text:
        return post.settings
    try:
        return parse_settings(text, post.places.settings.name)
    except SettingsError as error:
        said = post.words.say(error.message)
        told = post.words(
            "the settings of that time cannot be read any more ({what}); today's are used", what=said
        )
        print(f"commandpost: {told}", file=sys.stderr)
        return post.settings


def known_at(engine: Engine, moment: datetime) -> int:
    """The last tick committed by `moment`; 0 when nothing was."""
    with Session(engine) as session:
        last = select(Tick.n).where(col(Tick.committed_at) <= moment).order_by(col(Tick.n).desc()).limit(1)
        return session.exec(last).first() or 0
