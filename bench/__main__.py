"""Run the benchmarks: `python -m bench [a b c d e f g h i] [--quick] [--write]`."""

from __future__ import annotations

import argparse
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench import board, limits, load, look, mess
from bench.measure import Bar, table

BENCHES: dict[str, tuple[str, Callable[[], list[Bar]], Callable[[], list[Bar]]]] = {
    "a": ("A large drop", load.bench, lambda: load.bench(100_000, 1)),
    "b": ("From the folder to the screen", board.drop_to_paint, lambda: board.drop_to_paint(15, 50_000)),
    "c": ("Keys while rows come in", board.key_to_paint, lambda: board.key_to_paint(6)),
    "d": ("Idle", board.idle, lambda: board.idle(15)),
    "e": ("First frame", board.first_frame, lambda: board.first_frame(3)),
    "f": ("The picture of a large post", look.bench, lambda: look.bench(10_000, 200_000, 15)),
    "g": ("Messy, known and GB18030 rows", mess.mess, lambda: mess.mess(50_000, 1)),
    "h": ("Twelve thousand small files at once", mess.many, lambda: mess.many(500)),
    "i": ("A sheet at the limits", limits.bench, lambda: limits.bench(100_000)),
}

ASKED_FOR = frozenset("i")
"""Run only by name: ten minutes and 8 GB of disk."""


PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Measured by `make bench`. Medians; ratios are sturdier than seconds.
"""


def _write(letter: str, part: str) -> None:
    """Renews one part of the page; the others stay as they were measured."""
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {board.cores()} cores, {platform.system()}"
    told = PAGE.read_text("utf-8").split("\n## ")[1:] if PAGE.exists() else []
    parts = {one[1]: f"## {one}" for one in told} | {letter: f"{part}\n{date.today()}: {versions}.\n"}
    PAGE.write_text("\n".join([HEAD, *(parts[one] for one in sorted(parts))]), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "which", nargs="*", choices=[[], *BENCHES], help="benchmarks by letter; all but i when none is named"
    )
    parser.add_argument(
        "--quick", action="store_true", help="small sizes: shows that they run, not how fast we are"
    )
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md where measured")
    args = parser.parse_args()
    letters = args.which or [letter for letter in BENCHES if letter not in ASKED_FOR]
    if len(letters) > 1:
        # A process each: the peak of a child begins with what its parent holds.
        flags = [f"--{name}" for name in ("quick", "write") if getattr(args, name)]
        codes = [subprocess.run([sys.executable, "-m", "bench", one, *flags]).returncode for one in letters]
        return max(codes)
    missed = 0
    for letter in letters:
        title, full, quick = BENCHES[letter]
        bars = (quick if args.quick else full)()
        missed += sum(bar.holds is False for bar in bars)
        part = f"## ({letter}) {title}\n\n{table(bars)}\n"
        print(part, flush=True)
        if args.write:
            _write(letter, part)
    print(f"{missed} bars missed" if missed else "every bar holds", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
