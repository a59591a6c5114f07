"""What the census says: households and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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


def picture(look: Look) -> PeoplePicture:
    """Households and the sum of their sizes; who was found counts where no size was said."""
    households = persons = 0
    t = Household
    for n, size in known_rows(look, t, (func.count(), func.sum(func.coalesce(t.size, t.present, 0)))):
        households += n
        persons += int(size or 0)
    return PeoplePicture(households, persons)


def census(look: Look) -> Census | None:
    """Everybody found (实到; where not said, everybody who belongs), None without a census."""
    found, latest = 0, None
    t = Household
    columns = (func.sum(func.coalesce(t.present, t.size, 0)), func.max(t.event_at))
    for n, at in known_rows(look, t, columns):
        if at is not None:
            found += int(n or 0)
            latest = at if latest is None else max(latest, at)
    return Census(found, latest) if latest is not None else None
