"""The rules of alerts: one word each, said by the board before the text (发热, 缺岗, 超时 …)."""

from __future__ import annotations

RULES = (
    "fever",
    "refused",
    "closed-gate",
    "gate-silent",
    "tally-differs",
    "isolation-due",
    "isolation-overdue",
    "isolation-lost",
    "isolation-overlap",
    "isolation-breach",
    "report-missing",
    "gap",
    "understaffed",
    "unfit",
    "roster-missing",
    "request-age",
    "stock",
    "drop-missing",
    "drop-held",
    "drop-asks",
    "rejects",
)
"""Message ids of the kind words, in the context `alert`: `words.short("alert", rule)`."""
