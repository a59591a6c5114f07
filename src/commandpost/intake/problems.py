"""A line of a table that cannot become a row: why, and what of it goes back."""

from __future__ import annotations

import re

from commandpost.intake.chunk import ONE_EACH, SAVE_ANEW, UNREADABLE, Problem, not_so_many
from commandpost.intake.decode import Decoded
from commandpost.intake.rows import Row
from commandpost.words import message

_SURROGATES = re.compile("[\ud800-\udfff]+")


def sound(text: str) -> bool:
    """Whether no undecodable byte is in it (they arrive as lone surrogates)."""
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def problem_of(line: int, row: Row, width: int, longest: int, decoded: Decoded) -> Problem | None:
    """What is wrong with a row of a table of `width` columns; a cell may have `longest` characters."""
    cells = tuple(row.cells)
    if decoded.mixed and not all(map(sound, cells)):
        return Problem(
            line,
            "encoding",
            message("these bytes are not {encoding} like the other lines", encoding=decoded.encoding),
            tuple(_SURROGATES.sub(UNREADABLE, cell) for cell in cells),
            SAVE_ANEW,
        )
    if row.stray:
        why = message("a quotation mark too many or too few")
        return Problem(line, "quote", why, cells, message("put the cell in quotes, and double those inside"))
    if any(cell.strip() for cell in cells[width:]):
        filled = max(i for i, cell in enumerate(cells) if cell.strip()) + 1
        return Problem(line, "columns", not_so_many(filled, width), cells, ONE_EACH)
    # Beyond the header they are blank.
    long = next((i for i, cell in enumerate(cells[:width]) if len(cell) > longest), None)
    if long is not None:
        return Problem(
            line,
            "too-long",
            message("a cell of more than {n} characters", n=longest),
            # One more than may be: as it is it is refused again.
            tuple(cell[: longest + 1] for cell in cells),
            message("shorten it, or look for a missing line end"),
            long,
        )
    return None
