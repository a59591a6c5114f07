"""What the census says: households and the people in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeoplePicture:
    households: int = 0
    persons: int = 0
