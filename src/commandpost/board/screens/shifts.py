"""The shifts of one post, each with the file and line it was planned in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from commandpost.board import lines
from commandpost.board.lines import Line, Span
from commandpost.board.screens.base import AskingScreen

if TYPE_CHECKING:
    from commandpost.board.source import Ask

BEFORE, AFTER = timedelta(hours=12), timedelta(hours=36)
"""Which shifts are listed: those of the last hand-over, now and the next."""

LONGEST = timedelta(days=3)


class ShiftLine(NamedTuple):
    start: datetime
    end: datetime
    name: str
    state: str
    team: str
    file: str
    line: int


class ShiftsScreen(AskingScreen):
    """`post` as the roster calls it."""

    def __init__(self, post: str) -> None:
        super().__init__()
        self._post = post
        self._shifts: list[ShiftLine] | None = None

    def question(self) -> Ask:
        post = self._post

        def ask(look: Any, engine: Any) -> Any:
            from sqlmodel import col, select

            from commandpost.desks.duty.tables import Shift
            from commandpost.store.records import Drop

            wanted = (
                select(Shift, Drop)
                .join(Drop, col(Drop.id) == col(Shift.source_id), isouter=True)
                .where(
                    col(Shift.known_until).is_(None),
                    col(Shift.post) == post,
                    # The index is on the start; no shift lasts days.
                    col(Shift.event_at) > look.moment - BEFORE - LONGEST,
                    col(Shift.ends_at) > look.moment - BEFORE,
                    col(Shift.event_at) < look.moment + AFTER,
                )
                .order_by(col(Shift.event_at), col(Shift.id))
            )
            return [
                ShiftLine(
                    shift.event_at, shift.ends_at, shift.name, shift.state,
                    drop.team if drop else "", drop.name if drop else "", shift.line,
                )
                for shift, drop in look.session.exec(wanted)
            ]  # fmt: skip

        return ask

    def took(self, answer: Any) -> None:
        self._shifts = answer or []

    def told(self, width: int) -> tuple[str, list[Line]]:
        words, picture, hidden = self.board.words, self.board.picture, self.board.masked
        title = f"{words('Shifts and where they are planned')} · {self._post}"
        if self._shifts is None or picture is None:
            return title, [(), (Span("…", "muted"),)]
        if not self._shifts:
            return title, [(), (Span(words("No shift is planned."), "muted"),)]
        from commandpost.desks.shapes import masking

        zone = ZoneInfo(picture.zone)
        told: list[Line] = [()]
        for shift in self._shifts:
            start, end = shift.start.astimezone(zone), shift.end.astimezone(zone)
            current = shift.start <= picture.moment < shift.end
            name = masking.name(shift.name) if hidden else lines.safe(shift.name)
            at = Span(f"{start:%m-%d %H:%M}–{end:%H:%M}", "focus" if current else "text")
            where = words("line {line}", line=shift.line) if shift.line else ""
            known = [] if hidden else [shift.team, shift.file, where]
            state = "" if shift.state == "PLANNED" else words.short("shift", shift.state.lower())
            told.append((
                Span("▸ " if current else "  ", "focus"), at, Span("  "),
                Span(lines.pad(name, 12), "strong" if current else "text"), Span(" "),
                Span(f"{state} " if state else "", "warning"),
                lines.data("  ".join(part for part in known if part), "muted"),
            ))  # fmt: skip
        return title, told
