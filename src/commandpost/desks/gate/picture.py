"""What the gates show: states, the day by the hour, the latest and the notable passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import bindparam, case, func, or_, select, text

from commandpost.desks.gate import tallies
from commandpost.desks.gate.counting import (
    Counts,
    count_day,
    inside_since,
    last_passes,
    total_passes,
)
from commandpost.desks.gate.fevers import Called, severities, until
from commandpost.desks.gate.tables import UNUSUAL, WARM, GatePass
from commandpost.desks.gate.tallies import PASSED, Difference
from commandpost.desks.people.picture import Census
from commandpost.desks.shapes.asking import Question
from commandpost.desks.shapes.common import (
    SEVERITIES,
    Celsius,
    Freshness,
    Look,
    Name,
    Plate,
    Private,
    Severity,
)
from commandpost.desks.shapes.fever import is_fever
from commandpost.words import Message, message

Verdict = Literal["ADMITTED", "REFUSED", "TURNED_BACK", "HELD", ""]
Direction = Literal["IN", "OUT"]


@dataclass(frozen=True, slots=True)
class GateState:
    name: str
    english: str
    state: Literal["OPEN", "CLOSED"]
    declared: bool
    """False: seen in drops only, shown as new."""
    since: date | None
    in_: int
    """Admitted (or verdict unknown) since the post's midnight."""
    out: int
    breaches: int
    """Passes today while closed."""
    last_event: datetime | None
    """The last pass; the end of a later span in which the gate counted somebody itself."""
    last_tally: datetime | None = None
    """The end of the last span it counted, be it nobody, since yesterday's midnight: somebody is there."""


@dataclass(frozen=True, slots=True)
class Hour:
    start: datetime
    in_: int
    out: int


@dataclass(frozen=True, slots=True)
class PassRow:
    id: int
    """Of the version, in `gate_pass`."""
    entity: int
    at: datetime
    direction: Direction
    name: Name
    plate: Plate
    temperature: Celsius | None
    fever: bool
    verdict: Verdict
    gate: str
    purpose: Private
    note: Message | None
    """Shown instead of the purpose: 复测 20:31 前, 证明不全 stays purpose."""
    severity: Severity | None
    """Of a fever as it is called (`fevers.called`); a refusal is listed as a warning for 24 h."""


@dataclass(frozen=True, slots=True)
class GatePicture:
    """Counts are of the post's day up to the moment."""

    gates: tuple[GateState, ...] = ()
    hours: tuple[Hour, ...] = ()
    """24 hours of the post's day; those after the moment are not in it."""
    in_: int = 0
    out: int = 0
    inside: int | None = None
    """None: nothing known to count from."""
    inside_from: Literal["census", "first record", ""] = ""
    inside_base: int = 0
    """The census' count (0 without one)."""
    refused: int = 0
    turned_back: int = 0
    held: int = 0
    fever: int = 0
    fever_severity: Severity | None = None
    """The loudest fever called; None: none is open, whatever the day's count."""
    fever_before: int = 0
    """Fevers called whose last pass was before the post's midnight: not of the day, and still open."""
    last_event: datetime | None = None
    rows: tuple[PassRow, ...] = ()
    """Fevers that are called first, then the last three refusals of two hours, then the latest: at most 60."""
    total: int = 0
    """Passes known, all days."""
    tallied_in: int = 0
    """Of `in_`, how many gates counted themselves in spans without a recorded pass."""
    tallied_out: int = 0
    differences: tuple[Difference, ...] = ()
    """Tallies of the last 24 h that say another number than the passes recorded in their span, oldest first."""
    freshness: Freshness = Freshness()


ROWS = 60
PINNED_FEVERS = 40
PINNED_REFUSALS = 3
"""So many at most stand before the latest passes, which keep their place."""
PINNED_FOR = timedelta(hours=2)
"""How long a refusal stands there; the desk lists all."""
NOTABLE_WITHIN = timedelta(hours=24)
"""Over which refusals of one person or at one point are counted and listed (domain: refused)."""
NOTABLE_AT_MOST = 500

_t: Any = GatePass
COLUMNS: tuple[Any, ...] = (
    _t.id, _t.entity, _t.event_at, _t.direction, _t.who, _t.plate, _t.temperature, _t.verdict, _t.gate,
    _t.purpose, _t.nth, _t.symptoms,
)  # fmt: skip
_NEWEST_FIRST = (_t.event_at.desc(), _t.gate.desc(), _t.direction.desc(), _t.who.desc(), _t.nth.desc())
_UNTIL = _t.event_at <= bindparam("until")
_BETWEEN = (_t.event_at >= bindparam("since"), _UNTIL)

