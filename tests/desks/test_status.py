"""The keys of `status --json`, which people script against."""

from __future__ import annotations

import json
from typing import Any

from commandpost.status import status_json
from desks.given import Given
from desks.test_board_night import the_night


def shape(value: Any) -> Any:
    """The keys of objects, of the first of a list."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


def test_status_has_exactly_the_promised_keys(post: Given) -> None:
    told = status_json(the_night(post), post.settings)
    panes = told["panes"]
    panes["supply"]["on_hand"] = {"ITEM": panes["supply"]["on_hand"].pop("口罩")}
    panes["supply"]["cover_days"] = {"ITEM": panes["supply"]["cover_days"].pop("口罩")}
    for name in ("by_mode", "by_category"):
        panes["isolation"][name] = {}
    for name in ("by_priority", "by_state"):
        panes["supply"][name] = {}
    item = panes["isolation"]["items"][0]
    assert {"name", "mode", "start", "day", "days", "due", "stage"} <= item.keys()
    panes["isolation"]["items"] = []
    assert shape(told) == {
        "moment": None, "tick": None, "post": None,
        "people": {"households": None, "persons": None},
        "panes": {
            "gate": {
                "in": None, "out": None, "inside": None, "inside_from": None, "refused": None, "turned_back": None,
                "held": None, "fever": None, "last_event": None,
                "gates": [{"name": None, "state": None, "in": None, "out": None, "last_event": None}],
                "hours": [{"start": None, "in": None, "out": None}],
            },
            "isolation": {
                "open": None, "due_today": None, "overdue": None, "by_mode": {}, "by_category": {}, "items": [],
            },
            "duty": {
                "posts": None, "covered": None,
                "on_duty": [{"post": None, "organisation": None, "person": None, "until": None}],
                "gaps": [{"post": None, "from": None, "until": None}],
                "roster_until": None, "next_handover": None,
            },
            "supply": {
                "open": None, "by_priority": {}, "by_state": {}, "oldest_minutes": None,
                "on_hand": {"ITEM": {"quantity": None, "unit": None}}, "cover_days": {"ITEM": None},
            },
        },
        "todo": [{"rule": None, "severity": None, "subject": None, "since": None, "text": None}],
        "drops": {"today": None, "rejected_rows": None, "held": None, "asking": None, "last_received": None},
    }  # fmt: skip


def test_moments_are_of_the_posts_zone_and_whole_numbers_are_whole(post: Given) -> None:
    told = status_json(the_night(post), post.settings)
    assert told["moment"] == "2020-02-10T20:14:00+08:00"
    assert told["panes"]["gate"]["hours"][0]["start"] == "2020-02-10T00:00:00+08:00"
    assert told["panes"]["supply"]["on_hand"]["口罩"] == {"quantity": 147, "unit": "只"}
    assert told["todo"][0]["text"] == "张海涛 37.6 北门 20:01 进 已留观"
    json.dumps(told)
