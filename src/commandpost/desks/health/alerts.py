"""What must not be missed in temperature reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from commandpost.desks.health.fevers import Called
from commandpost.desks.shapes.asking import midnight
from commandpost.desks.shapes.common import Alert, Celsius, Look, Name, Room
from commandpost.words import message


def alerts(look: Look, fevers: Sequence[Called], known: Collection[int]) -> Iterator[Alert]:
    """Every fever that is called. `known`: reports (entities) whose fever the isolation desk calls already."""
    for fever in fevers:
        mine = tuple(report for report in fever.reports if report.id not in known)
        if not mine:
            continue
        latest = mine[-1]
        said = {"name": Name(fever.name), "room": Room(fever.room), "day": f"{latest.day:%m-%d}"}
        text = message("{name} {room} not measured, reported {day}", **said)
        if latest.temperature is not None:
            degrees = Celsius(latest.temperature)
            text = message("{name} {room} {temperature:.1f} reported {day}", temperature=degrees, **said)
        yield Alert(
            rule="fever",
            severity=replace(fever, reports=mine).severity,
            subject=f"health_report:{latest.id}",
            text=text,
            since=midnight(look, mine[0].day),
            timing="today" if latest.day == look.today else "",
            act=message("call clinic"),
            desk="health",
            entity=latest.id,
        )
