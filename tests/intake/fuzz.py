"""`make fuzz`: a million mangled sheets, over two processes.

    python -m tests.intake.fuzz [--inputs N] [--jobs N] [--seed TEXT] [--faults FOLDER]
    python -m tests.intake.fuzz --tape HEX      reads one again, with its traceback

Input n of a seed is always the same sheet. What fails is written to FOLDER: its bytes, and beside them
what failed and the tape that makes them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from pathlib import Path

from tests.intake.clerking import Post, balances
from tests.intake.judged import SETTINGS, judge, outcome, watchdog
from tests.intake.mangled import mangled, sheets

from commandpost.places import PostPlaces
from commandpost.store.engine import open_post

LONGEST_TAPE = 24
BATCH = 1000
STORED = 200
"""One input in so many is also taken into a post, and compared with what `check` said."""
_LETTERS = str.maketrans("0123456789", "abcdefghij")
MEMORY = 400
"""MB that a process may have held at its end, whatever it read: sheets have at most about a megabyte."""
DIFFERENT = 20
"""Different faults after which a process gives up."""


def tape_of(seed: str, n: int) -> bytes:
    """The tape of input `n`."""
    chance = random.Random(f"{seed}/{n}")
    return chance.randbytes(chance.randint(1, LONGEST_TAPE))


def tried(tape: bytes, post: Post | None) -> str:
    """Reads the sheet of a tape; with a post takes it in too. What became of it."""
    name, data = mangled(tape)
    with watchdog(60 if post else 20):
        became = judge(data, name, SETTINGS[len(tape) % len(SETTINGS)])
        if post is not None:
            post.later(minutes=1)
            # A name of its own, no date in it: a file of the same name that waits asks after ten minutes.
            own = f"{post.now.timestamp():.0f}".translate(_LETTERS) + f"-{name}"
            check, taken = post.check(own, data), post.take(own, data)
            assert outcome(check) == outcome(taken)
            assert taken["verdict"] != "taken" or balances(taken)
    return became


def _job(seed: str, first: int, step: int, inputs: int, faults: Path, tell: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = PostPlaces(Path(folder))
        engine = open_post(places)
        post = Post(engine, places)
        became: Counter[str] = Counter()
        seen: set[str] = set()
        for n in range(first, inputs, step):
            tape = tape_of(seed, n)
            try:
                became[tried(tape, post if n // step % STORED == 0 else None)] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                became["FAULT"] += 1
                where = traceback.extract_tb(error.__traceback__)[-1]
                fault = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
                if fault not in seen:
                    seen.add(fault)
                    _written(faults, tape, fault, traceback.format_exc())
                    tell.send(("fault", f"{fault}   --tape {tape.hex()}"))
                if len(seen) > DIFFERENT:
                    break
            if became.total() >= BATCH:
                tell.send(("done", became))
                became = Counter()
        engine.dispose()
    tell.send(("done", became))
    tell.send(("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    tell.close()


def _written(faults: Path, tape: bytes, fault: str, how: str) -> None:
    faults.mkdir(parents=True, exist_ok=True)
    name, data = mangled(tape)
    path = faults / f"{tape.hex()[:16]}-{name}"
    path.write_bytes(data)
    path.with_name(path.name + ".txt").write_text(
        f"{fault}\npython -m tests.intake.fuzz --tape {tape.hex()}\n\n{how}", "utf-8"
    )


def run(inputs: int, jobs: int, seed: str, faults: Path) -> int:
    """0 when nothing failed."""
    shutil.rmtree(faults, ignore_errors=True)
    print(f"{inputs:,} mangled sheets, begun with {len(sheets())}; --seed {seed}", flush=True)
    start = time.monotonic()
    listening = []
    for job in range(jobs):
        ear, mouth = multiprocessing.Pipe(duplex=False)
        args = (seed, job, jobs, inputs, faults, mouth)
        multiprocessing.Process(target=_job, args=args, daemon=True).start()
        mouth.close()
        listening.append(ear)
    became: Counter[str] = Counter()
    bad, said = 0, 0.0
    while listening:
        for ear in wait(listening):
            assert isinstance(ear, Connection)
            try:
                what, about = ear.recv()
            except EOFError:
                listening.remove(ear)
                continue
            if what == "done":
                became += about
            elif what == "memory":
                print(f"a process held at most {about} MB", flush=True)
                bad += about > MEMORY
            else:
                bad += 1
                print(about, flush=True)
        if time.monotonic() - said > 30 or not listening:
            said = time.monotonic()
            print(f"{said - start:6.0f} s {became.total():>9,} " + _say(became), flush=True)
    complete = became.total() == inputs
    if bad or not complete:
        print(f"{bad} faults{'' if complete else ', and not all were tried'}; see {faults}", flush=True)
    return int(bool(bad or not complete))


def _say(became: Counter[str]) -> str:
    return ", ".join(f"{what} {n:,}" for what, n in became.most_common())


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.intake.fuzz")
    options.add_argument("--inputs", type=int, default=1_000_000)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--seed", default=f"{datetime.now(UTC):%Y%m%d%H%M}")
    options.add_argument("--faults", type=Path, default=Path(".fuzz"))
    options.add_argument("--tape")
    said = options.parse_args()
    if said.tape is None:
        return run(said.inputs, said.jobs, said.seed, said.faults)
    with tempfile.TemporaryDirectory() as folder:
        places = PostPlaces(Path(folder))
        engine = open_post(places)
        print(tried(bytes.fromhex(said.tape), Post(engine, places)))
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
