"""One drop through all steps. The only module that knows their order.

sha256 → is it known? → decode → table → recognise → archive → (read → load) chunk by chunk → what goes
back → done. Killed anywhere, `unfinished` goes on where the last commit left it.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from sqlalchemy import Engine

from commandpost.clock import Clock
from commandpost.contract.kind import Kind
from commandpost.contract.reading import Context
from commandpost.errors import CommandpostError
from commandpost.intake import decode, giveback, ledger, load
from commandpost.intake.chunk import after, upto
from commandpost.intake.growing import Grown, grown_from
from commandpost.intake.inbox import Changed
from commandpost.intake.named import NamedFile
from commandpost.intake.read import Reader
from commandpost.intake.recognise import Asks
from commandpost.intake.report import Report, Tally, name_skipped
from commandpost.intake.sheet import context_of, source_of
from commandpost.intake.table import Chunk, Skipped, Table, open_table
from commandpost.intake.taught import Mapped, Taught, header_told, taught
from commandpost.intake.trial import try_out
from commandpost.places import PostPlaces
from commandpost.settings import Settings
from commandpost.store import changes
from commandpost.store.records import Drop
from commandpost.store.writing import Writing, write
from commandpost.words import Message, Words, locale_language

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
        mapped: Mapped | None = None,
    ) -> None:
        """`incoming`: a new file; `drop`: one whose load was broken off. `collect`: keep what the report
        needs besides the database (the lines skipped). `mapped`: what a command line says of its columns."""
        self.engine, self.places, self.settings, self.clock = engine, places, settings, clock
        self.drop_id: int | None = drop.id if drop else None
        self.verdict = ""
        self.why: Message | None = None
        self.encoding: str | None = None
        self.delimiter: str | None = None
        """Of a file that asks."""
        self.again = False
        """These bytes were taken before and say nothing new."""
        self.skipped: list[Skipped] = []
        self._incoming, self._drop = incoming, drop
        self._collect, self._progress = collect, progress
        self._mapped = mapped
        self._columns: Mapping[str, int] = {}
        self._file: BinaryIO | None = None
        self._copy: giveback.Copy | None = None
        self._tally = Tally()
        size = drop.size if drop else 0
        if incoming is not None:
            with contextlib.suppress(OSError):
                size = incoming.path.stat().st_size
        of = incoming or NamedFile(Path(drop.path if drop else ""), drop.team if drop else "")
        self._of = ledger.File(drop.path if drop else of.shown, of.team, size, drop.sha256 if drop else "")
        self._work = self._run()

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._of.size

    @property
    def shown(self) -> str:
        return self._of.shown

    def step(self) -> bool:
        """Does one chunk (a commit); True while there is more to do."""
        if not self.verdict:
            # Rows make no cycles, and looking for some among 100,000 tuples costs a tenth of a load.
            gc.disable()
            try:
                next(self._work)
            except StopIteration:
                self.close()
            except BaseException:
                self.close()
                raise
            finally:
                gc.enable()
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

    def _run(self) -> Generator[None]:
        self._taught = taught(self.settings, self._of.team, self.engine, self._mapped)
        file = yield from self._receive() if self._incoming else self._from_archive()
        if file is None:
            return
        found = decode.examine(file, self.settings.intake.max_bytes)
        if isinstance(found, decode.Held | decode.Refused):
            self._judge("held" if isinstance(found, decode.Held) else "refused", found.reason)
            return
        yield
        table = open_table(file, found, self.settings.intake, self._taught.known)
        if isinstance(table, decode.Held):
            self._judge("held", table.reason)
            return
        received = self._drop.received_at if self._drop else self.clock.now()
        context = context_of(table, self.settings, received, self._of.shown)
        kind = self._taught.begun(self._drop) or self._taught.recognise(
            table.header, self._of.shown, dated=context.sheet_date is not None
        )
        if isinstance(kind, Asks):
            about = {"encoding": table.encoding, "delimiter": table.delimiter}
            self._judge("asks", kind.reason, header=header_told(table.header), **about)
            return
        if self._copy is not None:
            self._copy.keep()
        self._columns = kind.mapping
        yield from self._load(table, kind.kind, dict(kind.mapping), context)

    def _from_archive(self) -> Generator[None, None, BinaryIO]:
        self._file = cast(BinaryIO, giveback.archived(self.places, self._of.sha256).open("rb"))
        yield
        return self._file

    def _receive(self) -> Generator[None, None, BinaryIO | None]:
        """Copies the file beside the archive. None: it says nothing new, or is not the file that arrived."""
        assert self._incoming is not None
        try:
            file = self._incoming.open()
        except Changed:
            self.verdict = "changed"
            return None
        with file:
            if ledger.may_be_known(self.engine, self._of):
                # Only a file that may be known is read twice: at a start these are nearly all.
                if self._known(hashlib.file_digest(cast(Any, file), "sha256").hexdigest()):
                    return None
                file.seek(0)
                yield
            self._copy = giveback.copy(self.places, file)
            if not self._incoming.still(file):
                self.verdict = "changed"
                return None
        self._file = self._copy.file
        looked_up = self._of.sha256
        self._of = ledger.File(self._of.shown, self._of.team, self._copy.size, self._copy.sha256)
        if self._copy.sha256 != looked_up and self._known(self._copy.sha256):
            return None
        yield
        return self._file

    def _known(self, sha256: str) -> bool:
        """Whether these bytes say nothing new. Finds a load to go on with."""
        self._of = ledger.File(self._of.shown, self._of.team, self._of.size, sha256)
        before = ledger.known(self.engine, self._of, self._taught.sha, exactly=bool(self._mapped))
        if before is None:
            return False
        self.drop_id = before.id
        if not before.done:
            self._drop = before
            return False
        self.again, self.verdict = True, "taken"
        return True

    def _judge(self, verdict: str, why: Message, **about: str) -> None:
        self.encoding, self.delimiter = about.get("encoding"), about.get("delimiter")
        self.verdict, self.why, written = ledger.judge(
            self.engine, self.clock, self.settings, self._of, verdict, why, **about
        )
        if written:
            changes.send(self.places.signal)

    def _load(self, table: Table, kind: Kind, mapping: dict[str, int], context: Context) -> Generator[None]:
        drop, received = self._drop, context.received
        mended = giveback.is_mended(table.header)
        reader = Reader(kind, mapping, table.header, context, mended=mended)
        source = source_of(context, self._of.team, mended=mended)
        reached = 0
        passing: Reader | None = reader
        if drop is not None:
            reached, self._tally = drop.lines_done, ledger.tally_of(drop)
        elif not mended and (grown := self._grown(table, kind, context)):
            reached = grown.lines
            passing = reader if reader.carries else None
            with write(self.engine, self.clock, source) as writing:
                self._begin(writing, table, kind, received)
                self._tally = grown.state(writing, kind)
                ledger.count(writing, writing.source_id, self._tally, reached)
            self.drop_id = writing.source_id
            yield
        chunks = table.chunks(load.CHUNK)
        chunk: Chunk | None = yield from self._pass_over(chunks, passing, reached)
        chunk = chunk or Chunk(last_line=reached)
        while chunk is not None:
            following = next(chunks, None)
            batch = reader.read(chunk)
            first, last = self.drop_id is None, following is None
            with write(self.engine, self.clock, self.drop_id or source, long=not (first and last)) as writing:
                if first:
                    self._begin(writing, table, kind, received)
                else:
                    ledger.hold_line(writing, writing.source_id, reached)
                tally, _ = load.state(writing, kind, batch, received, chunk, reader.named)
                load.put_findings(writing, self._of.team, kind.name, batch, self._tally.warned)
                self._tally.add(tally)
                clean_end = last and not self._tally.rejected and not self._tally.warned
                done = {"done": True, "verdict": "taken"} if clean_end else {}
                ledger.count(writing, writing.source_id, tally, chunk.last_line, **done)
                if last and not mended and not self._tally.rejected:
                    load.close_scope(writing, kind)
            self.drop_id, reached = writing.source_id, chunk.last_line
            self._told(chunk)
            chunk = following
            if chunk is not None:
                yield
        assert self.drop_id is not None
        if not clean_end:
            yield
            self._give_back(table, received)
            ledger.finish(self.engine, self.clock, self.drop_id)
            changes.send(self.places.signal)
        self.verdict = "taken"

    def _grown(self, table: Table, kind: Kind, context: Context) -> Grown | None:
        """The drop that this one begins with, whose rows need not be read again."""
        assert self._file is not None
        sha = self._taught.sha
        return grown_from(self.engine, self.places, self._file, table, kind, self._of.team, sha, context)

    def _begin(self, writing: Writing, table: Table, kind: Kind, received: datetime) -> None:
        ledger.put(
            writing,
            self._of,
            received,
            kind=kind.name,
            encoding=table.encoding,
            delimiter=table.delimiter,
            settings_sha=self._taught.sha,
            mapping=self._taught.noted(self._columns),
        )
        ledger.forget(writing, self._of.shown, self._of.team)

    def _pass_over(
        self, chunks: Iterator[Chunk], reader: Reader | None, reached: int
    ) -> Generator[None, None, Chunk | None]:
        """Goes through what needs not be stated any more, up to the line `reached`; the chunk behind it.

        `reader`: reads it again, for what is filled down and added up.
        """
        for chunk in chunks:
            done = upto(chunk, reached)
            if reached and reader is not None:
                reader.read(done)
            if self._collect:
                name_skipped(self.skipped, done.skipped)
            if chunk.last_line > reached:
                return after(chunk, reached)
            yield
        return None

    def _told(self, chunk: Chunk) -> None:
        if self._collect:
            name_skipped(self.skipped, chunk.skipped)
        if self._progress:
            self._progress(chunk.bytes_read, self.size, self._tally.rows, self._tally.rejected)
        changes.send(self.places.signal)

    def _give_back(self, table: Table, received: datetime) -> None:
        assert self.drop_id is not None
        rejects = ledger.to_give_back(self.engine, self.drop_id)
        if not rejects:
            return
        languages = {team.name: team.language for team in self.settings.team}
        words = Words(languages.get(self._of.team) or self.settings.language or locale_language())
        # A date in a title above is what times without one are read by: it goes back with them.
        titles = table.titles if table.sheet_date(received.astimezone(self.settings.zone).date()) else ()
        text = giveback.returned_text(table.header, rejects, words, titles=titles)
        giveback.give_back(self.places, self._of.team, self._of.shown, text)


def begin(engine: Engine, arrival: Incoming, places: PostPlaces, settings: Settings, clock: Clock) -> Job:
    """A new file on its way."""
    return Job(engine, places, settings, clock, incoming=arrival)


def unfinished(engine: Engine, places: PostPlaces, settings: Settings, clock: Clock) -> list[Job]:
    """The drops whose load was broken off, in the order they came."""
    return [Job(engine, places, settings, clock, drop=drop) for drop in ledger.unfinished(engine)]


def forget(engine: Engine, places: PostPlaces, clock: Clock, shown: str, team: str) -> None:
    """A held or asking file is gone from drops/: nobody waits for it any more."""
    before = ledger.waiting(engine, shown, team)
    if before is not None and before.verdict in ledger.WAITING:
        with write(engine, clock, before.id) as writing:
            ledger.forget(writing, shown, team)
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
    mapped: Mapped | None = None,
    shown: str = "",
) -> dict[str, Any]:
    """Takes a file in, to its end; its report. Raises CommandpostError when it cannot be read. `mapped`: what
    is said of its columns for this once; `shown`: its path below drops/, where it is one of these."""
    named = NamedFile(path, team)
    named.shown = shown or named.shown
    job = Job(
        engine, places, settings, clock,
        incoming=named, collect=True, progress=progress, mapped=mapped,
    )  # fmt: skip
    try:
        while job.step():
            pass
    finally:
        job.close()
    if job.verdict == "changed":
        raise CommandpostError("{file}: was written while it was read: try again", file=job.shown)
    report = Report(
        file=str(path), verdict=job.verdict, why=job.why, skipped=job.skipped,
        encoding=job.encoding, delimiter=job.delimiter,
    )  # fmt: skip
    if job.verdict == "taken" and job.drop_id is not None:
        ledger.tell(engine, report, job.drop_id, again=job.again)
        if job.again:
            report.skipped = _skipped(path, taught(settings, team, engine, mapped))
    return report.told(words or Words(settings.language or locale_language()))


def _skipped(path: Path, told: Taught) -> list[Skipped]:
    """The lines of a file that are no data, when it was not read because its bytes are known."""
    with NamedFile(path).open() as file:
        found = decode.examine(file, told.settings.intake.max_bytes)
        if not isinstance(found, decode.Decoded):
            return []
        table = open_table(file, found, told.settings.intake, told.known)
        if isinstance(table, decode.Held):
            return []
        skipped: list[Skipped] = []
        for chunk in table.chunks(load.CHUNK):
            name_skipped(skipped, chunk.skipped)
        return skipped


def check(
    path: Path,
    settings: Settings,
    received: datetime,
    *,
    post: Engine | None = None,
    team: str = "",
    values: bool = False,
    words: Words | None = None,
    mapped: Mapped | None = None,
) -> dict[str, Any]:
    """What would become of a file, without writing; the report. Raises CommandpostError.

    With `post` it is tried against what is known there, in a transaction that is rolled back; bytes that
    were taken there say nothing new.
    """
    report = Report(file=str(path), values=[] if values else None)
    named = NamedFile(path, team)
    with named.open() as file:
        known = taught(settings, team, post, mapped)
        try_out(file, report, known, received, post, named.shown)
        if post is not None and report.verdict == "taken":
            ledger.tell_known(post, report, file, team, known.sha, exactly=bool(mapped))
    return report.told(words or Words(settings.language or locale_language()))
