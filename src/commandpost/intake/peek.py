"""The first rows of a file that waits in drops/, and what it could be."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from commandpost.contract.values.text import clean
from commandpost.contract.values.text import header as normal
from commandpost.intake.across import Spreads, kinds_across
from commandpost.intake.decode import PACKED, Held, Refused
from commandpost.intake.inbox import waiting_at
from commandpost.intake.looks import ALIKE, look_of
from commandpost.intake.propose import ROWS, Proposal, propose
from commandpost.intake.recognise import Asks, field_named
from commandpost.intake.sheet import context_of, recognised, spread_in
from commandpost.intake.table import Table, table_of
from commandpost.intake.taught import Taught
from commandpost.intake.workbook import Book, at_once, opened
from commandpost.places import PostPlaces
from commandpost.settings import DutyPost, Gate, Settings
from commandpost.store.records import Drop
from commandpost.words import Message, message

BYTES = 1 << 20
"""Of a longer file only so much is looked at: the encoding of 2 GB would take a minute to be told."""
_LINES = 400
"""Physical lines that are looked at for the first rows."""


Way = Message | str
"""A sentence, or what to type."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A table that asks, as far as it was looked at."""

    path: Path
    header: tuple[str, ...]
    """As written."""
    header_line: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """(physical line, its cells), the first `ROWS`."""
    proposals: tuple[Proposal, ...]
    """The likeliest first."""
    dated: bool
    """The sheet says its day itself."""
    spread: Spreads
    """Its columns that are days or posts."""
    headless: bool
    """Its first line holds figures where a header has words: an answer would lose that row."""
    ways: tuple[Way, ...]
    """What can be done with it, the likeliest first."""


def doubt(seen: Seen) -> Message | None:
    """Why this table cannot be answered for as it is."""
    if not seen.headless:
        return None
    return message(
        "line {line} seems to be data, not a header: have the team write one above it", line=seen.header_line
    )


GONE = message("the file is not in drops/: say where it is with --file FILE, to see its rows")
OTHER = message("this is another file than the one that asked")
WRITTEN = message("the file in drops/ was written since: it is looked at again at once")


def peek(
    places: PostPlaces, drop: Drop, taught: Taught, received: datetime, at: Path | None = None
) -> Seen | Message:
    """The table of `drop` in the file that is in drops/ now, or `at` this place; why there is none to be seen."""
    path = at or waiting_at(places.drops, drop.path)
    if path is None and drop.team and "/" not in drop.path:
        # Named on a command line, which says no folder.
        path = waiting_at(places.drops, f"{drop.team}/{drop.path}")
    try:
        file = None if path is None else _ordinary(path)
    except OSError:
        file = None
    if path is None or file is None:
        return GONE
    with file:
        if os.fstat(file.fileno()).st_size != drop.size:
            return WRITTEN if at is None else OTHER
        found = _table(file, drop.sheet, taught)
        if isinstance(found, Message):
            return found
        context = context_of(found, taught.settings, received, drop.name)
        rows: list[tuple[int, tuple[str, ...]]] = []
        for chunk in found.chunks(_LINES):
            told = [(line, tuple(row)) for line, row in zip(chunk.lines, chunk.rows, strict=True)]
            told += [(problem.line, tuple(problem.cells)) for problem in chunk.problems]
            rows += sorted(told)
            if len(rows) >= ROWS:
                break
        rows = rows[:ROWS]
        likely: set[str] = {
            kind for team in taught.settings.team if team.name == drop.team for kind in team.kinds
        }
        shown = f"{drop.path} {drop.sheet}".lower()
        likely |= {kind.name for kind in taught.kinds if kind.name in shown or kind.chinese in shown}
        # Of days as columns a kind without them would make what its other columns are.
        spread = spread_in(found, context, drop.name, drop.sheet)
        fixed = kinds_across(taught.kinds, found.header, spread)
        other = {kind.name for kind in fixed}
        kinds = [*fixed, *(kind for kind in taught.kinds if kind.name not in other)]
        proposals = propose(
            found.header, [row for _, row in rows], kinds, context, likely=likely, fixed=fixed
        )
        why = recognised(found, taught, context, drop.name, drop.sheet)
        if isinstance(why, Asks):
            # A gate's log without its gate looks like health reports.
            proposals.sort(key=lambda one: one.kind.name != why.meant)
    dated = context.sheet_date is not None
    headless = _headless(found.header, proposals)
    found_ways = tuple(ways(drop, found.header, proposals, taught.settings)) if proposals else ()
    return Seen(
        path,
        found.header,
        found.header_line,
        tuple(rows),
        tuple(proposals),
        dated,
        spread,
        headless,
        found_ways,
    )


