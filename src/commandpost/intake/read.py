"""Cells → records, or why not: a chunk at a time, column by column.

Every column has a memo of the texts it has met: the careful reader is asked once for each distinct
text, so the quick way is a look-up and cannot differ from the careful one. Rows in which a cell
cannot be read, or was read with a doubt, are gone through one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from operator import attrgetter, itemgetter
from typing import Any

from commandpost.contract.kind import Column, Kind
from commandpost.contract.reading import Bad, ByColumn, Context, Flagged
from commandpost.contract.rows import Column as Values
from commandpost.contract.rows import Rows, Same, columns_of, without
from commandpost.contract.values.days import NO_DAY, NO_MOMENT
from commandpost.contract.values.numbers import Stated
from commandpost.contract.values.people import Reached, Several
from commandpost.contract.values.shifts import shift_words
from commandpost.contract.values.text import clean
from commandpost.intake.batch import Batch, record_fields
from commandpost.intake.blanks import default, first_filled, says
from commandpost.intake.cells import EMPTY, JOINT, ODD, Memo, careful
from commandpost.intake.chunk import EMPTY_ONES, ONE_EACH, Chunk, by_day, not_so_many
from commandpost.intake.filling import Filling
from commandpost.intake.finding import Finding
from commandpost.intake.giveback import added_columns
from commandpost.intake.marginal import date_in, night_until
from commandpost.intake.overnight import Overnight, Unread
from commandpost.intake.slipped import SLIPPED, slipped
from commandpost.intake.stated import Once
from commandpost.intake.totals import Totals
from commandpost.intake.wholerow import broken, doubts, instead, reach, spared, unharmed, with_others
from commandpost.words import message

_BY_ROW = frozenset({Several, Stated})
"""What a column cannot say for itself: the row's records are the kind's own (`Kind.each`)."""
_NO_TYPE = (NO_DAY.reason, NO_MOMENT.reason)
"""Of a cell that is no date at all; an impossible one is a date."""
_OTHER_TABLE = message("Another table begins here: send it as a file of its own.")


class _Unsaid:
    """A cell that was filled and says nothing certain (正常 for a temperature)."""


_UNSAID = _Unsaid()


class Reader:
    """Reads the chunks of one drop, in order. What is filled down goes on from chunk to chunk."""

    def __init__(
        self,
        kind: Kind,
        mapping: Mapping[str, int],
        header: Sequence[str],
        context: Context,
        *,
        mended: bool = False,
    ) -> None:
        """`mapping`: field → index in `header`. `mended`: a returned file, whose harmless formulas are
        read as they were written."""
        self.kind = kind
        self._width = len(header)
        self._once = Once(kind, mapping, self._width, context.stated)
        self.header = tuple(clean(cell) for cell in (*header, *self._once.labels))
        context = replace(context, headers={name: self.header[at] for name, at in mapping.items()})
        self.context = context
        self.mapping = mapping
        self._mended = mended
        self._end = min(added_columns(header).values(), default=self._width) if mended else self._width
        """Behind the columns of the sheet itself."""
        self.columns = tuple(c for c in kind.columns if c.field in mapping)
        self.fields = record_fields(kind)
        self.expanding = kind.expand is not None and (
            not kind.expand_when or any(name in mapping for name in kind.expand_when)
        )
        self._groups = tuple(
            found for group in kind.any_of if (found := tuple(f for f in group if f in mapping))
        )
        self._grouped = frozenset(f for group in self._groups for f in group)
        self._received = int(context.received.timestamp())
        self._defaults = {name: default(kind, name) for name in self.fields}
        self._titled = context
        self._about = ""
        self._filling = Filling(self.columns, mapping, self.header)
        self._overnight = Overnight(kind, mapping, self.header)
        self._bind(context)
        self._elsewhere = False
        self._beside = {
            at - 1: column.field for column in self.columns if (at := mapping[column.field]) < self._width
        }
        """Column of the sheet → the field of the column right of it."""
        self._totals = Totals(self.columns, mapping, self.header)

    def _bind(self, context: Context) -> None:
        """The readers of the columns, for rows that are read by `context`."""
        self.context = context
        self._overnight.begin(context)
        reads = {c.field: c.read(context) for c in self.columns}
        self._memos = {
            c.field: Memo(careful(c, reads[c.field], self._blank(c.field), self.mapping, self._grouped))
            for c in self.columns
        }
        self._by_column = {
            c.field: read.many
            for c in self.columns
            if isinstance(read := reads[c.field], ByColumn) and c.after not in self.mapping
        }

    def _turn_to(self, about: str) -> None:
        """The rows that follow are of the day that a title among the rows names; a title without one leaves
        the day as it is."""
        if about == self._about:
            return
        self._about = about
        self._once.turn(about)
        received = self.context.received.astimezone(self.context.zone).date()
        day = date_in([about], received) if about else self._titled.sheet_date
        night = night_until([about], shift_words(self.context)) if about else self._titled.night
        if day is not None and (day != self.context.sheet_date or night not in (None, self.context.night)):
            self._bind(replace(self.context, sheet_date=day, night=night))

    @property
    def carries(self) -> bool:
        """Whether what is read depends on the rows before it."""
        return bool(self._filling.columns) or any(column.summed for column in self.columns)

    @property
    def leans(self) -> bool:
        """Whether a row may need those above it: what is filled down, the day of a time."""
        return bool(self._filling.columns) or self.context.sheet_date is not None

    def by_itself(self, cells: Sequence[Values]) -> bool:
        """Whether none of these rows (column by column) needs those above it."""
        cells = [*cells, *self._once.columns(len(cells[0]))]
        return self._filling.filled(cells) and not self._overnight.may_turn(cells)

    def read(self, chunk: Chunk) -> Batch:
        """The records and findings of one chunk."""
        batch = Batch(rows=len(chunk.rows) + len(chunk.problems))
        for problem in chunk.problems:
            named = "" if problem.column is None else self.header[problem.column]
            batch.rejected.append(
                Finding(problem.line, named, problem.code, problem.reason, problem.hint, problem.cells)
            )
        if not chunk.days:
            self._turn_to(chunk.about)
            self._read_stretch(chunk, batch)
        else:
            records: list[tuple[Any, ...]] = []
            for part in by_day(chunk):
                self._turn_to(part.about)
                batch.records = ()
                self._read_stretch(part, batch)
                records += batch.records
            batch.records = records
        batch.warnings += self._other_tables(chunk)
        batch.rejected.sort(key=attrgetter("line"))
        batch.warnings.sort(key=attrgetter("line"))
        return batch

    def follow(self, chunk: Chunk) -> None:
        """Passes over rows that need not be read again: only how their times go on matters to those below."""
        for part in by_day(chunk) if chunk.days else (chunk,):
            self._turn_to(part.about)
            if part.rows and self.context.sheet_date is not None:
                self._overnight.turn(columns_of(part.rows), part, [], filled=False)

    def _read_stretch(self, chunk: Chunk, batch: Batch) -> None:
        if chunk.rows:
            self._read_rows(chunk, batch)
        elif chunk.totals:
            batch.warnings += self._totals.check(chunk, {})

    def _other_tables(self, chunk: Chunk) -> Iterator[Finding]:
        """A warning where each table begins that is not the sheet's first; its lines are skipped."""
        for skipped in chunk.skipped:
            elsewhere = skipped.why.id == "another table"
            if elsewhere and not self._elsewhere:
                yield Finding(skipped.line, "", "table", _OTHER_TABLE)
            if elsewhere or skipped.why.id == "repeated header":
                self._elsewhere = elsewhere

    def _read_rows(self, chunk: Chunk, batch: Batch) -> None:
        cells = columns_of(chunk.rows)
        if self._mended:
            cells = [[unharmed(text) for text in column] for column in cells]
        unreadable = broken(cells, chunk) if self._mended else {}
        batch.rejected += unreadable.values()
        cells += self._once.columns(len(chunk.rows))
        filled = self._filling.fill(cells, chunk, batch.warnings)
        later, unread = False, list[Unread]()
        if not self._mended:
            # A row that went back holds its day.
            later, unread = self._overnight.turn(cells, chunk, batch.warnings, filled=filled)
        values: dict[str, list[Any]] = {}
        odd: set[int] = set()
        for column in self.columns:
            texts: Sequence[str] = cells[self.mapping[column.field]]
            if column.after and column.after in self.mapping:
                days = cells[self.mapping[column.after]]
                texts = [day + JOINT + text for day, text in zip(days, texts, strict=True)]
            memo = self._memos[column.field]
            read = values[column.field] = self._read_column(column, texts)
            if memo.odd:
                odd.update(compress(range(len(read)), map(ODD.__contains__, map(type, read))))
        self._overnight.mark(cells, unread)
        for group in self._groups:
            if not all(values[group[0]]):
                columns = [values[name] for name in group]
                rows = zip(*columns, strict=True)
                odd.update(i for i, row in enumerate(rows) if not any(says(value) for value in row))
        away = [*unreadable]
        several: list[int] = []
        for i in sorted(odd.difference(unreadable)):
            row = self._raw(cells, i) if filled or later or unread else tuple(chunk.rows[i])
            line = chunk.lines[i]
            if not self._mend(i, line, row, values, batch, chunk.short.get(line)):
                away.append(i)
            elif self.kind.each and any(type(column[i]) in _BY_ROW for column in values.values()):
                several.append(i)
        for line, code, reason in doubts(self.kind, values, chunk.lines, frozenset(away), self.context):
            batch.warnings.append(Finding(line, self.named(self.kind.doubt_when), code, reason))
        if self.expanding:
            self._expand(chunk, cells, values, away, batch)
        else:
            self._align(chunk.lines, values, away, several, batch)
        batch.warnings += self._totals.check(chunk, values)

    def _read_column(self, column: Column, texts: Sequence[str]) -> list[Any]:
        careful = self._memos[column.field].__getitem__
        many = self._by_column.get(column.field)
        return list(map(careful, texts)) if many is None else many(texts, careful)

    def _mend(
        self,
        i: int,
        line: int,
        cells: tuple[str, ...],
        values: dict[str, list[Any]],
        batch: Batch,
        short: int | None,
    ) -> bool:
        """Goes through one row cell by cell. False when it is rejected. `short`: how many cells a row has
        that has fewer than the header."""
        warnings: list[Finding] = []
        held: dict[str, Bad] = {}
        wrong: list[tuple[int, Bad]] = []
        unsaid: list[str] = []
        for column in self.columns:
            value = values[column.field][i]
            if type(value) is Bad:
                index = self.mapping[column.field]
                if column.field in self._grouped and not column.exact:
                    held[column.field] = value
                elif column.required or (column.key and not spared(column, values, i)):
                    wrong.append((index, value))
                    continue
                elif not column.after and value.code != "lost-digits" and self._slipped(column, index, cells):
                    # What stands before it is cut off as well: 37 of 37,8.
                    batch.rejected.append(Finding(line, "", "columns", SLIPPED, ONE_EACH, cells))
                    return False
                warnings.append(
                    Finding(line, self.header[index], value.code, value.reason, value.hint, cells)
                )
                values[column.field][i] = _UNSAID if column.marked else self._blank(column.field)
            elif type(value) is Flagged:
                warnings.append(Finding(line, self.named(column.field), value.code, value.reason))
                values[column.field][i] = _UNSAID if value.value is None else value.value
                if type(value.value) is Reached:
                    reach(values, column.field, i, self.kind, self._blank("phone"))
                if value.value is None:
                    unsaid.append(column.field)
        for group in self._groups:
            if not any(says(values[name][i]) for name in group) and not instead(self.kind, values, i):
                name = next((n for n in group if n in held), group[0])
                wrong.append((self.mapping[name], held.get(name, EMPTY)))
        if wrong:
            # One reject a row, for its leftmost cell: that is where a person looks first.
            index, bad = min(wrong, key=itemgetter(0))
            if short is not None and (bad.code in ("empty", "value") or bad.reason in _NO_TYPE):
                # Fewer cells are fine while each is of its column's type; else one may have slipped.
                bad = Bad("columns", not_so_many(short, self._width), EMPTY_ONES)
                wrong, warnings = [], []
            also = {self.header[at] for at, _ in wrong} | {one.column for one in warnings if one.cells}
            others = [name for name in self.header if name in also and name != self.header[index]]
            reason = with_others(bad.reason, others)
            batch.rejected.append(Finding(line, self.header[index], bad.code, reason, bad.hint, cells))
            return False
        if not self.expanding:
            for name in unsaid:
                values[name][i] = self._blank(name)
        batch.warnings.extend(warnings)
        return True

    def _slipped(self, column: Column, index: int, cells: tuple[str, ...]) -> bool:
        """Whether the row's cells stand one column too far right, from before this one on."""
        if index >= self._width:
            return False
        beside = self._beside.get(index)
        own = self._memos[beside].careful if beside is not None else None
        return slipped(cells[: self._end], index, self._memos[column.field].careful, own)

    def _blank(self, name: str) -> Any:
        return None if self.expanding else self._defaults.get(name)

    def _said(self, moment: Any) -> int | None:
        """A row's own 更新时间, never later than the drop was received; a mended row says it now."""
        if self._mended:
            return None
        return min(moment, self._received) if type(moment) is int else None

    def _align(
        self,
        lines: Sequence[int],
        values: Mapping[str, list[Any]],
        away: Sequence[int],
        several: Sequence[int],
        batch: Batch,
    ) -> None:
        """Column by column into records, without the rows `away`; the rows `several` make one a person."""
        made = {
            d.field: first_filled(of)
            for d in self.kind.derived
            if (of := [values[name] for name in d.of if name in values])
        }
        columns: list[Values] = []
        for name in self.fields:
            column = made.get(name) or values.get(name) or (values.get("at") if name == "event_at" else None)
            columns.append(Same(self._defaults[name], len(lines)) if column is None else column)
        said: Values = Same(None, len(lines))
        if "updated" in values:
            said = [self._said(moment) for moment in values["updated"]]
        records = Rows([lines, said, *columns])
        batch.records = without(records, sorted({*away, *several})) if away or several else records
        if several and self.kind.each:
            made_of = [
                (lines[i], said[i], *self._record(one))
                for i in several
                for one in self.kind.each({name: column[i] for name, column in values.items()}, self.context)
            ]
            batch.records = sorted([*batch.records, *made_of], key=itemgetter(0))

    def _expand(
        self,
        chunk: Chunk,
        cells: Sequence[Sequence[str]],
        values: Mapping[str, list[Any]],
        away: Sequence[int],
        batch: Batch,
    ) -> None:
        """Row by row into as many records as a row says, without the rows `away`."""
        expand = self.kind.expand
        assert expand is not None
        names = tuple(values)
        left_out = frozenset(away)
        records: list[tuple[Any, ...]] = []
        unread: dict[tuple[int, str], Finding] = {}
        for i, row in enumerate(zip(*values.values(), strict=True)):
            if i in left_out:
                continue
            line = chunk.lines[i]
            said = {
                name: None if value is _UNSAID else value
                for name, value in zip(names, row, strict=True)
                if value is not None and value != ""
            }
            made = expand(said, self.context)
            flags: Sequence[Flagged | Bad] = ()
            if isinstance(made, tuple):
                made, flags = made
            if isinstance(made, Bad):
                said_of = (line, self.named(made.field))
                unread = unread or {(one.line, one.column): one for one in batch.warnings if one.cells}
                # A cell that holds something is not empty: what is wrong with it has been found.
                instead = unread.get(said_of) if made.code == "empty" else None
                batch.rejected.append(instead or self._found(made, line, cells, i))
                continue
            for flag in flags:
                if isinstance(flag, Bad):
                    batch.warnings.append(self._found(flag, line, cells, i))
                else:
                    batch.warnings.append(Finding(line, "", flag.code, flag.reason))
            updated = self._said(said.get("updated"))
            records += [(line, updated, *self._record(one)) for one in made]
        rejected = {finding.line for finding in batch.rejected}
        batch.warnings = [finding for finding in batch.warnings if finding.line not in rejected]
        batch.records = records

    def _found(self, bad: Bad, line: int, cells: Sequence[Sequence[str]], i: int) -> Finding:
        """What is wrong with the `i`th row of `cells`, and its raw cells."""
        at_fault = self._raw(cells, i)
        return Finding(line, self.named(bad.field), bad.code, bad.reason, bad.hint, at_fault)

    def _raw(self, cells: Sequence[Sequence[str]], i: int) -> tuple[str, ...]:
        """The cells of a row of the sheet itself."""
        return tuple(column[i] for column in cells[: self._width])

    def named(self, field: str) -> str:
        """The header of a field's column, as written; empty: the sheet has none."""
        return self.header[self.mapping[field]] if field in self.mapping else ""

    def _record(self, said: dict[str, Any]) -> Iterator[Any]:
        for derived in self.kind.derived:
            if derived.field not in said:
                said[derived.field] = next((said[name] for name in derived.of if said.get(name)), "")
        if "event_at" not in said and "at" in said:
            said["event_at"] = said["at"]
        for name in self.fields:
            value = said.get(name)
            yield self._defaults[name] if value is None and name != self.kind.keeps else value
