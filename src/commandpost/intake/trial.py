"""What would become of a file: all steps, nothing written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Engine

from commandpost.clock import FixedClock
from commandpost.contract.reading import Bad
from commandpost.intake import decode, load
from commandpost.intake.giveback import is_mended
from commandpost.intake.read import Reader
from commandpost.intake.recognise import Asks
from commandpost.intake.report import Report, name_skipped, told_values
from commandpost.intake.sheet import context_of, source_of
from commandpost.intake.table import open_table
from commandpost.intake.taught import Taught
from commandpost.store.trial import trial
from commandpost.store.writing import write


class _Tried(Exception):
    """Ends a trial: everything is rolled back."""


def try_out(
    file: BinaryIO,
    report: Report,
    taught: Taught,
    received: datetime,
    post: Engine | None,
    name: str,
) -> None:
    """Fills `report`. With `post` against what is known there, in a transaction that is rolled back."""
    settings = taught.settings
    found = decode.examine(file, settings.intake.max_bytes)
    if isinstance(found, decode.Held | decode.Refused):
        report.verdict = "held" if isinstance(found, decode.Held) else "refused"
        report.why = found.reason
        return
    table = open_table(file, found, settings.intake, taught.known)
    if isinstance(table, decode.Held):
        report.verdict, report.why = "held", table.reason
        return
    report.encoding, report.delimiter = table.encoding, table.delimiter
    context = context_of(table, settings, received, name)
    recognised = taught.recognise(table.header, name, dated=context.sheet_date is not None)
    if isinstance(recognised, Asks):
        report.verdict, report.why = "asks", recognised.reason
        return
    kind = recognised.kind
    report.verdict, report.kind = "taken", kind.name
    mended = is_mended(table.header)
    reader = Reader(kind, recognised.mapping, table.header, context, mended=mended)
    source = source_of(context, taught.team, mended=mended)
    with (
        _post_or_nothing(post) as engine,
        contextlib.suppress(_Tried),
        write(engine, FixedClock(received), source) as writing,
    ):
        for chunk in table.chunks(load.CHUNK):
            batch = reader.read(chunk)
            tally, outcomes = load.state(writing, kind, batch, received, chunk, reader.named)
            report.tally.add(tally)
            report.rejected += batch.rejected
            report.warnings += batch.warnings
            name_skipped(report.skipped, chunk.skipped)
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
