"""One sheet on its way into the store: table → recognise → archive → (read → load) chunk by chunk → what
goes back → done. Of a file that is no workbook the file itself is the sheet."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from commandpost.clock import Clock
from commandpost.contract.kind import Kind
from commandpost.contract.reading import Context
from commandpost.contract.values.text import clean
from commandpost.intake import giveback, ledger, load
from commandpost.intake.chunk import after, upto
from commandpost.intake.decode import Held
from commandpost.intake.growing import Grown, grown_from
from commandpost.intake.mending import Mending
from commandpost.intake.read import Reader
from commandpost.intake.rearranged import Rearranged, rearranged
from commandpost.intake.recognise import Asks
from commandpost.intake.report import Report, Tally, name_skipped
from commandpost.intake.sheet import context_of, recognised, source_of
from commandpost.intake.table import Chunk, Skipped, Table, open_table
from commandpost.intake.taught import Taught, header_told
from commandpost.intake.workbook import DAMAGED, NOTES, Sheet
from commandpost.places import PostPlaces
from commandpost.settings import Settings
from commandpost.store import changes
from commandpost.store.again import stated_beyond
from commandpost.store.records import Drop
from commandpost.store.repeated import Repeated
from commandpost.store.writing import NewDrop, Writing, write
from commandpost.words import Message, Words, locale_language

Progress = Callable[[int, int, int, int], None]
"""(bytes read, bytes of the sheet, rows, rejected rows) so far."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the sheets of a file have in common."""

    engine: Engine
    places: PostPlaces
    settings: Settings
    clock: Clock
    taught: Taught
    keep: Callable[[], object]
    """Puts the original into the archive, before anything of it is written."""
    collect: bool
    """Keep what the report needs besides the database (the lines skipped)."""
    progress: Progress | None


