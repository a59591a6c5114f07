"""Supply requests (物资申领) and stock movements (出入库)."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Float, Text
from sqlmodel import Field

from commandpost.store.records import Version, key_indexes


class SupplyRequest(Version, table=True):
    """One thing asked for. Key: number and item, else requester, item and time. `event_at` is the submission."""

    __tablename__ = "supply_request"
    KEY: ClassVar[tuple[str, ...]] = ("reference",)
    SAID: ClassVar[tuple[str, ...]] = (
        "event_at", "number", "item", "quantity", "unit", "approximate", "priority", "state",
        "requester", "deliver_to", "contact", "remark",
    )  # fmt: skip
    __table_args__ = key_indexes("supply_request", KEY)

    reference: str = Field(sa_type=Text)
    """`no:NUMBER#ITEM`, else `REQUESTER|ITEM|SECONDS`."""
    number: str = Field(default="", sa_type=Text)
    item: str = Field(sa_type=Text)
    quantity: float | None = Field(default=None, sa_type=Float)
    unit: str = Field(default="", sa_type=Text)
    approximate: bool = False
    priority: str = Field(default="NORMAL", sa_type=Text)
    state: str = Field(default="SUBMITTED", sa_type=Text)
    requester: str = Field(sa_type=Text)
    deliver_to: str = Field(default="", sa_type=Text)
    contact: str = Field(default="", sa_type=Text)
    remark: str = Field(default="", sa_type=Text)


class StockMovement(Version, table=True):
    """Goods in, out, counted. Key: item, time, reference, nth."""

    __tablename__ = "stock_movement"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "item", "reference", "nth")
    NAMED: ClassVar[tuple[str, ...]] = ()
    """Where goods went is nobody's name: a hundred masks twice a day to one gate are two movements."""
    SAID: ClassVar[tuple[str, ...]] = ("move", "quantity", "unit", "approximate")
    __table_args__ = key_indexes("stock_movement", KEY)

    item: str = Field(sa_type=Text)
    reference: str = Field(default="", sa_type=Text)
    """Where to or from, as written."""
    nth: int = 0
    move: str = Field(sa_type=Text)
    """IN, OUT, ADJUST or COUNT."""
    quantity: float | None = Field(default=None, sa_type=Float)
    unit: str = Field(default="", sa_type=Text)
    approximate: bool = False


class Donation(Version, table=True):
    """Goods given (捐赠). Key: donor, item, time. It is stock only once a movement says so."""

    __tablename__ = "donation"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "donor", "item", "nth")
    NAMED: ClassVar[tuple[str, ...]] = ("donor",)
    SAID: ClassVar[tuple[str, ...]] = ("quantity", "unit", "approximate", "contact", "remark")
    __table_args__ = key_indexes("donation", KEY)

    donor: str = Field(sa_type=Text)
    item: str = Field(sa_type=Text)
    nth: int = 0
    quantity: float | None = Field(default=None, sa_type=Float)
    unit: str = Field(default="", sa_type=Text)
    approximate: bool = False
    contact: str = Field(default="", sa_type=Text)
    remark: str = Field(default="", sa_type=Text)
