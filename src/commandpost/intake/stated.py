"""What a sheet says once above its rows, under a column's name: 门岗：南门, Requested by: Block 3.

It counts for every row below, as a column of its own would that has this value in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from commandpost.contract.kind import Kind
from commandpost.contract.values.text import clean, is_unknown
from commandpost.contract.values.text import header as normal
from commandpost.intake.recognise import field_named, known_headers

Stated = tuple[str, str]
"""A label as written, and what is said under it."""

_APART = re.compile(r"\s{2,}|[\t\u3000;；|｜]+")
"""Between things that are said beside each other in one cell."""
_COLON = re.compile(r"(?<![0-9])\s?[:：]")
"""Not that of 7:00."""
_BEGINS = re.compile(r"(?:^|(?<=[\s,/，、。()（）]))(?=[^\s,/，、。()（）])")
"""Where a label may begin."""
_ENDS = " ,，、。_(（"
_SEVERAL = re.compile("[,，]")
_MOST = 50
"""Labels: no form has as many."""
_LONGEST, _NOTICE = 60, 300
"""Characters of a value, and of a cell: what is longer is a notice."""


def stated_in(rows: Sequence[Sequence[str]], known: Container[str]) -> tuple[Stated, ...]:
    """What these rows say under names of columns (`known`, normalised), as
    `申领单位：二号楼   申领日期：3月28日`. A label with nothing behind it is that of the next filled cell."""
    found: list[Stated] = []
    for row in rows:
        parts = [
            said
            for cell in row
            if len(cell) <= _NOTICE
            for part in _APART.split(cell)
            if (said := clean(part))
        ]
        for i, part in enumerate(parts):
            for label, value in _labelled(part, known):
                if not value and i + 1 < len(parts) and part.endswith((":", "：")):
                    value = "" if _COLON.search(parts[i + 1]) else parts[i + 1]
                said = value.strip(_ENDS)
                told = said and len(said) <= _LONGEST and not _SEVERAL.search(said) and not is_unknown(said)
                if told and normal(label) in known:
                    found.append((label, said))
                    if len(found) > _MOST:
                        return ()
    return tuple(found)


def _labelled(text: str, known: Container[str]) -> list[Stated]:
    """Every label with what stands behind it, up to the next one; also labels that are no column's name."""
    told: list[tuple[str, int, int]] = []
    after = 0
    for colon in _COLON.finditer(text):
        starts = [after + at.start() for at in _BEGINS.finditer(text[after : colon.start()])]
        # The longest name that ends here (Requested by, not by), else the last word.
        start = next(
            (at for at in starts if normal(text[at : colon.start()]) in known), max(starts, default=after)
        )
        told.append((text[start : colon.start()].strip(), start, colon.end()))
        after = colon.end()
    if not told:
        return []
    ends = [start for _, start, _ in told[1:]] + [len(text)]
    return [(label, text[begin:end]) for (label, _, begin), end in zip(told, ends, strict=True)]


class Once:
    """The columns of a sheet that its titles say: behind those of its header, alike in every row until a title
    among the rows says otherwise (门岗：北门 on a second page)."""

    def __init__(self, kind: Kind, mapping: Mapping[str, int], width: int, stated: Sequence[Stated]) -> None:
        """`mapping`: field → column; those from `width` on are `stated`, in their order."""
        self._kind = kind
        self._places = {field: at - width for field, at in mapping.items() if at >= width}
        self.labels = tuple(label for label, _ in stated) if self._places else ()
        self._values = [value for _, value in stated] if self._places else []

    def columns(self, rows: int) -> list[list[str]]:
        """Their cells, for so many rows."""
        return [[value] * rows for value in self._values]

    def turn(self, about: str) -> None:
        """The rows that follow stand below this title."""
        for label, value in stated_in([[about]], known_headers((self._kind,))) if self._places else ():
            at = self._places.get(field_named(self._kind, label) or "")
            if at is not None:
                self._values[at] = value
