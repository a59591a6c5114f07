"""Gate passes (通行) and their quarter-hour counts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Float, Index, Text, text
from sqlmodel import Field, SQLModel

from commandpost.store.records import Moment, Version, key_indexes

WARM = 37.0
"""°C from which a pass is kept among the unusual ones."""
UNUSUAL = f"(verdict NOT IN ('', 'ADMITTED') OR temperature >= {WARM} OR symptoms <> '')"
"""Not plainly admitted, warm or with a symptom."""
NOTABLE = f"known_until IS NULL AND {UNUSUAL}"
"""What a query must say word for word to be answered from the index of notable passes."""


class GatePass(Version, table=True):
    """One passage of a gate. Key: time as written, gate, direction, name (or plate), nth."""

    __tablename__ = "gate_pass"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "gate", "direction", "who", "nth")
    NAMED: ClassVar[tuple[str, ...]] = ("who", "plate", "phone", "id_number")
    SAID: ClassVar[tuple[str, ...]] = (
        "verdict", "temperature", "symptoms", "plate", "phone", "id_number", "purpose", "trail", "permit", "host",
    )  # fmt: skip
    __table_args__ = (
        *key_indexes("gate_pass", KEY),
        Index(
            "ix_gate_pass_notable",
            "event_at",
            "verdict",
            "temperature",
            sqlite_where=text(NOTABLE),
        ),
    )

    gate: str = Field(sa_type=Text)
    direction: str = Field(sa_type=Text)
    """IN or OUT."""
    who: str = Field(default="", sa_type=Text)
    """The name as written; the plate when there is none; empty when neither (a crowd)."""
    nth: int = 0
    verdict: str = Field(default="", sa_type=Text)
    """ADMITTED, REFUSED, TURNED_BACK, HELD or unknown."""
    temperature: float | None = Field(default=None, sa_type=Float)
    """°C."""
    symptoms: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    """As written; 发热 where a fever is said to be there (`shapes.fever`)."""
    plate: str = Field(default="", sa_type=Text)
    phone: str = Field(default="", sa_type=Text)
    id_number: str = Field(default="", sa_type=Text)
    purpose: str = Field(default="", sa_type=Text)
    trail: bool | None = None
    """Trail checked (行程)."""
    permit: str = Field(default="", sa_type=Text)
    host: str = Field(default="", sa_type=Text)


class GateTally(Version, table=True):
    """A gate's own count of a span (门岗计数). Key: gate, from, to. `event_at` is the span's start."""

    __tablename__ = "gate_tally"
    KEY: ClassVar[tuple[str, ...]] = ("event_at", "gate", "ends_at", "nth")
    NAMED: ClassVar[tuple[str, ...]] = ("gate",)
    SAID: ClassVar[tuple[str, ...]] = ("came_in", "went_out", "approximate")
    __table_args__ = key_indexes("gate_tally", KEY)

    gate: str = Field(sa_type=Text)
    ends_at: datetime = Field(sa_type=Moment)
    nth: int = 0
    came_in: int | None = None
    """People; None: not counted."""
    went_out: int | None = None
    approximate: bool = False


class GateQuarter(SQLModel, table=True):
    """Current passes counted by quarter hour: a rollup, rebuildable from `gate_pass`."""

    __tablename__ = "gate_quarter"

    quarter: int = Field(primary_key=True, sa_type=BigInteger)
    """UTC seconds of the quarter's start."""
    gate: str = Field(primary_key=True, sa_type=Text)
    direction: str = Field(primary_key=True, sa_type=Text)
    verdict: str = Field(primary_key=True, sa_type=Text)
    n: int = 0


class GateDay(SQLModel, table=True):
    """The same counts by UTC day: what "inside since the first record" adds up, and when a gate was
    last used, without looking at every quarter of a year."""

    __tablename__ = "gate_day"

    day: int = Field(primary_key=True, sa_type=BigInteger)
    """UTC seconds of the day's start."""
    gate: str = Field(primary_key=True, sa_type=Text)
    direction: str = Field(primary_key=True, sa_type=Text)
    verdict: str = Field(primary_key=True, sa_type=Text)
    n: int = 0
