"""Time whole processes, and summarise: medians and ratios, because machines are noisy."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process."""

    wall: float
    """Seconds."""
    cpu: float
    """User and system seconds of the process and all it waited for."""
    peak: float
    """Largest resident set of the process itself, MB."""


def run(
    command: Sequence[str],
    *,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    ok: Sequence[int] = (0,),
) -> Run:
    """Run to the end. RuntimeError with what it said when it ends with a code not in `ok`."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(env or {})},
        text=True,
    )
    if stdin is not None:
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code not in ok:
        raise RuntimeError(f"{command[:3]} ended with {code}: {said[-500:]}")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value with at least `share` of all at or below it."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def commandpost(*args: str | Path) -> list[str]:
    """The command line of the program under test."""
    return [PYTHON, "-m", "commandpost", *map(str, args)]


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise and what was measured. `holds` is None for a figure without a bar."""

    what: str
    measured: str
    bar: str = ""
    holds: bool | None = None


def table(bars: Sequence[Bar]) -> str:
    """A Markdown table."""
    verdict = {True: "holds", False: "**missed**", None: ""}
    rows = [f"| {b.what} | {b.measured} | {b.bar} | {verdict[b.holds]} |" for b in bars]
    return "\n".join(["| what | measured | bar | |", "|---|---|---|---|", *rows])