def _headless(header: tuple[str, ...], proposals: list[Proposal]) -> bool:
    """Whether a header has figures in two columns, or in more than half of those the best proposal names."""
    best = proposals[0].guesses if proposals else ()
    guessed = [header[guess.index] for guess in best if clean(header[guess.index]) != guess.column.header]
    figures = sum(any(sign.isdecimal() for sign in cell) for cell in guessed)
    return figures > 1 or 2 * figures > len(guessed)


def _table(file: BinaryIO, sheet: str, taught: Taught) -> Table | Message:
    limits = taught.settings.intake
    if os.pread(file.fileno(), 4, 0) != PACKED:
        file = _beginning(file)
    found = at_once(opened(file, limits))
    if isinstance(found, Held | Refused):
        return found.reason
    for one in found.sheets if isinstance(found, Book) else (found,):
        if one.name == sheet:
            return table_of(one.file, one.decoded, limits, taught.known)
    return GONE


def _beginning(file: BinaryIO) -> BinaryIO:
    """The whole lines of the first `BYTES` of a file, as a file of its own."""
    import tempfile

    data = file.read(BYTES + 1)
    if len(data) <= BYTES:
        file.seek(0)
        return file
    end = data.rfind(b"\n") + 1 or BYTES
    part = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as its table)
    # A line end of UTF-16 is two bytes, of which the first may be the NUL.
    part.write(data[: end + end % 2])
    part.seek(0)
    return cast(BinaryIO, part)


def _ordinary(path: Path) -> BinaryIO | None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    return None


NAMED = 4
"""Gates or posts for which a command is shown."""


def ways(drop: Drop, header: tuple[str, ...], proposals: Sequence[Proposal], settings: Settings) -> list[Way]:
    """What can be done with a table that asks, the likeliest first: sentences, and what to type. Nothing to be
    typed fails for a column that is missing."""
    best = proposals[0]
    if not best.lacking:
        return [command(drop.id or 0, header, best)]
    kind = best.kind
    columns = [column for column in kind.columns if column.header in best.lacking]
    told: list[Way] = []
    if all(look_of(column, False) in ALIKE for column in columns):
        names = _declared(columns[0].field, settings, f"{drop.path} {drop.team}") if len(columns) == 1 else []
        if names:
            plain = command(drop.id or 0, header, best)
            told.append(message("If {column} is the same in every row, say which:", column=columns[0].header))
            told += [f"{plain} --value {shlex.quote(f'{columns[0].header}={name}')}" for name in names]
        else:
            told.append(
                message(
                    "What is the same in every row can be said with --value: {example}",
                    example=" ".join(f"--value {c.header}={c.example or '…'}" for c in columns),
                )
            )
    told.append(
        message("Else have the team add {columns} and drop the file again.", columns="、".join(best.lacking))
    )
    for other in [one for one in proposals if not one.lacking][:1]:
        told.append(message("If it is {kind}:", kind=Message(other.kind.name)))
        told.append(command(drop.id or 0, header, other))
    return told


def _declared(field: str, settings: Settings, about: str) -> list[str]:
    """The gates or posts of this post, first the one that the file or its team is named after."""
    of: Sequence[Gate | DutyPost] = settings.gate if field == "gate" else ()
    of = settings.duty_post if field == "post" else of
    return sorted((one.name for one in of), key=lambda name: name not in about)[:NAMED]


def command(drop: int, header: tuple[str, ...], proposal: Proposal) -> str:
    """What to type to answer with a proposal, column by column, so that it can be changed before Enter."""
    names = [normal(cell) for cell in header]

    def named(index: int) -> str:
        plain = names[index] and names.count(names[index]) == 1 and "=" not in header[index]
        return clean(header[index]) if plain else f"#{index + 1}"

    known = [guess for guess in proposal.guesses if field_named(proposal.kind, header[guess.index])]
    by_header = {guess.column.field for guess in known}
    maps = [
        f"--map {shlex.quote(f'{named(guess.index)}={guess.column.header}')}"
        for guess in proposal.guesses
        if names.count(names[guess.index]) > 1
        or guess.column.field not in by_header
        or field_named(proposal.kind, header[guess.index]) != guess.column.field
    ]
    return " ".join([f"commandpost drops answer {drop} --kind {proposal.kind.name}", *maps])


def cells_shown(cells: tuple[str, ...], width: int) -> list[str]:
    """`width` cells as they may be shown."""
    return [clean(cell) for cell in (*cells, *[""] * width)][:width]
