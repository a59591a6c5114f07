"""All requests, settled ones too, the latest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from commandpost.desks.shapes.asking import run
from commandpost.desks.shapes.browse import contains
from commandpost.desks.shapes.common import Look
from commandpost.desks.supply.picture import COLUMNS, RequestRow, request_row
from commandpost.desks.supply.tables import SupplyRequest
from commandpost.store.records import known

_t: Any = SupplyRequest
_SEEN = (_t.number, _t.item, _t.requester, _t.deliver_to)


def count(look: Look, filter: str) -> int:
    statement = select(func.count()).select_from(SupplyRequest)
    return int(run(look, statement.where(known(SupplyRequest, look.tick), *contains(_SEEN, filter)))[0][0])


def page(look: Look, filter: str, offset: int, limit: int) -> list[RequestRow]:
    english = {item.name: item.english for item in look.settings.item}
    statement = select(*COLUMNS).where(known(SupplyRequest, look.tick), *contains(_SEEN, filter))
    statement = statement.order_by(_t.event_at.desc(), _t.id.desc()).limit(limit).offset(offset)
    return [request_row(look, row, english) for row in run(look, statement)]