_WARM = _t.temperature >= bindparam("fever")
_SAID = _t.temperature.is_(None) & (_t.symptoms != "")
"""Without a number, with a symptom: it may be a fever (`shapes.fever`)."""
_FEVERS_FIRST = case((_WARM, 0), (_SAID, 1), else_=2)
_FEVERS = Question(GatePass, lambda known: select(func.count()).where(known, text(UNUSUAL), *_BETWEEN, _WARM))
_NOTABLE = Question(
    GatePass,
    lambda known: (
        select(*COLUMNS)
        .where(known, text(UNUSUAL), *_BETWEEN, or_(_WARM, _SAID, _t.verdict.not_in(PASSED)))
        .order_by(_FEVERS_FIRST, _t.event_at.desc())
        .limit(NOTABLE_AT_MOST)
    ),
)
# A post may call fever what the index of unusual passes leaves out: it is then read from the passes.
_LOW_FEVERS = Question(GatePass, lambda known: select(func.count()).where(known, *_BETWEEN, _WARM))
_LOW_NOTABLE = Question(
    GatePass,
    lambda known: (
        select(*COLUMNS)
        .where(known, *_BETWEEN, or_(_WARM, _SAID, _t.verdict.not_in(PASSED)))
        .order_by(_FEVERS_FIRST, _t.event_at.desc())
        .limit(NOTABLE_AT_MOST)
    ),
)
_SAYING = Question(
    GatePass,
    lambda known: select(_t.temperature, _t.symptoms).where(known, text(UNUSUAL), *_BETWEEN, _SAID),
)
_LATEST = Question(
    GatePass,
    lambda known: select(*COLUMNS).where(known, _UNTIL).order_by(*_NEWEST_FIRST).limit(bindparam("limit")),
)


def picture(
    look: Look,
    census: Census | None,
    pressing: Sequence[Any],
    fevers: Sequence[Called],
    breaches: Mapping[int, Severity],
    freshness: Freshness,
) -> GatePicture:
    """The gates at the look's moment. Counts are of the post's day, to the end of the moment's quarter
    hour (a field clock may run ahead by five minutes). `pressing`: `notable` of 24 h; `fevers`: those
    called among them; `breaches`: passes (version ids) by people in isolation."""
    yesterday = look.day_start - timedelta(days=1)
    said = tallies.known(look, min(census.at, yesterday) if census else None)
    counted, beside = tallies.counted(look, said)
    day = count_day(look, counted)
    inside, since = inside_since(look, census, counted)
    gates = _gates(look, day, [tally for tally in said if tally.end > int(yesterday.timestamp())])
    last = [gate.last_event for gate in gates if gate.last_event is not None]
    return GatePicture(
        gates=gates,
        hours=tuple(
            Hour(start, day.hours[n, "IN"], day.hours[n, "OUT"]) for n, start in enumerate(_hours(look))
        ),
        in_=day.passed["IN"],
        out=day.passed["OUT"],
        inside=inside,
        inside_from=since,
        inside_base=census.found if census else 0,
        refused=day.verdicts["REFUSED"],
        turned_back=day.verdicts["TURNED_BACK"],
        held=day.verdicts["HELD"],
        fever=_fevers(look),
        fever_before=sum(fever.at_gate[-1].event_at < look.day_start for fever in fevers),
        fever_severity=min((fever.severity for fever in fevers), key=SEVERITIES.index, default=None),
        last_event=max(last, default=None),
        rows=_rows(look, pressing, severities(fevers), breaches),
        total=total_passes(look),
        tallied_in=day.tallied["IN"],
        tallied_out=day.tallied["OUT"],
        differences=tuple(tallies.differences(look, beside)),
        freshness=freshness,
    )


