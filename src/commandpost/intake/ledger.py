"""The rows about drops themselves: what is known of a file, what was decided, what is told of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import sqlalchemy
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from commandpost.clock import Clock
from commandpost.contract.values.text import clean
from commandpost.errors import CommandpostError
from commandpost.intake.finding import Finding
from commandpost.intake.giveback import Returned
from commandpost.intake.report import Report, Tally
from commandpost.settings import Settings
from commandpost.store.engine import asked
from commandpost.store.records import Drop, Reject
from commandpost.store.writing import NewDrop, Writing, end_drop, write
from commandpost.words import Message, message, packed, unpacked

WAITING = ("held", "asks")


@dataclass(frozen=True, slots=True)
class File:
    """Which file it is: one path of one team."""

    shown: str
    """Its path below drops/, or the name it was given by, clean."""
    team: str
    size: int
    sha256: str = ""
    sheet: str = ""
    """Of a workbook."""


_SAME_SIZE = 'SELECT id FROM "drop" WHERE size = ? AND team = ? LIMIT 1'
_SAME_BYTES = (
    'SELECT d.id, s.stands FROM "drop" d JOIN source s ON s.id = d.id '
    "WHERE d.sha256 = ? AND d.team = ? AND d.sheet = ? AND d.verdict IN ('', 'taken') "
    "ORDER BY d.id DESC"
)


def may_be_known(engine: Engine, file: File) -> bool:
    """Whether this team ever sent a file of this size."""
    return bool(asked(engine, _SAME_SIZE, (file.size, file.team)))


def known(engine: Engine, file: File, sha: str, *, exactly: bool = False) -> Drop | None:
    """The drop that took these bytes (of a workbook: this sheet) of this team: a load that was broken off,
    or one that still counts.

    They count again when that drop was undone, and when what rejected some of its rows (`Taught.sha`: the
    settings, the team's answers) has changed; `exactly`: whether it rejected any or not.
    """
    found = asked(engine, _SAME_BYTES, (file.sha256, file.team, file.sheet))
    standing = [drop_id for drop_id, stands in found if stands]
    if not standing:
        return None
    with Session(engine, expire_on_commit=False) as session:
        drops = session.exec(select(Drop).where(col(Drop.id).in_(standing)).order_by(col(Drop.id).desc()))
        for drop in drops:
            unchanged = not (drop.rejected or exactly) or drop.settings_sha == sha
            if unchanged or not drop.done:
                return drop
    return None


def unfinished(engine: Engine) -> Sequence[Drop]:
    """Drops whose load was broken off, in the order they came."""
    with Session(engine, expire_on_commit=False) as session:
        return session.exec(
            select(Drop).where(col(Drop.verdict) == "", ~col(Drop.done)).order_by(col(Drop.id))
        ).all()


_BLANK = {name: field.default for name, field in Drop.model_fields.items()}
"""What a drop's columns say that are not said."""


def put(writing: Writing, file: File, at: datetime, **values: Any) -> None:
    """The row of a new drop; its id is that of the writing's source."""
    drop = {
        "id": writing.source_id,
        "sha256": file.sha256,
        "name": "/".join(filter(None, (clean(Path(file.shown).name), file.sheet))),
        "path": file.shown,
        "sheet": file.sheet,
        "team": file.team,
        "size": file.size,
        "received_at": at,
    }
    writing.put("drop", [{**_BLANK, **drop, **values}])


def count(writing: Writing, drop_id: int, tally: Tally, last_line: int, **also: Any) -> None:
    """Adds a chunk's counts to its drop and notes the line reached."""
    added = {name: getattr(tally, name) for name in Tally.__slots__}
    noted = {"lines_done": last_line, **also}
    changes = [*(f'"{name}" = "{name}" + ?' for name in added), *(f'"{name}" = ?' for name in noted)]
    writing.run(
        f'UPDATE "drop" SET {", ".join(changes)} WHERE id = ?', [*added.values(), *noted.values(), drop_id]
    )


def hold_line(writing: Writing, drop_id: int, reached: int, rows: int) -> None:
    """Of two processes that go on with one drop the second finds more done than it did itself, and stops."""
    found = writing.run('SELECT lines_done, "rows" FROM "drop" WHERE id = ?', (drop_id,)).fetchone()
    if found is None or tuple(found) != (reached, rows):
        raise CommandpostError("drop {id} is being taken in by another process", id=drop_id)


def finish(engine: Engine, clock: Clock, drop_id: int) -> None:
    """The drop is taken, and what goes back has gone back."""
    with write(engine, clock, drop_id) as writing:
        writing.conn.execute(update(Drop).where(col(Drop.id) == drop_id).values(done=True, verdict="taken"))


def forget(writing: Writing, shown: str, team: str, sheets: Collection[str] | None = None) -> None:
    """Nobody waits for this path (or these of its sheets) any more; that somebody did stays known of the
    past."""
    gone = writing.run(
        'SELECT id, sheet FROM "drop" WHERE path = ? AND team = ? AND verdict IN (?, ?)',
        (shown, team, *WAITING),
    ).fetchall()
    for drop_id, sheet in gone:
        if sheets is None or sheet in sheets:
            writing.run('DELETE FROM "drop" WHERE id = ?', (drop_id,))
            end_drop(writing, drop_id)


def forget_others(engine: Engine, clock: Clock, file: File, sheets: Collection[str] = ()) -> bool:
    """Forgets what waits of this path but for these sheets; whether there was anything."""
    asked = sqlalchemy.select(col(Drop.id), col(Drop.sheet)).where(
        col(Drop.path) == file.shown, col(Drop.team) == file.team, col(Drop.verdict).in_(WAITING)
    )
    with engine.connect() as connection:
        others = [(drop_id, sheet) for drop_id, sheet in connection.execute(asked) if sheet not in sheets]
    if others:
        with write(engine, clock, others[0][0]) as writing:
            forget(writing, file.shown, file.team, {sheet for _, sheet in others})
    return bool(others)


def waiting(engine: Engine, file: File) -> Drop | None:
    """The latest held, asking or refused drop of a path (of its sheet)."""
    with Session(engine, expire_on_commit=False) as session:
        return session.exec(
            select(Drop)
            .where(
                col(Drop.path) == file.shown,
                col(Drop.team) == file.team,
                col(Drop.sheet) == file.sheet,
                col(Drop.verdict).in_((*WAITING, "refused")),
            )
            .order_by(col(Drop.id).desc())
        ).first()


def judge(
    engine: Engine, clock: Clock, settings: Settings, file: File, verdict: str, why: Message, **about: str
) -> tuple[str, Message, bool]:
    """Notes what happens to a file as a whole, one row a path (and sheet) however often it is looked at.

    A file that is held unchanged for `intake.held_asks` asks a person. Returns verdict, reason and
    whether anything was written.
    """
    now = clock.now()
    before = waiting(engine, file)
    same = before is not None and before.sha256 == file.sha256
    limit = settings.intake.held_asks
    if before is not None and same and verdict == "held" and now - before.received_at >= limit:
        verdict = "asks"
        why = message(
            "it has been incomplete for {minutes} minutes: {why}",
            minutes=int(limit.total_seconds() // 60),
            why=why,
        )
    noted = {"verdict": verdict, "why": packed(why), "settings_sha": settings.sha, **about}
    told = (verdict, noted["why"], about.get("header", ""))
    if before is not None and same and (before.verdict, before.why, before.header) == told:
        return verdict, why, False
    if before is not None and before.verdict in WAITING:
        changed = {} if same else {"received_at": now, "sha256": file.sha256, "size": file.size}
        with write(engine, clock, before.id) as writing:
            writing.conn.execute(update(Drop).where(col(Drop.id) == before.id).values(**noted, **changed))
    else:
        with write(engine, clock, NewDrop(file.team, now, now)) as writing:
            put(writing, file, now, done=True, **noted)
    return verdict, why, True


def to_give_back(engine: Engine, drop_id: int, *, again: bool) -> list[Returned]:
    """The rejects of a drop that go back: not those this team was given before, but `again` of a returned
    file: what is still at fault in it."""
    told = (
        sqlalchemy.select(*(getattr(Reject, name) for name in Returned._fields))
        .where(col(Reject.drop_id) == drop_id, col(Reject.cells) != "")
        .where(sqlalchemy.true() if again else col(Reject.fresh))
        .order_by(col(Reject.line), col(Reject.id))
    )
    with engine.connect() as connection:
        return [Returned(*row) for row in connection.execute(told)]


def tally_of(drop: Drop) -> Tally:
    return Tally(**{name: getattr(drop, name) for name in Tally.__slots__})


def tell_known(
    engine: Engine, report: Report, file: BinaryIO, team: str, sha: str, *, exactly: bool = False
) -> None:
    """Makes the report that of bytes that came again, when this team's drop of them is taken."""
    this = File("", team, os.fstat(file.fileno()).st_size, sheet=report.sheet)
    if not may_be_known(engine, this):
        return
    file.seek(0)
    sha256 = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
    before = known(engine, replace(this, sha256=sha256), sha, exactly=exactly)
    if before is not None and before.done and before.id is not None:
        report.rejected, report.warnings = [], []
        tell(engine, report, before.id, again=True)


def tell(engine: Engine, report: Report, drop_id: int, *, again: bool) -> None:
    """Completes the report of a taken drop. `again`: these bytes came again and say nothing new."""
    with Session(engine) as session:
        drop = session.exec(select(Drop).where(col(Drop.id) == drop_id)).one()
        report.kind, report.encoding, report.delimiter = drop.kind, drop.encoding, drop.delimiter
        report.tally = tally_of(drop)
        if again:
            report.tally = replace(
                report.tally, accepted=0, superseding=0, outdated=0, duplicate=drop.rows - drop.rejected
            )
        names = ("warning", "line", "column", "code", "reason", "hint")
        told = sqlalchemy.select(*(getattr(Reject, name) for name in names))
        of = told.where(col(Reject.drop_id) == drop_id).order_by(col(Reject.line), col(Reject.id))
        for warning, line, column, code, reason, hint in session.execute(of):
            into = report.warnings if warning else report.rejected
            into.append(Finding(line, column, code, unpacked(reason), unpacked(hint) if hint else None))
