"""Which versions a source has said again so far, remembered from chunk to chunk of its drop.

Asked of the database each time it takes longer with every chunk: of a sheet sent again in another order
each row is a run of its own, and 200,000 of them were gone through for every 4,000 rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from commandpost.store.shape import Shape
from commandpost.store.writing import Writing

_PAGE = 12
"""Bits: a page holds 4,096 versions, a byte each, and pages nothing was said of are not there."""


class Repeated:
    """One for a drop; it belongs to the first table and source it is asked about."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}
        self._read = False

    def begin(self) -> None:
        """Its source is new: nothing of it is stored that it was not told of."""
        self._read = True

    def among(self, ids: Iterable[int], writing: Writing, shape: Shape) -> set[int]:
        """Which of these versions the writing's source has repeated already."""
        if not self._read:
            self._read = True
            for record, n in writing.run(
                "SELECT record, n FROM repeat WHERE source_id = ? AND table_name = ?",
                (writing.source_id, shape.name),
            ).fetchall():
                self.add(range(record, record + n))
        pages, low = self._pages, (1 << _PAGE) - 1
        return {i for i in ids if (page := pages.get(i >> _PAGE)) is not None and page[i & low]}

    def add(self, ids: Iterable[int]) -> None:
        pages, low = self._pages, (1 << _PAGE) - 1
        for i in ids:
            page = pages.get(i >> _PAGE)
            if page is None:
                page = pages[i >> _PAGE] = bytearray(1 << _PAGE)
            page[i & low] = 1
