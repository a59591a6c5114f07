"""One drop through all steps. The only module that knows their order.

sha256 → is it known? → decode → table → recognise → archive → (read → load) chunk by chunk → what goes
back → done. Killed anywhere, `unfinished` goes on where the last commit left it.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update

from commandpost.clock import Clock, FixedClock
from commandpost.contract.kind import Kind
from commandpost.contract.reading import Bad, Context
from commandpost.contract.values.text import clean
from commandpost.desks import KINDS, ROLLUPS
from commandpost.errors import CommandpostError
from commandpost.intake import decode, giveback, load
from commandpost.intake.inbox import Changed
from commandpost.intake.read import Finding, Reader
from commandpost.intake.recognise import Asks, known_headers, recognise
from commandpost.intake.report import Report, Tally, told_values
from commandpost.intake.table import Chunk, Skipped, Table, open_table
from commandpost.places import PostPlaces
from commandpost.settings import Settings
from commandpost.store import changes, claims
from commandpost.store.records import Drop, Reject, Source
from commandpost.store.writing import Writing, write
from commandpost.words import Message, Words, message, packed, unpacked

Progress = Callable[[int, int, int, int], None]
"""(bytes read, bytes of the file, rows, rejected rows) so far."""


class Incoming(Protocol):
    """A complete file on its way in: `inbox.Arrival`, or a file named on a command line."""

    @property
    def path(self) -> Path: ...
    @property
    def team(self) -> str: ...
    @property
    def shown(self) -> str: ...
    def open(self) -> BinaryIO: ...
    def still(self, file: BinaryIO) -> bool: ...


class Named:
    """A file somebody named: taken as it is now."""

    def __init__(self, path: Path, team: str) -> None:
        self.path = path
        self.team = team
        self.shown = clean(path.name)
        self._before: tuple[int, int] | None = None

    def open(self) -> BinaryIO:
        file = _opened(self.path)
        self._before = _look(file)
        return file

    def still(self, file: BinaryIO) -> bool:
        return _look(file) == self._before


def _opened(path: Path) -> BinaryIO:
    try:
        return open(path, "rb")  # noqa: SIM115 (closed by the caller)
    except OSError as error:
        raise CommandpostError(
            "{file}: cannot be read: {what}", file=clean(path.name), what=error.strerror or "?"
        ) from None


def _look(file: BinaryIO) -> tuple[int, int]:
    import os

    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def settings_sha(settings: Settings) -> str:
    """Of everything that may change what becomes of a row."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()


