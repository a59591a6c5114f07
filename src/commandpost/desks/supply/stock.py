"""Stock on hand and how long it lasts (可用天数)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select

from commandpost.desks.shapes.asking import run
from commandpost.desks.shapes.common import Look
from commandpost.desks.supply.tables import StockMovement
from commandpost.store.records import known

USE_DAYS = 7
"""Days over which use is averaged (domain: days of cover)."""

_SIGN = {"IN": 1.0, "ADJUST": 1.0, "OUT": -1.0}
_t: Any = StockMovement


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the movements heard of up to the moment `until`."""

    totals: Any
    """By item and unit: how many rows, how much went out since `since`."""
    counts: Any
    sums: Any
    mixed: Any


@cache
def _asked(past: bool) -> _Asked:
    tick: Any = bindparam("tick") if past else None
    heard = (
        known(StockMovement, tick),
        _t.event_at <= bindparam("until"),
        _t.quantity.is_not(None),
    )
    mixed: Any = bindparam("mixed", expanding=True)
    last = (
        select(_t.item.label("item"), func.max(_t.event_at).label("at"))
        .where(*heard, _t.move == "COUNT", _t.item.not_in(mixed))
        .group_by(_t.item)
        .subquery()
    )
    return _Asked(
        totals=select(
            _t.item,
            _t.unit,
            func.count(),
            func.sum(case((and_(_t.move == "OUT", _t.event_at > bindparam("since")), _t.quantity))),
        )
        .where(*heard)
        .group_by(_t.item, _t.unit),
        counts=select(_t.id, _t.event_at, _t.item, _t.unit, _t.quantity).where(*heard, _t.move == "COUNT"),
        sums=select(_t.item, _t.unit, _t.move, func.sum(_t.quantity))
        .join(last, last.c.item == _t.item, isouter=True)
        .where(*heard, _t.move != "COUNT", _t.item.not_in(mixed))
        .where(or_(last.c.at.is_(None), _t.event_at > last.c.at))
        .group_by(_t.item, _t.unit, _t.move),
        mixed=select(_t.item, _t.unit, _t.move, _t.event_at, _t.quantity).where(
            *heard, _t.move != "COUNT", _t.item.in_(mixed)
        ),
    )


@dataclass(slots=True)
class Stock:
    """One item's stock. A count (盘点) is what was there at its time; movements after it are added."""

    counted: float = 0.0
    counted_at: datetime | None = None
    moved: float = 0.0
    used: float = 0.0
    """OUT of the last seven days."""

    @property
    def on_hand(self) -> float:
        return round(self.counted + self.moved, 6)

    @property
    def cover_days(self) -> float | None:
        """On hand ÷ mean daily use; None at no use, never infinite; 0 when there is nothing left."""
        return max(self.on_hand, 0.0) / (self.used / USE_DAYS) if self.used > 0 else None


def stocks(look: Look) -> dict[tuple[str, str], Stock]:
    """(item, unit) → its stock, by name. Rows without a unit belong to the item's main unit; different
    units are never added up. Quantities nobody stated change nothing."""
    asked = _asked(look.tick is not None)
    heard: dict[str, Any] = {"until": look.moment + look.settings.thresholds.clock_ahead}
    if look.tick is not None:
        heard["tick"] = look.tick
    totals = run(look, asked.totals, since=look.moment - timedelta(days=USE_DAYS), **heard)
    main, mixed = _units(look, [(item, unit, n) for item, unit, n, _ in totals if unit])
    found: dict[tuple[str, str], Stock] = {}

    def of(item: str, unit: str) -> Stock:
        return found.setdefault((item, unit or main.get(item, "")), Stock())

    for row in sorted(run(look, asked.counts, **heard), key=lambda r: (r.event_at, r.id)):
        stock = of(row.item, row.unit)
        stock.counted, stock.counted_at = row.quantity, row.event_at

    for item, unit, move, quantity in run(look, asked.sums, mixed=mixed, **heard):
        of(item, unit).moved += _SIGN[move] * quantity
    if mixed:
        for row in run(look, asked.mixed, mixed=mixed, **heard):
            stock = of(row.item, row.unit)
            if stock.counted_at is None or row.event_at > stock.counted_at:
                stock.moved += _SIGN[row.move] * row.quantity

    for item, unit, _, used in totals:
        if used is not None:
            of(item, unit).used += used
    return dict(sorted(found.items()))


def _units(look: Look, named: Sequence[tuple[str, str, int]]) -> tuple[dict[str, str], list[str]]:
    """Item → the unit it is counted in (declared, else the one most rows name), and the items that come
    in more than one."""
    n: dict[str, dict[str, int]] = defaultdict(dict)
    for item, unit, count in named:
        n[item][unit] = int(count)
    main = {item: max(sorted(units), key=units.__getitem__) for item, units in n.items()}
    main.update({item.name: item.unit for item in look.settings.item if item.unit})
    mixed = [item for item, units in n.items() if len({*units, main[item]}) > 1]
    return main, mixed
