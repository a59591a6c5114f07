"""What must not be missed at the gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from math import log
from typing import Any

from commandpost.desks.gate.counting import at_hour, end_of_quarter, moment_of
from commandpost.desks.gate.fevers import Called, is_check_in
from commandpost.desks.gate.picture import GatePicture, GateState
from commandpost.desks.gate.tallies import Difference
from commandpost.desks.shapes.common import Alert, Celsius, Look, Name, Plate
from commandpost.words import Message, Named, message

HISTORY = timedelta(days=7)
"""What a gate's usual rate at an hour is taken from."""
UNLIKELY = 0.01
"""A gap this improbable at the usual rate is silence (domain: gate silent)."""

_HOW = {
    ("IN", "ADMITTED"): "in, admitted",
    ("IN", "HELD"): "in, held",
    ("IN", "TURNED_BACK"): "in, turned back",
    ("IN", "REFUSED"): "in, refused",
    ("IN", ""): "in",
    ("OUT", "ADMITTED"): "out, admitted",
    ("OUT", "HELD"): "out, held",
    ("OUT", "TURNED_BACK"): "out, turned back",
    ("OUT", "REFUSED"): "out, refused",
    ("OUT", ""): "out",
}


def alerts(
    look: Look, picture: GatePicture, pressing: Sequence[Any], fevers: Sequence[Called]
) -> Iterator[Alert]:
    """Fevers that are called (of passes and check-ins), refusals that repeat within 24 h, passes at closed
    gates, silent gates, counts that differ from the passes.
    `pressing`: `picture.notable` of 24 h."""
    english = {gate.name: gate.english for gate in look.settings.gate}
    posts = {post.name: post.english for post in look.settings.duty_post} | english
    for fever in fevers:
        yield _fever(look, fever, posts)
    yield from _refusals(look, pressing, english)
    yield from _differences(look, picture.differences, english)
    silent_since = silences(look, picture.gates)
    for gate in picture.gates:
        if gate.breaches:
            yield Alert(
                rule="closed-gate",
                severity="warning",
                subject=f"gate:{gate.name}",
                text=message(
                    "{gate} is closed, {n} passes today", gate=Named(gate.name, gate.english), n=gate.breaches
                ),
                since=gate.last_event,
                at=gate.last_event,
                timing="ago",
                act=message("close it"),
                desk="gate",
            )
        silent = silent_since.get(gate.name)
        if silent is not None:
            yield Alert(
                rule="gate-silent",
                severity="warning",
                subject=f"gate:{gate.name}",
                text=message(
                    "{gate} open, nobody since {time}",
                    gate=Named(gate.name, gate.english),
                    time=look.clock(silent),
                ),
                since=silent,
                at=silent,
                timing="ago",
                act=message("phone the gate"),
                desk="gate",
            )


def how(row: Any) -> Message:
    """`in, held`: which way, and what was decided."""
    return message(_HOW.get((row.direction, row.verdict), "in" if row.direction == "IN" else "out"))


def whom(row: Any) -> Name | Plate:
    """Who passed, as a word that can be masked: the name, else the plate."""
    return Name(row.who) if row.who and row.who != row.plate else Plate(row.plate)


def _fever(look: Look, fever: Called, english: dict[str, str]) -> Alert:
    """One alert a person, about the latest pass."""
    first, last = fever.passes[0], fever.passes[-1]
    signed = is_check_in(last)
    again = last.event_at + look.settings.thresholds.fever_again
    said = {
        "name": whom(last),
        "gate": Named(last.gate, english.get(last.gate, "")),
        "time": look.clock(last.event_at),
        "how": message("on duty") if signed else how(last),
    }
    text = message("{name} not measured {gate} {time} {how}", **said)
    if last.temperature is not None:
        text = message(
            "{name} {temperature:.1f} {gate} {time} {how}", temperature=Celsius(last.temperature), **said
        )
    return Alert(
        rule="fever",
        severity=fever.severity,
        subject=f"{'check_in' if is_check_in(first) else 'gate_pass'}:{first.entity}",
        text=text,
        since=first.event_at,
        at=last.event_at,
        timing="ago",
        act=message("retest by {time}", time=f"{again.astimezone(look.settings.zone):%H:%M}"),
        desk="duty" if signed else "gate",
        entity=last.entity,
        table="check_in" if signed else "",
    )


