"""What would become of a file: all steps, nothing written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from commandpost.clock import FixedClock
from commandpost.contract.reading import Bad
from commandpost.intake import load
from commandpost.intake.decode import Held
from commandpost.intake.giveback import is_mended
from commandpost.intake.mending import Mending
from commandpost.intake.read import Reader
from commandpost.intake.recognise import Asks
from commandpost.intake.report import Report, name_skipped, told_values
from commandpost.intake.sheet import context_of, recognised, source_of
from commandpost.intake.table import open_table
from commandpost.intake.taught import Taught
from commandpost.intake.workbook import DAMAGED, NOTES, Sheet
from commandpost.store.repeated import Repeated
from commandpost.store.trial import trial
from commandpost.store.writing import write


class _Tried(Exception):
    """Ends a trial: everything is rolled back."""


def try_out(
    sheet: Sheet,
    report: Report,
    taught: Taught,
    received: datetime,
    post: Engine | None,
    name: str,
) -> None:
    """Fills `report`. With `post` against what is known there, in a transaction that is rolled back."""
    settings = taught.settings
    if sheet.damaged:
        report.verdict, report.why = "refused", DAMAGED
        return
    table = open_table(sheet.file, sheet.decoded, settings.intake, taught.known)
    if isinstance(table, Held):
        report.verdict, report.why = "held", table.reason
        return
    report.encoding, report.delimiter = table.encoding, table.delimiter
    context = context_of(table, settings, received, name, sheet.name)
    found = recognised(table, taught, context, name, sheet.name)
    if isinstance(found, Asks):
        report.verdict, report.why = "asks", found.reason
        if sheet.notes and sheet.name:
            report.verdict, report.why, report.encoding = "skipped", NOTES, None
        return
    kind, context = found.kind, replace(context, stated=(*context.stated, *found.given))
    report.verdict, report.kind = "taken", kind.name
    mended = is_mended(table.header)
    reader = Reader(kind, found.mapping, table.header, context, mended=mended)
    source = source_of(context, taught.team, mended=mended)
    mending = (
        Mending(post, taught.team, kind.name, name, sheet.name, table.header) if post and mended else None
    )
    with (
        _post_or_nothing(post) as engine,
        contextlib.suppress(_Tried),
        write(engine, FixedClock(received), source) as writing,
    ):
        repeated = Repeated()
        for chunk in table.chunks(load.CHUNK):
            batch = reader.read(chunk)
            counted = mending.counted(mending.of(chunk)) if mending else None
            tally, outcomes = load.state(
                writing, kind, batch, received, chunk, reader.named, counted, repeated
            )
            report.tally.add(tally)
            report.rejected += batch.rejected
            report.warnings += batch.warnings
            name_skipped(report.skipped, chunk)
            if report.values is not None:
                taken = [r for r, o in zip(batch.records, outcomes, strict=True) if not isinstance(o, Bad)]
                report.values += told_values(kind, taken, settings.zone)
        raise _Tried


@contextlib.contextmanager
def _post_or_nothing(post: Engine | None) -> Iterator[Engine]:
    if post is not None:
        yield post
        return
    engine = trial()
    try:
        yield engine
    finally:
        engine.dispose()
