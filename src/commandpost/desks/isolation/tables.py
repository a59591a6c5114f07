"""Isolations (隔离管控)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import Date, Text
from sqlmodel import Field

from commandpost.store.records import Version, key_indexes


class Isolation(Version, table=True):
    """One person's isolation. Key: person as written, mode, start. `event_at` is the start's midnight."""

    __tablename__ = "isolation"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "mode", "person")
    SAID: ClassVar[tuple[str, ...]] = (
        "name", "category", "days", "due", "released", "state", "place", "needs", "phone", "id_number", "origin",
    )  # fmt: skip
    __table_args__ = key_indexes("isolation", KEY)

    mode: str = Field(sa_type=Text)
    """CENTRAL, HOME or MONITORING."""
    person: str = Field(sa_type=Text)
    """`people.values.person_key`: id number, else phone and name, else name and room."""
    name: str = Field(sa_type=Text)
    category: str = Field(default="", sa_type=Text)
    """A class of risk finding: CLOSE_CONTACT, RISK_AREA, …"""
    days: int | None = None
    """As ordered; None: the post's threshold."""
    due: date | None = Field(default=None, sa_type=Date)
    """A planned release date stated by the team; None: start + days."""
    released: date | None = Field(default=None, sa_type=Date)
    """A release date in the past stated by the team."""
    state: str = Field(default="ORDERED", sa_type=Text)
    """ORDERED, RELEASED, TRANSFERRED, CONVERTED, LOST, CANCELLED."""
    place: str = Field(default="", sa_type=Text)
    needs: str = Field(default="", sa_type=Text)
    phone: str = Field(default="", sa_type=Text)
    id_number: str = Field(default="", sa_type=Text)
    origin: str = Field(default="", sa_type=Text)
