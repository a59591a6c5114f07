"""What came from the teams: drops, timetables, what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, func, select

from commandpost.desks.shapes.asking import run
from commandpost.desks.shapes.common import Alert, Look, Phone, Private
from commandpost.desks.shapes.timetable import Timing, timings
from commandpost.store.records import Drop, DropThen, Source, Tick, known
from commandpost.words import Message, Named, message, unpacked


@dataclass(frozen=True, slots=True)
class DropRow:
    """One drop as the board and `drops` list it."""

    id: int
    received: datetime
    name: Private
    team: str
    kind: str
    verdict: str
    """`taken`, `held`, `asks`, `refused`, `` while loading."""
    why: Message | None
    rows: int
    new: int
    """accepted + superseding"""
    duplicate: int
    rejected: int
    stands: bool


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A declared team against its timetable."""

    name: str
    label: str
    english: str
    kinds: tuple[str, ...]
    last_received: datetime | None
    due: datetime | None
    """The latest moment by which something was due; None: no timetable."""
    late: bool


@dataclass(frozen=True, slots=True)
class DropsPicture:
    today: int = 0
    rejected_rows: int = 0
    """Of today's drops."""
    held: int = 0
    asking: int = 0
    last_received: datetime | None = None
    rows: tuple[DropRow, ...] = ()
    """The latest 30, newest first."""
    teams: tuple[TeamRow, ...] = ()


LATEST = 30
LOOKED_FOR = timedelta(days=8)
"""How far back a team's last drop is looked for (longer where a timetable is)."""
WAITING_FOR = timedelta(days=30)
"""A held or asking file older than this is no longer called for."""
REJECTS_FOR = timedelta(hours=24)
"""For how long the last drop of a team and kind is held against it."""

_tick: Any = Tick
_source: Any = Source


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the drops that had come by the look's moment, and tick."""

    latest: Any
    counts: Any
    """Of those since `since`: how many since `day`, how many rows of these went back, how many files are
    held, and ask."""
    taken: Any
    older: Any
    """One team's taken drops, however long ago."""
    files: Any
    undoings: Any


@cache
def _asked(past: bool) -> _Asked:
    """Of what is known now, or of how the drops stood at a tick."""
    d: Any = DropThen if past else Drop
    id_ = d.drop_id.label("id") if past else d.id
    columns = (
        id_, d.received_at, d.name, d.team, d.kind, d.verdict, d.why, d.rows, d.accepted, d.superseding,
        d.duplicate, d.rejected,
    )  # fmt: skip
    came = d.received_at <= bindparam("moment")
    since = d.received_at >= bindparam("since")
    undoing = _source.undoes.is_not(None)
    if past:
        tick: Any = bindparam("tick")
        came = came & known(d, tick)
        undoing = undoing & _source.id.in_(select(_tick.source_id).where(_tick.n <= tick))
    today = d.received_at >= bindparam("day")
    waits = d.verdict.in_(["held", "asks"])
    return _Asked(
        latest=select(*columns).where(came).order_by(d.received_at.desc(), id_.desc()).limit(LATEST),
        counts=select(
            *(
                func.coalesce(func.sum(case((which, n), else_=0)), 0)
                for which, n in (
                    (today, 1),
                    (today, d.rejected),
                    (d.verdict == "held", 1),
                    (d.verdict == "asks", 1),
                )
            )
        ).where(came, since),
        taken=select(d.team, d.kind, func.max(d.received_at))
        .where(came, since, d.verdict == "taken")
        .group_by(d.team, d.kind),
        older=select(d.kind, func.max(d.received_at))
        .where(came, d.team == bindparam("team"), d.verdict == "taken")
        .group_by(d.kind),
        files=select(*columns).where(came, since, waits).order_by(d.received_at).limit(50),
        undoings=select(_source.id, _source.undoes).where(undoing).order_by(_source.id),
    )


_FIRST = select(_tick.committed_at).order_by(_tick.n).limit(1)


def _by(look: Look) -> dict[str, Any]:
    """The look's moment and tick, as `_asked` wants them."""
    return {"moment": look.moment} if look.tick is None else {"moment": look.moment, "tick": look.tick}


def picture(look: Look) -> tuple[DropsPicture, list[Timing]]:
    """The drops that had come by the moment, as they stood at the look's tick, and every team against its
    timetable."""
    asked, by = _asked(look.tick is not None), _by(look)
    rows = run(look, asked.latest, **by)
    counted = run(look, asked.counts, since=look.moment - WAITING_FOR, day=look.day_start, **by)[0]
    today, rejected, held, asking = (int(n) for n in counted)
    span = max([LOOKED_FOR, *(team.every * 2 for team in look.settings.team if team.every is not None)])
    taken = run(look, asked.taken, since=look.moment - span, **by)
    received = {(team, kind): at for team, kind, at in taken}
    heard = {team for team, _ in received}
    for team in look.settings.team:
        # Silent for longer: what it missed is counted from its last drop all the same.
        if team.name not in heard:
            received |= {(team.name, kind): at for kind, at in run(look, asked.older, team=team.name, **by)}
    timed = timings(look, received, _began(look))
    undone = _undone(look)
    picture = DropsPicture(
        today=today,
        rejected_rows=rejected,
        held=held,
        asking=asking,
        last_received=rows[0].received_at if rows else None,
        rows=tuple(_row(row, undone) for row in rows),
        teams=tuple(_team(look, timing) for timing in timed),
    )
    return picture, timed


