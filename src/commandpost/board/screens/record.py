"""A record whole, and a drop whole: values, file, line, raw text, versions, what went back."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.board.screens.base import AskingScreen
from commandpost.errors import CommandpostError

if TYPE_CHECKING:
    from commandpost.board.source import Ask
    from commandpost.desks.shapes.detail import Detail, Origin
    from commandpost.intake.peek import Seen
    from commandpost.picture import DropRow
    from commandpost.places import PostPlaces
    from commandpost.words import Message

LABEL = 12
"""Cells of a field's name."""
REJECTS = 500
"""Rows that went back, shown at most."""
ASKED = 8
"""First rows of a file that asks."""


class _Page(AskingScreen):
    def _text(self, value: Any) -> str:
        from commandpost.desks.shapes.common import Code

        words = self.board.words
        if value is None or value == "":
            return "?"
        if isinstance(value, bool):
            return words("yes") if value else words("no")
        if isinstance(value, datetime):
            picture = self.board.picture
            return f"{value.astimezone(ZoneInfo(picture.zone if picture else 'UTC')):%Y-%m-%d %H:%M:%S}"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float):
            return f"{value:g}"
        if isinstance(value, Code):
            return words.short("value", value.word)
        return lines.safe(str(value))

    def _pair(self, label: str, value: Any, tone: str = "text") -> Line:
        return (Span(lines.pad(label, LABEL), "muted"), Span(" "), Span(self._text(value), tone))


class RecordScreen(_Page):
    """The record of a version; `latest`: of an entity (the id of its first version) as it is now."""

    def __init__(self, table: str, version: int, *, latest: bool = False) -> None:
        super().__init__()
        self._latest = latest
        self._table, self._record = table, version
        self._detail: Detail | None = None
        self._raw = ""
        self._came = False

    def question(self) -> Ask:
        table, version, places = self._table, self._record, self.board.places
        latest = self._latest

        def ask(look: Any, engine: Any) -> Any:
            from commandpost.desks import detail
            from commandpost.intake.giveback import raw_line
            from commandpost.store.records import Drop

            found = detail(look, table, version)
            if found is not None and latest:
                current = next((one for one in found.versions if one.ended is None), found.versions[0])
                found = detail(look, table, current.id)
            raw = ""
            if found is not None and found.origin.sort == "drop":
                drop = look.session.get(Drop, found.origin.source)
                try:
                    raw = raw_line(places, drop, found.origin.line) if drop is not None else ""
                except CommandpostError:
                    raw = ""
            return found, raw

        return ask

    def took(self, answer: Any) -> None:
        self._came = True
        self._detail, self._raw = answer or (None, "")

    def _origin(self, origin: Origin) -> list[Line]:
        words = self.board.words
        field = words.short
        told = [
            self._pair(field("field", "file"), origin.file or words.short("sort", origin.sort)),
            self._pair(field("field", "line"), origin.line or None),
            self._pair(field("field", "team"), origin.team),
            self._pair(field("field", "received"), origin.received),
        ]
        if not origin.stands:
            told.append((Span(words("This source was undone."), "warning"),))
        return told

    def told(self, width: int) -> tuple[str, list[Line]]:
        words = self.board.words
        title = words("Record and its source")
        if self._detail is None:
            return title, [(), (Span(words("No such record.") if self._came else "…", "muted"),)]
        from commandpost.desks.shapes.masking import masked

        hidden = self.board.masked
        found = masked(self._detail) if hidden else self._detail
        told: list[Line] = [()]
        for label, value in found.fields:
            if value is not None and value != "":
                told.append(self._pair(words.short("field", label), value, "strong"))
        unknown = [words.short("field", label) for label, value in found.fields if value in (None, "")]
        if unknown:
            told.append((Span("?  " + " ".join(unknown), "muted"),))
        told += [(), (Span(words("From where"), "focus"),), *self._origin(found.origin)]
        if self._raw and not hidden:
            told += [(), (Span(words("The line as it came"), "focus"),)]
            raw = lines.safe(self._raw)
            while raw:
                part = lines.take(raw, width - 6)
                told.append((Span("  "), Span(part)))
                raw = raw[len(part) :]
        told += [(), (Span(words("What was said, newest first"), "focus"),)]
        for one in found.versions:
            ended = self._text(one.ended) if one.ended else words("current")
            if one.ended == one.began:
                ended = words("came too late to count")
            told.append((
                Span(self._text(one.began)), Span(" – "), Span(ended, "muted" if one.ended else "ok"),
                Span("  "), lines.data(f"{one.origin.file} {one.origin.line or ''}", "muted"),
            ))  # fmt: skip
            values = "  ".join(self._text(value) for _, value in one.fields if value not in (None, ""))
            told.append((Span("    "), Span(values)))
        return title, told


