"""A drop kind is a table of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from commandpost.contract.reading import Bad, Context, Flagged, Reader

Rule = Literal["log", "register", "snapshot"]
"""What a row does when it meets what is known (domain: the three families of kinds)."""

Row = Mapping[str, Any]
"""Field → value read, of one row."""

Expanded = list[dict[str, Any]] | Bad | tuple[list[dict[str, Any]], list[Flagged | Bad]]
"""What becomes of a row: its records (field → value, complete key included), these and what is doubtful
or left out, or why the row contradicts itself."""

Expand = Callable[[Row, Context], Expanded]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a drop kind. There is one of each: what is remembered by it costs no comparing."""

    field: str
    """Name of the value, English, snake_case."""
    header: str
    """The Chinese header a template prints."""
    english: str
    """The English header a template prints."""
    read: Reader
    aliases: tuple[str, ...] = ()
    """Other headers seen or likely, both languages."""
    required: bool = False
    titled: Literal["", "day", "label"] = ""
    """How the sheet may say it once, instead of in a column: a required day in a title or in the file's name;
    anything in a title, under one of this column's names (门岗：南门)."""
    key: bool = False
    """Part of what identifies the fact: an unreadable cell rejects the row."""
    unless: str = ""
    """A field that identifies the fact without this one, where its cell is filled (a number, without the time)."""
    exact: bool = False
    """Of a group of `any_of`, says what the others say, and more exactly: a cell that cannot be read rejects
    the row. Counted by the others it would be counted by this one too, once it is mended."""
    filled: bool = False
    """Required where the sheet has it: an empty cell rejects the row."""
    fill_down: bool = False
    """An empty cell or 同上 repeats the one above, flagged."""
    within: str = ""
    """A field, declared before, at whose next value the filling ends: another building has no 2单元 yet."""
    after: str = ""
    """Field of a date column: where a sheet has it, its cell is put before this one (日期 + 时间)."""
    again: str = ""
    """A field, which a second column of this one's names is (额温 beside 体温)."""
    proven: bool = False
    """Its header alone does not tell: another kind has one like it, and cells this one cannot read are that
    one's."""
    clock: bool = False
    """A time alone in it is of the sheet's day, or of the next where the sheet runs over midnight."""
    marked: bool = False
    """A cell that cannot be read is told to `expand` as None, where an empty one is left out."""
    summed: bool = False
    """A 合计 below it is the sum of its numbers; below any other column it counts rows."""
    example: str = ""
    """A cell for templates; invented."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A record field that is the first filled of others: `who` is the name, else the plate."""

    field: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """How the kind's sheets may have the values of one of its columns as columns of their own."""

    of: str
    """That column's field: `date`, `post` or `gate`."""
    cells: Mapping[str, str]
    """What else such a column's header says (AM, NOON, PM; IN, OUT; empty: nothing) → the field its cells
    are."""
    whole: bool = False
    """Of one value all these cells are filled, or none."""
    unclear: str = ""
    """A field of which nobody knows which of these columns it is about: not counted, and said."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One drop kind: what its sheets look like and what becomes of a row. There is one of each."""

    name: str
    """As on the command line: `gate-passes`."""
    chinese: str
    desk: str
    rule: Rule
    columns: tuple[Column, ...]
    table: type[Any]
    """The SQLModel table of its records."""
    expand: Expand | None = None
    """None: the columns are the record, field by field (`at` fills `event_at`)."""
    expand_when: tuple[str, ...] = ()
    """`expand` is for sheets that have one of these columns; empty: for every sheet."""
    each: Callable[[Row, Context], list[dict[str, Any]]] | None = None
    """Without `expand`: the records of a row in which a cell was read as `Several` people, or a temperature as
    `Stated` in words."""
    doubt: Callable[[Row, Context], Flagged | None] | None = None
    """What is doubtful of a row that says something in `doubt_when`, a field that is mostly empty."""
    doubt_when: str = ""
    derived: tuple[Derived, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    """Of each group of fields at least one column must be there and one cell filled."""
    instead: tuple[str, Callable[[Any], bool]] | None = None
    """A field, and which of its values stand for a cell of `any_of` that nobody filled."""
    across: tuple[Across, ...] = ()
    """Of a kind with `expand`."""
    planned: bool = False
    """True when its times may lie in the future (rosters, appointments)."""
    scope: tuple[str, ...] = ()
    """Snapshot kinds: the record fields whose values together a drop states whole."""
    moves: Callable[[Row, Row], Bad | None] | None = None
    """(what is known, what the row says) → why the move is not allowed, or None."""
    identity: str = ""
    """A key field told from cells that need not be readable (who it is, from a phone): a row that was counted
    and goes back keeps it when it comes again mended."""
    keeps: str = ""
    """A field which, where a row says nothing of it, stays as it is known when the row corrects another."""

    def column(self, field: str) -> Column:
        for column in self.columns:
            if column.field == field:
                return column
        raise KeyError(field)
