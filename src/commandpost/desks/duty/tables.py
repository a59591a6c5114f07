"""Planned shifts (值班)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Date, Float, Text
from sqlmodel import Field

from commandpost.store.records import Moment, Version, key_indexes


class Shift(Version, table=True):
    """One person on one post. Key: post, start, name. `event_at` is the start."""

    __tablename__ = "shift"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "post", "name")
    SCOPE: ClassVar[tuple[str, ...]] = ("post", "day")
    SAID: ClassVar[tuple[str, ...]] = ("day", "ends_at", "role", "state")
    __table_args__ = key_indexes("shift", KEY)

    post: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    day: date = Field(sa_type=Date)
    """The roster's date: a shift past midnight belongs to the day it starts on."""
    ends_at: datetime = Field(sa_type=Moment)
    role: str = Field(default="GUARD", sa_type=Text)
    """LEADER or GUARD."""
    state: str = Field(default="PLANNED", sa_type=Text)
    """PLANNED, SWAPPED or CANCELLED."""


class CheckIn(Version, table=True):
    """Somebody came to a post, and left it (签到). Key: post, arrival, name. `event_at` is the arrival."""

    __tablename__ = "check_in"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "post", "name", "nth")
    NAMED: ClassVar[tuple[str, ...]] = ("name",)
    SAID: ClassVar[tuple[str, ...]] = ("left_at", "temperature", "symptoms", "phone")
    __table_args__ = key_indexes("check_in", KEY)

    post: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    nth: int = 0
    left_at: datetime | None = Field(default=None, sa_type=Moment)
    temperature: float | None = Field(default=None, sa_type=Float)
    """°C, their own."""
    symptoms: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    """As written; 发热 where a fever is said to be there (`shapes.fever`)."""
    phone: str = Field(default="", sa_type=Text)
