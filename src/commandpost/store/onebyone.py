"""Rows of a chunk that meet something else than what they say: each is judged by the whole rule, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from commandpost.store.chunk import Chunk
from commandpost.store.histories import ABSENT, Claim, History, Lead, said_before, winner
from commandpost.store.settle import Settling, put_repeats
from commandpost.store.shape import Values


class OneByOne:
    """The whole rule, for the rows of a chunk that need it."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.writing, self.shape = chunk.writing, chunk.shape

    def run(self, rows: Iterable[int]) -> None:
        """The whole rule for each of these rows (indexes, ascending). What is current changes at the end:
        what a chunk says and takes back itself never was."""
        keys = self.chunk.keys
        writing, shape, width = self.writing, self.shape, len(self.shape.base)
        settling = Settling(writing, shape)
        settling.gather({keys[i] for i in rows})
        next_nth: dict[Values, int] = defaultdict(int)
        told: dict[Values, dict[Values, tuple[History, int, int]]] = defaultdict(dict)
        """Base key → what this source said of it → that key's history, the version that says so, nth."""
        if shape.log:
            for key, history in settling.of_key.items():
                for claim in history.claims:
                    if claim.source == writing.source_id:
                        next_nth[key[:width]] = max(next_nth[key[:width]], key[width] + 1)
                        told[key[:width]][claim.values[width + 1 :]] = (history, claim.version, key[width])
        for i in rows:
            if not shape.log:
                self._one(i, settling)
                continue
            base, rest = keys[i], self.chunk.said(i)
            if rest in told[base] and self.chunk.is_named(i):
                history, version, self.chunk.nth[i] = told[base][rest]
                settling.repeat(history, self._claim(i), version)
                self.chunk.outcomes[i] = "duplicate"
                self.chunk.versions[i] = version
                continue
            self.chunk.nth[i] = self.chunk.given.get(i, next_nth[base])
            next_nth[base] = max(next_nth[base], self.chunk.nth[i] + 1)
            told[base][rest] = (self._one(i, settling), self.chunk.versions[i], self.chunk.nth[i])
        settling.adjust_all(self.chunk.rollup)

    def _claim(self, i: int) -> Claim:
        lines, dates = self.chunk.rows.columns[:2]
        line, said = lines[i], dates[i]
        when = self.chunk.me.said if said is None else said
        return Claim(self.writing.source_id, line, when, self.chunk.values_of(i), 0, said)

    def _one(self, i: int, settling: Settling) -> History:
        writing = self.writing
        claim = self._claim(i)
        history = settling.history(claim.values[: len(self.shape.key)])
        lead = None if self.shape.scope else Lead.of(history, claim, writing.source)
        won = winner(history, writing.source) if lead is None else lead.winner()
        now = won if won is not None and won.values != ABSENT else None
        if self.shape.scope:
            settling.put_scope(history, claim.values)
        before = said_before(history, claim, writing.source) if lead is None else lead.before
        if now is None or now.values != claim.values:
            self._keep(i, claim, before, now)
        if now is not None and now.values == claim.values:
            current = history.current
            known_as = current.id if current is not None and current.values == now.values else now.version
            settling.repeat(history, claim, known_as)
            self.chunk.outcomes[i] = "duplicate"
        elif claim.values in before:
            settling.repeat(history, claim, before[claim.values])
            self.chunk.outcomes[i] = "duplicate"
        else:
            known = any(writing.source(c.source).stands for c in history.claims)
            wins = self._wins(history, claim) if lead is None else lead.wins(claim)
            if wins and now is not None and self.chunk.moves is not None:
                refused = self.chunk.moves(self.shape.python(now.values), self.shape.python(claim.values))
                if refused is not None:
                    self.chunk.outcomes[i] = refused
                    self.chunk.versions[i] = 0
                    return history
            settling.add(history, claim)
            self.chunk.outcomes[i] = "outdated" if not wins else "superseding" if known else "accepted"
        self.chunk.versions[i] = claim.version
        return history

    def _keep(self, i: int, claim: Claim, before: Iterable[Values], now: Claim | None) -> None:
        """Fills in what the row does not say: as its team said it with the same values last, else as it is
        known."""
        unsaid = self.chunk.unsaid
        if unsaid is None or i not in unsaid.rows:
            return
        at = self.shape.position(unsaid.column)
        told = (*claim.values[:at], *claim.values[at + 1 :])
        for values in before:
            if (*values[:at], *values[at + 1 :]) == told:
                break
        else:
            if now is None:
                return
            values = now.values
        unsaid.rows[i] = values[at]
        claim.values = (*claim.values[:at], values[at], *claim.values[at + 1 :])

    def _wins(self, history: History, claim: Claim) -> bool:
        history.claims.append(claim)
        found = winner(history, self.writing.source)
        history.claims.pop()
        return found is not None and found.values == claim.values

    def put_twins(self, twins: Sequence[tuple[int, int]]) -> None:
        """Exact repeats within the chunk are duplicates of whatever became of the row they repeat."""
        for i, _ in twins:
            self.chunk.outcomes[i] = "duplicate"
        lines, said = self.chunk.rows.columns[:2]
        found = [(lines[i], self.chunk.version(twin), said[i]) for i, twin in twins]
        put_repeats(self.writing, self.shape, found)
        # A twin with a date of its own moves its whole source in its team's order.
        moved = {self.chunk.key(i) for i, twin in twins if said[i] != said[twin]}
        if moved:
            settling = Settling(self.writing, self.shape)
            settling.gather(moved)
            settling.adjust_all(self.chunk.rollup)
