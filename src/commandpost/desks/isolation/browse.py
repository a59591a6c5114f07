"""All isolations, closed ones too, the latest start first."""

from __future__ import annotations

from commandpost.desks.isolation.cases import Case, cases
from commandpost.desks.isolation.picture import Breaches, IsolationRow, ReportsOf, isolation_rows
from commandpost.desks.shapes.browse import meets
from commandpost.desks.shapes.common import Look


def _found(look: Look, filter: str) -> list[Case]:
    found = [
        case
        for case in cases(look)
        if meets((case.row.name, case.row.place, case.row.mode, case.row.category), filter)
    ]
    found.sort(key=lambda case: (case.start, case.row.id), reverse=True)
    return found


def count(look: Look, filter: str) -> int:
    return len(_found(look, filter))


def page(
    look: Look, filter: str, offset: int, limit: int, reports_of: ReportsOf, breaches: Breaches
) -> list[IsolationRow]:
    here = _found(look, filter)[offset : offset + limit]
    order = {case.row.id: n for n, case in enumerate(here)}
    return sorted(isolation_rows(look, here, reports_of, breaches), key=lambda row: order[row.id])
