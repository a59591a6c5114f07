"""(b) drop → painted, (c) key → painted under load, (d) idle, (e) first frame."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil

from bench.measure import PYTHON, Bar, commandpost, median, percentile
from bench.passes import HEADER, person, write_passes
from bench.terminal import Terminal

ZONE = ZoneInfo("Asia/Shanghai")
"""The zone a post has when post.toml says nothing."""

_MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("ready")
Minimal().run()
"""


def new_post(folder: Path) -> Path:
    """An empty post below `folder`."""
    post = folder / "post"
    subprocess.run(commandpost("init", post), check=True, capture_output=True)
    return post


def sheet_of(names: list[str], at: datetime) -> str:
    """Passes of these people, a second apart, the last one at `at`."""
    rows = [
        f"{at - timedelta(seconds=len(names) - 1 - n):%Y-%m-%d %H:%M:%S},北门,进,{name},,,36.5,放行"
        for n, name in enumerate(names)
    ]
    return "\r\n".join([HEADER, *rows, ""])


def _drop(post: Path, file: str, text: str) -> None:
    """Write beside drops/ and rename in, as a careful client does."""
    part = post / f"{file}.writing"
    part.write_text(text, "utf-8")
    part.rename(post / "drops" / file)


def _unique(n: int) -> str:
    """A name nobody else has: three characters from a private corner of the list."""
    return "龘" + chr(0x4E00 + 16 + n) + "犇"


def open_board(post: Path, size: tuple[int, int] = (120, 36)) -> Terminal:
    """A board in a terminal, its first frame painted."""
    terminal = Terminal(commandpost("--post", post, "--lang", "zh"), *size)
    terminal.until(lambda: terminal.shows("门岗通行"))
    return terminal


def _latencies(terminal: Terminal, post: Path, rounds: int, offset: int) -> list[float]:
    """Milliseconds from the rename to the screen that shows the new row, one drop at a time."""
    found = []
    for n in range(offset, offset + rounds):
        name = _unique(n)
        text = sheet_of([name], datetime.now(ZONE) - timedelta(seconds=1))
        start = time.perf_counter()
        _drop(post, f"{n}.csv", text)
        terminal.until(lambda name=name: terminal.shows(name))
        found.append((time.perf_counter() - start) * 1000)
        terminal.drain(0.15)
    return found


