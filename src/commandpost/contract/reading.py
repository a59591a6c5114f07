"""What comes of reading a cell: a value, a value with a warning, or a reject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from commandpost.words import Message

if TYPE_CHECKING:
    from commandpost.settings import Settings

Code = Literal[
    "empty", "date", "future", "temperature", "unknown-place", "lost-digits", "id", "value",
    "negative", "order", "state", "person", "columns", "quote", "encoding", "too-long",
]  # fmt: skip
"""Why a row or a cell cannot be used (domain: codes for the returned file and for scripts)."""


@dataclass(frozen=True, slots=True)
class Bad:
    """The cell cannot be read. In a required or key column its row is rejected, elsewhere the
    cell becomes unknown and this is a warning."""

    code: Code
    reason: Message
    hint: Message | None = None
    field: str = ""
    """Of a row that contradicts itself: the field to look at first."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """The cell was read, with something a person should know."""

    value: Any
    code: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know besides the text of the cell. Readers are pure functions of both."""

    received: datetime
    """When the drop came, aware."""
    zone: ZoneInfo
    settings: Settings
    sheet_date: date | None = None
    """The date in a title line or the file's name: the day of times without one."""
    stated: tuple[tuple[str, str], ...] = ()
    """(label, value) of what the titles say under the names of columns: 门岗：南门."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Field → the header of its column, as written."""
    night: int | None = None
    """The title says a night shift: times of day before this second are of the next day."""


Read = Callable[[str], Any]
"""Cell text → value (None when unknown) | Flagged | Bad. Pure, so its results may be cached."""


@dataclass(frozen=True, slots=True)
class ByColumn:
    """A `Read` that has a quicker way for a whole column, with the same results."""

    one: Read
    many: Callable[[Sequence[str], Read], list[Any]]
    """(texts, careful) → their values; `careful` is asked for every text that is not a usual one."""

    def __call__(self, text: str) -> Any:
        return self.one(text)


Reader = Callable[[Context], Read]
"""Made once a drop: binds the context."""
