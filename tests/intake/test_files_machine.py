"""Whatever files come, in whatever pieces, whoever dies and whatever is undone: every drop balances, every
row of it is stored once, every bad row goes back, and the counts are those of the rows; on each database."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import Engine
from tests.examples import run_machine
from tests.intake.clerking import ENGLISH, Post, sheet

from commandpost import picture
from commandpost.desks import KEPT
from commandpost.desks.gate.rollup import rebuild
from commandpost.intake import clerk, load, table
from commandpost.places import PostPlaces
from commandpost.status import status_json
from commandpost.store import undo

SHEETS = {
    "gate-passes": ("时间,门岗,方向,姓名,体温", "2022-03-28 0{n}:08,北门,进,张{n},36.{v}", "2022-03-28"),
    "supply-requests": ("单号,物资,申请单位,数量,状态,申请时间",
                        "S{n},口罩、手套{v}00双,北门,{v}00,待审批,2022-03-28 08:00", "S"),
    "rosters": ("岗位,日期,开始,结束,姓名", "北门,2022-03-2{n},22:00,0{v}:00,张{n}、李{n}", "2022-03-2"),
    "census": ("地址,户主,人数", "3-2-50{n},张{n},{v}", "3-2-50"),
    "health-reports": ("日期,姓名,房号,早,晚", "2022-03-2{n},张{n},50{n},36.{v},", "2022-03-2"),
}  # fmt: skip
"""Kind → header, a row, and what a bad row lacks."""
ROWS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 4), st.integers(0, 7).map(lambda n: n == 0)),
    min_size=1,
    max_size=9,
)
TEAMS = st.sampled_from(["north", "south"])
TALLY = "rows, records, accepted, superseding, duplicate, outdated, rejected"


class Files(RuleBasedStateMachine):
    post: Post

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, int] = {}
        """What a file's bytes are known by → the rows in it."""
        self.sent: list[tuple[str, list[Any]]] = []

    def _file(self, kind: str, rows: list[Any], team: str, steps: int | None) -> None:
        self.post.later(hours=1)
        head, row, lacks = SHEETS[kind]
        lines = [row.format(n=n, v=v).replace(lacks if bad else "\0", "", 1) for n, v, bad in rows]
        # A blank line more each time: other bytes that say the same.
        path = self.post.file(f"{kind}.csv", sheet(*lines, *[""] * len(self.sent), header=head))
        self.rows[hashlib.sha256(path.read_bytes()).hexdigest()] = len(rows)
        self.sent.append((kind, rows))
        job = clerk.begin(
            self.post.engine,
            clerk.NamedFile(path, team),
            self.post.places,
            self.post.settings,
            self.post.clock,
        )
        self._step(job, steps)

    def _step(self, job: clerk.Job, steps: int | None) -> None:
        """`steps` of it, then its process dies; None: to its end."""
        while steps != 0 and job.step():
            steps = None if steps is None else steps - 1
        job.close()
        self._holds()

    @rule(kind=st.sampled_from(list(SHEETS)), rows=ROWS, team=TEAMS, steps=st.none() | st.integers(3, 6))
    def comes(self, kind: str, rows: list[Any], team: str, steps: int | None) -> None:
        self._file(kind, rows, team, steps)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 99), more=ROWS, team=TEAMS, steps=st.none() | st.integers(3, 6))
    def comes_again_grown(self, which: int, more: list[Any], team: str, steps: int | None) -> None:
        kind, rows = self.sent[which % len(self.sent)]
        self._file(kind, rows + more, team, steps)

    @rule(steps=st.none() | st.integers(2, 4))
    def next_one_goes_on(self, steps: int | None) -> None:
        self.post.later(minutes=10)
        for job in clerk.unfinished(self.post.engine, self.post.places, self.post.settings, self.post.clock):
            self._step(job, steps)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 99))
    def taken_back(self, which: int) -> None:
        standing = [row[0] for row in self.post.ask("SELECT id FROM source WHERE stands ORDER BY id")]
        if not standing:
            return
        source = standing[which % len(standing)]
        self.post.later(minutes=10)
        undo.undo(self.post.engine, self.post.clock, source, KEPT, "值班员", "重复")
        self._holds()

    def _holds(self) -> None:
        drops = self.post.ask(f'SELECT id, sha256, done, {TALLY} FROM "drop" ORDER BY id')
        stored: Counter[int] = Counter()
        for kept in KEPT:
            name = str(kept.table.__tablename__)
            told = f"SELECT source_id, 1 FROM {name} WHERE claim = 0"
            runs = f"SELECT source_id, n FROM repeat WHERE table_name = '{name}'"
            for source, n in self.post.ask(f"{told} UNION ALL {runs}"):
                stored[source] += n
        rejects = Counter(row[0] for row in self.post.ask("SELECT drop_id FROM reject WHERE NOT warning"))
        for id_, sha, done, rows, records, *became in drops:
            assert rows == sum(became), "rows = accepted + superseding + duplicate + outdated + rejected"
            assert stored[id_] == records
            assert rejects[id_] == became[-1]
            if done:
                assert rows == self.rows[sha]
        with self.post.engine.connect() as conn:
            kept_counts = self._counts(conn)
            rebuild(conn)
            assert self._counts(conn) == kept_counts
            conn.rollback()
        seen = picture.at(self.post.engine, self.post.now, self.post.settings)
        json.dumps(status_json(seen, self.post.settings, ENGLISH))

    @staticmethod
    def _counts(conn: Any) -> list[Any]:
        return [
            sorted(tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {name} WHERE n <> 0"))
            for name in ("gate_quarter", "gate_day")
        ]

    def teardown(self) -> None:
        self.next_one_goes_on(None)
        for id_, verdict, done, sha in self.post.ask('SELECT id, verdict, done, sha256 FROM "drop"'):
            assert (verdict, bool(done)) == ("taken", True), id_
            assert any(sha in path.name for path in self.post.places.archive.rglob("*")), "the original"
        fresh = self.post.ask("SELECT 1 FROM reject WHERE fresh AND NOT warning LIMIT 1")
        assert bool(self.post.returned()) or not fresh


def _run(make: Callable[[], Engine], examples: int, steps: int) -> None:
    class Machine(Files):
        def __init__(self) -> None:
            super().__init__()
            self.folder = TemporaryDirectory()
            self.post = Post(make(), PostPlaces(Path(self.folder.name)))

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                if self.post.engine.dialect.name == "sqlite":
                    self.post.engine.dispose()
                shutil.rmtree(self.folder.name)

    run_machine(Machine, examples, steps)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "CHUNK", 3)
    monkeypatch.setattr(table, "LOOK_AHEAD", 1)


def test_whatever_files_come_every_drop_balances(sqlite_engine: Callable[[], Engine]) -> None:
    _run(sqlite_engine, 20, 8)


def test_whatever_files_come_every_drop_balances_on_postgresql(
    postgresql_engine: Callable[[], Engine],
) -> None:
    _run(postgresql_engine, 5, 8)


@pytest.mark.long
def test_whatever_files_come_at_length_every_drop_balances(make_engine: Callable[[], Engine]) -> None:
    _run(make_engine, 60, 15)
