"""What a sheet says of itself: its day, and how new what it says is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from commandpost.contract.reading import Bad, Context
from commandpost.contract.values.shifts import shift_words
from commandpost.intake.across import Spreads, spread_of
from commandpost.intake.marginal import night_until
from commandpost.intake.recognise import Asks, Recognised, either
from commandpost.intake.table import Chunk, Table
from commandpost.intake.taught import Taught
from commandpost.settings import Settings
from commandpost.store.writing import NewDrop

_LONGEST = 200
"""Characters of titles that may name a kind."""


def context_of(table: Table, settings: Settings, received: datetime, name: str, sheet: str = "") -> Context:
    """What readers may know of this sheet; its day is that of its titles, else of its own name, else of the
    file's."""
    day = received.astimezone(settings.zone).date()
    stem = Path(name).stem
    inside = table.sheet_date(day, sheet)
    said = inside or table.sheet_date(day, stem)
    context = Context(received, settings.zone, settings, said, stated=table.stated)
    about = (*table.titles, sheet) if inside else (*table.titles, sheet, stem)
    night = night_until(about, shift_words(context)) if said else None
    return replace(context, night=night)


def recognised(
    table: Table, taught: Taught, context: Context, name: str, sheet: str = ""
) -> Recognised | Asks:
    """What this sheet is; its own name goes before the file's where names must tell, and its titles with both."""
    titled = " ".join(table.titles)[:_LONGEST]
    dated = context.sheet_date is not None
    spread, stated = spread_in(table, context, name, sheet), tuple(label for label, _ in table.stated)
    found = taught.recognise(
        table.header, f"{sheet or name} {titled}", dated=dated, spread=spread, stated=stated
    )
    if sheet and isinstance(found, Asks):
        found = taught.recognise(table.header, f"{name} {titled}", dated=dated, spread=spread, stated=stated)
    if isinstance(found, Recognised) and 2 * (bad := _disproved(found, table, context)) > 1:
        other = taught.recognise(
            table.header,
            f"{sheet or name} {titled}",
            dated=dated,
            spread=spread,
            other_than=found.kind,
            stated=stated,
        )
        if isinstance(other, Recognised):
            # Days as columns are another kind's only where that one knows what stands beside them, too.
            known = set(other.mapping.values()) >= set(found.mapping.values())
            return other if known or found.kind in taught.kinds else either((found.kind, other.kind))
        return other if bad == 1 else found
    return found


def spread_in(table: Table, context: Context, name: str, sheet: str = "") -> Spreads:
    """The columns of this sheet that are days or posts."""
    return spread_of(table.header, (*table.titles, sheet, Path(name).stem), context)


def _disproved(found: Recognised, table: Table, context: Context) -> float:
    """Which share of the cells of the columns that must be proven are none of this kind: 12 under 进 is a
    count, no tick."""
    columns = [c for c in found.kind.columns if c.proven and c.field in found.mapping]
    if not columns:
        return 0.0
    first = next(table.chunks(0), Chunk())
    read = [
        value
        for column in columns
        for row in first.rows
        if (value := column.read(context)(row[found.mapping[column.field]])) is not None
    ]
    return sum(type(value) is Bad for value in read) / len(read) if read else 0.0


def source_of(context: Context, team: str, *, mended: bool) -> NewDrop:
    """Who says what this sheet says, and when.

    A returned file that was mended is a voice of its own, which speaks when it is received: else the
    growing sheet its rows came from, sent again with the unmended cell, would be the newer claim of
    the two and take the mending back.
    """
    said = context.received if mended else said_at(context)
    voice = f"{team}/returned" if mended else team
    return NewDrop(voice, context.received, said)


def said_at(context: Context) -> datetime:
    """How new what the sheet says is: the end of its own day, never later than it was received."""
    if context.sheet_date is None:
        return context.received
    ends = datetime.combine(context.sheet_date + timedelta(days=1), time(), context.zone)
    return min(context.received, ends - timedelta(seconds=1))