def _began(look: Look) -> datetime | None:
    """When the post knew its first fact: nothing was due before."""
    found = run(look, _FIRST)
    return found[0][0] if found else None


def _undone(look: Look) -> set[int]:
    """Sources that do not stand at the look's tick: undone, and the undo itself not undone."""
    undoings = _asked(look.tick is not None).undoings
    undone: set[int] = set()
    tick = {} if look.tick is None else {"tick": look.tick}
    for source, undoes in reversed(run(look, undoings, **tick)):
        if source not in undone:
            undone.add(undoes)
    return undone


def _row(row: Any, undone: set[int]) -> DropRow:
    id, received, name, team, kind, verdict, reason, rows, accepted, superseding, duplicate, rejected = row
    return DropRow(
        id=id,
        received=received,
        name=Private(name),
        team=team,
        kind=kind,
        verdict=verdict,
        why=why(reason),
        rows=rows,
        new=accepted + superseding,
        duplicate=duplicate,
        rejected=rejected,
        stands=id not in undone,
    )


def why(text: str) -> Message | None:
    """The stored reason. What fills it may hold anything: it is private."""
    if not text:
        return None
    said = unpacked(text)
    return Message(said.id, tuple((k, Private(v) if isinstance(v, str) else v) for k, v in said.args))


def _team(look: Look, timing: Timing) -> TeamRow:
    team = timing.team
    return TeamRow(
        name=team.name,
        label=team.label,
        english=team.english,
        kinds=team.kinds,
        last_received=timing.last,
        due=timing.missed or timing.next,
        late=timing.missed is not None and _late(look, timing.missed),
    )


def _late(look: Look, missed: datetime) -> bool:
    return look.moment >= missed + look.settings.thresholds.drop_missing


def alerts(look: Look, drops: DropsPicture, timed: list[Timing]) -> Iterator[Alert]:
    """Silent teams, files that wait for a person, drops of which much went back."""
    for timing in timed:
        if timing.missed is None or not _late(look, timing.missed):
            continue
        team = Named(timing.team.label or timing.team.name, timing.team.english)
        time = look.clock(timing.missed)
        text = message("{team}, due {time}", team=team, time=time)
        if len(timing.kinds) == 1:
            kind = message(timing.kinds[0])
            text = message("{team} {kind}, due {time}", team=team, kind=kind, time=time)
        if timing.team.contact:
            text = message("{what} {contact}", what=text, contact=Phone(timing.team.contact))
        yield Alert(
            rule="drop-missing",
            severity="warning",
            subject=f"team:{timing.team.name}",
            text=text,
            since=timing.missed,
            at=timing.missed,
            timing="late",
            act=message("chase report"),
            desk="drops",
        )
    if drops.held or drops.asking:
        yield from _waiting(look)
    yield from _rejects(look, drops)


def _waiting(look: Look) -> Iterator[Alert]:
    files = _asked(look.tick is not None).files
    for row in run(look, files, since=look.moment - WAITING_FOR, **_by(look)):
        asks = row.verdict == "asks"
        reason = why(row.why)
        yield Alert(
            rule="drop-asks" if asks else "drop-held",
            severity="warning" if asks else "info",
            subject=f"drop:{row.id}",
            text=message("{file}: {why}", file=Private(row.name), why=reason)
            if reason
            else message("{file}", file=Private(row.name)),
            since=row.received_at,
            at=row.received_at,
            timing="ago",
            act=message("say what it is") if asks else message("phone the team"),
            desk="drops",
            entity=row.id,
        )


def _rejects(look: Look, drops: DropsPicture) -> Iterator[Alert]:
    """The last drop of a team and kind, when more than 5 % of its rows went back; for 24 h."""
    seen: set[tuple[str, str]] = set()
    for row in drops.rows:
        if row.verdict != "taken" or (row.team, row.kind) in seen:
            continue
        seen.add((row.team, row.kind))
        share = row.rejected / row.rows if row.rows else 0.0
        if (
            share > look.settings.thresholds.rejected_share
            and row.received > look.moment - REJECTS_FOR
            and row.stands
        ):
            yield Alert(
                rule="rejects",
                severity="warning",
                subject=f"drop:{row.id}",
                text=message(
                    "{file}: {n} of {rows} rows given back", file=row.name, n=row.rejected, rows=row.rows
                ),
                since=row.received,
                at=row.received,
                timing="ago",
                act=message("phone the team"),
                desk="drops",
                entity=row.id,
            )
