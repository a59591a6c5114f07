"""Any sequence of loads, re-drops, corrections, snapshots, crashes, officers' acts and undos gives what
domain §2 says: what is current, what was known at every tick, where every row is kept, the counts, and who
is inside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)
from sqlalchemy import Engine, select
from sqlmodel import Session
from tests.examples import run_machine
from tests.store.families import FAMILIES, LAST_STATE, MOMENT, T0, Family, Key, Row, counted, inside

from commandpost.clock import FixedClock
from commandpost.contract.reading import Bad
from commandpost.desks.gate.counting import inside_since, total_passes
from commandpost.desks.people import picture as people
from commandpost.desks.shapes.common import Look
from commandpost.settings import Settings
from commandpost.store import bulk, repeated, settle, stating, undo
from commandpost.store.claims import Kept, Repeated, close_scope, state
from commandpost.store.records import Repeat, Source, known
from commandpost.store.writing import Writing, write
from store.model import Model, Statement, Told

SMALL = {(settle, "MAX_RUN"): 2, (repeated, "_PAGE"): 2, (undo, "MAX_RUN"): 2, (undo, "_KEYS"): 4,
         (stating, "_MANY_ENDED"): 3, (bulk, "_BLOCK"): 4}  # fmt: skip
"""Bounds that a sheet of nine rows never reaches, made so small that it does."""

EVER: dict[str, Any] = {name: select(family.table) for name, family in FAMILIES.items()}
NOW: dict[str, Any] = {name: EVER[name].where(known(FAMILIES[name].table, None)) for name in FAMILIES}


class Crash(Exception):
    """The loader dies here."""


@dataclass
class Load:
    """A sheet on its way in, chunk by chunk."""

    name: str
    team: str
    source: int | Source
    rows: list[Row]
    size: int
    whole: bool
    done: int = 0
    rejected: int = 0
    repeated: Repeated = field(default_factory=Repeated)

    @property
    def family(self) -> Family:
        return FAMILIES[self.name]


VALUES = st.integers(0, 3)
ROWS = st.lists(
    st.builds(Row, st.integers(0, 4), VALUES, st.none() | st.integers(0, 12)), min_size=1, max_size=9
)
PLAIN = st.lists(st.builds(Row, st.integers(0, 4), VALUES), min_size=1, max_size=9)
ROW = st.builds(Row, st.integers(0, 8), VALUES)
REGISTER = st.builds(
    lambda values, odd: [Row(key, odd.get(key, values)) for key in range(9)],
    VALUES, st.dictionaries(st.integers(0, 8), VALUES, max_size=2),
)  # fmt: skip
"""Every key once, in order, nearly all saying the same: what runs of repeats are made of."""
SHEETS = ROWS | PLAIN | REGISTER | REGISTER
TEAMS = st.sampled_from(["东组", ""])
"""One of them has no folder, and so no name."""
NAMES = st.integers(0, 11)
"""Which of the families the example is about."""
ABOUT = (
    *((name,) for name in FAMILIES), ("log", "census"), ("register", "snapshot"), ("log", "census"), tuple(FAMILIES),
)  # fmt: skip
"""The families an example is about: what is about one alone, and one key, disputes it often."""
SIZES = st.integers(1, 9)
CRASHES = st.sets(st.integers(0, 3), max_size=2)
STOPS = st.none() | st.integers(1, 3)
"""Chunks that come at once; None: all. The others come later, or never."""


class Claims(RuleBasedStateMachine):
    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.models = {name: Model() for name in FAMILIES}
        self.hour = 0
        self.tick = 0
        self.inside: dict[int, int | None] = {}
        self.drops: list[tuple[str, list[Row]]] = []
        self.pending: list[Load] = []
        self.sources: list[int] = []
        self.received: dict[int, int] = {}
        self._patched = pytest.MonkeyPatch()

    # ---- helpers

    def _clock(self) -> FixedClock:
        return FixedClock(T0 + timedelta(hours=self.hour))

    def _told(self, id_: int, team: str, said: int, undoes: int | None = None) -> None:
        self.received[id_] = self.hour
        self.sources.append(id_)
        for model in self.models.values():
            model.sources[id_] = Told(id_, team, said, undoes=undoes)

    def _after_tick(self, tick: int, touched: Iterable[str] = ()) -> None:
        """Everything that is said of the present, at once after it changed; `touched`: of these alone."""
        assert tick == self.tick + 1
        self.tick = tick
        for model in self.models.values():
            model.settle()
            model.at[tick] = dict(model.current)
        passes, households = self.models["log"].current, self.models["census"].current
        self.inside[tick] = inside(passes, households.values())
        with Session(self.engine) as session:
            for name in touched or FAMILIES:
                family = FAMILIES[name]
                now = session.connection().execute(NOW[name]).all()
                assert _pairs(family, now) == self.models[name].current
                assert all(self.models[name].sources[v.source_id].stands for v in now)
            if "register" not in touched and "snapshot" not in touched:
                self._counts(session)
                self._presence(session, None)

    def _counts(self, session: Session) -> None:
        for table, start, span in (("gate_quarter", "quarter", 900), ("gate_day", "day", 86_400)):
            kept = session.connection().exec_driver_sql(
                f"SELECT {start}, gate, direction, verdict, n FROM {table} WHERE n <> 0"
            )
            assert {tuple(row[:4]): row[4] for row in kept} == counted(self.models["log"].current, span)

    def _presence(self, session: Session, tick: int | None) -> None:
        at = self.tick if tick is None else tick
        look = Look(session, MOMENT, Settings(), tick)
        seen, census = people.picture(look)
        households = self.models["census"].at[at]
        assert (seen.households, seen.persons) == (len(households), sum(households.values()))
        assert inside_since(look, census)[0] == self.inside[at], f"inside at tick {tick} of {self.tick}"
        assert total_passes(look) == len(self.models["log"].at[at])

    def _expected(self, load: Load, line: int, row: Row) -> str:
        """What the model says becomes of the row; changes the model."""
        model, family, source = self.models[load.name], load.family, load.source
        assert isinstance(source, int)
        said = None if row.own is None else min(row.own, self.received[source])
        key: Key = (str(row.key),)
        if family.rule == "log":
            mine = [s for s in model.statements if s.source == source and s.key[0] == str(row.key)]
            same = [s for s in mine if s.value == row.value]
            if same and family.named(row):
                model.statements.append(Statement(source, line, same[0].key, row.value, said))
                model.settle()
                return "duplicate"
            key = (str(row.key), len({s.key for s in mine}))
        refuses = (lambda now, new: LAST_STATE == now != new) if family.moves else None
        outcome = model.state(Statement(source, line, key, row.value, said, family.scope(row)), refuses)
        model.settle()
        return outcome

    def _begin(self, name: str, team: str, rows: list[Row], age: int, size: int, whole: bool) -> Load:
        self.hour += 1
        now = T0 + timedelta(hours=self.hour)
        source = Source(sort="drop", at=now, said_at=now - timedelta(hours=min(age, self.hour)), team=team)
        load = Load(name, team, source, rows, size, whole)
        self.pending.append(load)
        return load

    def _go_on(self, load: Load, chunks: int | None, crashes: Iterable[int] = ()) -> None:
        while load.done < len(load.rows) and chunks != 0:
            if load.done // load.size in crashes:
                with pytest.raises(Crash):
                    self._chunk(load, crash=True)
                load.repeated = Repeated()
            self._chunk(load)
            chunks = None if chunks is None else chunks - 1

    def _chunk(self, load: Load, *, crash: bool = False) -> None:
        start, family = load.done, load.family
        chunk = load.rows[start : start + load.size]
        last = start + load.size >= len(load.rows)
        states = last and load.whole and family.table.SCOPE
        with write(self.engine, self._clock(), load.source, long=True) as writing:
            outcomes = self._state(writing, load, start, chunk)
            rejected = load.rejected + sum(isinstance(o, Bad) for o in outcomes)
            if states and not rejected:
                close_scope(writing, family.table)
            if crash:
                raise Crash
        if isinstance(load.source, Source):
            said = (load.source.said_at - T0) // timedelta(hours=1)
            load.source = writing.source_id
            self._told(load.source, load.team, said)
        expected = [self._expected(load, start + i + 2, row) for i, row in enumerate(chunk)]
        assert ["rejected" if isinstance(o, Bad) else o for o in outcomes] == expected
        load.done, load.rejected = start + len(chunk), rejected
        if last:
            self.pending.remove(load)
        if states and not rejected:
            self.models[load.name].sources[load.source].scopes |= {family.scope(row) for row in load.rows}
        self._after_tick(writing.tick, [load.name])

    def _state(self, writing: Writing, load: Load, start: int, chunk: list[Row]) -> list[Any]:
        family = load.family
        rows = [
            (start + i + 2, None if row.own is None else T0 + timedelta(hours=row.own), *family.make(row))
            for i, row in enumerate(chunk)
        ]
        return state(
            writing, family.table, family.rule, rows, moves=family.moves, rollup=family.rollup,
            repeated=load.repeated,
        )  # fmt: skip

    # ---- steps

    @initialize(small=st.booleans(), names=st.sampled_from(ABOUT), first=st.integers(0, 1))
    def about(self, small: bool, names: tuple[str, ...], first: int) -> None:
        self.names, self.first = names, first if len(names) == 1 else 0
        self.width, self.values = (1, 2) if len(names) == 1 else (9, 4)
        for (module, name), value in SMALL.items() if small else ():
            self._patched.setattr(module, name, value)

    def _few(self, rows: list[Row]) -> list[Row]:
        return [
            replace(row, key=self.first + row.key % self.width, value=row.value % self.values) for row in rows
        ]

    @rule(
        which=NAMES, team=TEAMS, rows=SHEETS, age=st.integers(0, 6), size=SIZES, crashes=CRASHES,
        whole=st.booleans(), stop=STOPS,
    )  # fmt: skip
    def drop(
        self,
        which: int,
        team: str,
        rows: list[Row],
        age: int,
        size: int,
        crashes: set[int],
        whole: bool,
        stop: int | None,
    ) -> None:
        """A sheet, `age` hours old when it comes."""
        name, rows = self.names[which % len(self.names)], self._few(rows)
        self.drops.append((name, rows))
        self._go_on(self._begin(name, team, rows, age, size, whole), stop, crashes)

    @precondition(lambda self: self.drops)
    @rule(
        which=st.integers(0, 99), team=TEAMS, more=st.just([]) | PLAIN, age=st.integers(0, 6), size=SIZES,
        crashes=CRASHES, reverse=st.booleans(), stop=STOPS,
    )  # fmt: skip
    def again(
        self,
        which: int,
        team: str,
        more: list[Row],
        age: int,
        size: int,
        crashes: set[int],
        reverse: bool,
        stop: int | None,
    ) -> None:
        """An earlier sheet comes again, grown."""
        name, rows = self.drops[which % len(self.drops)]
        rows = (rows[::-1] if reverse else rows) + self._few(more)
        self._go_on(self._begin(name, team, rows, age, size, True), stop, crashes)

    @precondition(lambda self: self.pending)
    @rule(which=st.integers(0, 99), stop=STOPS, crashes=CRASHES)
    def go_on(self, which: int, stop: int | None, crashes: set[int]) -> None:
        """A load that was broken off, or had to wait for others, goes on."""
        self.hour += 1
        self._go_on(self.pending[which % len(self.pending)], stop, crashes)

    @rule(which=NAMES, team=TEAMS, row=ROW, age=st.integers(0, 6))
    def slip(self, which: int, team: str, row: Row, age: int) -> None:
        """A sheet of one line, `age` hours old when it comes: a correction, or one that comes too late."""
        load = self._begin(self.names[which % len(self.names)], team, self._few([row]), age, 1, True)
        self._go_on(load, None)

    @rule(which=NAMES, row=ROW | st.none())
    def officer(self, which: int, row: Row | None) -> None:
        """An officer's act states one thing; the settings that change state none, and take a tick too."""
        self.hour += 1
        if row is None:
            self._settings_change()
            return
        name, (row,) = self.names[which % len(self.names)], self._few([row])
        now = T0 + timedelta(hours=self.hour)
        act = Load(name, "officer", Source(sort="action", at=now, said_at=now, officer="赵"), [row], 1, False)
        self.pending.append(act)
        self._chunk(act)

    def _settings_change(self) -> None:
        now = T0 + timedelta(hours=self.hour)
        with write(self.engine, self._clock(), Source(sort="settings", at=now, said_at=now)) as writing:
            pass
        self._told(writing.source_id, "", self.hour)
        self._after_tick(writing.tick)

    @precondition(lambda self: self.sources)
    @rule(which=st.integers(0, 99))
    def take_back(self, which: int) -> None:
        """Undo of whatever stands: a drop, one still on its way too, an act, an undo."""
        standing = [id_ for id_ in self.sources if self.models["log"].sources[id_].stands]
        if not standing:
            return
        on_its_way = [load.source for load in self.pending if load.source in standing]
        if which >= 70 and on_its_way:
            standing = on_its_way
        source = standing[which % len(standing)]
        self.hour += 1
        kept = [Kept(family.table, family.rollup) for family in FAMILIES.values()]
        action = undo.undo(self.engine, self._clock(), source, kept, "赵", "错了")
        for model in self.models.values():
            model.undo(source, Told(action, "officer", self.hour, undoes=source))
        self.received[action] = self.hour
        self.sources.append(action)
        self._after_tick(self.tick + 1)

    def teardown(self) -> None:
        try:
            if self.tick:
                with Session(self.engine) as session:
                    self._past_is_as_it_was(session)
                    self._every_row_is_kept_once(session)
        finally:
            self._patched.undo()

    def _past_is_as_it_was(self, session: Session) -> None:
        for name, family in FAMILIES.items():
            everything = session.connection().execute(EVER[name]).all()
            for tick, wanted in self.models[name].at.items():
                then = [v for v in everything if v.known_from <= tick]
                then = [v for v in then if v.known_until is None or v.known_until > tick]
                assert _pairs(family, then) == wanted, f"{name} at tick {tick} of {self.tick}"
            of_key = defaultdict(set)
            for version in everything:
                of_key[family.key(version)].add(version.entity)
            assert all(len(entities) == 1 for entities in of_key.values())
            assert len({e for entities in of_key.values() for e in entities}) == len(of_key)
        of = [self.models[name].at for name in ("log", "census")]
        for tick in range(1, self.tick + 1):
            if tick == 1 or any(at[tick] != at[tick - 1] for at in of):
                self._presence(session, tick)

    def _every_row_is_kept_once(self, session: Session) -> None:
        """The balance of what is stored: each row taken of each source is a claim or one of a run."""
        for name, family in FAMILIES.items():
            versions = {v.id: v for v in session.connection().execute(EVER[name])}
            found = [(v.source_id, v.line, v) for v in versions.values() if not v.claim]
            runs = select(Repeat).where(Repeat.table_name == family.table.__tablename__)  # type: ignore[arg-type]
            for run in session.connection().execute(runs):
                found += [(run.source_id, run.line + n, versions[run.record + n]) for n in range(run.n)]
            kept = Counter((source, line, family.key(v), family.value(v)) for source, line, v in found)
            stated = [(s.source, s.line, s.key, s.value) for s in self.models[name].statements]
            assert kept == Counter(stated)


def _pairs(family: Family, versions: Iterable[Any]) -> dict[Key, int]:
    found = [(family.key(v), family.value(v)) for v in versions]
    assert len(found) == len(dict(found)), "two versions of one key"
    return dict(found)


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

    run_machine(Machine, examples, steps)


def test_whatever_happens_the_store_knows_what_the_rules_say(sqlite_engine: Callable[[], Engine]) -> None:
    _run(sqlite_engine, 12, 40)


@pytest.mark.long
def test_whatever_happens_at_length_the_store_knows_what_the_rules_say(
    sqlite_engine: Callable[[], Engine],
) -> None:
    _run(sqlite_engine, 200, 50)


@pytest.mark.long
def test_whatever_happens_postgresql_knows_what_the_rules_say(
    postgresql_engine: Callable[[], Engine],
) -> None:
    _run(postgresql_engine, 12, 12)
