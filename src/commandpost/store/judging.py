"""What is left to a person to judge (domain §2): what is gone from a team's newer export, and what overrules
an officer's act. Both are computed from the versions, never stored, and change nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from commandpost.store.records import Version
from commandpost.store.shape import shape_of


@dataclass(frozen=True, slots=True, order=True)
class Gone:
    """A thing that is current, which its team's last whole export does not hold any more."""

    entity: int
    held_by: int
    """The last source of the team that held it."""
    gone_from: int
    """The export that does not."""


@dataclass(frozen=True, slots=True, order=True)
class Overruled:
    """An officer's act that stands and was current, until something a team sent took its place."""

    entity: int
    act: int
    """The version the act made."""
    now: int
    """The version that is current instead."""


def gone(connection: Connection, table: type[Version]) -> list[Gone]:
    """Things of a register that are missing from the newest export of a team that named them.

    An export is a standing drop loaded to its end of which no row was rejected: a row that could not be
    read is not gone. A mended return is a voice of its own and no export. For small tables: a register is
    read whole.
    """
    name = shape_of(table).name
    exports = {
        row.id: (row.team, (row.said_at, row.id), bool(row.done) and not row.rejected)
        for row in connection.execute(_DROPS)
    }
    last: dict[tuple[str, int], tuple[int, int]] = {}
    newest: dict[str, tuple[int, int]] = {}
    for source, entity in connection.execute(text(_STATED.format(table=name)), {"name": name}):
        if source not in exports:
            continue
        team, when, whole = exports[source]
        last[team, entity] = max(when, last.get((team, entity), when))
        if whole:
            newest[team] = max(when, newest.get(team, when))
    current = set(connection.execute(text(f"SELECT entity FROM {name} WHERE known_until IS NULL")).scalars())
    return sorted(
        Gone(entity, when[1], newest[team][1])
        for (team, entity), when in last.items()
        if entity in current and team in newest and when < newest[team]
    )


def overruled(connection: Connection, table: type[Version]) -> list[Overruled]:
    """Officers' acts that stand, were current, and are so no more because a drop says otherwise."""
    name = shape_of(table).name
    acts: dict[int, int] = {}
    for entity, act in connection.execute(text(_ACTS.format(table=name)), {"name": name}):
        acts[entity] = max(act, acts.get(entity, act))
    return sorted(
        Overruled(entity, acts[entity], version)
        for entity, version, claim in connection.execute(text(_SENT.format(table=name)))
        if entity in acts and acts[entity] not in (version, claim)
    )


_DROPS = text(
    "SELECT s.id, s.team, s.said_at, d.done, d.rejected FROM source s "
    "JOIN \"drop\" d ON d.id = s.id WHERE s.sort = 'drop' AND s.stands AND s.team NOT LIKE '%/returned'"
)
_STATED = (
    "SELECT source_id, entity FROM {table} WHERE claim = 0 "
    "UNION SELECT r.source_id, v.entity FROM repeat r JOIN {table} v "
    "ON v.id BETWEEN r.record AND r.record + r.n - 1 WHERE r.table_name = :name"
)
"""Which source names what, for the first time or again."""
_ACTS = (
    "SELECT v.entity, v.id FROM {table} v JOIN source s ON s.id = v.source_id WHERE v.claim = 0 "
    "AND s.sort = 'action' AND s.stands AND v.known_until > v.known_from "
    "UNION SELECT v.entity, v.id FROM repeat r JOIN source s ON s.id = r.source_id JOIN {table} v "
    "ON v.id BETWEEN r.record AND r.record + r.n - 1 WHERE r.table_name = :name "
    "AND s.sort = 'action' AND s.stands AND v.known_until > v.known_from"
)
"""What acts said, for the first time or again, that was current and has ended."""
_SENT = (
    "SELECT v.entity, v.id, v.claim FROM {table} v JOIN source s ON s.id = v.source_id "
    "WHERE s.sort = 'drop' AND v.known_until IS NULL"
)
