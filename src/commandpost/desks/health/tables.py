"""Temperature reports (体温日报)."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Float, Text
from sqlmodel import Field

from commandpost.store.records import Version, key_indexes


class HealthReport(Version, table=True):
    """One report of one person. Key: person as written, date, slot. `event_at` is the date's midnight
    in the post's zone."""

    __tablename__ = "health_report"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "slot", "name", "room", "nth")
    NAMED: ClassVar[tuple[str, ...]] = ("name",)
    SAID: ClassVar[tuple[str, ...]] = ("temperature", "symptoms", "reporter")
    __table_args__ = key_indexes("health_report", KEY)

    slot: str = Field(sa_type=Text)
    """AM, NOON or PM."""
    name: str = Field(sa_type=Text)
    room: str = Field(default="", sa_type=Text)
    nth: int = 0
    temperature: float | None = Field(default=None, sa_type=Float)
    """°C; None: reported without a value (正常)."""
    symptoms: str = Field(default="", sa_type=Text)
    """Empty: none stated or 无."""
    reporter: str = Field(default="", sa_type=Text)
