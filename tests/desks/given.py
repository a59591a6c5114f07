"""A post for tests: what its teams said and when, put in by the store's own claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, update
from sqlmodel import Session

from commandpost import picture
from commandpost.clock import FixedClock
from commandpost.desks import KEPT
from commandpost.desks.duty.tables import CheckIn, Shift
from commandpost.desks.gate.tables import GatePass, GateTally
from commandpost.desks.health.tables import HealthReport
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.people.tables import Household
from commandpost.desks.shapes.common import Look
from commandpost.desks.supply.tables import StockMovement, SupplyRequest
from commandpost.places import PostPlaces
from commandpost.settings import Settings, parse_settings
from commandpost.store import claims
from commandpost.store.engine import open_post
from commandpost.store.records import Drop, Source, Version
from commandpost.store.undo import undo
from commandpost.store.writing import write

ZONE = ZoneInfo("Asia/Shanghai")
RULES = {
    GatePass: "log",
    HealthReport: "log",
    StockMovement: "log",
    Isolation: "register",
    SupplyRequest: "register",
    Household: "register",
    Shift: "snapshot",
    GateTally: "log",
    CheckIn: "log",
}
KINDS = {
    GatePass: "gate-passes",
    HealthReport: "health-reports",
    StockMovement: "stock-movements",
    Isolation: "isolations",
    SupplyRequest: "supply-requests",
    Household: "census",
    Shift: "rosters",
    GateTally: "gate-tallies",
    CheckIn: "check-ins",
}
KEPT_OF = {kept.table: kept for kept in KEPT}
DEFAULTS: dict[type[Version], dict[str, Any]] = {
    GatePass: {
        "gate": "北门", "direction": "IN", "who": "", "verdict": "ADMITTED", "temperature": None, "symptoms": "", "plate": "",
        "phone": "", "id_number": "", "purpose": "", "trail": None, "permit": "", "host": "",
    },
    HealthReport: {"slot": "AM", "name": "", "room": "", "temperature": 36.5, "symptoms": "", "reporter": ""},
    StockMovement: {"reference": "", "move": "IN", "quantity": None, "unit": "", "approximate": False},
    Isolation: {
        "mode": "HOME", "category": "RISK_AREA", "days": 14, "due": None, "released": None,
        "state": "ORDERED", "place": "", "needs": "", "phone": "", "id_number": "", "origin": "",
    },
    SupplyRequest: {
        "number": "", "quantity": 1.0, "unit": "", "approximate": False, "priority": "NORMAL",
        "state": "SUBMITTED", "requester": "物业", "deliver_to": "", "contact": "", "remark": "",
    },
    Household: {"head": "", "size": 1, "present": None, "owner": ""},
    Shift: {"role": "GUARD", "state": "PLANNED"},
    GateTally: {"gate": "北门", "came_in": None, "went_out": None, "approximate": False},
    CheckIn: {"post": "北门", "left_at": None, "temperature": None, "symptoms": "", "phone": ""},
}  # fmt: skip


def local(text: str) -> datetime:
    """`2020-02-10 20:14` in the post's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class Given:
    """A post on the disk. Every `drop` is one source, one tick."""

    root: Path
    settings: Settings = field(default_factory=Settings)
    engine: Engine = None  # type: ignore[assignment]
    """The SQLite file below `root` when none is given."""

    def __post_init__(self) -> None:
        self.engine = self.engine or open_post(PostPlaces(self.root))

    def set(self, toml: str) -> None:
        self.settings = parse_settings(toml)

    def drop(
        self,
        table: type[Version],
        *rows: dict[str, Any],
        at: str | datetime = "2020-02-10 20:12",
        team: str = "北门岗",
        verdict: str = "taken",
        rejected: int = 0,
    ) -> int:
        """One drop of rows (field → value); returns its source id."""
        when = local(at) if isinstance(at, str) else at
        clock = FixedClock(when)
        source = Source(sort="drop", at=when, said_at=when, team=team)
        key = [name for name in table.KEY if name != "nth"]
        with write(self.engine, clock, source) as writing:
            records = []
            for line, given in enumerate(rows, 2):
                row = {**DEFAULTS[table], **given}
                if table is Isolation:
                    row.setdefault("person", row["name"] + "|" + row["place"])
                if table is SupplyRequest:
                    row.setdefault("reference", f"no:{row['number']}#{row['item']}")
                if table is Shift:
                    row.setdefault("day", row["event_at"].date())
                records.append((line, None, *(row[name] for name in (*key, *table.SAID))))
            outcomes = claims.state(
                writing,
                table,
                RULES[table],
                records,
                rollup=KEPT_OF[table].rollup,  # type: ignore[arg-type]
            )
            accepted = sum(outcome == "accepted" for outcome in outcomes)
            superseding = sum(outcome == "superseding" for outcome in outcomes)
            writing.conn.execute(
                insert(Drop).values(
                    id=writing.source_id, sha256=str(writing.source_id), name=f"{team}{writing.source_id}.csv",
                    path="", team=team, kind=KINDS[table], verdict=verdict, why="", received_at=when, done=True,
                    rows=len(rows) + rejected, accepted=accepted, superseding=superseding, rejected=rejected,
                    duplicate=sum(outcome == "duplicate" for outcome in outcomes),
                    outdated=sum(outcome == "outdated" for outcome in outcomes),
                )
            )  # fmt: skip
            return writing.source_id

    def waiting(self, verdict: str, at: str, name: str = "怪表.csv") -> int:
        """A file that is held, or asks."""
        when = local(at)
        with write(self.engine, FixedClock(when), Source(sort="drop", at=when, said_at=when)) as writing:
            writing.conn.execute(
                insert(Drop).values(
                    id=writing.source_id, sha256="x", name=name, verdict=verdict, received_at=when
                )
            )
            return writing.source_id

    def undo(self, source: int, at: str | datetime = "2020-02-10 20:13") -> int:
        clock = FixedClock(local(at) if isinstance(at, str) else at)
        return undo(self.engine, clock, source, KEPT, "值班员", "重复导入")

    def change_drop(self, source: int, **values: Any) -> None:
        with self.engine.begin() as conn:
            conn.execute(update(Drop).where(Drop.id == source).values(**values))  # type: ignore[arg-type]

    def take(self, at: str | datetime = "2020-02-10 20:14", tick: int | None = None) -> picture.Picture:
        return picture.at(self.engine, local(at) if isinstance(at, str) else at, self.settings, tick)

    def look(
        self, session: Session, at: str | datetime = "2020-02-10 20:14", tick: int | None = None
    ) -> Look:
        return Look(session, local(at) if isinstance(at, str) else at, self.settings, tick)


