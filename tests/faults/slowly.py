"""A writer on a slow share: each file comes as its schedule says, late, in pieces, out of order.

    python -m tests.faults.slowly PLAN      writes what a plan (JSON, see `plan_of`) says, then ends

What stands in the file between two steps can always be told from a whole one: it is empty, ends inside a
row, has a gap of zero bytes, or is not there. So nothing depends on how long a pause is. (Of a pause behind
a whole row nobody can say whether more will come: such a file is a growing sheet.)
"""

from __future__ import annotations

import heapq
import json
import os
import random
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

Step = list[Any]
"""[seconds after the step before, what, arguments…]"""
RESTS, REST = 12, 4.0
"""Seconds: more than a file must be still (1 s) and the longest time between two looks (2 s)."""
OLD = 1_500_000_000
"""Modification times that are preserved, seconds."""


def schedule(data: bytes, chance: random.Random, slow: float = 1.0) -> list[Step]:
    """The steps that make a file of `data`, which has a header and some rows; with `slow` 1 pauses of up to
    1.3 s, beyond what two looks at a file are apart. One step in `RESTS` comes so late that what stands there
    was looked at as a file nobody writes any more."""
    steps: list[Step] = []

    def then(what: str, *about: Any) -> None:
        pause = chance.choice([0.0, 0.01, 0.05, 0.2, 0.6, 1.3])
        late = steps and not chance.randrange(RESTS)
        steps.append([REST if late else slow * pause * chance.random(), what, *about])

    size = len(data)
    chance.choice(WAYS)(data, size, then, chance)
    if chance.random() < 0.3:
        then("times", OLD + chance.randrange(1000))
    if chance.random() < 0.1:
        # Somebody copies the same file once more.
        then("remove")
        then("renamed", 0, size)
    return steps


Then = Callable[..., None]


def inside_a_row(data: bytes, chance: random.Random) -> int:
    """How much of the file ends inside a row: behind a cell that is not its last one."""
    ends = [i for i, sign in enumerate(data) if sign == 10]
    line = chance.randrange(len(ends) - 1)
    start, end = ends[line] + 1, ends[line + 1]
    commas = [i for i in range(start, end) if data[i : i + 1] == b","]
    return chance.choice(commas[:-1]) + chance.randrange(2)


def _delayed(data: bytes, size: int, then: Then, chance: random.Random) -> None:
    """In pieces, one behind the other."""
    cuts = sorted({inside_a_row(data, chance) for _ in range(chance.randint(1, 4))})
    then("create")
    for start, end in pairwise([0, *cuts, size]):
        then("write", start, end)


def _truncated(data: bytes, size: int, then: Then, chance: random.Random) -> None:
    """Written in part, emptied, written again."""
    _delayed(data, size, lambda *step: then(*step) if step[-1] != size else None, chance)
    then("create")
    if chance.random() < 0.5:
        cut = inside_a_row(data, chance)
        then("write", 0, cut)
        then("write", cut, size)
    else:
        then("write", 0, size)


def _shortened(data: bytes, size: int, then: Then, chance: random.Random) -> None:
    """What was sent is taken back to an earlier point, and goes on from there."""
    early, late = sorted([inside_a_row(data, chance), inside_a_row(data, chance)])
    then("write", 0, late)
    then("cut", early)
    then("write", early, size)


def _reordered(data: bytes, size: int, then: Then, chance: random.Random) -> None:
    """Blocks in any order: between them the file system shows zero bytes."""
    cuts = [0]
    for cut in sorted(inside_a_row(data, chance) for _ in range(chance.randint(2, 5))):
        # One zero byte alone is no gap.
        cuts += [cut] if cut - cuts[-1] >= 4 else []
    pieces = list(pairwise([*cuts, size]))
    last = pieces.pop()
    chance.shuffle(pieces)
    # The end first: the size is the final one from then on.
    then("write", *last)
    for piece in pieces:
        then("write", *piece)


def _preallocated(data: bytes, size: int, then: Then, chance: random.Random) -> None:
    """As Windows copies: the whole size as zero bytes, then the contents, the time of the original at the end."""
    then("size", size)
    cuts = sorted({inside_a_row(data, chance) for _ in range(chance.randint(1, 4))})
    for start, end in pairwise([0, *cuts, size]):
        then("write", start, end)
        then("times", OLD)


def _renamed(data: bytes, size: int, then: Then, chance: random.Random) -> None:
    """Under another name, then over what is there: nothing, or a part of it."""
    if chance.random() < 0.5:
        then("write", 0, inside_a_row(data, chance))
    then("renamed", 0, size)


def _again(data: bytes, size: int, then: Then, chance: random.Random) -> None:
    """A part, removed, made anew."""
    then("write", 0, inside_a_row(data, chance))
    then("remove")
    _delayed(data, size, then, chance)


WAYS = (_delayed, _truncated, _shortened, _reordered, _preallocated, _renamed, _again)


def plan_of(files: list[tuple[Path, bytes]], folder: Path, seed: str, over: float, slow: float) -> Path:
    """Writes a plan for `files` (where, what), each beginning somewhere in `over` seconds; its path."""
    made = []
    for n, (path, data) in enumerate(files):
        chance = random.Random(f"{seed}/{n}")
        whole = folder / f"{n}.whole"
        whole.write_bytes(data)
        steps = schedule(data, chance, slow)
        made.append({"path": str(path), "whole": str(whole), "start": chance.random() * over, "steps": steps})
    plan = folder / "plan.json"
    plan.write_text(json.dumps(made))
    return plan


def do(path: Path, whole: bytes, what: str, about: list[int]) -> None:
    """One step."""
    if what in ("create", "remove"):
        if what == "create":
            path.write_bytes(b"")
        else:
            path.unlink()
    elif what == "renamed":
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(whole)
        os.utime(part, (OLD, OLD))
        part.replace(path)
    elif what == "times":
        os.utime(path, (about[0], about[0]))
    else:
        with open(path, "r+b" if path.exists() else "w+b") as file:
            if what == "write":
                file.seek(about[0])
                file.write(whole[about[0] : about[1]])
            else:
                file.truncate(about[0])


def main(plan: Path) -> None:
    due = []
    files = json.loads(plan.read_text())
    for n, file in enumerate(files):
        heapq.heappush(due, (file["start"], n, 0))
    start = time.monotonic()
    while due:
        at, n, step = heapq.heappop(due)
        time.sleep(max(0.0, start + at - time.monotonic()))
        file = files[n]
        path = Path(file["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        _, what, *about = file["steps"][step]
        do(path, Path(file["whole"]).read_bytes(), what, about)
        if step + 1 < len(file["steps"]):
            # From now on, not from when it was due: a late step never makes the next one early.
            heapq.heappush(due, (time.monotonic() - start + file["steps"][step + 1][0], n, step + 1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
