"""What went back to each team, and whether it was mended since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from commandpost.store.engine import explained


@dataclass(slots=True)
class Fault:
    """One code in one column of a team's sheets."""

    code: str
    column: str
    """The header as written; empty: the row as a whole."""
    warning: bool
    """The rows counted, these cells as unknown."""
    rows: int
    open: int
    """Not mended since."""
    drop: int
    line: int
    """The newest example."""


@dataclass(slots=True)
class Teamwork:
    """One team's standing drops. A row that came again unmended is one row."""

    team: str
    drops: int
    rows: int
    new: int
    """accepted + superseding."""
    returned: int = 0
    """Rows that were rejected; those that only hold a doubtful cell are in `faults` alone."""
    open: int = 0
    faults: list[Fault] = field(default_factory=list)
    """The most frequent first."""

    @property
    def share(self) -> float:
        """Of the rows that were new, how many went back."""
        return self.returned / (self.returned + self.new) if self.returned else 0.0


_DROPS = (
    'SELECT d.team, count(*), sum(d.rows), sum(d.accepted + d.superseding) FROM "drop" d '
    "JOIN source s ON s.id = d.id WHERE s.stands AND d.verdict IN ('', 'taken')"
)
_FAULTS = (
    'SELECT d.team, r.warning, r.code, r."column", count(*), '
    "sum(CASE WHEN m.id IS NULL OR NOT m.stands THEN 1 ELSE 0 END), max(r.id) "
    'FROM reject r JOIN "drop" d ON d.id = r.drop_id JOIN source s ON s.id = d.id '
    "LEFT JOIN source m ON m.id = r.mended_by WHERE s.stands AND r.fresh AND r.cells <> ''"
)


def teamwork(engine: Engine, team: str | None = None, since: datetime | None = None) -> list[Teamwork]:
    """Every team (or the one named) that sent anything since `since`, who has most rows back first."""
    told: dict[str, Any] = {}
    which = ""
    if team is not None:
        which, told["team"] = " AND d.team = :team", team
    if since is not None:
        which, told["since"] = f"{which} AND d.received_at >= :since", int(since.timestamp())
    with explained(), engine.connect() as connection:
        works = {
            name: Teamwork(name, drops, rows or 0, new or 0)
            for name, drops, rows, new in connection.execute(text(f"{_DROPS}{which} GROUP BY d.team"), told)
        }
        of = f'{_FAULTS}{which} GROUP BY d.team, r.warning, r.code, r."column"'
        for name, warning, code, column, rows, still, newest in connection.execute(text(of), told):
            example = connection.execute(
                text("SELECT drop_id, line FROM reject WHERE id = :id"), {"id": newest}
            )
            drop, line = example.one()
            work = works[name]
            work.faults.append(Fault(code, column, bool(warning), rows, still, drop, line))
            if not warning:
                work.returned += rows
                work.open += still
    for work in works.values():
        work.faults.sort(key=lambda fault: (-fault.rows, fault.code, fault.column))
    return sorted(works.values(), key=lambda work: (-work.returned, -work.open, work.team))
