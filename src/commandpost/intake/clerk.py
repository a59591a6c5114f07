"""One file through all steps. With `loading` the only module that knows their order.

sha256 → is it known? → decode → its sheet (of a workbook each one by itself): `loading`. Killed anywhere,
`unfinished` goes on where the last commit left it.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from sqlalchemy import Engine

from commandpost.clock import Clock
from commandpost.errors import CommandpostError
from commandpost.intake import decode, giveback, ledger
from commandpost.intake.decode import Held, Refused
from commandpost.intake.inbox import Changed
from commandpost.intake.loading import Loading, Means, Progress, skipped_of
from commandpost.intake.named import NamedFile
from commandpost.intake.report import Report
from commandpost.intake.table import Skipped, open_table
from commandpost.intake.taught import Mapped, Taught, taught
from commandpost.intake.trial import try_out
from commandpost.intake.workbook import NO_TABLE, Book, at_once, opened
from commandpost.places import PostPlaces
from commandpost.settings import Settings
from commandpost.store import changes
from commandpost.store.records import Drop
from commandpost.store.writing import together as writing_together
from commandpost.words import Message, Words, locale_language


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
        self._drop_id: int | None = drop.id if drop else None
        self.verdict = ""
        self.why: Message | None = None
        self.again = False
        """These bytes were taken before and say nothing new."""
        self.sheets: list[Loading] = []
        """Of a workbook those that are looked at, else the file itself."""
        self.passed_over: list[tuple[str, Message]] = []
        """Names of a workbook's other sheets, and why."""
        self._incoming, self._drop = incoming, drop
        self._collect, self._progress = collect, progress
        self._mapped = mapped
        self._file: BinaryIO | None = None
        self.copy: giveback.Copy | None = None
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

    @property
    def drop_id(self) -> int | None:
        """Of the sheet at hand; None: nothing of it is in the database yet."""
        return self.sheets[-1].drop_id if self.sheets else self._drop_id

    @property
    def says(self) -> tuple[str, str]:
        """Team and sha256: two files alike in both say nothing twice."""
        return self._of.team, self._of.sha256

    @property
    def ready(self) -> bool:
        """All but the one write of a small drop is done: several such may be written `together`."""
        return any(sheet.ready for sheet in self.sheets)

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
        if self.copy is not None:
            self.copy.drop()
            self.copy = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _run(self) -> Generator[None]:
        self._taught = taught(self.settings, self._of.team, self.engine, self._mapped)
        file = yield from self._receive() if self._incoming else self._from_archive()
        if file is None:
            return
        found = yield from opened(file, self.settings.intake, self.places.archive)
        if isinstance(found, Held | Refused):
            self._judge("held" if isinstance(found, Held) else "refused", found.reason)
            return
        yield
        means = Means(
            self.engine, self.places, self.settings, self.clock, self._taught,
            self.copy.keep if self.copy is not None else lambda: None, self._collect, self._progress,
        )  # fmt: skip
        received = self._drop.received_at if self._drop else self.clock.now()
        if found.packed:
            yield from self._each(found, means, received)
        else:
            sheet = Loading(means, self._of, found.sheets[0], received, self._drop)
            self.sheets.append(sheet)
            yield from sheet.run()
            self.verdict, self.why = sheet.verdict, sheet.why

    def _each(self, book: Book, means: Means, received: datetime) -> Generator[None]:
        """Of a workbook each sheet is a drop of its own, and all are done at the end, together: until then a
        crash leaves one that is not, and with it the workbook is gone on with."""
        self.passed_over = list(book.skipped)
        for part in book.sheets:
            of = replace(self._of, sheet=part.name)
            before = ledger.known(self.engine, of, self._taught.sha, exactly=bool(self._mapped))
            sheet = Loading(means, of, part, received, before)
            self.sheets.append(sheet)
            yield from sheet.run(done=False)
            yield
        for sheet in self.sheets:
            sheet.finish()
        verdicts = {sheet.verdict for sheet in self.sheets} - {"skipped"}
        if not verdicts:
            self._judge("refused", NO_TABLE)
            return
        asking = [sheet.name for sheet in self.sheets if sheet.verdict == "asks"]
        if ledger.forget_others(self.engine, self.clock, self._of, asking):
            changes.send(self.places.signal)
        self.verdict = next(one for one in ("asks", "held", "taken", "refused") if one in verdicts)

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
            self.copy = giveback.copy(self.places, file)
            if not self._incoming.still(file):
                self.verdict = "changed"
                return None
        self._file = self.copy.file
        looked_up = self._of.sha256
        self._of = ledger.File(self._of.shown, self._of.team, self.copy.size, self.copy.sha256)
        if self.copy.sha256 != looked_up and self._known(self.copy.sha256):
            return None
        yield
        return self._file

    def _known(self, sha256: str) -> bool:
        """Whether these bytes say nothing new. Finds a load to go on with."""
        self._of = ledger.File(self._of.shown, self._of.team, self._of.size, sha256)
        before = ledger.known(self.engine, self._of, self._taught.sha, exactly=bool(self._mapped))
        if before is None:
            return False
        self._drop_id = before.id
        if not before.done:
            self._drop = before
            return False
        self.again, self.verdict = True, "taken"
        return True

    def _judge(self, verdict: str, why: Message) -> None:
        self.verdict, self.why, written = ledger.judge(
            self.engine, self.clock, self.settings, self._of, verdict, why
        )
        if verdict == "refused":
            written = ledger.forget_others(self.engine, self.clock, self._of) or written
        if written:
            changes.send(self.places.signal)


