"""What the census says: households and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func

from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.asking import known_rows
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


def picture(look: Look) -> tuple[PeoplePicture, Census | None]:
    """Households and the sum of their sizes (who was found, where no size was said); and everybody found
    (who belongs, where that was not said), None without a census."""
    households = persons = found = 0
    latest: datetime | None = None
    t: Any = Household
    columns = (
        func.count(),
        func.sum(func.coalesce(t.size, t.present, 0)),
        func.sum(func.coalesce(t.present, t.size, 0)),
        func.max(t.event_at),
    )
    for n, size, present, at in known_rows(look, Household, columns):
        if n:
            households += n
            persons += int(size)
            found += int(present)
            latest = at if latest is None else max(latest, at)
    return PeoplePicture(households, persons), None if latest is None else Census(found, latest)
