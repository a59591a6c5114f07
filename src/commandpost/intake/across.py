"""Sheets with days, posts or gates as columns: 姓名 | 3.26 | 3.27, 岗位 | 周一 | 周二, 日期 | 南门 | 北门, 时段 |
东门进 | 东门出.

What a kind has one column for (the day, the post, the gate) stands in the header there, and each cell below is what
the kind has another column for: names, a shift, a temperature. Such a sheet is read as its kind with a
column for each of them, a row of which says as many things as it has filled cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from commandpost.contract.kind import Across, Column, Expanded, Kind, Row
from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.contract.values.places import duty_posts_among
from commandpost.contract.values.text import clean, fold, is_unknown
from commandpost.contract.values.text import header as normal
from commandpost.intake.cells import EMPTY
from commandpost.intake.dayheads import FEWEST, DayHead, day_heads
from commandpost.intake.gateheads import gate_heads
from commandpost.words import message

_WIDEST = 400
"""Columns: no sheet has more than a day each of a year."""
_NO_SUCH_DAY = Bad(
    "date",
    message("There is no such day, or it is another day of the week."),
    message("Check the day at the head of the column."),
)
_WHOSE = message("Of which post the leader is nobody knows: not counted.")
_REST = frozenset({"休", "休息", "公休", "轮休", "调休", "假", "请假", "off", "x", "×", "rest", "leave"})
"""In a cell that holds a shift: none."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A column that is a day, a post, or a way through a gate."""

    index: int
    of: str
    """The field it is a value of: `date`, `post` or `gate`."""
    said: str
    """That value, as its column's reader reads it; empty: the day is impossible."""
    slot: str
    """AM, NOON, PM where the header says it of a day; IN or OUT of a gate."""
    header: str


@dataclass(frozen=True, slots=True)
class Spreads:
    """The columns of a header that are days, posts or gates."""

    planned: tuple[Spread, ...] = ()
    """As they are where the sheet says what is to come: the year of a day may be another."""
    observed: tuple[Spread, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.planned or self.observed)

    @property
    def columns(self) -> frozenset[int]:
        """Their indexes."""
        return frozenset(one.index for one in (*self.planned, *self.observed))


NOTHING_SPREAD = Spreads()


def spread_of(header: Sequence[str], about: Sequence[str], context: Context) -> Spreads:
    """The columns of a header that are days, else gates with both their ways, else declared duty posts, where
    there are two.

    `about`: the texts beside the table (titles, names of sheet and file) that say which month or week.
    """
    if len(header) > _WIDEST:
        return NOTHING_SPREAD
    cells = [clean(cell) for cell in header]
    dated = Spreads(*(_days(cells, about, context, planned) for planned in (True, False)))
    if dated:
        return dated
    gates = gate_heads(cells, context)
    if gates:
        ways = tuple(Spread(i, "gate", gate, way, cells[i]) for i, (gate, way) in gates.items())
        return Spreads(ways, ways)
    posts = duty_posts_among(cells, context)
    if len(posts) < FEWEST:
        return NOTHING_SPREAD
    found = tuple(Spread(i, "post", name, "", cells[i]) for i, name in posts.items())
    return Spreads(found, found)


def _days(cells: Sequence[str], about: Sequence[str], context: Context, planned: bool) -> tuple[Spread, ...]:
    days = day_heads(cells, about, context, planned=planned)
    return tuple(Spread(i, "date", *_said(day), cells[i]) for i, day in days.items())


def _said(head: DayHead) -> tuple[str, str]:
    return ("" if head.day is None else head.day.isoformat()), head.slot


