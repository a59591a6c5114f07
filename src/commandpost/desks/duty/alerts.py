"""What must not be missed about duty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from commandpost.desks.duty.picture import DutyPicture, Gap, UnfitShift
from commandpost.desks.shapes.common import Alert, Look
from commandpost.words import Named, message


def alerts(look: Look, picture: DutyPicture) -> Iterator[Alert]:
    """Gaps of the next 72 h (critical within 12 h), people on the roster who are unfit, posts below their
    minimum now, rosters that end within 24 h or never came."""
    for shift in picture.unfit:
        # Two of a name who are both unfit make one question of a shift, not two.
        if shift.meant > 1 and _first(shift, picture) is not shift:
            continue
        yield _unfit(look, shift)
    for gap in picture.gaps:
        if _told(look, gap, picture):
            continue
        ahead = gap.start > look.moment
        yield Alert(
            rule="gap",
            severity=gap.severity,
            subject=f"post:{gap.post}@{int(gap.start.timestamp())}",
            text=message(
                "{post} {start}–{end} nobody",
                post=Named(gap.post, gap.english),
                start=_clock(look, gap.start),
                end=_clock(look, gap.end, gap.start),
            ),
            since=None if ahead else gap.start,
            at=gap.start,
            timing="in" if ahead else "ago",
            act=message("assign"),
            desk="duty",
        )
    for row in picture.rows:
        if row.short:
            yield Alert(
                rule="understaffed",
                severity="warning",
                subject=f"post:{row.name}",
                text=message(
                    "{post} {on} of {need}", post=Named(row.name, row.english), on=row.on, need=row.need
                ),
                act=message("assign"),
                desk="duty",
            )
        if not row.roster_ends:
            continue
        if row.roster_until is None:
            yield Alert(
                rule="roster-missing",
                severity="warning",
                subject=f"post:{row.name}",
                text=message("{post}: no roster received", post=Named(row.name, row.english)),
                act=message("ask for it"),
                desk="duty",
            )
        else:
            past = row.roster_until <= look.moment
            yield Alert(
                rule="roster-missing",
                severity="warning",
                subject=f"post:{row.name}",
                text=message(
                    "{post}: roster ends {time}",
                    post=Named(row.name, row.english),
                    time=_clock(look, row.roster_until),
                ),
                since=row.roster_until if past else None,
                at=row.roster_until,
                timing="late" if past else "in",
                act=message("ask for it"),
                desk="duty",
            )


def _first(shift: UnfitShift, picture: DutyPicture) -> UnfitShift:
    """Of all that is said of one shift whose name several people have, the first."""
    return next(one for one in picture.unfit if one.id == shift.id and one.meant > 1)


def _unfit(look: Look, shift: UnfitShift) -> Alert:
    """Who is planned and cannot come, and why; or who may be meant."""
    ahead = shift.start > look.moment
    said: dict[str, Any] = {
        "post": Named(shift.post, shift.english),
        "start": _clock(look, shift.start),
        "end": _clock(look, shift.end, shift.start),
        "name": shift.person,
        "why": shift.why,
    }
    text = message("{post} {start}–{end} {name} {why}, by name", **said)
    if shift.meant > 1:
        text = message("{post} {start}–{end} {name}, one of {n}: {why}", n=shift.meant, **said)
    elif not shift.by_name:
        text = message("{post} {start}–{end} {name} {why}", **said)
    act = message("find a stand-in")
    if not shift.sure:
        act = message("ask who it is") if shift.meant > 1 else message("decide")
    return Alert(
        rule="unfit",
        severity=shift.severity,
        subject=f"post:{shift.post}@{int(shift.start.timestamp())}#{shift.id}",
        text=text,
        since=None if ahead else shift.start,
        at=shift.start,
        timing="in" if ahead else "ago",
        act=act,
        desk="duty",
    )


def _told(look: Look, gap: Gap, picture: DutyPicture) -> bool:
    """All that is left of the gap is told by who is unfit for it."""
    at = max(gap.start, look.moment)
    end = min(gap.end, look.moment + look.settings.thresholds.gap_ahead)
    for shift in picture.unfit:
        if shift.sure and shift.post == gap.post and shift.start <= at < shift.end:
            at = shift.end
    return at >= end


def _clock(look: Look, moment: datetime, after: datetime | None = None) -> str:
    """22:00; with its day when that is neither today nor within a day of `after` (of the moment)."""
    local = moment.astimezone(look.settings.zone)
    near = abs((moment - (after or look.moment)).total_seconds()) < 86_400
    return f"{local:%H:%M}" if near else f"{local:%m-%d %H:%M}"
