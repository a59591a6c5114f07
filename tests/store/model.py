"""A deliberately naive model of domain §2: every claim ever made in one list, everything counted anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ABSENT = "absent"
Key = tuple[Any, ...]


@dataclass
class Statement:
    source: int
    line: int
    key: Key
    value: Any
    said: int | None
    scope: Any = None


@dataclass
class Told:
    id: int
    team: str
    said: int
    stands: bool = True
    undoes: int | None = None
    scopes: set[Any] = field(default_factory=set)


class Model:
    """One version table of a post."""

    def __init__(self) -> None:
        self.sources: dict[int, Told] = {}
        self.statements: list[Statement] = []
        self.current: dict[Key, Any] = {}
        self.at: dict[int, dict[Key, Any]] = {}

    # ---- what is said of a key

    def claims(self, key: Key) -> list[Statement]:
        own = [s for s in self.statements if s.key == key]
        scopes = {s.scope for s in own if s.scope is not None}
        stating = {s.source for s in own}
        return own + [
            Statement(told.id, 0, key, ABSENT, None)
            for told in self.sources.values()
            if told.id not in stating and told.scopes & scopes
        ]

    def said(self, claim: Statement) -> int:
        return self.sources[claim.source].said if claim.said is None else claim.said

    def newness(self, claims: list[Statement], source: int, value: Any) -> tuple[int, int, int]:
        """When, where and in which line the team of `source` first said `value` without a break."""
        team = self.sources[source].team
        last = {}
        for claim in sorted(claims, key=lambda c: c.line):
            if self.sources[claim.source].team == team:
                last[claim.source] = (self.said(claim), claim.source)
        earlier = sorted((rank for s, rank in last.items() if rank < last[source]), reverse=True)
        for _, other in earlier:
            if any(c.source == other and c.value == value for c in claims):
                return self.newness(claims, other, value)
            if self.sources[other].stands:
                break
        first = min((c for c in claims if c.source == source and c.value == value), key=lambda c: c.line)
        return (self.said(first), source, first.line)

    def winner(self, claims: list[Statement]) -> Statement | None:
        best = None
        for claim in claims:
            if not self.sources[claim.source].stands:
                continue
            if claim.line != max(c.line for c in claims if c.source == claim.source):
                continue
            rank = (self.newness(claims, claim.source, claim.value), claim.source, claim.line)
            if best is None or rank > best[0]:
                best = (rank, claim)
        return best[1] if best else None

    # ---- what happens

    def state(self, statement: Statement, refuses: Any = None) -> str:
        claims = self.claims(statement.key)
        if statement.scope is not None:
            # The row itself says in which scope its key lies.
            stating = {c.source for c in claims}
            claims += [
                Statement(told.id, 0, statement.key, ABSENT, None)
                for told in self.sources.values()
                if told.id not in stating and statement.scope in told.scopes
            ]
        me = self.sources[statement.source]
        mates = {c.source for c in claims if self.sources[c.source].team == me.team} - {statement.source}
        dated = [
            (self.said([c for c in sorted(claims, key=lambda c: c.line) if c.source == mate][-1]), mate)
            for mate in mates
            if self.sources[mate].stands
        ]
        previous = max((d for d in dated if d < (self.said(statement), statement.source)), default=None)
        now = self.current.get(statement.key)
        if (now is not None and now == statement.value) or (
            previous and statement.value in [c.value for c in claims if c.source == previous[1]]
        ):
            self.statements.append(statement)
            return "duplicate"
        known = any(self.sources[c.source].stands and c.value != ABSENT for c in claims)
        self.statements.append(statement)
        won = self.winner(self.claims(statement.key))
        wins = won is not None and won.value == statement.value
        if wins and now is not None and refuses and refuses(now, statement.value):
            self.statements.remove(statement)
            return "rejected"
        return "outdated" if not wins else "superseding" if known else "accepted"

    def settle(self) -> None:
        self.current = {}
        for key in {s.key for s in self.statements}:
            won = self.winner(self.claims(key))
            if won is not None and won.value != ABSENT:
                self.current[key] = won.value

    def undo(self, source: int, action: Told) -> None:
        """A source stands when no standing action undoes it."""
        self.sources[action.id] = action
        for told in sorted(self.sources.values(), key=lambda t: -t.id):
            told.stands = not any(other.undoes == told.id and other.stands for other in self.sources.values())