def drop_to_paint(rounds: int = 100, long_rows: int = 200_000) -> list[Bar]:
    """(b) p50 ≤ 100 ms, p99 ≤ 300 ms; also while a long drop loads."""
    bars = []
    with tempfile.TemporaryDirectory() as name:
        post = new_post(Path(name))
        terminal = open_board(post)
        try:
            _latencies(terminal, post, 3, 5000)
            for what, busy in (("quiet", False), (f"while {long_rows:,} rows load", True)):
                if busy:
                    part = post / "long.writing"
                    write_passes(part, long_rows)
                    part.rename(post / "drops" / "long.csv")
                    terminal.drain(0.5)
                ms = _latencies(
                    terminal, post, rounds if not busy else max(10, rounds // 5), 1000 if busy else 0
                )
                p50, p99 = median(ms), percentile(ms, 0.99)
                bars.append(
                    Bar(
                        f"rename into drops/ → painted, {what} (n={len(ms)})",
                        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
                        "p50 ≤ 100, p99 ≤ 300",
                        p50 <= 100 and p99 <= 300,
                    )
                )
        finally:
            terminal.close()
    return bars


def key_to_paint(seconds: float = 30) -> list[Bar]:
    """(c) a cursor key while 50 rows a second come in: p99 ≤ 100 ms; bytes per update at 120×36."""
    with tempfile.TemporaryDirectory() as name:
        post = new_post(Path(name))
        _drop(
            post,
            "first.csv",
            sheet_of([person(n)[0] for n in range(200)], datetime.now(ZONE) - timedelta(hours=1)),
        )
        terminal = open_board(post)
        try:
            terminal.until(lambda: terminal.shows(person(199)[0]))
            terminal.drain(0.5)
            ms, n, drops, end = [], 0, 0, time.perf_counter() + seconds
            next_drop = time.perf_counter()

            def cursor() -> tuple[int, ...]:
                return tuple(y for y, line in enumerate(terminal.lines()) if "▌" in line[:4])

            while time.perf_counter() < end:
                if time.perf_counter() >= next_drop:
                    _drop(
                        post,
                        f"flow{drops}.csv",
                        sheet_of([person(drops * 10 + k)[0] for k in range(10)], datetime.now(ZONE)),
                    )
                    drops, next_drop = drops + 1, next_drop + 0.2
                before = cursor()
                key = b"\x1b[B" if n % 8 < 4 else b"\x1b[A"
                start = time.perf_counter()
                terminal.write(key)
                terminal.until(lambda before=before: cursor() != before, 5)
                ms.append((time.perf_counter() - start) * 1000)
                n += 1
                terminal.drain(0.03)
            p99 = percentile(ms, 0.99)
            before = terminal.received
            terminal.drain(1.0)
            updates = 25
            quiet = terminal.received
            for k in range(updates):
                _drop(post, f"one{k}.csv", sheet_of([_unique(2000 + k)], datetime.now(ZONE)))
                terminal.until(lambda k=k: terminal.shows(_unique(2000 + k)))
                terminal.drain(0.25)
            each = (terminal.received - quiet) / updates
        finally:
            terminal.close()
    del before
    return [
        Bar(
            f"key → painted at 50 rows/s (n={len(ms)})",
            f"p50 {median(ms):.0f} ms, p99 {p99:.0f} ms",
            "p99 ≤ 100 ms",
            p99 <= 100,
        ),
        Bar("bytes per update at 120×36 (one new row)", f"{each:.0f} B"),
    ]


def idle(seconds: float = 60) -> list[Bar]:
    """(d) board and watch with nothing to do: ≤ 1.5 % CPU together, ≤ 200 B/s."""
    with tempfile.TemporaryDirectory() as name:
        post = new_post(Path(name))
        _drop(
            post,
            "first.csv",
            sheet_of([person(n)[0] for n in range(50)], datetime.now(ZONE) - timedelta(hours=1)),
        )
        terminal = open_board(post)
        try:
            terminal.until(lambda: terminal.shows(person(49)[0]))
            terminal.drain(5)
            root = psutil.Process(terminal.pid)
            family = [root, *root.children(recursive=True)]

            def used() -> float:
                return sum(sum(p.cpu_times()[:2]) for p in family)

            before, start = used(), time.perf_counter()
            came = terminal.drain(seconds)
            spent = time.perf_counter() - start
            share = 100 * (used() - before) / spent
            ended = time.perf_counter()
            root.terminate()
            while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family):
                terminal.drain(0.01)
            gone = time.perf_counter() - ended
        finally:
            terminal.close()
    return [
        Bar(
            f"idle board + watch ({len(family)} processes, {spent:.0f} s): CPU",
            f"{share:.2f} %",
            "≤ 1.5 %",
            share <= 1.5,
        ),
        Bar("idle: bytes to the terminal", f"{came / spent:.0f} B/s", "≤ 200 B/s", came / spent <= 200),
        Bar("SIGTERM → board and watch are gone", f"{gone:.2f} s", "≤ 1 s", gone <= 1),
    ]


def first_frame(rounds: int = 11) -> list[Bar]:
    """(e) the board's first frame against a minimal Textual app's: ≤ 1.4 ×."""
    with tempfile.TemporaryDirectory() as name:
        post = new_post(Path(name))
        watch = subprocess.Popen(
            commandpost("watch", "--post", post), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            ours, minimal = [], []
            for n in range(rounds + 1):
                for found, command, text in (
                    (ours, commandpost("--post", post, "--lang", "zh"), "门岗通行"),
                    (minimal, [PYTHON, "-c", _MINIMAL], "ready"),
                ):
                    start = time.perf_counter()
                    terminal = Terminal(command)
                    terminal.until(lambda terminal=terminal, text=text: terminal.shows(text))
                    if n:  # the first round only warms the caches
                        found.append(time.perf_counter() - start)
                    terminal.close()
        finally:
            watch.terminate()
            watch.wait()
    ratio = median(ours) / median(minimal)
    return [
        Bar(
            "first frame against a minimal Textual app",
            f"{median(ours) * 1000:.0f} ms : {median(minimal) * 1000:.0f} ms = {ratio:.2f} ×",
            "≤ 1.4 ×",
            ratio <= 1.4,
        )
    ]


def cores() -> int:
    return os.cpu_count() or 1
