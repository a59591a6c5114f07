"""合计 and 小计 rows: a checksum of the rows above them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from commandpost.contract.kind import Column
from commandpost.contract.values.numbers import Quantity
from commandpost.contract.values.text import fold
from commandpost.intake.finding import Finding
from commandpost.intake.table import Chunk
from commandpost.words import message

_NUMBER = re.compile(r"[^\d.]{0,8}?([0-9][0-9,]*(?:\.[0-9]+)?)[^\d]{0,6}")
"""One number with at most a label and a unit: 3, 共3人, 合计：120."""
_OF_ELSE = re.compile("金额|数量|人次|件数|份数")
"""合计金额：5000元 is no count of rows, and of which column it is nobody knows."""

_MEASURED = frozenset({"temperature", "morning", "noon", "evening", "days"})
"""Columns of numbers nobody adds up: what stands below them is a mean, or nothing to compare."""


class Totals:
    """Adds up the columns that have sums, chunk by chunk, and compares the totals it meets."""

    def __init__(self, columns: Sequence[Column], mapping: Mapping[str, int], header: Sequence[str]) -> None:
        self._header = header
        self._field = {index: name for name, index in mapping.items()}
        self._sums: dict[str, list[float]] = {c.field: [0.0, 0.0] for c in columns if c.summed}
        """Field → its sum since the last total, and since the start."""

    def check(self, chunk: Chunk, values: Mapping[str, Sequence[Any]]) -> list[Finding]:
        """Warnings `total` for the totals of a chunk that differ from the rows above them.

        `values`: field → the values of the chunk's rows.
        """
        found: list[Finding] = []
        start = 0
        for total in chunk.totals:
            end = bisect_left(chunk.lines, total.line)
            self._add_up(values, start, end)
            start = end
            for index, cell in enumerate(total.cells):
                number = _NUMBER.fullmatch(fold(cell)) if cell and not _OF_ELSE.search(cell) else None
                if number is not None:
                    said = float(number[1].replace(",", ""))
                    made = self._differs(index, said, total.rows)
                    if made is not None:
                        found.append(self._finding(total.line, index, said, made))
            for sums in self._sums.values():
                sums[0] = 0.0
        self._add_up(values, start, len(chunk.lines))
        return found

    def _add_up(self, values: Mapping[str, Sequence[Any]], start: int, end: int) -> None:
        for name, sums in self._sums.items():
            if name in values:
                found = sum(_amount(value) for value in values[name][start:end])
                sums[0] += found
                sums[1] += found

    def _differs(self, index: int, said: float, rows: int) -> float | None:
        """What the rows above make, when that is not what the total says."""
        name = self._field.get(index)
        if name in self._sums:
            part, whole = self._sums[name]
            return None if min(abs(said - part), abs(said - whole)) < 0.005 else whole
        # A count of rows stands in the label, or below a column that has no numbers to add up.
        counts = index == 0 or (name is not None and name not in _MEASURED)
        return float(rows) if counts and said != rows else None

    def _finding(self, line: int, index: int, said: float, made: float) -> Finding:
        return Finding(
            line,
            self._header[index],
            "total",
            message("The total says {said}, the rows above make {made}.", said=f"{said:g}", made=f"{made:g}"),
        )


def _amount(value: Any) -> float:
    if isinstance(value, Quantity):
        return value.value or 0.0
    if type(value) is tuple:
        return sum(map(_amount, value))
    return float(value) if type(value) in (int, float) else 0.0
