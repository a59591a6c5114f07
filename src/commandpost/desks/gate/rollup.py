"""Passes counted by quarter hour and by day, kept in step with every change of `gate_pass`.

Written by the loader in the transaction of the rows themselves; can be made again from the passes at any
time; equal to them after any sequence of loads, corrections and undos.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Integer, delete, func, insert, select, type_coerce

from commandpost.contract.rows import columns_of
from commandpost.desks.gate.tables import GateDay, GatePass, GateQuarter
from commandpost.store.writing import Writing

QUARTER = 900
DAY = 86_400

Key = tuple[int, str, str, str]

_VALUES = (*GatePass.KEY, *GatePass.SAID)
_AT, _GATE, _DIRECTION, _VERDICT = (_VALUES.index(c) for c in ("event_at", "gate", "direction", "verdict"))


def rollup(writing: Writing, began: Sequence[Sequence[Any]], ended: Sequence[Sequence[Any]]) -> None:
    """Count `began` in and `ended` out: the values (KEY + SAID, times in UTC seconds) of versions that
    became current, and of those that ceased to be (`store.settle.Rollup`)."""
    quarters = _counted(began)
    quarters.subtract(_counted(ended))
    days: Counter[Key] = Counter()
    for (start, gate, direction, verdict), n in quarters.items():
        days[start - start % DAY, gate, direction, verdict] += n
    for table, column, counts in (("gate_quarter", "quarter", quarters), ("gate_day", "day", days)):
        writing.run_many(_upsert(table, column), [(*key, n) for key, n in counts.items() if n])


def _counted(rows: Sequence[Sequence[Any]]) -> Counter[Key]:
    times, *others = columns_of(rows, (_AT, _GATE, _DIRECTION, _VERDICT))
    return Counter(zip([at - at % QUARTER for at in times], *others, strict=True))


def _upsert(table: str, column: str) -> str:
    return (
        f"INSERT INTO {table} ({column}, gate, direction, verdict, n) VALUES (?, ?, ?, ?, ?) "
        f"ON CONFLICT ({column}, gate, direction, verdict) DO UPDATE SET n = {table}.n + excluded.n"
    )


def rebuild(conn: Connection) -> None:
    """Throw the counts away and count the current passes again."""
    t: Any = GatePass
    for table, column, span in ((GateQuarter, "quarter", QUARTER), (GateDay, "day", DAY)):
        at = type_coerce(t.event_at, Integer)
        start = at - at % span
        counted = (
            select(start, t.gate, t.direction, t.verdict, func.count())
            .where(t.known_until.is_(None))
            .group_by(start, t.gate, t.direction, t.verdict)
        )
        conn.execute(delete(table))
        conn.execute(insert(table).from_select([column, "gate", "direction", "verdict", "n"], counted))
