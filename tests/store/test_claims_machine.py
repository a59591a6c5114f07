"""Any sequence of loads, re-drops, corrections, snapshots, crashes and undos gives what domain §2 says."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from commandpost.clock import FixedClock
from commandpost.contract.reading import Bad
from commandpost.desks.duty.tables import Shift
from commandpost.desks.gate.tables import GatePass
from commandpost.desks.supply.tables import SupplyRequest
from commandpost.store.claims import Kept, close_scope, state
from commandpost.store.records import Source, Version, known
from commandpost.store.undo import undo
from commandpost.store.writing import Writing, write
from commandpost.words import message
from store.model import Model, Statement, Told

T0 = datetime(2020, 2, 1, tzinfo=UTC)
DAY = date(2020, 2, 2)


@dataclass(frozen=True)
class Row:
    """A row of a drop: which key, which value, whether it names somebody, and its own date, if any."""

    key: int
    value: int
    own: int | None = None


def _gate(row: Row) -> tuple[Any, ...]:
    who = "" if row.key == 0 else f"王{row.key}"
    return (T0 + timedelta(minutes=row.key), "北门", "IN" if row.key % 2 else "OUT", who, f"V{row.value}",
            36.5 if row.value else None, "", "", "", "", None, "", "")  # fmt: skip


def _request(row: Row) -> tuple[Any, ...]:
    return (f"no:{row.key}", T0, str(row.key), "N95", float(row.value), "", False, "NORMAL", "SUBMITTED",
            "三号楼", "", "", "")  # fmt: skip


def _shift(row: Row) -> tuple[Any, ...]:
    day = DAY + timedelta(days=row.key % 2)
    start = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    return (start, "北门岗", f"李{row.key}", day, start + timedelta(hours=8 + row.value), "GUARD", "PLANNED")


@dataclass(frozen=True)
class Family:
    rule: Any
    table: type[Version]
    make: Callable[[Row], tuple[Any, ...]]
    value: Callable[[Any], Any]
    named: Callable[[Row], bool]
    scope: Callable[[Row], Any]


FAMILIES = {
    "log": Family("log", GatePass, _gate, lambda v: int(v.verdict[1:]), lambda r: r.key != 0, lambda r: None),
    "register": Family(
        "register", SupplyRequest, _request, lambda v: int(v.quantity), lambda r: True, lambda r: None
    ),
    "snapshot": Family(
        "snapshot", Shift, _shift, lambda v: (v.ends_at - v.event_at) // timedelta(hours=1) - 8,
        lambda r: True, lambda r: r.key % 2,
    ),
}  # fmt: skip


def _key(name: str, version: Any) -> tuple[Any, ...]:
    if name == "log":
        return (version.who[1:] or "0", version.nth)
    return (version.reference[3:],) if name == "register" else (version.name[1:],)


def _runs_backwards(known_: Any, row: Any) -> Bad | None:
    """Value 3 is a last state: nothing follows it."""
    if known_["quantity"] == 3 and row["quantity"] != 3:
        return Bad("state", message("backwards"))
    return None


def _rollup(writing: Writing, began: Any, ended: Any) -> None:
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for rows, sign in ((began, 1), (ended, -1)):
        for row in rows:
            counts[row[0] // 900 * 900, row[1], row[2], row[5]] += sign
    writing.run_many(
        "INSERT INTO gate_quarter (quarter, gate, direction, verdict, n) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (quarter, gate, direction, verdict) DO UPDATE SET n = gate_quarter.n + excluded.n",
        [(*key, n) for key, n in counts.items()],
    )


class Crash(Exception):
    """The loader dies here."""


ROWS = st.lists(
    st.builds(Row, st.integers(0, 4), st.integers(0, 3), st.none() | st.integers(0, 12)),
    min_size=1,
    max_size=9,
)
PLAIN = st.lists(st.builds(Row, st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=9)
TEAMS = st.sampled_from(["东组", "西组"])
NAMES = st.sampled_from(list(FAMILIES))
BETWEEN = st.sampled_from(["", "", "act", "drop", "undo"])
"""What happens between the chunks of a load."""


class Claims(RuleBasedStateMachine):
    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.models = {name: Model() for name in FAMILIES}
        self.hour = 0
        self.tick = 0
        self.drops: list[tuple[str, list[Row]]] = []
        self.sources: list[int] = []
        self.received: dict[int, int] = {}

    # ---- helpers

    def _clock(self) -> FixedClock:
        return FixedClock(T0 + timedelta(hours=self.hour))

    def _told(self, id_: int, team: str, said: int, undoes: int | None = None) -> None:
        for model in self.models.values():
            model.sources[id_] = Told(id_, team, said, undoes=undoes)

    def _after_tick(self, tick: int) -> None:
        assert tick == self.tick + 1
        self.tick = tick
        for model in self.models.values():
            model.settle()
            model.at[tick] = dict(model.current)

    def _expected(self, name: str, source: int, line: int, row: Row) -> str:
        """What the model says becomes of the row; changes the model."""
        model, family = self.models[name], FAMILIES[name]
        told = model.sources[source]
        said = None if row.own is None else min(row.own, self.received[source])
        key: tuple[Any, ...] = (str(row.key),)
        if name == "log":
            mine = [s for s in model.statements if s.source == source and s.key[0] == str(row.key)]
            same = [s for s in mine if s.value == row.value]
            if same and family.named(row):
                model.statements.append(Statement(source, line, same[0].key, row.value, said))
                model.settle()
                return "duplicate"
            key = (str(row.key), len({s.key for s in mine}))
        refuses = (lambda now, new: now == 3 and new != 3) if name == "register" else None
        statement = Statement(source, line, key, row.value, said, family.scope(row))
        outcome = model.state(statement, refuses)
        model.settle()
        assert told.id == source
        return outcome

    def _load(
        self,
        name: str,
        team: str,
        said: int,
        rows: list[Row],
        size: int,
        crash: int,
        *,
        whole: bool,
        between: str,
    ) -> None:
        self.hour += 1
        family = FAMILIES[name]
        received = self.hour
        said = min(said, received)
        source: int | Source = Source(
            sort="drop", at=T0 + timedelta(hours=self.hour), said_at=T0 + timedelta(hours=said), team=team
        )
        starts = list(range(0, len(rows), size))
        for n, start in enumerate(starts):
            chunk = rows[start : start + size]
            last = n == len(starts) - 1
            if n == crash:
                with pytest.raises(Crash):
                    self._crash(source, family, start, chunk)
            with write(self.engine, self._clock(), source, long=True) as writing:
                if n == 0:
                    source = writing.source_id
                    self._told(source, team, said)
                    self.received[source] = received
                    self.sources.append(source)
                outcomes = self._state(writing, family, start, chunk)
                if last and whole and family.table.SCOPE:
                    close_scope(writing, family.table)
            assert isinstance(source, int)
            expected = [self._expected(name, source, start + i + 2, row) for i, row in enumerate(chunk)]
            assert ["rejected" if isinstance(o, Bad) else o for o in outcomes] == expected
            if last and whole and family.table.SCOPE:
                stated = {family.scope(row) for row in rows}
                self.models[name].sources[source].scopes |= stated
            self._after_tick(writing.tick)
            if n == 0 and not last:
                self._between(between, name, team, source, rows)

    def _between(self, what: str, name: str, team: str, source: int, rows: list[Row]) -> None:
        if what == "act":
            self.officer("register", rows[0])
        elif what == "drop":
            other = "西组" if team == "东组" else "东组"
            small = [Row(row.key, (row.value + 1) % 4) for row in rows[-2:]]
            self._load(name, other, self.hour, small, 9, -1, whole=True, between="")
        elif what == "undo" and self.models["log"].sources[source].stands:
            self._undo(source)

    def _crash(self, source: int | Source, family: Family, start: int, chunk: list[Row]) -> None:
        with write(self.engine, self._clock(), source, long=True) as writing:
            self._state(writing, family, start, chunk)
            raise Crash

    def _state(self, writing: Writing, family: Family, start: int, chunk: list[Row]) -> list[Any]:
        return state(
            writing,
            family.table,
            family.rule,
            [
                (start + i + 2, None if row.own is None else T0 + timedelta(hours=row.own), *family.make(row))
                for i, row in enumerate(chunk)
            ],
            moves=_runs_backwards if family.rule == "register" else None,
            rollup=_rollup if family.rule == "log" else None,
        )

    # ---- steps

    @rule(
        name=NAMES, team=TEAMS, rows=ROWS | PLAIN, age=st.integers(0, 6), size=st.integers(1, 9),
        crash=st.integers(-3, 2), whole=st.booleans(), between=BETWEEN,
    )  # fmt: skip
    def drop(
        self,
        name: str,
        team: str,
        rows: list[Row],
        age: int,
        size: int,
        crash: int,
        whole: bool,
        between: str,
    ) -> None:
        """A sheet, `age` hours old when it comes."""
        self.drops.append((name, rows))
        self._load(name, team, max(0, self.hour + 1 - age), rows, size, crash, whole=whole, between=between)

    @precondition(lambda self: self.drops)
    @rule(
        which=st.integers(0, 99), team=TEAMS, more=PLAIN | st.just([]), age=st.integers(0, 6),
        size=st.integers(1, 9), crash=st.integers(-3, 2), reverse=st.booleans(), between=BETWEEN,
    )  # fmt: skip
    def again(
        self,
        which: int,
        team: str,
        more: list[Row],
        age: int,
        size: int,
        crash: int,
        reverse: bool,
        between: str,
    ) -> None:
        """An earlier sheet comes again, grown."""
        name, rows = self.drops[which % len(self.drops)]
        rows = (rows[::-1] if reverse else rows) + more
        self._load(name, team, max(0, self.hour + 1 - age), rows, size, crash, whole=True, between=between)

    @rule(
        name=st.sampled_from(["register", "snapshot"]),
        row=st.builds(Row, st.integers(0, 4), st.integers(0, 3)),
    )
    def officer(self, name: str, row: Row) -> None:
        """An officer's act states one thing."""
        self.hour += 1
        now = T0 + timedelta(hours=self.hour)
        action = Source(sort="action", at=now, said_at=now, officer="赵")
        with write(self.engine, self._clock(), action) as writing:
            outcomes = self._state(writing, FAMILIES[name], 0, [row])
        self.received[writing.source_id] = self.hour
        self._told(writing.source_id, "officer", self.hour)
        expected = [self._expected(name, writing.source_id, 2, row)]
        assert ["rejected" if isinstance(o, Bad) else o for o in outcomes] == expected
        self.sources.append(writing.source_id)
        self._after_tick(writing.tick)

    @precondition(lambda self: self.sources)
    @rule(which=st.integers(0, 99))
    def take_back(self, which: int) -> None:
        """Undo of whatever stands: a drop, an act, an undo."""
        model = self.models["log"]
        standing = [id_ for id_ in self.sources if model.sources[id_].stands]
        if not standing:
            return
        self._undo(standing[which % len(standing)])

    def _undo(self, source: int) -> None:
        self.hour += 1
        kept = [Kept(f.table, _rollup if n == "log" else None) for n, f in FAMILIES.items()]
        action = undo(self.engine, self._clock(), source, kept, "赵", "错了")
        for each in self.models.values():
            each.undo(source, Told(action, "officer", self.hour, undoes=source))
        self.sources.append(action)
        self._after_tick(self.tick + 1)

    def teardown(self) -> None:
        if not self.tick:
            return
        with self.engine.connect() as connection:
            for name, family in FAMILIES.items():
                table: Any = family.table
                everything = connection.execute(select(table)).all()
                for tick, wanted in self.models[name].at.items():
                    found = [
                        (_key(name, v), family.value(v))
                        for v in everything
                        if v.known_from <= tick and (v.known_until is None or v.known_until > tick)
                    ]
                    assert len(found) == len(dict(found)), f"two versions of one key at tick {tick}"
                    assert dict(found) == wanted, f"{name} at tick {tick} of {self.tick}"
                current = connection.execute(select(table).where(known(table, None))).all()
                assert {_key(name, v): family.value(v) for v in current} == self.models[name].current
                assert all(self.models[name].sources[v.source_id].stands for v in current)
                self._entities_are_stable(name, everything)
            raw: Counter[tuple[Any, ...]] = Counter()
            for v in connection.execute(select(GatePass).where(known(GatePass, None))):
                at = int(v.event_at.timestamp())
                raw[at // 900 * 900, v.gate, v.direction, v.verdict] += 1
            kept = connection.exec_driver_sql("SELECT quarter, gate, direction, verdict, n FROM gate_quarter")
            rollup = {tuple(row[:4]): row[4] for row in kept if row[4]}
            assert rollup == dict(raw)

    def _entities_are_stable(self, name: str, everything: Any) -> None:
        of_key = defaultdict(set)
        for version in everything:
            of_key[_key(name, version)].add(version.entity)
        assert all(len(entities) == 1 for entities in of_key.values())


def _run(make: Callable[[], Engine], examples: int, steps: int) -> None:
    class Machine(Claims):
        def __init__(self) -> None:
            super().__init__()
            self.engine = make()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                if self.engine.dialect.name == "sqlite":
                    self.engine.dispose()

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=os.environ.get("CI") == "true",
        ),
    )


def test_whatever_happens_the_store_knows_what_the_rules_say(sqlite_engine: Callable[[], Engine]) -> None:
    _run(sqlite_engine, 60, 15)


@pytest.mark.long
def test_whatever_happens_at_length_the_store_knows_what_the_rules_say(
    sqlite_engine: Callable[[], Engine],
) -> None:
    _run(sqlite_engine, 400, 30)


def test_whatever_happens_postgresql_knows_what_the_rules_say(
    postgresql_engine: Callable[[], Engine],
) -> None:
    _run(postgresql_engine, 12, 12)
