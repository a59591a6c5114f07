"""What people answered files that asked: kept per team and header, used from then on, taken back, listed."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from commandpost.clock import Clock
from commandpost.errors import CommandpostError
from commandpost.intake.giveback import added_columns, is_mended
from commandpost.intake.recognise import Said, names_of
from commandpost.store.engine import asked, explained
from commandpost.store.records import Source
from commandpost.store.writing import Writing, write

_OF_TEAM = "SELECT header, kind, mapping FROM answer WHERE team = ? AND known_until IS NULL ORDER BY id"
_STAMP = text("SELECT count(*), max(known_from), max(known_until) FROM answer")


def key_of(header: Sequence[str]) -> str:
    """A header as answers are found by it; a returned file has that of the sheet its rows came from."""
    added = frozenset(added_columns(header).values()) if is_mended(header) else frozenset()
    own = tuple(cell for index, cell in enumerate(header) if index not in added)
    return json.dumps(names_of(own), ensure_ascii=False)


def of_team(engine: Engine, team: str) -> dict[str, Said]:
    """The answers that stand for a team, by `key_of` their header."""
    found = asked(engine, _OF_TEAM, (team,))
    return {header: Said(kind, *_said(mapping)) for header, kind, mapping in found}


def _said(mapping: str) -> tuple[dict[int, str], dict[str, str]]:
    """What the columns are, and by field what every row has: {"2": "direction", "=gate": "东门"}."""
    told = json.loads(mapping).items()
    columns = {int(index): field for index, field in told if index[:1] != "="}
    return columns, {name[1:]: value for name, value in told if name[:1] == "="}


def stamp(engine: Engine) -> tuple[Any, ...]:
    """Another one whenever an answer was given or taken back."""
    with explained(), engine.connect() as connection:
        return tuple(connection.execute(_STAMP).one())


class Told(NamedTuple):
    """An answer that stands."""

    id: int
    team: str
    header: tuple[str, ...]
    """Its cells, normalised."""
    kind: str
    columns: dict[int, str]
    values: dict[str, str]
    """Field → what it is in every row."""
    at: datetime
    user: str


def standing(engine: Engine) -> list[Told]:
    """Every answer that stands, the oldest first."""
    told = text(
        'SELECT a.id, a.team, a.header, a.kind, a.mapping, s.at, s."user" FROM answer a '
        "JOIN source s ON s.id = a.source_id WHERE a.known_until IS NULL ORDER BY a.id"
    )
    with explained(), engine.connect() as connection:
        found = connection.execute(told).all()
    return [
        Told(id, team, tuple(json.loads(header)), kind, *_said(mapping), _moment(at), user)
        for id, team, header, kind, mapping, at, user in found
    ]


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()


def give(
    engine: Engine,
    clock: Clock,
    team: str,
    header: Sequence[str],
    kind: str,
    columns: Mapping[int, str],
    values: Mapping[str, str] | None = None,
) -> int:
    """Keeps an answer for every file of the team with this header; the one before stands no more. Its id.
    `values`: field → what it is in every row."""
    said: dict[str, str] = {str(index): field for index, field in sorted(columns.items())}
    said |= {f"={field}": value for field, value in (values or {}).items()}
    key = key_of(header)
    with write(engine, clock, _action(clock, team)) as writing:
        _end(writing, "team = ? AND header = ?", (team, key))
        answer = (writing.run("SELECT max(id) FROM answer").fetchone()[0] or 0) + 1
        writing.put(
            "answer",
            [
                {
                    "id": answer,
                    "team": team,
                    "header": key,
                    "kind": kind,
                    "mapping": json.dumps(said, ensure_ascii=False),
                    "source_id": writing.source_id,
                    "known_from": writing.tick,
                }
            ],
        )
    return int(answer)


def forget(engine: Engine, clock: Clock, answer: int) -> None:
    """Takes an answer back: from now on files with its header ask again. Raises CommandpostError when no such
    answer stands."""
    found = next((one for one in standing(engine) if one.id == answer), None)
    if found is None:
        raise CommandpostError("no answer {id}: see commandpost drops answers", id=answer)
    with write(engine, clock, _action(clock, found.team)) as writing:
        _end(writing, "id = ?", (answer,))


def _end(writing: Writing, which: str, values: Sequence[Any]) -> None:
    writing.run(
        f"UPDATE answer SET known_until = ? WHERE {which} AND known_until IS NULL", (writing.tick, *values)
    )


def _action(clock: Clock, team: str) -> Source:
    user = ""
    with suppress(KeyError, OSError):
        # A user id without a name, as in a container.
        user = getpass.getuser()
    now = clock.now()
    return Source(sort="action", at=now, said_at=now, team=team, user=user)