def _refusals(look: Look, recent: Sequence[Any], english: dict[str, str]) -> Iterator[Alert]:
    """The same person, or one gate, refused or turned back three times within 24 h."""
    refused = [row for row in recent if row.verdict in ("REFUSED", "TURNED_BACK")]
    persons: dict[str, list[Any]] = defaultdict(list)
    gates: dict[str, list[Any]] = defaultdict(list)
    for row in refused:
        gates[row.gate].append(row)
        if row.who:
            persons[row.who].append(row)
    enough = look.settings.thresholds.refused_again
    for _, rows in sorted(persons.items()):
        if len(rows) >= enough:
            last, first = rows[0], rows[-1]
            yield Alert(
                rule="refused",
                severity="warning",
                subject=f"gate_pass:{first.entity}",
                text=message(
                    "{name} refused {n} times in 24 h, last {gate} {time}",
                    name=whom(last),
                    n=len(rows),
                    gate=Named(last.gate, english.get(last.gate, "")),
                    time=look.clock(last.event_at),
                ),
                since=first.event_at,
                at=last.event_at,
                timing="ago",
                act=message("phone the gate"),
                desk="gate",
                entity=last.entity,
            )
    for gate, rows in sorted(gates.items()):
        if len(rows) >= enough:
            yield Alert(
                rule="refused",
                severity="warning",
                subject=f"gate:{gate}",
                text=message(
                    "{gate}: {n} refused in 24 h", gate=Named(gate, english.get(gate, "")), n=len(rows)
                ),
                since=rows[-1].event_at,
                at=rows[0].event_at,
                timing="ago",
                act=message("phone the gate"),
                desk="gate",
            )


def _differences(look: Look, found: Sequence[Difference], english: dict[str, str]) -> Iterator[Alert]:
    """One line a gate, of the last span that differs: the passes count, the tally is told beside them."""
    last = {one.tally.gate: one for one in found}
    for gate, one in sorted(last.items()):
        tally = one.tally
        yield Alert(
            rule="tally-differs",
            severity="info",
            subject=f"gate:{gate}",
            text=message(
                "{gate} {start}–{end} counted {came_in} in {went_out} out, passes {passed_in} in {passed_out} out",
                gate=Named(gate, english.get(gate, "")),
                start=look.clock(moment_of(tally.start)),
                end=look.clock(moment_of(tally.end)),
                came_in="—" if tally.came_in is None else tally.came_in,
                went_out="—" if tally.went_out is None else tally.went_out,
                passed_in=one.passed_in,
                passed_out=one.passed_out,
            ),
            since=moment_of(tally.end),
            at=moment_of(tally.end),
            timing="ago",
            act=message("phone the gate"),
            desk="gate",
            entity=tally.entity,
            table="gate_tally",
        )


def silences(look: Look, gates: Sequence[GateState]) -> dict[str, datetime]:
    """The open gates that have been silent for too long, and the last sign of each: a pass or a count.

    Longer than 2 h and than the gap that has < 1 % chance at the hour's rate of the last seven days; 4 h
    while there is no history; never at an hour at which nobody usually comes.
    """
    limits = look.settings.thresholds
    last = {
        gate.name: at
        for gate in gates
        if gate.state == "OPEN"
        and (at := max(filter(None, (gate.last_event, gate.last_tally)), default=None)) is not None
        and look.moment - at > limits.gate_silent
    }
    if not last:
        return {}
    rates = hourly_rates(look, last)
    found = {}
    for gate, at in last.items():
        rate = rates.get(gate)
        if rate is None:
            enough = limits.gate_silent_no_history
        elif rate == 0:
            continue
        else:
            enough = max(limits.gate_silent, timedelta(hours=-log(UNLIKELY) / rate))
        if look.moment - at > enough:
            found[gate] = at
    return found


def hourly_rates(look: Look, gates: Collection[str]) -> dict[str, float]:
    """Gate → its passes an hour at the moment's hour of the day over the last seven days; without those
    that have no history: a pass on an earlier day of these."""
    now = int(look.moment.timestamp())
    hour = now - now % 3600
    start = hour - int(HISTORY.total_seconds())
    today = int(look.day_start.timestamp())
    passes = at_hour(look, gates, start, min(today, end_of_quarter(look.moment)))
    return {gate: n / HISTORY.days for gate, n in passes.items()}