def passed(at: str, who: str = "", **values: Any) -> dict[str, Any]:
    return {"event_at": local(at), "who": who, **values}


def isolated(name: str, start: str, **values: Any) -> dict[str, Any]:
    return {"event_at": local(start), "name": name, **values}


def reported(
    name: str, day: str, slot: str, temperature: float | None = 36.5, **values: Any
) -> dict[str, Any]:
    return {"event_at": local(day), "name": name, "slot": slot, "temperature": temperature, **values}


def shift(post: str, name: str, start: str, hours: float = 8, **values: Any) -> dict[str, Any]:
    begins = local(start)
    return {
        "event_at": begins,
        "post": post,
        "name": name,
        "ends_at": begins + timedelta(hours=hours),
        **values,
    }


def tallied(start: str, end: str, came_in: int | None, went_out: int | None, **values: Any) -> dict[str, Any]:
    """A gate's own count from `start` until `end`."""
    counts = {"came_in": came_in, "went_out": went_out}
    return {"event_at": local(start), "ends_at": local(end), **counts, **values}


def checked_in(name: str, at: str, **values: Any) -> dict[str, Any]:
    return {"event_at": local(at), "name": name, **values}


def asked(number: str, item: str, at: str, **values: Any) -> dict[str, Any]:
    return {"event_at": local(at), "number": number, "item": item, **values}


def moved(item: str, move: str, quantity: float | None, at: str, **values: Any) -> dict[str, Any]:
    return {"event_at": local(at), "item": item, "move": move, "quantity": quantity, **values}


def household(address: str, size: int | None, on: str = "2020-01-25", **values: Any) -> dict[str, Any]:
    return {"event_at": local(on), "address": address, "size": size, **values}


def day(text: str) -> date:
    return date.fromisoformat(text)