class Job:
    """One drop on its way; `step` does one chunk, so that small drops go between those of a large one."""

    def __init__(
        self,
        engine: Engine,
        places: PostPlaces,
        settings: Settings,
        clock: Clock,
        *,
        incoming: Incoming | None = None,
        drop: Drop | None = None,
        collect: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """`incoming` for a new file, `drop` for one that a crash left behind. `collect`: keep what the
        report needs besides the database (the lines skipped)."""
        self.engine, self.places, self.settings, self.clock = engine, places, settings, clock
        self.incoming, self.drop = incoming, drop
        self.team = incoming.team if incoming else drop.team if drop else ""
        self.shown = incoming.shown if incoming else drop.path or drop.name if drop else ""
        self.size = drop.size if drop else 0
        self.verdict = ""
        self.why: Message | None = None
        self.known: Drop | None = None
        """The drop whose bytes came again."""
        self.skipped: list[Skipped] = []
        self._collect, self._progress = collect, progress
        self._file: BinaryIO | None = None
        self._copy: giveback.Copy | None = None
        self._tally = Tally()
        self._work = self._run()
        if incoming is not None:
            with contextlib.suppress(OSError):
                self.size = incoming.path.stat().st_size

    def step(self) -> bool:
        """Does one chunk (a commit); True while there is more to do."""
        if not self.verdict:
            try:
                next(self._work)
            except StopIteration:
                self.close()
            except BaseException:
                self.close()
                raise
        return not self.verdict

    def close(self) -> None:
        """Lets go of open files; the drop stays where its last commit left it."""
        self._work.close()
        if self._copy is not None:
            self._copy.drop()
            self._copy = None
        if self._file is not None:
            self._file.close()
            self._file = None

    # -- the order of things ---------------------------------------------------------------------

    def _run(self) -> Iterator[None]:
        if self.incoming is not None:
            arrived = yield from self._receive()
            if not arrived:
                return
        else:
            assert self.drop is not None
            self._file = open(giveback.archived(self.places, self.drop.sha256), "rb")  # noqa: SIM115
        assert self._file is not None
        found = decode.examine(self._file, self.settings.intake.max_bytes)
        if isinstance(found, decode.Held | decode.Refused):
            return self._judge("held" if isinstance(found, decode.Held) else "refused", found.reason)
        yield
        table = open_table(self._file, found, self.settings.intake, known_headers(KINDS))
        if isinstance(table, decode.Held):
            return self._judge("held", table.reason)
        kind = recognise(table.header, KINDS, self.settings, team=self.team, name=self.shown)
        if isinstance(kind, Asks):
            return self._judge("asks", kind.reason, table)
        yield from self._load(table, kind.kind, dict(kind.mapping))

    def _receive(self) -> Iterator[Any]:
        """Copies the file beside the archive. False when it is known, or not the file that arrived."""
        assert self.incoming is not None
        try:
            file = self.incoming.open()
        except Changed:
            self.verdict = "changed"
            return False
        with file:
            if self._of_size():
                sha = hashlib.file_digest(file, "sha256").hexdigest()
                if self._nothing_new(sha):
                    self.verdict = "taken"
                    return False
                file.seek(0)
                yield
            self._copy = giveback.copy(self.places, file)
            if not self.incoming.still(file):
                self.verdict = "changed"
                return False
        self._file = self._copy.file
        self.size = self._copy.size
        if self._nothing_new(self._copy.sha256):
            self.verdict = "taken"
            return False
        yield
        return True

    def _of_size(self) -> bool:
        with self.engine.connect() as conn:
            return bool(
                conn.scalar(select(Drop.id).where(Drop.team == self.team, Drop.size == self.size).limit(1))
            )

    def _nothing_new(self, sha256: str) -> bool:
        """Whether these bytes of this team are taken already and count; finds a load to go on with."""
        with self.engine.connect() as conn:
            rows = conn.execute(
                select(Drop, Source.stands)
                .join(Source, _is(Source.id, Drop.id))
                .where(Drop.sha256 == sha256, Drop.team == self.team, Drop.verdict.in_(("", "taken")))  # type: ignore[attr-defined]
                .order_by(Drop.id.desc())  # type: ignore[attr-defined]
            ).all()
            for row in rows:
                *values, stands = row
                drop = Drop(**dict(zip(Drop.model_fields, values, strict=True)))
                if not drop.done:
                    self.drop = drop
                    return False
                if stands and (not drop.rejected or drop.settings_sha == settings_sha(self.settings)):
                    self.known = drop
                    return True
        return False

    def _judge(self, verdict: str, why: Message, table: Table | None = None) -> None:
        """Notes what happens to the file as a whole: one row a path, however often it is looked at."""
        now = self.clock.now()
        assert self._copy is not None
        sha = self._copy.sha256
        with self.engine.connect() as conn:
            before = conn.execute(
                select(Drop.id, Drop.sha256, Drop.verdict, Drop.why, Drop.received_at)
                .where(
                    Drop.path == self.shown,
                    Drop.team == self.team,
                    Drop.verdict.in_(("held", "asks", "refused")),  # type: ignore[attr-defined]
                )
                .order_by(Drop.id.desc())  # type: ignore[attr-defined]
            ).first()
        same = before is not None and before.sha256 == sha
        if verdict == "held" and before is not None and same:
            if now - before.received_at >= self.settings.intake.held_asks:
                verdict = "asks"
                why = message("It has not been complete for {minutes} minutes: {why}",
                              minutes=int(self.settings.intake.held_asks.total_seconds() // 60), why=why)  # fmt: skip
        self.verdict, self.why = verdict, why
        noted = packed(why)
        if before is not None and same and (before.verdict, before.why) == (verdict, noted):
            return
        row = {
            "sha256": sha,
            "size": self.size,
            "verdict": verdict,
            "why": noted,
            "encoding": table.encoding if table else "",
            "delimiter": table.delimiter if table else "",
            "settings_sha": settings_sha(self.settings),
        }
        if before is not None and before.verdict != "refused":
            with write(self.engine, self.clock, before.id) as writing:
                if not same:
                    row["received_at"] = now
                writing.conn.execute(update(Drop).where(_is(Drop.id, before.id)).values(**row))
        else:
            with write(self.engine, self.clock, self._source(now, now)) as writing:
                self._put_drop(writing, now, done=True, **row)
        self._signal()

    def _source(self, at: datetime, said: datetime) -> Source:
        return Source(sort="drop", at=at, said_at=said, team=self.team)

    def _put_drop(self, writing: Writing, at: datetime, **values: Any) -> None:
        made = Drop(
            **{
                "id": writing.source_id,
                "name": clean(Path(self.shown).name),
                "path": self.shown,
                "team": self.team,
                "received_at": at,
                **values,
            }
        )
        writing.conn.execute(insert(Drop).values(**made.model_dump()))

    # -- a table that is taken -------------------------------------------------------------------

    def _load(self, table: Table, kind: Kind, mapping: dict[str, int]) -> Iterator[None]:
        drop = self.drop
        received = drop.received_at if drop else self.clock.now()
        context = context_of(table, self.settings, received, self.shown)
        reader = Reader(kind, mapping, table.header, context)
        mended = giveback.is_mended(table.header)
        reached = 0
        if self._copy is not None:
            self._copy.keep()
        if drop is not None:
            reached = drop.lines_done
            self._tally = Tally(**{name: getattr(drop, name) for name in Tally.__slots__})
            yield from self._catch_up(table, reader, reached)
        chunks = table.chunks(load.CHUNK, after_line=reached)
        chunk: Chunk | None = next(chunks, None) or Chunk(last_line=reached)
        while chunk is not None:
            following = next(chunks, None)
            batch = reader.read(chunk)
            alone = following is None and self.drop is None
            source = self.drop.id if self.drop else self._source(received, said_at(context))
            with write(self.engine, self.clock, source, long=not alone) as writing:
                if self.drop is None:
                    self._begin(writing, table, kind, received)
                else:
                    self._hold_line(writing, reached)
                rows = (
                    {line: row for line, row in zip(chunk.lines, chunk.rows, strict=True)}
                    if kind.moves
                    else {}
                )
                tally, _ = load.state(writing, kind, batch, received, rows)
                load.put_findings(writing, writing.source_id, self.team, kind.name, batch, self._tally.warned)
                self._tally.add(tally)
                done = {}
                if following is None:
                    if kind.scope and not mended and not self._tally.rejected:
                        claims.close_scope(
                            writing, kind.table, rollup=ROLLUPS.get(str(kind.table.__tablename__))
                        )
                    if not self._tally.rejected and not self._tally.warned:
                        done = {"done": True, "verdict": "taken"}
                load.count(writing, writing.source_id, tally, chunk.last_line, **done)
                source_id = writing.source_id
            if self.drop is None:
                self.drop = Drop(
                    id=source_id, sha256="", name="", received_at=received, team=self.team, path=self.shown
                )
            reached = chunk.last_line
            if self._collect:
                self.skipped += chunk.skipped
            if self._progress:
                self._progress(chunk.bytes_read, self.size, self._tally.rows, self._tally.rejected)
            self._signal()
            chunk = following
            if chunk is not None:
                yield
        assert self.drop is not None
        if self._tally.rejected or self._tally.warned:
            yield
            self._give_back(table, self.drop.id)
            with write(self.engine, self.clock, self.drop.id) as writing:
                writing.conn.execute(
                    update(Drop).where(_is(Drop.id, self.drop.id)).values(done=True, verdict="taken")
                )
            self._signal()
        self.verdict = "taken"

    def _catch_up(self, table: Table, reader: Reader, reached: int) -> Iterator[None]:
        """Reads again what was committed before a crash, for what is filled down and added up."""
        for chunk in table.chunks(load.CHUNK):
            if chunk.last_line > reached:
                return
            reader.read(chunk)
            if self._collect:
                self.skipped += chunk.skipped
            yield

    def _begin(self, writing: Writing, table: Table, kind: Kind, received: datetime) -> None:
        assert self._copy is not None
        self._put_drop(
            writing,
            received,
            sha256=self._copy.sha256,
            kind=kind.name,
            size=self.size,
            encoding=table.encoding,
            delimiter=table.delimiter,
            settings_sha=settings_sha(self.settings),
        )
        writing.conn.execute(
            delete(Drop).where(
                Drop.path == self.shown,  # type: ignore[arg-type]
                Drop.team == self.team,  # type: ignore[arg-type]
                Drop.verdict.in_(("held", "asks")),  # type: ignore[attr-defined]
            )
        )

    def _hold_line(self, writing: Writing, reached: int) -> None:
        """Two processes that go on with one drop: the second finds the line moved and stops."""
        assert self.drop is not None
        now = writing.conn.scalar(select(Drop.lines_done).where(_is(Drop.id, self.drop.id)))
        if now != reached:
            raise CommandpostError("drop {id} is being taken in by another process", id=self.drop.id)

    def _give_back(self, table: Table, drop_id: int) -> None:
        with self.engine.connect() as conn:
            rejects = [
                Reject(**dict(zip(Reject.model_fields, row, strict=True)))
                for row in conn.execute(
                    select(Reject)
                    .where(_is(Reject.drop_id, drop_id), Reject.fresh, Reject.cells != "")  # type: ignore[arg-type]
                    .order_by(Reject.line, Reject.id)  # type: ignore[arg-type]
                )
            ]
        if not rejects:
            return
        of_team = {team.name: team.language for team in self.settings.team}
        words = Words(of_team.get(self.team) or self.settings.language or "zh")
        titles = table.titles if table.sheet_date(self.clock.now().date()) else ()
        giveback.give_back(
            self.places,
            self.team,
            self.shown,
            giveback.returned_text(table.header, rejects, words, titles=titles),
        )

    def _signal(self) -> None:
        changes.send(self.places.signal)


def _is(column: Any, value: Any) -> ColumnElement[bool]:
    return column == value  # type: ignore[no-any-return]


def context_of(table: Table, settings: Settings, received: datetime, name: str) -> Context:
    """What readers may know of this sheet."""
    day = received.astimezone(settings.zone).date()
    return Context(received, settings.zone, settings, table.sheet_date(day, Path(name).name))


def said_at(context: Context) -> datetime:
    """How new what the sheet says is: the end of its own day, never later than it was received."""
    if context.sheet_date is None:
        return context.received
    ends = datetime.combine(context.sheet_date + timedelta(days=1), time(), context.zone)
    return min(context.received, ends - timedelta(seconds=1))


def begin(engine: Engine, arrival: Incoming, places: PostPlaces, settings: Settings, clock: Clock) -> Job:
    """A new file on its way."""
    return Job(engine, places, settings, clock, incoming=arrival)


def unfinished(engine: Engine, places: PostPlaces, settings: Settings, clock: Clock) -> list[Job]:
    """The drops whose load was broken off, in the order they came."""
    with engine.connect() as conn:
        rows = conn.execute(select(Drop).where(Drop.verdict == "", ~Drop.done).order_by(Drop.id)).all()  # type: ignore[arg-type, operator]
    drops = [Drop(**dict(zip(Drop.model_fields, row, strict=True))) for row in rows]
    return [Job(engine, places, settings, clock, drop=drop) for drop in drops]


def forget(engine: Engine, clock: Clock, places: PostPlaces, shown: str, team: str) -> None:
    """A held or asking file is gone from drops/: nobody waits for it any more."""
    waiting = (Drop.path == shown, Drop.team == team, Drop.verdict.in_(("held", "asks")))  # type: ignore[attr-defined]
    with engine.connect() as conn:
        found = conn.scalars(select(Drop.id).where(*waiting)).all()
    if found:
        with write(engine, clock, found[0]) as writing:
            writing.conn.execute(delete(Drop).where(*waiting))
        changes.send(places.signal)


def take(
    path: Path,
    engine: Engine,
    places: PostPlaces,
    settings: Settings,
    clock: Clock,
    *,
    team: str = "",
    words: Words | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Takes a file in, to its end; returns its report. Raises CommandpostError when it cannot be read."""
    job = Job(engine, places, settings, clock, incoming=Named(path, team), collect=True, progress=progress)
    try:
        while job.step():
            pass
    finally:
        job.close()
    if job.verdict == "changed":
        raise CommandpostError("{file}: was written while it was read: try again", file=job.shown)
    return report_of(engine, job, str(path)).told(words or Words(settings.language or "zh"))


def report_of(engine: Engine, job: Job, file: str) -> Report:
    """What the database says of a finished job."""
    report = Report(file=file, verdict=job.verdict, why=job.why, skipped=job.skipped)
    of = job.known or job.drop
    if job.verdict != "taken" or of is None:
        return report
    with engine.connect() as conn:
        drop = conn.execute(select(Drop).where(_is(Drop.id, of.id))).one()
        found = conn.execute(
            select(Reject.warning, Reject.line, Reject.column, Reject.code, Reject.reason, Reject.hint)
            .where(_is(Reject.drop_id, of.id))
            .order_by(Reject.line, Reject.id)  # type: ignore[arg-type]
        ).all()
    report.kind, report.encoding, report.delimiter = drop.kind, drop.encoding, drop.delimiter
    report.tally = Tally(**{name: getattr(drop, name) for name in Tally.__slots__})
    if job.known:
        report.tally = replace(
            report.tally,
            accepted=0, superseding=0, outdated=0, duplicate=drop.rows - drop.rejected,
        )  # fmt: skip
    for row in found:
        into = report.warnings if row.warning else report.rejected
        into.append(
            Finding(
                row.line, row.column, row.code, unpacked(row.reason), unpacked(row.hint) if row.hint else None
            )
        )
    return report


class _Tried(Exception):
    """Ends a trial: everything is rolled back."""


def check(
    path: Path,
    settings: Settings,
    received: datetime,
    *,
    post: Engine | None = None,
    team: str = "",
    values: bool = False,
    words: Words | None = None,
) -> dict[str, Any]:
    """What would become of a file, without writing; the report. Raises CommandpostError.

    With `post` it is tried against what is known there, in a transaction that is rolled back.
    """
    report = Report(file=str(path), values=[] if values else None)
    with _opened(path) as file:
        _check(file, report, settings, received, post, team, clean(path.name))
    return report.told(words or Words(settings.language or "zh"))


def _check(
    file: BinaryIO,
    report: Report,
    settings: Settings,
    received: datetime,
    post: Engine | None,
    team: str,
    name: str,
) -> None:
    found = decode.examine(file, settings.intake.max_bytes)
    if isinstance(found, decode.Held | decode.Refused):
        report.verdict = "held" if isinstance(found, decode.Held) else "refused"
        report.why = found.reason
        return
    table = open_table(file, found, settings.intake, known_headers(KINDS))
    if isinstance(table, decode.Held):
        report.verdict, report.why = "held", table.reason
        return
    report.encoding, report.delimiter = table.encoding, table.delimiter
    recognised = recognise(table.header, KINDS, settings, team=team, name=name)
    if isinstance(recognised, Asks):
        report.verdict, report.why = "asks", recognised.reason
        return
    kind = recognised.kind
    report.verdict, report.kind = "taken", kind.name
    context = context_of(table, settings, received, name)
    reader = Reader(kind, recognised.mapping, table.header, context)
    source = Source(sort="drop", at=received, said_at=said_at(context), team=team)
    with (
        _engine_for(post) as engine,
        contextlib.suppress(_Tried),
        write(engine, FixedClock(received), source) as writing,
    ):
        for chunk in table.chunks(load.CHUNK):
            batch = reader.read(chunk)
            rows = {line: row for line, row in zip(chunk.lines, chunk.rows, strict=True)}
            tally, outcomes = load.state(writing, kind, batch, received, rows)
            report.tally.add(tally)
            report.rejected += batch.rejected
            report.warnings += batch.warnings
            report.skipped += chunk.skipped
            if report.values is not None:
                taken = [r for r, o in zip(batch.records, outcomes, strict=True) if not isinstance(o, Bad)]
                report.values += told_values(kind, taken, settings.zone)
        raise _Tried


@contextlib.contextmanager
def _engine_for(post: Engine | None) -> Iterator[Engine]:
    """The post's engine, else that of an empty post that nobody sees."""
    if post is not None:
        yield post
        return
    from commandpost.store.trial import trial

    engine = trial()
    try:
        yield engine
    finally:
        engine.dispose()
