"""(g) the same rows messy, known already, in GB18030; (h) twelve thousand small files at once."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from bench.board import ZONE, new_post, open_board, sheet_of
from bench.measure import Bar, Run, commandpost, median, percentile, run
from bench.passes import person, write_messy, write_passes


def _taken(post: Path, *files: Path) -> Run:
    """The last of some files, taken after the others."""
    shutil.rmtree(post, ignore_errors=True)
    run(commandpost("init", post))
    for file in files[:-1]:
        run(commandpost("import", file, "--post", post), ok=(0, 1))
    return run(commandpost("import", files[-1], "--post", post), ok=(0, 1))


def mess(rows: int = 1_000_000, rounds: int = 3) -> list[Bar]:
    """Rows a second of CPU, start-up taken off. Bars: messy ≥ 40,000, known ≥ 200,000, GB18030 ≤ 1.1 × UTF-8."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        post = folder / "post"
        names = ("canonical", "messy", "grown", "gb18030", "small", "turned", "shuffled")
        canonical, messy, grown, gb, small, turned, elsewhere = (folder / f"{what}.csv" for what in names)
        write_passes(canonical, rows)
        write_messy(messy, canonical)
        gb.write_bytes(canonical.read_text("utf-8").encode("gb18030"))
        content = canonical.read_bytes()
        last = content.rstrip().rsplit(b"\r\n", 1)[1]
        grown.write_bytes(content + last.replace(b"36.", b"35.") + b"\r\n")
        header, *lines = content.splitlines(keepends=True)
        turned.write_bytes(header + b"".join(lines[::-1]))
        # The same rows in an order no sheet has.
        random.Random(13).shuffle(lines)
        elsewhere.write_bytes(header + b"".join(lines))
        del content, lines
        write_passes(small, 2, bad=0)
        found: dict[str, list[float]] = {}
        for _ in range(rounds):
            nothing = _taken(post, small).cpu
            for what, files in (
                ("canonical", (canonical,)),
                ("messy", (messy,)),
                ("gb18030", (gb,)),
                ("grown", (canonical, grown)),
                ("turned", (canonical, turned)),
                ("shuffled", (canonical, elsewhere)),
                ("saved anew", (canonical, gb)),
            ):
                found.setdefault(what, []).append(_taken(post, *files).cpu - nothing)
        cpu = {what: median(all_) for what, all_ in found.items()}
    rate = {what: rows / seconds for what, seconds in cpu.items()}
    ratio = cpu["gb18030"] / cpu["canonical"]
    return [
        Bar(f"{rows:,} canonical rows", f"{rate['canonical']:,.0f} rows/s"),
        Bar("the same rows messy", f"{rate['messy']:,.0f} rows/s", "≥ 40,000", rate["messy"] >= 40_000),
        Bar(
            "a sheet sent again with one row more",
            f"{rate['grown']:,.0f} rows/s",
            "≥ 200,000",
            rate["grown"] >= 200_000,
        ),
        Bar(
            "the same rows sent again, the newest first",
            f"{rate['turned']:,.0f} rows/s",
            "≥ 200,000",
            rate["turned"] >= 200_000,
        ),
        Bar(
            "the same rows sent again in another encoding",
            f"{rate['saved anew']:,.0f} rows/s",
            "≥ 200,000",
            rate["saved anew"] >= 200_000,
        ),
        Bar("the same rows sent again, shuffled", f"{rate['shuffled']:,.0f} rows/s"),
        Bar("in GB18030, against UTF-8", f"{ratio:.2f} ×", "≤ 1.1 ×", ratio <= 1.1),
    ]


def many(files: int = 12_000) -> list[Bar]:
    """Small files that are there at once, on a board that is being used. Bars: all taken in 60 s, once each;
    keys p99 ≤ 100 ms meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        post = new_post(Path(name))
        away = post / "away"
        away.mkdir()
        now = datetime.now(ZONE)
        for n in range(files):
            rows = [person(n * 5 + k)[0] for k in range(5)]
            (away / f"{n}.csv").write_text(sheet_of(rows, now - timedelta(seconds=n)), "utf-8")
        (post / "drops" / "first.csv").write_text(
            sheet_of([person(n)[0] for n in range(200)], now - timedelta(hours=8)), "utf-8"
        )
        terminal = open_board(post)
        try:
            terminal.until(lambda: terminal.shows(person(199)[0]))
            terminal.drain(1)

            def cursor() -> tuple[int, ...]:
                return tuple(y for y, line in enumerate(terminal.lines()) if "▌" in line[:4])

            def taken() -> int:
                database = sqlite3.connect(f"file:{post / 'post.db'}?mode=ro", uri=True)
                try:
                    return int(database.execute('SELECT count(*) FROM "drop" WHERE done').fetchone()[0])
                finally:
                    database.close()

            start = time.perf_counter()
            # As a share that comes back: the whole folder is there from one moment to the next.
            away.rename(post / "drops" / "north")
            ms, n = [], 0
            while taken() < files + 1 and time.perf_counter() - start < 600:
                before = cursor()
                pressed = time.perf_counter()
                terminal.write(b"\x1b[B" if n % 8 < 4 else b"\x1b[A")
                terminal.until(lambda before=before: cursor() != before, 5)
                ms.append((time.perf_counter() - pressed) * 1000)
                n += 1
                terminal.drain(0.1)
            spent = time.perf_counter() - start
            lost = files + 1 - taken()
        finally:
            terminal.close()
    p99 = percentile(ms, 0.99)
    return [
        Bar(
            f"{files:,} files of 5 rows: until all are taken",
            f"{spent:.0f} s = {spent / files * 1000:.1f} ms a file, {lost} lost",
            "≤ 60 s, none lost",
            spent <= 60 and not lost,
        ),
        Bar(
            f"key → painted meanwhile (n={len(ms)})",
            f"p50 {median(ms):.0f} ms, p99 {p99:.0f} ms",
            "p99 ≤ 100 ms",
            p99 <= 100,
        ),
    ]
