"""The post's clock: real, or a scenario's. Every moment in Python is an aware datetime in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the moment. Intake, board and commands of one post are given the same one."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Stands still at `moment`."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ScenarioClock:
    """Runs `speed` times as fast as the real one, showing `start` at the real moment `anchor`.

    Two processes given the same three values tell the same time.
    """

    start: datetime
    anchor: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        real = datetime.now(UTC) - self.anchor
        return (self.start + timedelta(seconds=real.total_seconds() * self.speed)).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.start.isoformat()}@{self.anchor.isoformat()}x{self.speed:g}"

    @classmethod
    def parse(cls, text: str) -> ScenarioClock:
        """Read what `str` wrote; ValueError when it is anything else."""
        start, rest = text.split("@", 1)
        anchor, speed = rest.rsplit("x", 1)
        return cls(datetime.fromisoformat(start), datetime.fromisoformat(anchor), float(speed))