class Loading:
    """A sheet on its way."""

    def __init__(
        self, means: Means, of: ledger.File, sheet: Sheet, received: datetime, drop: Drop | None
    ) -> None:
        """`drop`: the one that took it before: done, or broken off and gone on with."""
        self._means, self._of, self._sheet = means, of, sheet
        self._drop = drop
        self._received = drop.received_at if drop and not drop.done else received
        self.drop_id = drop.id if drop else None
        self.verdict = ""
        """`taken`, `asks`, `held`, `refused`; `skipped` where a workbook's sheet holds no table."""
        self.why: Message | None = None
        self.encoding: str | None = None
        self.delimiter: str | None = None
        """Of a sheet that asks."""
        self.again = False
        """It was taken before and says nothing new."""
        self.skipped: list[Skipped] = []
        self._days: list[tuple[int, str]] = []
        self.ready = False
        """All but the one write of a small drop is done."""
        self._open = False
        self._tally = Tally()

    @property
    def name(self) -> str:
        return self._of.sheet

    def run(self, *, done: bool = True) -> Generator[None]:
        """To its end, a chunk a step. `done`: else it is taken only when `finish` is called."""
        means, sheet, of = self._means, self._sheet, self._of
        if sheet.damaged:
            self._judge("refused", DAMAGED)
            return
        table = open_table(sheet.file, sheet.decoded, means.settings.intake, means.taught.known)
        if self._drop is not None and self._drop.done:
            self.verdict, self.again = "taken", True
            if means.collect:
                self.skipped = skipped_of(table)
            return
        if isinstance(table, Held):
            self._judge("held", table.reason)
            return
        context = context_of(table, means.settings, self._received, of.shown, of.sheet)
        kind = means.taught.begun(self._drop) or recognised(table, means.taught, context, of.shown, of.sheet)
        if isinstance(kind, Asks) and sheet.notes and of.sheet:
            self.verdict, self.why = "skipped", NOTES
            return
        if isinstance(kind, Asks):
            about = {"encoding": table.encoding, "delimiter": table.delimiter}
            self._judge("asks", kind.reason, header=header_told(table.header), **about)
            return
        self._columns: Mapping[str, int] = kind.mapping
        self._given = kind.given
        context = replace(context, stated=(*context.stated, *kind.given))
        yield from self._load(table, kind.kind, context, done)

    def finish(self) -> None:
        """It is taken, and what goes back has gone back."""
        if self._open and self.drop_id is not None:
            ledger.finish(self._means.engine, self._means.clock, self.drop_id)
            changes.send(self._means.places.signal)
            self._open = False

    def _judge(self, verdict: str, why: Message, **about: str) -> None:
        self.encoding, self.delimiter = about.get("encoding"), about.get("delimiter")
        means = self._means
        self.verdict, self.why, written = ledger.judge(
            means.engine, means.clock, means.settings, self._of, verdict, why, **about
        )
        if written:
            changes.send(means.places.signal)

    def _load(self, table: Table, kind: Kind, context: Context, done: bool) -> Generator[None]:
        drop, received, means = self._drop, context.received, self._means
        mended = giveback.is_mended(table.header)
        reader = Reader(kind, dict(self._columns), table.header, context, mended=mended)
        source = source_of(context, self._of.team, mended=mended)
        reached = 0
        repeated, left = Repeated(), list[Chunk]()
        passing: Callable[[Chunk], object] = reader.read
        if drop is not None:
            reached, self._tally = drop.lines_done, ledger.tally_of(drop)
            table.known = stated_beyond(means.engine, kind.table, drop.id, reached)
        elif not mended and (grown := self._grown(table, kind, context)):
            reached = grown.lines
            passing = reader.read if reader.carries else reader.follow
            means.keep()
            with write(means.engine, means.clock, source) as writing:
                self._begin(writing, table, kind, received)
                self._tally = grown.state(writing, kind)
                ledger.count(writing, writing.source_id, self._tally, reached)
            self.drop_id = writing.source_id
            yield
        elif not mended and (found := (yield from self._rearranged(table, reader))):
            repeated.begin()
            for records in self._say_again(found, source, table, kind, received):
                repeated.add(records)
                yield
            table.known, left = found.known, found.left
        chunks = iter(left) if left else table.chunks(load.CHUNK)
        chunk: Chunk | None = yield from self._pass_over(chunks, passing, reached)
        chunk = chunk or Chunk(last_line=max(reached, len(table.known or ()) - 1))
        of = self._of
        mending = Mending(
            means.engine, of.team, kind.name, of.shown, of.sheet, table.header, self.drop_id or 0
        )
        while chunk is not None:
            following = next(chunks, None)
            batch = reader.read(chunk)
            gone = mending.of(chunk)
            first, last = self.drop_id is None, following is None
            if first and last and done:
                self.ready = True
                yield
                self.ready = False
            means.keep()
            with write(
                means.engine, means.clock, self.drop_id or source, long=not (first and last)
            ) as writing:
                if first:
                    self._begin(writing, table, kind, received)
                else:
                    ledger.hold_line(writing, writing.source_id, reached, self._tally.rows)
                counted = mending.counted(gone)
                tally, _ = load.state(writing, kind, batch, received, chunk, reader.named, counted, repeated)
                before = gone if mended else {}
                load.put_findings(writing, of.team, kind.name, batch, self._tally.warned, before)
                mending.note(writing, batch, gone)
                self._tally.add(tally)
                clean_end = last and done and not self._tally.rejected and not self._tally.warned
                ended = {"done": True, "verdict": "taken"} if clean_end else {}
                ledger.count(writing, writing.source_id, tally, chunk.last_line, **ended)
                if last and not mended and not self._tally.rejected:
                    load.close_scope(writing, kind)
            self.drop_id, reached = writing.source_id, chunk.last_line
            self._told(chunk)
            chunk = following
            if chunk is not None:
                yield
        self._open = not clean_end
        if self._open:
            yield
            self._give_back(table, all_titles=kind not in means.taught.kinds)
            if done:
                self.finish()
        self.verdict = "taken"

    def _grown(self, table: Table, kind: Kind, context: Context) -> Grown | None:
        """The drop that this one begins with, whose rows need not be read again."""
        means = self._means
        sha = means.taught.sha
        return grown_from(
            means.engine, means.places, self._sheet.file, table, kind, self._of.team, sha, context
        )

    def _rearranged(self, table: Table, reader: Reader) -> Generator[None, None, Rearranged | None]:
        """The rows of this sheet that its team said last, wherever they stood."""
        means = self._means
        return rearranged(means.engine, means.places, table, reader, self._of.team, means.taught.sha)

    def _say_again(
        self, found: Rearranged, source: NewDrop, table: Table, kind: Kind, received: datetime
    ) -> Iterator[list[int]]:
        """States these rows, some a transaction: the versions said again; where it cannot be done they are left
        to be read."""
        means = self._means
        means.keep()
        for lines, records in found.portions():
            with write(means.engine, means.clock, self.drop_id or source, long=True) as writing:
                if self.drop_id is None:
                    self._begin(writing, table, kind, received)
                else:
                    ledger.hold_line(writing, writing.source_id, 0, self._tally.rows)
                tally = found.state(writing, kind, lines, records)
                if tally is not None:
                    self._tally.add(tally)
                    ledger.count(writing, writing.source_id, tally, 0)
            self.drop_id = writing.source_id
            yield records if tally is not None else []

    def _begin(self, writing: Writing, table: Table, kind: Kind, received: datetime) -> None:
        noted = self._means.taught.noted(self._columns, self._given)
        ledger.put(
            writing,
            self._of,
            received,
            kind=kind.name,
            encoding=table.encoding,
            delimiter=table.delimiter,
            settings_sha=self._means.taught.sha,
            mapping=noted,
            header=header_told(table.header) if noted else "",
        )
        of = self._of
        ledger.forget(writing, of.shown, of.team, ("", of.sheet) if of.sheet else None)

    def _pass_over(
        self, chunks: Iterator[Chunk], passing: Callable[[Chunk], object], reached: int
    ) -> Generator[None, None, Chunk | None]:
        """Goes through what needs not be stated any more, up to the line `reached`; the chunk behind it.

        `passing`: reads it again, for what is filled down and added up, or follows its times.
        """
        for chunk in chunks:
            done = upto(chunk, reached)
            self._days += done.days
            if reached:
                passing(done)
            if self._means.collect:
                name_skipped(self.skipped, done)
            if chunk.last_line > reached:
                return after(chunk, reached)
            yield
        return None

    def _told(self, chunk: Chunk) -> None:
        means = self._means
        self._days += chunk.days
        if means.collect:
            name_skipped(self.skipped, chunk)
        if means.progress:
            size = self._sheet.decoded.size
            means.progress(chunk.bytes_read, size, self._tally.rows, self._tally.rejected)
        changes.send(means.places.signal)

    def _give_back(self, table: Table, *, all_titles: bool) -> None:
        """`all_titles`: its columns are days, which may be told by them."""
        assert self.drop_id is not None
        means = self._means
        rejects = ledger.to_give_back(means.engine, self.drop_id, again=giveback.is_mended(table.header))
        if not rejects:
            return
        languages = {team.name: team.language for team in means.settings.team}
        words = Words(languages.get(self._of.team) or means.settings.language or locale_language())
        # A date in a title above is what times without one are read by: it goes back with them.
        day = self._received.astimezone(means.settings.zone).date()
        titles = table.titles if all_titles or table.stated or table.sheet_date(day) else ()
        once = [f"{label}：{value}" for label, value in table.stated]
        whole = "\n".join(map(clean, titles))
        # 门岗： and 南门 in the next cell are one line of what goes back.
        titles = (*titles, *(said for said in once if clean(said) not in whole))
        text = giveback.returned_text(
            table.header, rejects, words, titles=titles, days=self._days, all_days=bool(table.stated)
        )
        giveback.give_back(means.places, self._of.team, self._of.shown, text, self._of.sheet)

    def report(self, file: str) -> Report:
        """What is said of it."""
        report = Report(
            file=file, sheet=self.name, verdict=self.verdict, why=self.why, skipped=self.skipped,
            encoding=self.encoding, delimiter=self.delimiter,
        )  # fmt: skip
        if self.verdict == "taken" and self.drop_id is not None:
            ledger.tell(self._means.engine, report, self.drop_id, again=self.again)
        if self.verdict == "asks" and (waiting := ledger.waiting(self._means.engine, self._of)):
            report.drop = waiting.id
        return report


def skipped_of(table: Table | Held) -> list[Skipped]:
    """The lines of a table that are no data."""
    told: list[Skipped] = []
    if not isinstance(table, Held):
        for chunk in table.chunks(load.CHUNK):
            name_skipped(told, chunk)
    return told
