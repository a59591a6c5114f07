"""The drops on their way to the clerk, and who goes next."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.exc import OperationalError

from commandpost.errors import CommandpostError
from commandpost.intake.inbox import Arrival, Changed, Inbox
from commandpost.intake.log import say_failed
from commandpost.settings import Settings

SMALL = 1 << 20
"""Bytes: smaller drops go before and between the chunks of larger ones."""
RUN_OF_SMALL = 50
"""After so many small drops in a row a waiting large one gets a chunk."""


class Job(Protocol):
    """One drop on its way, as the clerk offers it: `clerk.begin(engine, arrival, places, settings, clock)`."""

    @property
    def shown(self) -> str:
        """Of its file, as `Arrival` has it."""

    @property
    def verdict(self) -> str:
        """Empty while there is more to do; then `taken`, `held`, `asks`, `refused`, or `changed` when the
        file was written while it was read."""

    def step(self) -> bool:
        """Do one chunk (a commit, ≤ 100 ms); True while there is more to do."""

    def close(self) -> None:
        """Let go of open files; the drop stays where its last commit left it."""


Begin = Callable[[Arrival, Settings], Job]


@dataclass
class _Work:
    arrival: Arrival | None
    """None: a drop a crash left behind; it goes on from the archive."""
    size: int
    job: Job | None = None


class Queue:
    """The drops on their way: small ones in order of arrival, before and between chunks of large ones."""

    def __init__(
        self,
        begin: Begin,
        inbox: Inbox,
        taken: Callable[[Arrival, Settings], None],
    ) -> None:
        self._begin = begin
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
        _close(work)
        if work.arrival is not None:
            self._inbox.settle(work.arrival, verdict)
            if verdict == "taken":
                self._taken(work.arrival, settings)

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
