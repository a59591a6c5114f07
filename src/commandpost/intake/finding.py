"""What is found wrong or doubtful in a sheet."""

from __future__ import annotations

from dataclasses import dataclass

from commandpost.words import Message


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that goes back, or (as a warning) a cell that could not be taken as written."""

    line: int
    column: str
    """The header as written; empty: the row as a whole."""
    code: str
    reason: Message
    hint: Message | None = None
    cells: tuple[str, ...] = ()
    """The row as it came, cells filled down."""
