"""Cells that repeat the one above: 同上, 〃, and empty ones under a merged cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commandpost.contract.kind import Column
from commandpost.contract.values.text import clean, is_ditto
from commandpost.intake.chunk import Chunk
from commandpost.intake.finding import Finding
from commandpost.words import message

_FILLED = message("Filled down from the cell above.")


class Filling:
    """Fills the columns that are declared so, chunk by chunk."""

    def __init__(self, columns: Sequence[Column], mapping: Mapping[str, int], header: Sequence[str]) -> None:
        self.columns = tuple(c for c in columns if c.fill_down)
        self._mapping = mapping
        self._header = header
        self._above: dict[str, str] = {}
        self._outer: dict[str, str] = {}
        """The last value of the column within which another is filled, by this other's field."""

    def filled(self, cells: Sequence[Sequence[str]]) -> bool:
        """Whether each of these cells (column by column) says something itself."""
        texts = {text for column in self.columns for text in cells[self._mapping[column.field]]}
        return all(clean(text) and not is_ditto(text) for text in texts)

    def fill(self, cells: list[Sequence[str]], chunk: Chunk, warnings: list[Finding]) -> bool:
        """Repeats the cell above in `cells` (column by column). True when anything was filled."""
        any_filled = False
        for column in self.columns:
            index = self._mapping[column.field]
            above = self._above.get(column.field, "")
            within = cells[self._mapping[column.within]] if column.within in self._mapping else None
            outer = self._outer.get(column.field, "")
            texts = list(cells[index])
            for i, text in enumerate(texts):
                if within is not None and within[i] != outer:
                    outer, above = within[i], ""
                if clean(text) and not is_ditto(text):
                    above = text
                elif above:
                    texts[i] = above
                    any_filled = True
                    warnings.append(Finding(chunk.lines[i], self._header[index], "filled", _FILLED))
            self._above[column.field], self._outer[column.field] = above, outer
            cells[index] = texts
        return any_filled
