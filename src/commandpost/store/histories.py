"""All that was ever claimed of a key, and which claim of it is current: the newest of the sources that stand
(domain §2).

A claim is as new as the first time its team said this value without a break: saying it again makes it no
newer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from commandpost.store.shape import Values
from commandpost.store.writing import Standing

ABSENT: Values = ()
"""What a snapshot says of a key it does not hold."""

First = tuple[int, int, int]
"""How new a claim is: (said, source, line) of the first of its run."""

Rank = tuple[First, int, int]
"""By which claims are compared: (how new, source, line)."""


@dataclass(slots=True)
class Claim:
    source: int
    line: int
    said: int
    values: Values
    version: int
    """The version that holds these values."""
    row_said: int | None = None


@dataclass(slots=True)
class Held:
    """A version of the key: as stored, or to be stored."""

    id: int
    source: int
    until: int | None
    values: Values
    row: list[Any]
    fresh: bool = False
    claim: int = 0


@dataclass(slots=True)
class History:
    """All that was ever claimed of one key."""

    entity: int = 0
    versions: list[Held] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    scopes: dict[str, list[int]] = field(default_factory=dict)
    """Scope the key lies in → the sources that stated it whole."""
    current: Held | None = None
    lead: Lead | None = None
    """Of the source that is writing."""

    def put(self, claim: Claim) -> None:
        """One more claim, of the source that is writing."""
        self.claims.append(claim)
        if self.lead is not None:
            self.lead.add(claim)

    def absences(self) -> list[Claim]:
        """What those say who stated its scope whole and do not hold the key."""
        if not self.scopes:
            return []
        stating = {claim.source for claim in self.claims}
        sources = {s for found in self.scopes.values() for s in found} - stating
        return [Claim(s, 0, 0, ABSENT, 0) for s in sources]


@dataclass(slots=True)
class _Come:
    """What claims come to."""

    best: Rank | None = None
    chosen: Claim | None = None
    """The current one."""
    runs: dict[str, dict[Values, First]] = field(default_factory=dict)
    """Team → what it said last, and since when."""
    lasts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Team → (said, id) of its last source."""


def _come_to(claims: Iterable[Claim], standing: Callable[[int], Standing]) -> _Come:
    teams: dict[str, dict[int, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        teams[standing(claim.source).team][claim.source].append(claim)
    come = _Come()
    for team, sources in teams.items():
        for of in sources.values():
            of.sort(key=attrgetter("line"))
            for claim in of:
                claim.said = claim.row_said if claim.row_said is not None else standing(claim.source).said
        run: dict[Values, First] = {}
        order = sorted((of[-1].said, source) for source, of in sources.items())
        for _, source in order:
            newness: dict[Values, First] = {}
            for claim in sources[source]:
                newness.setdefault(claim.values, run.get(claim.values, (claim.said, source, claim.line)))
            if not standing(source).stands:
                # It breaks nobody's run, but a team that goes on saying it has said it since then.
                run = {**newness, **run}
                continue
            run = newness
            last = sources[source][-1]
            rank = (newness[last.values], source, last.line)
            if come.best is None or rank > come.best:
                come.best, come.chosen = rank, last
        come.runs[team], come.lasts[team] = run, order[-1]
    return come


def winner(history: History, standing: Callable[[int], Standing]) -> Claim | None:
    """The claim that is current; one with the values ABSENT when the key is withdrawn; None: no claim
    stands."""
    everything = [*history.claims, *history.absences()]
    if len(everything) == 1:
        return everything[0] if standing(everything[0].source).stands else None
    return _come_to(everything, standing).chosen


def said_before(history: History, new: Claim, standing: Callable[[int], Standing]) -> dict[Values, int]:
    """What the team of `new` said last before it, and the versions that say so: all claims of its previous
    standing source that states the key, in order of (said of its last line, source)."""
    mine = standing(new.source).team
    sources: dict[int, list[Claim]] = defaultdict(list)
    for claim in (*history.claims, *history.absences()):
        who = standing(claim.source)
        if who.team == mine and who.stands and claim.source != new.source:
            sources[claim.source].append(claim)
    best: tuple[int, int] | None = None
    for source, claims in sources.items():
        said = max(claims, key=lambda claim: claim.line).row_said
        rank = (said if said is not None else standing(source).said, source)
        if rank < (new.said, new.source) and (best is None or rank > best):
            best = rank
    return {claim.values: claim.version for claim in sources[best[1]]} if best else {}


class Lead:
    """The winner of a key while one source makes claim after claim of it: each takes one step, where `winner`
    walks through all of them. A cell with a thousand items may be a thousand claims of one key.

    The source stands, dates no row by itself, and is its team's last; the table has no scopes.
    """

    def __init__(self, others: _Come, before: dict[Values, int], me: int, who: Standing) -> None:
        self._others, self.before, self._me, self._who = others, before, me, who
        """`before`: as `said_before`."""
        self._run = others.runs.get(who.team, {})
        self._since: dict[Values, First] = {}
        self._last: Claim | None = None

    @classmethod
    def of(cls, history: History, claim: Claim, standing: Callable[[int], Standing]) -> Lead | None:
        """For the source of `claim`, which is about to be made; None where only `winner` can tell."""
        if claim.row_said is not None:
            history.lead = None
            return None
        found, who = history.lead, standing(claim.source)
        if found is None:
            mine = sorted((c for c in history.claims if c.source == claim.source), key=attrgetter("line"))
            others = _come_to((c for c in history.claims if c.source != claim.source), standing)
            dated = any(c.row_said is not None for c in mine)
            if dated or not who.stands or others.lasts.get(who.team, (0, 0)) > (who.said, claim.source):
                return None
            found = history.lead = cls(others, said_before(history, claim, standing), claim.source, who)
            for one in mine:
                found.add(one)
        if found._last is not None and claim.line < found._last.line:
            history.lead = None
        return history.lead

    def winner(self) -> Claim | None:
        last = self._last
        return self._others.chosen if last is None or not self._ahead(last) else last

    def wins(self, claim: Claim) -> bool:
        """Whether what `claim` says is current when it is made."""
        chosen = self._others.chosen
        return self._ahead(claim) or (chosen is not None and chosen.values == claim.values)

    def add(self, claim: Claim) -> None:
        self._since.setdefault(claim.values, self._first(claim))
        self._last = claim

    def _first(self, claim: Claim) -> First:
        here = (self._who.said, self._me, claim.line)
        return self._since.get(claim.values) or self._run.get(claim.values, here)

    def _ahead(self, claim: Claim) -> bool:
        best = self._others.best
        return best is None or (self._first(claim), self._me, claim.line) > best
