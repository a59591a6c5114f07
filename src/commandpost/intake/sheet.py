"""What a sheet says of itself: its day, and how new what it says is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from commandpost.contract.reading import Context
from commandpost.intake.table import Table
from commandpost.settings import Settings
from commandpost.store.records import Source


def context_of(table: Table, settings: Settings, received: datetime, name: str) -> Context:
    """What readers may know of this sheet; its day is that of its titles, else of the file's name."""
    day = received.astimezone(settings.zone).date()
    return Context(received, settings.zone, settings, table.sheet_date(day, Path(name).stem))


def source_of(context: Context, team: str, *, mended: bool) -> Source:
    """Who says what this sheet says, and when.

    A returned file that was mended is a voice of its own, which speaks when it is received: else the
    growing sheet its rows came from, sent again with the unmended cell, would be the newer claim of
    the two and take the mending back.
    """
    said = context.received if mended else said_at(context)
    voice = f"{team}/returned" if mended else team
    return Source(sort="drop", at=context.received, said_at=said, team=voice)


def said_at(context: Context) -> datetime:
    """How new what the sheet says is: the end of its own day, never later than it was received."""
    if context.sheet_date is None:
        return context.received
    ends = datetime.combine(context.sheet_date + timedelta(days=1), time(), context.zone)
    return min(context.received, ends - timedelta(seconds=1))
