"""What a machine's sheets speak of: a row in small numbers becomes a pass, a request, a shift, a household."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from commandpost.contract.reading import Bad
from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.rollup import rollup
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.people.tables import Household
from commandpost.desks.supply.tables import SupplyRequest
from commandpost.store.records import Version
from commandpost.words import message

T0 = datetime(2020, 2, 1, tzinfo=UTC)
DAY = date(2020, 2, 2)
MOMENT = T0 + timedelta(hours=36)
"""When somebody looks: some passes come later than that."""
COUNTED = ("ADMITTED", "")
VERDICTS = (*COUNTED, "REFUSED", "HELD")
LAST_STATE = 3
"""A request's value that nothing follows."""

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Row:
    """A row of a drop: which key, which value, and its own date, if any."""

    key: int
    value: int
    own: int | None = None


def passed_at(key: int) -> datetime:
    """Five hours apart, so that nine keys lie on two days and in nine quarters."""
    return T0 + timedelta(hours=5 * key, minutes=key)


def direction(key: int) -> str:
    return "IN" if key % 2 else "OUT"


def found_on(value: int) -> datetime:
    """The day of a census, which need not begin at midnight UTC."""
    return T0 + timedelta(hours=8 * value)


def _gate(row: Row) -> tuple[Any, ...]:
    who = "" if row.key == 0 else f"王{row.key}"
    return (passed_at(row.key), f"{'东北'[row.key % 2]}门", direction(row.key), who, VERDICTS[row.value],
            36.5 if row.value else None, "", "", "", "", "", None, "", "")  # fmt: skip


def _request(row: Row) -> tuple[Any, ...]:
    return (f"no:{row.key}", T0, str(row.key), "N95", float(row.value), "", False, "NORMAL", "SUBMITTED",
            "三号楼", "", "", "")  # fmt: skip


def _shift(row: Row) -> tuple[Any, ...]:
    day = DAY + timedelta(days=row.key % 2)
    start = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    return (start, "北门岗", f"李{row.key}", day, start + timedelta(hours=8 + row.value), "GUARD", "PLANNED")


def _household(row: Row) -> tuple[Any, ...]:
    return (f"{row.key}-1-101", found_on(row.value), "陈", row.value, None, "")


@dataclass(frozen=True)
class Family:
    """A version table and how a `Row` is written into it and read out of it."""

    rule: Any
    table: type[Version]
    make: Callable[[Row], tuple[Any, ...]]
    key: Callable[[Any], Key]
    value: Callable[[Any], int]
    named: Callable[[Row], bool] = lambda row: True
    scope: Callable[[Row], Any] = lambda row: None
    moves: Callable[[Any, Any], Bad | None] | None = None
    rollup: Any = None


def _runs_backwards(known: Any, row: Any) -> Bad | None:
    if known["quantity"] == LAST_STATE and row["quantity"] != LAST_STATE:
        return Bad("state", message("backwards"))
    return None


FAMILIES = {
    "log": Family(
        "log", GatePass, _gate, lambda v: (v.who[1:] or "0", v.nth), lambda v: VERDICTS.index(v.verdict),
        named=lambda row: row.key != 0, rollup=rollup,
    ),
    "register": Family(
        "register", SupplyRequest, _request, lambda v: (v.number,), lambda v: int(v.quantity),
        moves=_runs_backwards,
    ),
    "snapshot": Family(
        "snapshot", Shift, _shift, lambda v: (v.name[1:],),
        lambda v: (v.ends_at - v.event_at) // timedelta(hours=1) - 8, scope=lambda row: row.key % 2,
    ),
    "census": Family(
        "register", Household, _household, lambda v: (v.address.split("-")[0],), lambda v: int(v.size)
    ),
}  # fmt: skip


def inside(passes: Mapping[Key, int], households: Iterable[int]) -> int | None:
    """Who is inside at MOMENT, counted one by one: everybody the census found and who came and went since
    its last day; without a census who came and went; None when there is neither."""
    found = list(households)
    since = max(map(found_on, found), default=None)
    until = MOMENT + timedelta(minutes=15)
    went = Counter(
        direction(int(key[0]))
        for key, value in passes.items()
        if VERDICTS[value] in COUNTED
        and passed_at(int(key[0])) < until
        and (since is None or passed_at(int(key[0])) >= since)
    )
    if since is None and not went:
        return None
    return sum(found) + went["IN"] - went["OUT"]


def counted(passes: Mapping[Key, int], seconds: int) -> dict[tuple[Any, ...], int]:
    """Passes by (start of their span, gate, direction, verdict), counted one by one."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for key, value in passes.items():
        made = _gate(Row(int(key[0]), value))
        at = int(made[0].timestamp())
        counts[at - at % seconds, made[1], made[2], made[4]] += 1
    return dict(counts)
