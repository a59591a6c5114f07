"""Rows as the bytes of a file, the way one computer or another saves them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from commandpost.demo.scenario import Style

_NUMBER = re.compile(r"[\d.:/ -]+")
_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True, slots=True)
class Saved:
    """A file as it stands in drops/ from `at` on."""

    at: datetime
    path: str
    """Below drops/: `TEAM/FILE`."""
    data: bytes


def sheet(style: Style, title: str, header: Sequence[str], rows: Iterable[Sequence[str]], day: date) -> bytes:
    """The file's bytes. A `title` becomes a line above the header."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator=style.newline)
    if title:
        line = style.title.format(title=title, day=day)
        writer.writerow([line, *[""] * (len(header) - 1)])
    writer.writerow(header)
    for n, row in enumerate(rows, 1):
        hasty = style.fullwidth and n % style.fullwidth == 0
        writer.writerow(
            [cell.translate(_WIDE) if hasty and _NUMBER.fullmatch(cell) else cell for cell in row]
        )
    return text.getvalue().encode(style.encoding)
