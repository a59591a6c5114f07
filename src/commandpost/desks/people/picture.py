"""What the census says: households and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.asking import Question
from commandpost.desks.shapes.common import Look


@dataclass(frozen=True, slots=True)
class PeoplePicture:
    households: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class Census:
    """How many were found, and since when passes are to be added to that."""

    found: int
    at: datetime
    """The latest census date's midnight."""


_t: Any = Household
_SUMS = Question(
    Household,
    lambda known: select(
        func.count(),
        func.sum(func.coalesce(_t.size, _t.present, 0)),
        func.sum(func.coalesce(_t.present, _t.size, 0)),
        func.max(_t.event_at),
    ).where(known),
)


def picture(look: Look) -> tuple[PeoplePicture, Census | None]:
    """Households and the sum of their sizes (who was found, where no size was said); and everybody found
    (who belongs, where that was not said), None without a census."""
    households = persons = found = 0
    latest: datetime | None = None
    for n, size, present, at in _SUMS(look):
        if n:
            households += n
            persons += int(size)
            found += int(present)
            latest = at if latest is None else max(latest, at)
    return PeoplePicture(households, persons), None if latest is None else Census(found, latest)