def _hours(look: Look) -> list[datetime]:
    """The starts of the post's day's hours (23 or 25 where clocks change)."""
    start = look.day_start.astimezone(UTC)
    end = (look.day_start + timedelta(days=1)).astimezone(UTC)
    return [start + timedelta(hours=n) for n in range(int((end - start).total_seconds() // 3600))]


def _gates(look: Look, day: Counts, said: Sequence[tallies.Tally]) -> tuple[GateState, ...]:
    """Declared gates in their order, then those only seen in drops since yesterday's midnight. `said`: the
    tallies since then."""
    declared = {gate.name: gate for gate in look.settings.gate}
    alive = tallies.last_counts(said)
    busy = tallies.last_counts(tally for tally in said if tally.came_in or tally.went_out)
    names = (*declared, *sorted((day.last.keys() | alive.keys()) - declared.keys()))
    lasts = last_passes(look, day, names)
    for name, ended in busy.items():
        lasts[name] = max(ended, lasts.get(name, ended))
    states = []
    for name in names:
        gate = declared.get(name)
        opened = gate.open if gate else True
        in_, out = day.at_gate[name, "IN"], day.at_gate[name, "OUT"]
        closed_today = gate is not None and not opened and (gate.since is None or gate.since <= look.today)
        states.append(
            GateState(
                name=name,
                english=gate.english if gate else "",
                state="OPEN" if opened else "CLOSED",
                declared=gate is not None,
                since=gate.since if gate else None,
                in_=in_,
                out=out,
                breaches=in_ + out if closed_today else 0,
                last_event=lasts.get(name),
                last_tally=alive.get(name),
            )
        )
    return tuple(states)


def _fevers(look: Look) -> int:
    limit = look.settings.thresholds.fever
    fevers = _FEVERS if limit >= WARM else _LOW_FEVERS
    measured = sum(int(n) for (n,) in fevers(look, since=look.day_start, until=until(look), fever=limit))
    said = _SAYING(look, since=look.day_start, until=until(look))
    return measured + sum(is_fever(row, limit) for row in said)


def notable(look: Look, since: datetime) -> list[Any]:
    """Fevers, refusals, people turned back or held since then: versions (COLUMNS), newest first. Where there
    are more than NOTABLE_AT_MOST, the oldest that are no fever are left out."""
    limit = look.settings.thresholds.fever
    asked = _NOTABLE if limit >= WARM else _LOW_NOTABLE
    found = asked(look, since=since, until=until(look), fever=limit)
    found = [row for row in found if row.verdict not in PASSED or is_fever(row, limit)]
    found.sort(key=_newest, reverse=True)
    found.sort(key=lambda row: not is_fever(row, limit))
    return sorted(found[:NOTABLE_AT_MOST], key=_newest, reverse=True)


def _newest(row: Any) -> tuple[datetime, int]:
    return row.event_at, row.id


def _rows(
    look: Look, pressing: Sequence[Any], fevers: Mapping[int, Severity], breaches: Mapping[int, Severity]
) -> tuple[PassRow, ...]:
    """Fevers that are called first, the critical ones before, then the last refusals, then the latest."""
    warm = [row for row in pressing if row.id in fevers]
    warm.sort(key=lambda row: SEVERITIES.index(fevers[row.id]))
    limit = look.settings.thresholds.fever
    refused = [
        row for row in pressing if row.event_at >= look.moment - PINNED_FOR and not is_fever(row, limit)
    ]
    pinned = warm[:PINNED_FEVERS] + refused[:PINNED_REFUSALS]
    first = [pass_row(look, row, fevers, breaches) for row in pinned]
    shown = {row.id for row in first}
    others = [row for row in latest(look, ROWS, fevers, breaches) if row.id not in shown]
    return tuple((first + others)[:ROWS])


def latest(
    look: Look, limit: int, fevers: Mapping[int, Severity], breaches: Mapping[int, Severity]
) -> list[PassRow]:
    """The newest passes known, newest first."""
    found = _LATEST(look, until=until(look), limit=limit)
    found.sort(key=_place, reverse=True)
    return [pass_row(look, row, fevers, breaches) for row in found[:limit]]


_place = itemgetter(2, 8, 3, 4, 10)
"""Where a version stands in the order of its key, which is the order of the index: time, gate, direction, who, nth (of
COLUMNS)."""


def pass_row(
    look: Look, row: Any, fevers: Mapping[int, Severity], breaches: Mapping[int, Severity]
) -> PassRow:
    """One version (COLUMNS) as the pane shows it. `fevers`: `fevers.severities` of those called; `breaches`:
    the same of people in isolation."""
    # Unpacked: a row's value costs 0.5 µs by its name.
    id, entity, at, direction, who, plate, temperature, verdict, gate, purpose, _, symptoms = row
    limits = look.settings.thresholds
    fever = (
        is_fever(row, limits.fever) if symptoms else temperature is not None and temperature >= limits.fever
    )
    severity = fevers.get(id)
    turned = verdict in ("REFUSED", "TURNED_BACK") or (verdict == "HELD" and not fever)
    if severity is None and turned and at >= look.moment - NOTABLE_WITHIN:
        severity = "warning"
    breach = breaches.get(id)
    if breach is not None:
        severity = min(severity or breach, breach, key=SEVERITIES.index)
    note = message("in isolation") if breach == "critical" else None
    if id in fevers and verdict != "REFUSED":
        again = (at + limits.fever_again).astimezone(look.settings.zone)
        note = message("retest by {time}", time=f"{again:%H:%M}")
    return PassRow(
        id=id,
        entity=entity,
        at=at,
        direction=direction,
        name=Name("" if who == plate else who),
        plate=Plate(plate),
        temperature=None if temperature is None else Celsius(temperature),
        fever=fever,
        verdict=verdict,
        gate=gate,
        purpose=Private(purpose),
        note=note,
        severity=severity,
    )
