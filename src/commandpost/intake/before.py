"""What a team sent before: the drop that its next one may say again."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from commandpost.contract.kind import Kind
from commandpost.contract.reading import Context
from commandpost.intake.load import WARNINGS_KEPT
from commandpost.intake.sheet import context_of
from commandpost.intake.table import Table
from commandpost.store.records import Drop, Source

FEWEST_LINES = 1000
"""A sheet with fewer lines is no gain; behind so many none can be its header any more."""


def last_of(engine: Engine, team: str, kind: Kind, settings_sha: str) -> Drop | None:
    """The last drop of the team and kind, if it is complete, stands, was judged by the same settings, and
    all its warnings are kept."""
    with Session(engine, expire_on_commit=False) as session:
        found = session.exec(
            select(Drop, Source.stands)
            .join(Source, col(Source.id) == col(Drop.id))
            .where(Drop.team == team, Drop.kind == kind.name)
            .order_by(col(Drop.id).desc())
            .limit(1)
        ).first()
    if found is None:
        return None
    drop, stands = found
    if not stands or not drop.done or drop.verdict != "taken" or drop.sheet:
        return None
    small = drop.lines_done < FEWEST_LINES or drop.warned > WARNINGS_KEPT
    return None if small or drop.settings_sha != settings_sha else drop


def judged_alike(last: Drop, before: Table, context: Context) -> bool:
    """Whether what rows are read by, besides their text, is the same for the last drop, whose table is
    `before`: the sheet's day, and the day of arrival, which years that are not written are told from."""
    then = context_of(before, context.settings, last.received_at, last.path)
    days = [at.astimezone(context.zone).date() for at in (last.received_at, context.received)]
    return (then.sheet_date, then.night) == (context.sheet_date, context.night) and days[0] == days[1]
