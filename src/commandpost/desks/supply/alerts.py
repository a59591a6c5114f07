"""What must not be missed about supplies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from commandpost.desks.shapes.common import Alert, Look
from commandpost.desks.supply.picture import RequestRow, StockRow, SupplyPicture, limit
from commandpost.words import Named, message

_PRIORITY = {"URGENT": "urgent", "HIGH": "high", "NORMAL": "normal"}


def alerts(look: Look, picture: SupplyPicture) -> Iterator[Alert]:
    """Requests past their limit; stock that lasts less than 7 days (critical: 3), or below zero."""
    for row in picture.rows:
        if row.over is not None:
            yield _too_old(look, row)
    for stock in picture.stock:
        if stock.severity is not None:
            yield _short(look, stock)


def _too_old(look: Look, row: RequestRow) -> Alert:
    allowed = limit(look, row.priority)
    hours = allowed / timedelta(hours=1)
    ends = row.at + allowed
    asked = {
        "item": Named(row.item, row.item_english),
        "quantity": "?" if row.quantity is None else f"{row.quantity:g}",
        "requester": row.requester,
        "priority": message(_PRIORITY.get(row.priority, "normal")),
        "hours": f"{hours:g}",
    }
    if row.number:
        text = message(
            "{number} {item}×{quantity} {requester} {priority}, limit {hours}h", number=row.number, **asked
        )
    else:
        text = message("{item}×{quantity} {requester} {priority}, limit {hours}h", **asked)
    return Alert(
        rule="request-age",
        severity="warning",
        subject=f"supply_request:{row.entity}",
        text=text,
        since=ends,
        at=ends,
        timing="over",
        act=message("chase"),
        desk="supply",
        entity=row.entity,
    )


def _short(look: Look, stock: StockRow) -> Alert:
    item = Named(stock.item, stock.english)
    limits = look.settings.thresholds
    if stock.quantity < 0:
        text = message(
            "{item} {quantity} {unit}: less than nothing",
            item=item,
            quantity=f"{stock.quantity:g}",
            unit=stock.unit,
        )
        act = message("count it")
    else:
        days = f"{stock.cover_days:.1f}"
        critical = stock.severity == "critical"
        least = limits.cover_days_critical if critical else limits.cover_days
        text = message("{item} lasts {days} d, under {least} d", item=item, days=days, least=f"{least:g}")
        act = message("buy")
    return Alert(
        rule="stock",
        severity="critical" if stock.severity == "critical" else "warning" if stock.quantity < 0 else "info",
        subject=f"item:{stock.item}|{stock.unit}",
        text=text,
        act=act,
        desk="supply",
    )