def _seen(
    look: Any, engine: Any, places: PostPlaces, id: int, before: tuple[str, Seen | Message | None]
) -> tuple[str, Seen | Message | None]:
    """The first rows of a waiting file, from the file as it is in drops/ now."""
    from commandpost.intake.peek import Seen, peek
    from commandpost.intake.taught import taught
    from commandpost.store.records import Drop

    drop = look.session.get(Drop, id)
    if drop is None or not drop.header:
        return "", None
    if drop.sha256 == before[0] and isinstance(before[1], Seen):
        return before
    return drop.sha256, peek(places, drop, taught(look.settings, drop.team, engine), look.moment)


class DropScreen(_Page):
    def __init__(self, row: DropRow) -> None:
        super().__init__()
        self._row = row
        self._rejects: list[tuple[int, bool, str, str, str]] | None = None
        self._seen: tuple[str, Seen | Message | None] = ("", None)
        """Of a drop that asks: its bytes' sha256, and its first rows or why they cannot be shown."""

    def _asking(self, width: int) -> list[Line]:
        """The first rows of a file that asks, what it could be, what to type."""
        from commandpost.board.panes.asking import first_rows, folded, guesses
        from commandpost.words import Message

        words, seen = self.board.words, self._seen[1]
        if seen is None:
            return []
        if isinstance(seen, Message):
            return [(), (lines.data(words.say(seen), "muted"),)]
        told: list[Line] = [(), (Span(words("The first rows, as the file in drops/ is now"), "focus"),)]
        told += [
            (lines.data(line, "muted" if n < 2 else "text"),)
            for n, line in enumerate(first_rows(seen, ASKED))
        ]
        from commandpost.intake.peek import doubt

        if wrong := doubt(seen):
            return [*told, (), (lines.data(words.say(wrong), "warning"),)]
        if not seen.proposals:
            return told
        best = seen.proposals[0]
        told += [(), (Span(words("Proposal: {kind}", kind=words(best.kind.name)), "focus"),)]
        told += [(lines.data(line),) for line in guesses(seen.header, best, words)]
        told.append(())
        if not best.lacking:
            told += [
                (
                    Span(
                        words("To answer, type on this machine (it asks before it keeps anything):"), "focus"
                    ),
                ),
                (Span("  "), Span(f"commandpost drops answer {self._row.id}", "strong")),
                (Span(words("or, with changes of your own:"), "muted"),),
            ]
        for way in seen.ways:
            if isinstance(way, Message):
                told += [(lines.data(line, "focus"),) for line in folded(words.say(way), width)]
            else:
                told += [(Span("  "), Span(line)) for line in folded(lines.safe(way), width - 2)]
        return told

    def question(self) -> Ask:
        drop, words = self._row.id, self.board.words
        asks, seen, places = self._row.verdict == "asks", self._seen, self.board.places

        def ask(look: Any, engine: Any) -> Any:
            from sqlmodel import col, select

            from commandpost.store.records import Reject
            from commandpost.words import unpacked

            if asks:
                return [], _seen(look, engine, places, drop, seen)
            wanted = select(Reject).where(Reject.drop_id == drop).order_by(col(Reject.line)).limit(REJECTS)
            told = [
                (
                    one.line, one.warning, one.column, words.say(unpacked(one.reason)),
                    words.say(unpacked(one.hint)) if one.hint else "",
                )
                for one in look.session.exec(wanted)
            ]  # fmt: skip
            return told, seen

        return ask

    def took(self, answer: Any) -> None:
        self._rejects, self._seen = answer or ([], self._seen)

    def told(self, width: int) -> tuple[str, list[Line]]:
        words, row = self.board.words, self._row
        hidden = self.board.masked
        short = words.short
        told: list[Line] = [
            (),
            self._pair(short("drops", "file"), "***" if hidden else row.name, "strong"),
            self._pair(short("drops", "team"), row.team),
            self._pair(short("drops", "kind"), short("kind", row.kind) if row.kind else None),
            self._pair(short("drops", "received"), row.received),
            self._pair(
                short("drops", "result"),
                short("verdict of a drop", (row.verdict or "loading") if row.stands else "undone"),
            ),
        ]
        if row.why is not None and not hidden:
            told.append((lines.data(words.say(row.why), "warning"),))
        if row.verdict == "asks":
            return words("Drop"), told + ([] if hidden else self._asking(width - 4))
        for label, n in (
            ("rows", row.rows),
            ("new", row.new),
            ("again", row.duplicate),
            ("back", row.rejected),
        ):
            told.append(self._pair(short("drops", label), n))
        if self._rejects and not hidden:
            told += [(), (Span(words("What went back"), "focus"),)]
            for line, warning, column, reason, hint in self._rejects:
                sign = short("drops", "warning") if warning else short("drops", "rejected")
                said = f"{column}: {reason} {hint}" if column else f"{reason} {hint}"
                where = words("line {line}", line=line)
                told.append((Span(f"{where} "), Span(f"{sign} ", "warning"), lines.data(said)))
        return words("Drop"), told
