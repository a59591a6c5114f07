"""The watch loop: one per post. A scan is the truth, watchfiles a hint."""

from __future__ import annotations

from typing import Protocol


class Job(Protocol):
    """One drop on its way, as the clerk offers it: `clerk.begin(engine, arrival, places, settings, clock)`
    for a new file, `clerk.unfinished(engine, places, settings, clock)` for those a crash left behind.

    Jobs of small files go between the steps of large ones.
    """

    size: int
    """Bytes of the file."""

    verdict: str
    """Empty while there is more to do; then `taken`, `held`, `asks`, `refused`, or `changed` when the
    file was written while it was read."""

    def step(self) -> bool:
        """Do one chunk (a commit, ≤ 100 ms); True while there is more to do."""

    def close(self) -> None:
        """Let go of open files; the drop stays where its last commit left it."""