def begin(engine: Engine, arrival: Incoming, places: PostPlaces, settings: Settings, clock: Clock) -> Job:
    """A new file on its way."""
    return Job(engine, places, settings, clock, incoming=arrival)


@contextlib.contextmanager
def together(engine: Engine, places: PostPlaces, jobs: Sequence[Job]) -> Iterator[None]:
    """What these jobs, all of them `ready`, write inside is kept at once or none."""
    giveback.keep_all([job.copy for job in jobs if job.copy is not None])
    with writing_together(engine):
        yield
    changes.send(places.signal)


def unfinished(engine: Engine, places: PostPlaces, settings: Settings, clock: Clock) -> list[Job]:
    """The drops whose load was broken off, in the order they came; the sheets of a workbook are one job."""
    files: dict[tuple[str, ...], Drop] = {}
    for drop in ledger.unfinished(engine):
        of = (drop.sha256, drop.team, drop.path) if drop.sheet else (str(drop.id),)
        files.setdefault(of, drop)
    return [Job(engine, places, settings, clock, drop=drop) for drop in files.values()]


def forget(engine: Engine, places: PostPlaces, clock: Clock, shown: str, team: str) -> None:
    """A held or asking file is gone from drops/: nobody waits for it any more."""
    if ledger.forget_others(engine, clock, ledger.File(shown, team, 0)):
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
) -> list[dict[str, Any]]:
    """Takes a file in, to its end; its report, of a workbook one a sheet. Raises CommandpostError when it
    cannot be read. `mapped`: what is said of its columns for this once; `shown`: its path below drops/,
    where it is one of these."""
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
    whole = Report(file=str(path), verdict=job.verdict, why=job.why)
    if job.again and job.drop_id is not None:
        ledger.tell(engine, whole, job.drop_id, again=True)
        whole.skipped = _skipped(path, taught(settings, team, engine, mapped))
    sheets = [sheet.report(str(path)) for sheet in job.sheets]
    words = words or Words(settings.language or locale_language())
    return [report.told(words) for report in _reports(whole, sheets, job.passed_over)]


def _reports(whole: Report, sheets: list[Report], skipped: Sequence[tuple[str, Message]]) -> list[Report]:
    """A report a sheet; of the file as a whole where none of them holds a table."""
    values: list[dict[str, Any]] | None = None if whole.values is None else []
    passed_over = [
        Report(file=whole.file, sheet=name, verdict="skipped", why=why, values=values)
        for name, why in skipped
    ]
    first = [] if any(sheet.verdict != "skipped" for sheet in sheets) else [whole]
    return first + sheets + passed_over


def _skipped(path: Path, told: Taught) -> list[Skipped]:
    """The lines of a file that are no data, when it was not read because its bytes are known."""
    with NamedFile(path).open() as file:
        found = decode.examine(file, told.settings.intake.max_bytes)
        if not isinstance(found, decode.Decoded):
            return []
        return skipped_of(open_table(file, found, told.settings.intake, told.known))


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
) -> list[dict[str, Any]]:
    """What would become of a file, without writing; the report, of a workbook one a sheet. Raises
    CommandpostError.

    With `post` it is tried against what is known there, in a transaction that is rolled back; bytes that
    were taken there say nothing new.
    """
    whole = Report(file=str(path), values=[] if values else None)
    sheets: list[Report] = []
    named = NamedFile(path, team)
    with named.open() as file:
        known = taught(settings, team, post, mapped)
        found = at_once(opened(file, settings.intake))
        for sheet in found.sheets if isinstance(found, Book) else ():
            report = Report(file=str(path), sheet=sheet.name, values=[] if values else None)
            sheets.append(report)
            try_out(sheet, report, known, received, post, named.shown)
            if post is not None and report.verdict == "taken":
                ledger.tell_known(post, report, file, team, known.sha, exactly=bool(mapped))
    if isinstance(found, Held | Refused):
        whole.verdict, whole.why = "held" if isinstance(found, Held) else "refused", found.reason
    else:
        whole.verdict, whole.why = "refused", NO_TABLE
    words = words or Words(settings.language or locale_language())
    skipped = found.skipped if isinstance(found, Book) else ()
    return [report.told(words) for report in _reports(whole, sheets, skipped)]
