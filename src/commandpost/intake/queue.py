"""The drops on their way to the clerk, and who goes next."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError

from commandpost.errors import CommandpostError
from commandpost.intake.inbox import Arrival, Changed, Inbox
from commandpost.intake.log import say_failed
from commandpost.settings import Settings

SMALL = 1 << 20
"""Bytes: smaller drops go before and between the chunks of larger ones."""
RUN_OF_SMALL = 50
"""After so many small drops in a row a waiting large one gets a chunk."""
TINY = 1 << 16
"""Bytes: several such drops are written in one transaction, …"""
AT_ONCE = 16
"""… at most so many: an officer's write waits for it (16 small drops: 40 ms)."""


class Job(Protocol):
    """One drop on its way, as the clerk offers it: `clerk.begin(engine, arrival, places, settings, clock)`."""

    @property
    def shown(self) -> str:
        """Of its file, as `Arrival` has it."""

    @property
    def verdict(self) -> str:
        """Empty while there is more to do; then `taken`, `held`, `asks`, `refused`, or `changed` when the
        file was written while it was read."""

    @property
    def ready(self) -> bool:
        """The next step is the one write of a small drop."""

    @property
    def says(self) -> tuple[str, str]:
        """Team and content: of two alike the second must know of the first."""

    def step(self) -> bool:
        """Do one chunk (a commit, ≤ 100 ms); True while there is more to do."""

    def close(self) -> None:
        """Let go of open files; the drop stays where its last commit left it."""


Begin = Callable[[Arrival, Settings], Job]

Together = Callable[[Sequence[Any]], AbstractContextManager[None]]
"""All that these jobs, each of them `ready`, write inside is kept at once or none."""


@dataclass
class _Work:
    arrival: Arrival | None
    """None: a drop a crash left behind; it goes on from the archive."""
    size: int
    job: Job | None = None
    alone: bool = False
    """A transaction that it shared was not kept."""


class Queue:
    """The drops on their way: small ones in order of arrival, before and between chunks of large ones."""

    def __init__(
        self,
        begin: Begin,
        inbox: Inbox,
        taken: Callable[[Arrival, Settings], None],
    ) -> None:
        self._begin = begin
        self.together: Together | None = None
        """None: every drop is written alone."""
        self._inbox = inbox
        self._taken = taken
        self._small: deque[_Work] = deque()
        self._large: deque[_Work] = deque()
        self._run = 0
        self.broken_off: float | None = None
        """When a drop last failed (monotonic seconds): its load may have to be gone on with."""

    def add(self, arrival: Arrival) -> None:
        work = _Work(arrival, arrival.look.size)
        (self._small if work.size < SMALL else self._large).append(work)

    def go_on(self, job: Job) -> None:
        """Add a drop that was interrupted."""
        self._large.append(_Work(None, 0, job))

    def holds(self, arrival: Arrival) -> bool:
        """Whether an interrupted load of this file is on its way."""
        return any(work.job.shown == arrival.shown for work in self._large if work.job)

    def __len__(self) -> int:
        return len(self._small) + len(self._large)

    def step(self, settings: Settings) -> None:
        """One chunk of one drop. Raises nothing that one file alone can cause."""
        small = bool(self._small) and not (self._large and self._run >= RUN_OF_SMALL)
        line = self._small if small else self._large
        if not line:
            return
        if small and len(line) > 1 and self.together is not None and self._batch(self.together, settings):
            return
        self._run = self._run + 1 if small else 0
        work = line[0]
        try:
            if work.job is None:
                assert work.arrival is not None
                work.job = self._begin(work.arrival, settings)
            if work.job.step():
                return
        except Exception as error:  # noqa: BLE001 - one file must not stop the others; it is told
            if not _written_or_gone(work, error):
                line.popleft()
                self._failed(work, error)
                return
            verdict = "changed"
        else:
            verdict = work.job.verdict
        line.popleft()
        self._settle(work, verdict, settings)

    def _settle(self, work: _Work, verdict: str, settings: Settings) -> None:
        _close(work)
        if work.arrival is not None:
            self._inbox.settle(work.arrival, verdict)
            if verdict == "taken":
                self._taken(work.arrival, settings)

    def _batch(self, together: Together, settings: Settings) -> bool:
        """Tiny drops from the front of the line, as far as they may share a transaction; False: there are no
        two such, and the first is to be dealt with alone."""
        ready: list[tuple[_Work, Job]] = []
        for work in islice(self._small, AT_ONCE):
            job = self._prepared(work, settings)
            if job is None:
                break
            if any(job.says == other.says for _, other in ready):
                _close(work)
                work.job = None
                break
            ready.append((work, job))
        if len(ready) < 2:
            return False
        try:
            with together([job for _, job in ready]):
                for _, job in ready:
                    job.step()
        except Exception:  # noqa: BLE001 - whose fault it is shows when each is dealt with alone
            for work, _ in ready:
                _close(work)
                work.job, work.alone = None, True
            return True
        self._run += len(ready)
        unfinished = []
        for work, job in ready:
            self._small.popleft()
            if job.verdict:
                self._settle(work, job.verdict, settings)
            else:
                # Something goes back to its team.
                unfinished.append(work)
        self._small.extendleft(reversed(unfinished))
        return True

    def _prepared(self, work: _Work, settings: Settings) -> Job | None:
        """Its job when nothing but its one write is left to do; None: it is to be dealt with alone."""
        if work.alone or work.size > TINY or work.arrival is None:
            return None
        try:
            if work.job is None:
                work.job = self._begin(work.arrival, settings)
            while not work.job.ready and not work.job.verdict:
                work.job.step()
        except Exception:  # noqa: BLE001 - it is met again, and told, when it is dealt with alone
            _close(work)
            work.job, work.alone = None, True
            return None
        return work.job if work.job.ready else None

    def _failed(self, work: _Work, error: Exception) -> None:
        _close(work)
        again = False
        if work.arrival is not None:
            its_fault = not isinstance(error, CommandpostError | OSError | OperationalError)
            again = self._inbox.failed(work.arrival, its_fault=its_fault)
        self.broken_off = time.monotonic()
        say_failed(work.arrival, error, again)

    def close(self) -> None:
        for work in (*self._small, *self._large):
            _close(work)


def _written_or_gone(work: _Work, error: Exception) -> bool:
    """Whether its team wrote it or took it away before it was read."""
    gone = isinstance(error, FileNotFoundError) and work.arrival is not None
    return isinstance(error, Changed) or (gone and not os.path.lexists(work.arrival.path))  # type: ignore[union-attr]


def _close(work: _Work) -> None:
    if work.job is not None:
        work.job.close()
