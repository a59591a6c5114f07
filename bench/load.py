"""(a) One million gate passes, complete (read, judged, versioned, counted, rejected), against plain loaders."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bench.measure import PYTHON, Bar, Run, commandpost, median, run
from bench.passes import write_passes

_SCHEMA = (
    "create table t(at,gate,direction,name,phone,plate,temperature,verdict); create index i on t(phone);"
)

_EXECUTEMANY = """
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[2]); db.execute("pragma journal_mode=wal")
db.execute("create table t(at,gate,direction,name,phone,plate,temperature,verdict,unique(at,gate,direction,name))")
rows = csv.reader(open(sys.argv[1], encoding="utf-8", newline="")); next(rows)
db.executemany("insert or ignore into t values(?,?,?,?,?,?,?,?)", rows); db.commit()
"""
_PANDAS = """
import pandas, sqlite3, sys
pandas.read_csv(sys.argv[1], dtype=str).to_sql("t", sqlite3.connect(sys.argv[2]), index=False)
"""


def _peers(sheet: Path, folder: Path) -> dict[str, tuple[list[str], list[str], str | None]]:
    """Name → (command, the same command with nothing to do, standard input)."""
    one = folder / "one.csv"
    one.write_text("".join(sheet.open(encoding="utf-8", newline="").readline() for _ in range(1)), "utf-8")
    db = str(folder / "peer.db")
    script = {"csv + executemany": _EXECUTEMANY, "pandas to_sql": _PANDAS}
    peers: dict[str, tuple[list[str], list[str], str | None]] = {
        name: ([PYTHON, "-c", code, str(sheet), db], [PYTHON, "-c", code, str(one), db], None)
        for name, code in script.items()
    }
    utils = [PYTHON, "-m", "sqlite_utils", "insert", db, "t"]
    peers["sqlite-utils"] = ([*utils, str(sheet), "--csv"], [*utils, str(one), "--csv"], None)
    return peers


def bench(rows: int = 1_000_000, rounds: int = 3) -> list[Bar]:
    """Bars: ≤ 1.6 × the CPU of `.import`, start-up taken off, and ≤ 160 MB."""
    if not shutil.which("sqlite3"):
        raise RuntimeError("the sqlite3 command is needed for comparison: apt-get install sqlite3")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet = folder / "passes.csv"
        write_passes(sheet, rows)
        header = folder / "header.csv"
        header.write_text(sheet.open(encoding="utf-8").readline(), "utf-8")

        def imported(file: Path) -> Run:
            db = folder / "import.db"
            db.unlink(missing_ok=True)
            return run(["sqlite3", str(db)], stdin=f"{_SCHEMA}\n.import --csv --skip 1 {file} t\n")

        def ours(file: Path) -> Run:
            post = folder / "post"
            shutil.rmtree(post, ignore_errors=True)
            run(commandpost("init", post))
            return run(commandpost("import", file, "--post", post), ok=(0, 1))

        small = folder / "small.csv"
        write_passes(small, 2, bad=0)
        figures: dict[str, list[Run]] = {}
        nothing: dict[str, list[float]] = {}
        for _ in range(rounds):
            for what, measure, file, idle in (
                ("sqlite3 .import", imported, sheet, header),
                ("commandpost import", ours, sheet, small),
            ):
                figures.setdefault(what, []).append(measure(file))
                nothing.setdefault(what, []).append(measure(idle).cpu)
        for what, (command, idle_command, stdin) in _peers(sheet, folder).items():
            db = folder / "peer.db"
            for target, words in ((figures, command), (None, idle_command)):
                for extra in folder.glob("peer.db*"):
                    extra.unlink()
                done = run(words, stdin=stdin)
                if target is not None:
                    figures[what] = [done]
                else:
                    nothing[what] = [done.cpu]
            db.unlink(missing_ok=True)
        cpu = {what: median([r.cpu for r in runs]) - median(nothing[what]) for what, runs in figures.items()}
        base = cpu["sqlite3 .import"]
        ratio = cpu["commandpost import"] / base
        peak = median([r.peak for r in figures["commandpost import"]])
        bars = [
            Bar(f"{rows:,} passes: CPU of `.import`", f"{base:.2f} s"),
            Bar(
                f"{rows:,} passes: ours",
                f"{cpu['commandpost import']:.2f} s = {ratio:.2f} ×",
                "≤ 1.6 × (aim 1.3)",
                ratio <= 1.6,
            ),
            Bar("peak memory", f"{peak:.0f} MB", "≤ 160 MB", peak <= 160),
        ]
        bars += [
            Bar(f"beside it: {what}", f"{cpu[what]:.2f} s = {cpu[what] / base:.2f} ×")
            for what in figures
            if what not in ("sqlite3 .import", "commandpost import")
        ]
        return bars
