"""The picture as `status --json` prints it: the keys people script against."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from commandpost.desks.arrivals import DropsPicture
from commandpost.desks.duty.picture import DutyPicture
from commandpost.desks.gate.picture import GatePicture
from commandpost.desks.isolation.picture import IsolationPicture
from commandpost.desks.shapes.common import Alert
from commandpost.desks.supply.picture import SupplyPicture
from commandpost.picture import Picture
from commandpost.settings import Settings
from commandpost.words import Words


def status_json(picture: Picture, settings: Settings, words: Words | None = None) -> dict[str, Any]:
    """A JSON object. Moments are ISO 8601 in the post's zone, unknown numbers null; `todo` texts are said
    in `words`, else in the post's language (Chinese where it declares none)."""
    zone = settings.zone

    def moment(value: datetime | None) -> str | None:
        return None if value is None else value.astimezone(zone).isoformat(timespec="seconds")

    words = words or Words(settings.language or "zh")
    return {
        "moment": moment(picture.moment),
        "tick": picture.tick,
        "post": picture.name,
        "people": {"households": picture.people.households, "persons": picture.people.persons},
        "panes": {
            "gate": _gate(picture.gate, moment),
            "isolation": _isolation(picture.isolation),
            "duty": _duty(picture.duty, moment),
            "supply": _supply(picture.supply),
        },
        "todo": [_todo(alert, words, moment) for alert in picture.todo],
        "drops": _drops(picture.drops, moment),
    }


def _day(value: date) -> str:
    return value.isoformat()


def _number(value: float) -> float | int:
    """25 rather than 25.0."""
    return int(value) if value == int(value) else value


def _gate(gate: GatePicture, moment: Any) -> dict[str, Any]:
    return {
        "in": gate.in_,
        "out": gate.out,
        "inside": gate.inside,
        "inside_from": gate.inside_from or None,
        "refused": gate.refused,
        "turned_back": gate.turned_back,
        "held": gate.held,
        "fever": gate.fever,
        "last_event": moment(gate.last_event),
        "gates": [
            {
                "name": state.name,
                "state": state.state,
                "in": state.in_,
                "out": state.out,
                "last_event": moment(state.last_event),
            }
            for state in gate.gates
        ],
        "hours": [{"start": moment(hour.start), "in": hour.in_, "out": hour.out} for hour in gate.hours],
    }


def _isolation(isolation: IsolationPicture) -> dict[str, Any]:
    return {
        "open": isolation.open,
        "due_today": isolation.due_today,
        "overdue": isolation.overdue,
        "by_mode": dict(isolation.by_mode),
        "by_category": dict(isolation.by_category),
        "items": [
            {
                "name": row.name,
                "mode": row.mode,
                "category": row.category,
                "start": _day(row.start),
                "day": row.day,
                "days": row.days,
                "due": _day(row.due),
                "stage": row.stage,
                "place": row.place,
                "am": {"state": row.am.state, "temperature": row.am.temperature},
                "pm": {"state": row.pm.state, "temperature": row.pm.temperature},
            }
            for row in isolation.rows
        ],
    }


def _duty(duty: DutyPicture, moment: Any) -> dict[str, Any]:
    return {
        "posts": duty.posts,
        "covered": duty.covered,
        "on_duty": [
            {
                "post": on.post,
                "organisation": on.organisation,
                "person": on.person,
                "until": moment(on.until),
            }
            for on in duty.on_duty
        ],
        "gaps": [
            {"post": gap.post, "from": moment(gap.start), "until": moment(gap.end)} for gap in duty.gaps
        ],
        "roster_until": moment(duty.roster_until),
        "next_handover": moment(duty.next_handover.at) if duty.next_handover else None,
    }


def _supply(supply: SupplyPicture) -> dict[str, Any]:
    on_hand: dict[str, Any] = {}
    cover: dict[str, float | None] = {}
    for row in supply.stock:
        name = row.item if row.item not in on_hand else f"{row.item} ({row.unit})"
        on_hand[name] = {"quantity": _number(row.quantity), "unit": row.unit}
        cover[name] = None if row.cover_days is None else round(row.cover_days, 1)
    return {
        "open": supply.open,
        "by_priority": dict(supply.by_priority),
        "by_state": dict(supply.by_state),
        "oldest_minutes": supply.oldest,
        "on_hand": on_hand,
        "cover_days": cover,
    }


def _todo(alert: Alert, words: Words, moment: Any) -> dict[str, Any]:
    return {
        "rule": alert.rule,
        "severity": alert.severity,
        "subject": alert.subject,
        "since": moment(alert.since),
        "text": words.say(alert.text),
    }


def _drops(drops: DropsPicture, moment: Any) -> dict[str, Any]:
    return {
        "today": drops.today,
        "rejected_rows": drops.rejected_rows,
        "held": drops.held,
        "asking": drops.asking,
        "last_received": moment(drops.last_received),
    }
