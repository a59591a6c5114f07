"""Rows whose cells stand one column too far right: a comma inside a cell that nobody quoted (37,8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from commandpost.contract.reading import Bad, Flagged
from commandpost.words import message

SLIPPED = message("The cells stand one column too far right.")


def slipped(
    cells: Sequence[str], index: int, here: Callable[[str], Any], beside: Callable[[str], Any] | None
) -> bool:
    """Whether the cell right of the unreadable one at `index` is what its column wants.

    Only where the row's last cell is empty, so that there was room, or where the comma parts digits. `here` reads the column at `index`;
    `beside` the next one (None: nobody reads it), where the cell must not be at home already.
    """
    if index + 1 >= len(cells):
        return False
    parted = index > 0 and all(part.strip().isdecimal() for part in cells[index - 1 : index + 1])
    if cells[-1].strip() and not parted:
        return False
    text = cells[index + 1]
    wanted = here(text)
    if wanted is None or type(wanted) in (Bad, Flagged):
        return False
    own = Bad if beside is None else type(beside(text))
    return own is Bad or own is str
