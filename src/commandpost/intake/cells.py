"""One cell of a column → what it reads as, remembered."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from commandpost.contract.kind import Column
from commandpost.contract.reading import Bad, Flagged, Read
from commandpost.contract.values.clocktimes import TimeOfDay
from commandpost.contract.values.text import clean, is_ditto, is_unknown
from commandpost.words import message

MEMO_LIMIT = 32_768
"""Distinct texts a column remembers: 20,000 known people fit, and seven full columns stay below 60 MB."""

ODD = frozenset({Bad, Flagged})
JOINT = "\x1f"
"""Between the two cells of a column that is read after a date column; no cleaned cell holds it."""

EMPTY = Bad("empty", message("The cell is empty."), message("Fill it in."))
_FAILED = Bad(
    "empty", message("A formula of the spreadsheet failed here."), message("Type the value in its place.")
)
_NOT_FILLED = Bad("value", message("This column is not filled down."), message("Write the value out."))
_NO_DAY = Bad(
    "date", message("A time without a date."), message("Write the date before it, or in a title above.")
)
_FAILS = ("#", "＃")
"""What #N/A and #DIV/0! begin with, and nothing else that says nothing."""
_DITTO = frozenset("同仝〃\"″'”“′dDiIｄｉＤＩ ")
"""What 同上 and its like begin with: asked before they are looked for, because most cells do not."""


class Memo(dict[str, Any]):
    """Cell text → what it reads as."""

    __slots__ = ("careful", "odd")

    def __init__(self, careful: Callable[[str], Any]) -> None:
        super().__init__()
        self.careful = careful
        self.odd = False
        """Whether any text so far was bad or doubtful."""

    def __missing__(self, text: str) -> Any:
        value = self.careful(text)
        if type(value) in ODD:
            self.odd = True
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[text] = value
        return value


def careful(
    column: Column, read: Read, blank: Any, present: Container[str], wanted: Container[str]
) -> Callable[[str], Any]:
    """The careful reader of a column's cells. `blank`: what an empty one leaves, where it may be empty.
    `present`: the fields of the sheet; where that of its day is, its cell stands before it, with `JOINT`
    between them. `wanted`: fields of which one must be filled."""
    failed: Any = _FAILED if column.field in wanted or column.required or column.filled else blank
    if column.required or column.filled:
        blank = EMPTY
    dated = bool(column.after)
    joined = dated and column.after in present

    def reader(text: str) -> Any:
        if joined:
            day, _, text = text.partition(JOINT)
            if not is_unknown(clean(day)) and not is_unknown(clean(text)):
                value = read(f"{day} {text}")
                if type(value) is TimeOfDay:
                    # 夜 + 6:13: what stands in the day's column is none.
                    return _NO_DAY
                if type(value) is not Bad:
                    return blank if value is None else value
                alone = read(text)
                return value if type(alone) in (Bad, TimeOfDay) or alone is None else alone
        if text[:1] in _DITTO and is_ditto(text):
            return EMPTY if column.fill_down else _NOT_FILLED
        value = read(text)
        if value is None:
            return failed if clean(text)[:1] in _FAILS else blank
        return _NO_DAY if dated and type(value) is TimeOfDay else value

    return reader
