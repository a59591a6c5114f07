"""Request 物资申领: who asked for what, how urgent, how long ago; days of cover below."""

from __future__ import annotations

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.board.panes.common import (
    GUTTER,
    Body,
    Count,
    Drawn,
    Head,
    Pen,
    column,
    gutter,
    head_of,
    hours_minutes,
    waiting,
)
from commandpost.desks.supply.picture import RequestRow, StockRow, SupplyPicture

_PRIORITIES = {"URGENT": "URG", "HIGH": "HIGH", "NORMAL": "norm"}
_STATES = {
    "SUBMITTED": "submitted",
    "APPROVED": "approved",
    "ALLOCATED": "allocated",
    "DISPATCHED": "on its way",
    "PARTIAL": "partial",
    "DELIVERED": "delivered",
    "CLOSED": "closed",
    "REJECTED": "rejected",
    "CANCELLED": "cancelled",
}
BAR_DAYS = 14
"""Days of cover that fill the bar."""
BAR_CELLS = 28


def head(supply: SupplyPicture, pen: Pen) -> Head:
    word = pen.words.short
    oldest = "—" if supply.oldest is None else hours_minutes(supply.oldest)
    counts = (
        Count(word("head", "open requests"), str(supply.open)),
        Count(word("head", "urgent"), str(supply.urgent), "warning"),
        Count(word("head", "late"), str(supply.late), "warning"),
        Count(word("head", "oldest"), oldest),
    )
    return head_of(pen, "4", "Supply", counts, supply.freshness)


def _columns(width: int) -> tuple[int, int, bool]:
    """Item, requester, and whether the time past the limit has its own column."""
    return (14, 12, True) if width >= 70 else (10, 9, False)


def _heads(pen: Pen, width: int) -> list[Span]:
    item, requester, over = _columns(width)
    return [
        Span(" " * GUTTER),
        *column(pen.column("no."), 4, "muted"),
        *column(pen.column("item"), item, "muted"),
        *column(pen.column("qty"), 6, "muted", right=True),
        *column(pen.column("from"), requester, "muted"),
        *column(pen.column("prio"), 4, "muted"),
        *column(pen.column("wait"), 5, "muted", right=True),
        *(column(pen.column("over"), 6, "muted", right=True) if over else ()),
        Span(pen.column("state"), "muted"),
    ]


def amount(quantity: float | None, unit: str, pen: Pen) -> str:
    """200 只, 5 L, ?; a Chinese counter is not said in English."""
    figure = "?" if quantity is None else f"{quantity:g}" if quantity < 100_000 else f"{quantity:.0f}"
    unit = lines.safe(unit)
    if unit and (pen.chinese or unit.isascii()):
        whole = f"{figure} {unit}"
        # The figure is never cut: rather no unit.
        return whole if lines.width(whole) <= 6 else figure
    return figure


def _priority_tone(row: RequestRow) -> str:
    if row.priority == "URGENT":
        return "warning"
    return "text" if row.priority == "HIGH" else "muted"


def _row(row: RequestRow, pen: Pen, width: int, cursor: bool) -> list[Span]:
    item, requester, over = _columns(width)
    pressing = row.severity in ("critical", "warning")
    strong = "strong" if pressing else "text"
    late = str(row.severity) if row.over is not None and pressing else "text"
    waited = hours_minutes(row.waited)
    past = "" if row.over is None else "+" + hours_minutes(row.over)
    if not over and row.over is not None and lines.width(waited) < 5:
        waited = "!" + waited
    return [
        *gutter(row.severity, cursor),
        *column(lines.safe(row.number)[-4:] or "—", 4, strong),
        *column(pen.name(row.item, row.item_english), item, strong),
        *column(amount(row.quantity, row.unit, pen), 6, right=True),
        *column(lines.safe(row.requester), requester),
        *column(pen.words.short("priority", _PRIORITIES[row.priority]), 4, _priority_tone(row)),
        *column(waited, 5, late, right=True),
        *(column(past, 6, late, right=True) if over else ()),
        Span(pen.words.short("state", _STATES[row.state])),
    ]


def _cover(stock: StockRow) -> str:
    return "—" if stock.cover_days is None else f"{stock.cover_days:.1f}"


def _stock_line(supply: SupplyPicture, pen: Pen, width: int) -> Line:
    spans = [Span(" " * GUTTER), Span(pen.words("days left") + " ", "muted")]
    for index, stock in enumerate(supply.stock):
        item = [Span("   ")] if index else []
        pressing = stock.severity in ("critical", "warning")
        tone = str(stock.severity) if pressing else "text"
        if pressing:
            sign = "!!" if stock.severity == "critical" else "!"
            item += [Span(sign, "critical-block" if sign == "!!" else "warning"), Span(" ")]
        item.append(Span(f"{pen.name(stock.item, stock.english)} {_cover(stock)}", tone))
        # An item is shown whole or not at all: a cut figure would lie.
        if lines.length(spans) + lines.length(item) > width:
            break
        spans += item
    return tuple(spans)


def _stock_row(stock: StockRow, pen: Pen) -> list[Span]:
    pressing = stock.severity in ("critical", "warning")
    tone = str(stock.severity) if pressing else "text"
    filled = min(round((stock.cover_days or 0) * BAR_CELLS / BAR_DAYS), BAR_CELLS)
    return [
        *gutter(stock.severity),
        *column(pen.name(stock.item, stock.english), 12, tone),
        Span("━" * filled, tone if pressing else "bar"),
        Span("─" * (BAR_CELLS - filled), "bar-rest"),
        Span(" "),
        Span(_cover(stock) if stock.cover_days is not None else "— " + pen.words("no use"), tone),
    ]


def draw(supply: SupplyPicture, pen: Pen, width: int, height: int) -> Drawn:
    body = Body(pen, width, height)
    if height >= 6:
        body.add(_heads(pen, width))
    if not supply.rows:
        waiting(body, supply.freshness, pen.words("No open request"))
    tall = width >= 70 and height >= 16 and bool(supply.stock)
    kept = 0
    if tall:
        kept = min(len(supply.stock) + 2, height // 2)
    elif height >= 6 and supply.stock:
        kept = 1
    body.rows(
        len(supply.rows), body.room - kept, lambda index, cursor: _row(supply.rows[index], pen, width, cursor)
    )
    if tall:
        body.blank()
        body.text(pen.words("Days of cover  warning <7  critical <3"))
        for stock in supply.stock:
            body.add(_stock_row(stock, pen))
    elif kept:
        body.to_bottom(1)
        body.add(_stock_line(supply, pen, width))
    return body.drawn()