def kinds_across(
    kinds: Sequence[Kind], header: Sequence[str], spreads: Spreads
) -> dict[Kind, dict[int, str]]:
    """The kinds a sheet may be whose columns `spreads` are values of one of theirs → index of each of these
    columns → its field."""
    names = frozenset(normal(cell) for cell in header)
    made = {}
    for kind in kinds:
        spread = spreads.planned if kind.planned else spreads.observed
        for across in kind.across if spread else ():
            if across.of != spread[0].of or any(one.slot not in across.cells for one in spread):
                continue
            taken = (across.of, *across.cells.values())
            if any(_has(kind.column(name), names) for name in taken):
                continue
            made[_kind(kind, across, spread)] = {
                one.index: _field(across.cells[one.slot], one) for one in spread
            }
    return made


def _has(column: Column, names: frozenset[str]) -> bool:
    own = (column.header, column.english, column.field, *column.aliases)
    return any(normal(name) in names for name in own)


def _field(cell: str, one: Spread) -> str:
    return f"{cell}_in_{one.index}"


@lru_cache(64)
def _kind(kind: Kind, across: Across, spread: tuple[Spread, ...]) -> Kind:
    """The kind as such a sheet has it."""
    fields = {_field(across.cells[one.slot], one): one for one in spread}
    cells = frozenset(across.cells.values())
    own = [
        replace(
            kind.column(across.cells[one.slot]),
            field=field,
            header=one.header,
            english="",
            aliases=(),
            required=False,
            proven=True,
            exact=kind.rule == "snapshot" or kind.column(across.cells[one.slot]).exact,
            filled=False,
            read=_reader(kind.column(across.cells[one.slot]), kind.column(across.of), one),
        )
        for field, one in fields.items()
    ]
    columns = [c for c in kind.columns if c.field != across.of and c.field not in cells]
    groups = [
        (*fields, *(name for name in group if name not in cells)) if cells.intersection(group) else group
        for group in kind.any_of
    ]
    if not any(cells.intersection(group) for group in kind.any_of):
        groups.append(tuple(fields))
    by_value: dict[tuple[str, str], dict[str, str]] = {}
    for field, one in fields.items():
        by_value.setdefault((one.of, one.said), {})[across.cells[one.slot]] = field
    return replace(
        kind,
        columns=(*columns, *own),
        any_of=tuple(groups),
        expand=_expand(kind, across, by_value),
        across=(),
    )


def _reader(cell: Column, above: Column, one: Spread) -> Reader:
    """Of a cell: as the kind's column has it, unless the day above it cannot be."""

    def reader(context: Context) -> Read:
        inner = cell.read(context)
        value = above.read(context)(one.said) if one.said else _NO_SUCH_DAY

        def read(text: str) -> Any:
            if is_unknown(text) or (cell.field == "shift" and fold(text).lower() in _REST):
                return None
            return value if type(value) is Bad else inner(text)

        return read

    return reader


def _expand(kind: Kind, across: Across, by_value: Mapping[tuple[str, str], Mapping[str, str]]) -> Any:
    """What the kind makes of each value's cells in turn."""
    made_of = kind.expand
    assert made_of is not None
    spread = frozenset(field for fields in by_value.values() for field in fields.values())

    def expand(row: Row, context: Context) -> Expanded:
        read = kind.column(across.of).read(context)
        shared = {name: value for name, value in row.items() if name not in spread and name != across.unclear}
        records: list[dict[str, Any]] = []
        flags: list[Flagged | Bad] = [Flagged(None, "value", _WHOSE)] if across.unclear in row else []
        for (of, said), fields in by_value.items():
            cells = {cell: row[field] for cell, field in fields.items() if field in row}
            if not cells:
                continue
            if across.whole and len(cells) < len(fields):
                empty = next(field for cell, field in fields.items() if cell not in cells)
                return replace(EMPTY, field=empty)
            value = read(said)
            made = made_of({**shared, **cells, of: value}, context)
            more: Sequence[Flagged | Bad] = ()
            if isinstance(made, tuple):
                made, more = made
            if isinstance(made, Bad):
                return replace(made, field=fields.get(made.field, made.field))
            records += made
            flags += [one for one in more if one not in flags]
        return records, flags

    return expand
