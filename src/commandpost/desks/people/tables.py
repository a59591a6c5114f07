"""Households (住户) as a census finds them."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Text
from sqlmodel import Field

from commandpost.store.records import Version, key_indexes


class Household(Version, table=True):
    """One household. Key: canonical address. `event_at` is the census date's midnight."""

    __tablename__ = "household"
    KEY: ClassVar[tuple[str, ...]] = ("address",)
    SAID: ClassVar[tuple[str, ...]] = ("event_at", "head", "size", "present", "owner")
    __table_args__ = key_indexes("household", KEY)

    address: str = Field(sa_type=Text)
    head: str = Field(default="", sa_type=Text)
    size: int | None = None
    """应到: how many belong to it."""
    present: int | None = None
    """实到: how many were found; None: not said."""
    owner: str = Field(default="", sa_type=Text)
    """The grid worker responsible."""
