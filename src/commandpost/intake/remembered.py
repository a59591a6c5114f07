"""What a starting watcher knows from the database about the files it finds in drops/."""

from __future__ import annotations

import hashlib

from sqlalchemy import Engine, and_, select
from sqlmodel import col

from commandpost.clock import Clock
from commandpost.intake.inbox import Arrival
from commandpost.store.engine import explained
from commandpost.store.records import Drop, Source
from commandpost.store.writing import write


def already_taken(engine: Engine, arrival: Arrival) -> bool:
    """Whether this very file (team, path, bytes) was taken or refused before the watcher started, every
    sheet of a workbook.

    It is then left alone even when its drop was undone: the same bytes count again when their team
    sends them again, not because a program was started.
    """
    with explained(), engine.connect() as connection:
        dealt = connection.execute(
            select(col(Drop.sha256), and_(col(Drop.done), col(Drop.verdict).in_(("taken", "refused")))).where(
                col(Drop.path) == arrival.shown,
                col(Drop.team) == arrival.team,
                col(Drop.size) == arrival.look.size,
            )
        ).all()
    found = {sha for sha, done in dealt if done} - {sha for sha, done in dealt if not done}
    if not found:
        return False
    try:
        with arrival.open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest() in found  # type: ignore[arg-type]
    except OSError:
        return False


def waiting(engine: Engine) -> list[tuple[str, str]]:
    """(path as shown, team) of the drops that are held or ask, without those a command named: they may lie
    anywhere, and are not gone for not being in drops/."""
    with explained(), engine.connect() as connection:
        found = connection.execute(
            select(col(Drop.path), col(Drop.team)).where(col(Drop.verdict).in_(("held", "asks")))
        ).all()
    return [(path, team) for path, team in found if not team or path.startswith(f"{team}/")]


def note_settings(engine: Engine, clock: Clock, text: str) -> None:
    """Make the settings a source when they are not those of the last one."""
    with explained(), engine.connect() as connection:
        last = connection.scalars(
            select(col(Source.text))
            .where(col(Source.sort) == "settings")
            .order_by(col(Source.id).desc())
            .limit(1)
        ).first()
    if last == text or (last is None and not text):
        return
    now = clock.now()
    with write(engine, clock, Source(sort="settings", at=now, said_at=now, text=text)):
        pass
