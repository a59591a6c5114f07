"""Who checked in, and how warm they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from commandpost.desks.duty.tables import CheckIn
from commandpost.desks.shapes.asking import Question
from commandpost.desks.shapes.common import Look

_t: Any = CheckIn
_MEASURED = Question(
    CheckIn,
    lambda known: select(_t.id, _t.entity, _t.event_at, _t.post, _t.name, _t.temperature, _t.symptoms).where(
        known,
        _t.event_at >= bindparam("since"),
        _t.event_at <= bindparam("until"),
        _t.temperature.is_not(None) | (_t.symptoms != ""),
    ),
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who checked in and was measured; read like a pass where fevers are called."""

    id: int
    entity: int
    event_at: datetime
    gate: str
    """The post."""
    who: str
    temperature: float | None
    """°C."""
    symptoms: str
    table: str = "check_in"
    verdict: str = ""
    direction: str = ""
    plate: str = ""


def measured(look: Look, since: datetime) -> list[Signed]:
    """The check-ins since then with a temperature of their own, or a symptom."""
    until = look.moment + look.settings.thresholds.clock_ahead
    return [Signed(*row) for row in _MEASURED(look, since=since, until=until)]
