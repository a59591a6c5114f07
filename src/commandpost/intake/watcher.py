"""The watch loop: one per post. A scan is the truth, watchfiles a hint.

watchfiles loses events when its queue overflows, ends on a name that is not UTF-8, and goes deaf when a
folder is made again; a scan every second or two misses nothing.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from commandpost.clock import Clock, ScenarioClock
from commandpost.errors import CommandpostError
from commandpost.intake.hint import Hint
from commandpost.intake.inbox import Arrival, Changed, Inbox, Look, Oddity
from commandpost.places import PostPlaces
from commandpost.settings import Settings, load_settings
from commandpost.store.lock import PostLock, is_held

SCAN_EVERY = 1.0
"""Seconds between two scans."""
SCAN_SHARE = 0.003
"""Of the time a scan may take: where drops/ holds tens of thousands of files scans come more seldom …"""
SCAN_AT_LEAST = 10.0
"""… but never more seldom than this (seconds)."""
SMALL = 1 << 20
"""Bytes: smaller drops go before and between the chunks of larger ones."""
RUN_OF_SMALL = 50
"""After so many small drops in a row a waiting large one gets a chunk."""
LOG_BYTES = 1_000_000
"""watch.log is put aside (one older one is kept) when a child starts and it is larger."""
LAST_RESORT = 0.8
"""Seconds a child has to finish its chunk when its parent is gone."""


class Job(Protocol):
    """One drop on its way, as the clerk offers it: `clerk.begin(engine, arrival, places, settings, clock)`."""

    verdict: str
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
        failed: Callable[[Arrival | None, Exception, bool], None],
        taken: Callable[[Arrival, Settings], None],
    ) -> None:
        """`failed` is told of a failure and whether the file is tried again."""
        self._begin = begin
        self._inbox = inbox
        self._told = failed
        self._taken = taken
        self._small: deque[_Work] = deque()
        self._large: deque[_Work] = deque()
        self._run = 0

    def add(self, arrival: Arrival) -> None:
        work = _Work(arrival, arrival.look.size)
        (self._small if work.size < SMALL else self._large).append(work)

    def go_on(self, job: Job) -> None:
        """Add a drop that was interrupted."""
        self._large.append(_Work(None, 0, job))

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
            its_fault = not isinstance(error, CommandpostError | OSError)
            again = self._inbox.failed(work.arrival, its_fault=its_fault)
        self._told(work.arrival, error, again)

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


class Waker:
    """Wakes a select from threads and signal handlers."""

    def __init__(self) -> None:
        self._out, self._in = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def wake(self) -> None:
        # A full pipe wakes as well as one byte more would; a closed one has nobody left to wake.
        with suppress(OSError):
            os.write(self._in, b"!")

    def wait(self, seconds: float) -> None:
        if select.select([self._out], [], [], max(0.0, seconds))[0]:
            os.read(self._out, 4096)

    def close(self) -> None:
        os.close(self._in)
        os.close(self._out)


class Watch:
    """Brings what arrives in drops/ to the clerk until told to stop."""

    def __init__(
        self, places: PostPlaces, clock: Clock, settings: Settings, begin: Begin, text: str = ""
    ) -> None:
        self._places = places
        self.settings = settings
        self.text = text
        """Of post.toml as it was when `settings` was read."""
        self._stamp = _stamp(places.settings)
        self.inbox = Inbox(
            places.drops, clock.now, time.monotonic, held_asks=settings.intake.held_asks, odd=_say_odd
        )
        self.queue = Queue(begin, self.inbox, _say_failed, self._put_away)
        self._waker = Waker()
        self._stop = False
        self.settings_changed: Callable[[str], None] = lambda text: None
        """Told of the new text of post.toml after it was read without a mistake."""
        self.gone: Callable[[str, str], None] = lambda shown, team: None
        """Told of each file that was held or asked and is no longer in drops/ (path as shown, team)."""
        self.already: Callable[[Arrival], bool] = lambda arrival: False
        """Asked once, of the files found at the start: whether they were dealt with before."""
        self.waited_for: list[tuple[str, str]] = []
        """Files that were held or asked when the watcher started (path as shown, team)."""
        self._started = False

    def stop(self) -> None:
        """End after the chunk at hand; may be called from any thread or signal handler."""
        self._stop = True
        self._waker.wake()

    def run(self) -> None:
        hint = Hint(self._places.drops, self._waker.wake, lambda name: _say("watchfiles: {what}", what=name))
        hint.start()
        due = 0.0
        try:
            while not self._stop:
                paths, scan = hint.take()
                for path in sorted(paths):
                    if arrival := self.inbox.look(path):
                        self.queue.add(arrival)
                now = time.monotonic()
                if scan or now >= due:
                    due = now + self._scan(hint)
                if len(self.queue):
                    self.queue.step(self.settings)
                else:
                    self._waker.wait(due - time.monotonic())
        finally:
            hint.stop()
            self.queue.close()

    def _scan(self, hint: Hint) -> float:
        """Scan drops/ and post.toml; returns the seconds until the next scan."""
        begun = time.thread_time()
        arrivals = self.inbox.scan()
        took = time.thread_time() - begun
        for arrival in arrivals:
            if not self._started and self._dealt_with(arrival):
                self.inbox.settle(arrival, "taken")
            else:
                self.queue.add(arrival)
        if self.inbox.folders_changed and self._started:
            hint.restart()
        if not self._started:
            self._started = True
            self.inbox.gone += set(self.waited_for) - self.inbox.present()
        self._forget()
        self._reload()
        return min(max(SCAN_EVERY, took / SCAN_SHARE), SCAN_AT_LEAST)

    def _dealt_with(self, arrival: Arrival) -> bool:
        try:
            return self.already(arrival)
        except CommandpostError:
            # The clerk will meet the same trouble and tries again.
            return False

    def _forget(self) -> None:
        try:
            while self.inbox.gone:
                self.gone(*self.inbox.gone[-1])
                self.inbox.gone.pop()
        except CommandpostError as error:
            _say("{what}", what=error)

    def _reload(self) -> None:
        stamp = _stamp(self._places.settings)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            settings, text = load_settings(self._places.settings)
        except CommandpostError as error:
            _say("the settings stay as they were: {what}", what=error)
            return
        if text == self.text:
            return
        try:
            self.settings_changed(text)
        except CommandpostError as error:
            self._stamp = None
            _say("{what}", what=error)
            return
        self.settings, self.text = settings, text
        self.inbox.held_asks = settings.intake.held_asks
        self.inbox.ask_again()
        _say("the settings were read again")

    def _put_away(self, arrival: Arrival, settings: Settings) -> None:
        """Move a taken file to taken/ of the post, when the settings say so."""
        if not settings.intake.move:
            return
        folder = self._places.root / "taken" / (arrival.path.parent.relative_to(self._places.drops))
        target = folder / arrival.path.name
        n = 1
        while os.path.lexists(target):
            n += 1
            target = folder / f"{arrival.path.stem}-{n}{arrival.path.suffix}"
        try:
            if Look.of(arrival.path.lstat()) == arrival.look:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.move(arrival.path, target)
        except OSError as error:
            _say_failed(arrival, error, False)


def _stamp(path: Path) -> Look | None:
    try:
        return Look.of(path.stat())
    except OSError:
        return None


def _say(line: str, **values: object) -> None:
    print("commandpost watch: " + line.format(**values), file=sys.stderr, flush=True)


def _say_odd(shown: str, what: Oddity) -> None:
    _say("{name}: {what}, ignored", name=veiled(shown), what=what)


def _say_failed(arrival: Arrival | None, error: Exception, again: bool) -> None:
    name = veiled(arrival.shown) if arrival else "a drop left behind"
    # Errors of our own are written without anybody's data; of others only the type is.
    what = str(error) if isinstance(error, CommandpostError) else type(error).__name__
    _say(
        "{name}: {what}{more}", name=name, what=what, more="; it is tried again" if again else "; it is left"
    )


def veiled(shown: str) -> str:
    """A file's name for the log: its folder, first two letters and ending (names may be people's)."""
    folder, _, name = shown.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    veil = (
        (stem or ending)[:2] + "…" + (dot + ending if stem and ending.isascii() and len(ending) <= 5 else "")
    )
    return f"{folder}/{veil}" if folder else veil


def watch(places: PostPlaces, clock: Clock, *, child: bool = False) -> None:
    """Take in what is saved into drops/ until SIGTERM, SIGINT or SIGHUP (or, as a child, until stdin ends).

    Raises Locked when another one watches this post; CommandpostError when the post cannot be opened.
    """
    from commandpost.intake import clerk, remembered
    from commandpost.store.engine import open_post

    # The kernel says by SIGIO that a writer opens a file we hold a lease on; its default action kills.
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    with PostLock(places.watch_lock):
        settings, text = load_settings(places.settings)
        places.drops.mkdir(parents=True, exist_ok=True)
        engine = open_post(places, settings.database)
        watching = Watch(
            places,
            clock,
            settings,
            lambda arrival, now: clerk.begin(engine, arrival, places, now, clock),
            text,
        )
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, lambda *_: watching.stop())
        if child:
            _end_with_parent(watching.stop)
        watching.already = partial(remembered.already_taken, engine)
        watching.gone = partial(clerk.forget, engine, places, clock)
        watching.settings_changed = partial(remembered.note_settings, engine, clock)
        remembered.note_settings(engine, clock, text)
        for job in clerk.unfinished(engine, places, settings, clock):
            watching.queue.go_on(job)
        watching.waited_for = remembered.waiting(engine)
        try:
            watching.run()
        finally:
            engine.dispose()


def _end_with_parent(stop: Callable[[], None]) -> None:
    """Stdin is a pipe whose other end only the parent holds: it ends when the parent does, however."""

    def read() -> None:
        with suppress(OSError):
            while os.read(0, 1024):
                pass
        stop()
        time.sleep(LAST_RESORT)
        # A chunk that hangs on a dead disk: what it did not commit the database takes back.
        os._exit(0)

    threading.Thread(target=read, name="parent", daemon=True).start()


def spawn_child(places: PostPlaces, clock: Clock) -> subprocess.Popen[bytes] | None:
    """Start `watch` as our child; None when somebody watches already. Closing its stdin ends it, and
    so does our own end. What it says goes to watch.log of the post."""
    if is_held(places.watch_lock):
        return None
    command = [sys.executable, "-m", "commandpost", "watch", "--child", "--post", str(places.root)]
    if isinstance(clock, ScenarioClock):
        command += ["--clock", str(clock)]
    log = places.root / "watch.log"
    with suppress(OSError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as said:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
