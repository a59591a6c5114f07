"""One consistent look at the whole post at a moment: every pane, alerts, freshness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from commandpost.desks import DESKS
from commandpost.desks.arrivals import DropRow, DropsPicture, TeamRow
from commandpost.desks.arrivals import alerts as drop_alerts
from commandpost.desks.arrivals import picture as drops_picture
from commandpost.desks.duty import alerts as duty_alerts
from commandpost.desks.duty import attendance
from commandpost.desks.duty import picture as duty
from commandpost.desks.duty.picture import DutyPicture
from commandpost.desks.gate import alerts as gate_alerts
from commandpost.desks.gate import fevers as gate_fevers
from commandpost.desks.gate import picture as gate
from commandpost.desks.gate.picture import GatePicture
from commandpost.desks.health import alerts as health_alerts
from commandpost.desks.health import fevers as health_fevers
from commandpost.desks.health import picture as health
from commandpost.desks.isolation import alerts as isolation_alerts
from commandpost.desks.isolation import picture as isolation
from commandpost.desks.isolation.cases import cases
from commandpost.desks.isolation.picture import IsolationPicture
from commandpost.desks.people import alerts as people_alerts
from commandpost.desks.people import picture as people
from commandpost.desks.people.breach import breaches, by_isolation, severities
from commandpost.desks.people.fitness import Fitness
from commandpost.desks.people.picture import PeoplePicture
from commandpost.desks.people.register import Register
from commandpost.desks.shapes import masking
from commandpost.desks.shapes.asking import last_tick, newest
from commandpost.desks.shapes.browse import Desk
from commandpost.desks.shapes.common import SEVERITIES, Alert, Freshness, Look
from commandpost.desks.shapes.timetable import stale_kinds
from commandpost.desks.supply import alerts as supply_alerts
from commandpost.desks.supply import picture as supply
from commandpost.desks.supply.picture import SupplyPicture
from commandpost.settings import Settings

__all__ = ["DropRow", "DropsPicture", "Picture", "TeamRow", "at", "masked", "take"]


@dataclass(frozen=True, slots=True)
class Picture:
    """The post at a moment, as known at a tick. Equal pictures draw the same."""

    moment: datetime
    tick: int
    """The last tick it knows."""
    name: str
    short: str
    english: str
    zone: str
    lockdown_day: int | None = None
    clear_day: int | None = None
    people: PeoplePicture = PeoplePicture()
    gate: GatePicture = GatePicture()
    isolation: IsolationPicture = IsolationPicture()
    duty: DutyPicture = DutyPicture()
    supply: SupplyPicture = SupplyPicture()
    todo: tuple[Alert, ...] = ()
    """Criticals, then warnings, then infos; within each the longest waiting first."""
    drops: DropsPicture = DropsPicture()
    masked: bool = False


def take(look: Look) -> Picture:
    """The whole post, all of it from one read transaction: a pure function of the tables, the look's
    tick, its moment and the settings. The caller ends the transaction soon: `at` does."""
    drops, timed = drops_picture(look)
    late = stale_kinds(timed)

    received = newest(look, *(table for desk in DESKS for table in desk.tables))

    def fresh(desk: Desk) -> Freshness:
        """As fresh as its newest fact; stale when a kind it is fed by is late."""
        lasts = [received[table] for table in desk.tables if table in received]
        return Freshness(max(lasts, default=None), any(kind in late for kind in desk.feeds))

    freshness = {desk.name: fresh(desk) for desk in DESKS}
    persons, census = people.picture(look)
    pressing = gate.notable(look, look.moment - gate.NOTABLE_WITHIN)
    signed = attendance.measured(look, look.moment - gate_fevers.CALLED_FOR)
    fevers = gate_fevers.called(look, pressing, signed)
    at_gates = [fever for fever in fevers if fever.at_gate]
    reported = health_fevers.called(look)
    every = cases(look)
    register = Register(look, every)
    breached = breaches(register)
    gates = gate.picture(look, census, pressing, at_gates, severities(breached), freshness["gate"])
    isolations = isolation.picture(
        look,
        every,
        lambda days, names: health.reports(look, days, names),
        by_isolation(breached),
        freshness["isolation"],
    )
    duties = duty.picture(look, Fitness(register, at_gates, reported), freshness["duty"])
    supplies = supply.picture(look, freshness["supply"])
    todo = [
        *gate_alerts.alerts(look, gates, pressing, fevers),
        *isolation_alerts.alerts(look, isolations),
        *people_alerts.alerts(look, breached),
        *health_alerts.alerts(
            look,
            reported,
            {report for row in isolations.rows if row.febrile for report in row.febrile.reports},
        ),
        *duty_alerts.alerts(look, duties),
        *supply_alerts.alerts(look, supplies),
        *drop_alerts(look, drops, timed),
    ]
    post = look.settings.post
    return Picture(
        moment=look.moment,
        tick=last_tick(look),
        name=post.name,
        short=post.short or post.name,
        english=post.english,
        zone=post.zone,
        lockdown_day=_day(look, post.lockdown_since),
        clear_day=_day(look, post.clear_since),
        people=persons,
        gate=gates,
        isolation=isolations,
        duty=duties,
        supply=supplies,
        todo=tuple(sorted(todo, key=_pressing)),
        drops=drops,
    )


def at(engine: Engine, moment: datetime, settings: Settings, tick: int | None = None) -> Picture:
    """`take` in a session of its own, closed at once: a reader that lingers lets the WAL grow."""
    with Session(engine) as session:
        if engine.dialect.name != "sqlite":
            # SQLite's read transactions see one state anyway.
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return take(Look(session, moment, settings, tick))


def _day(look: Look, since: date | None) -> int | None:
    """`since` is day 1; None before it."""
    return (look.today - since).days + 1 if since is not None and since <= look.today else None


def _pressing(alert: Alert) -> tuple[int, int, float, str, str]:
    """Criticals first; within a severity what waits longest, then what is to come, the nearest first, then
    what has no time."""
    clock = alert.since or alert.at
    return (
        SEVERITIES.index(alert.severity),
        0 if alert.since else 1 if clock else 2,
        clock.timestamp() if clock else 0.0,
        alert.rule,
        alert.subject,
    )


def masked(picture: Picture) -> Picture:
    """The same picture for the wall and for visitors: no full name, room, plate, phone, file name, free
    text or temperature of a named person outside the fever list."""
    return masking.masked(picture)
