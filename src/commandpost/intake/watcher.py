"""The watch loop: one per post. A scan is the truth, watchfiles a hint.

watchfiles loses events when its queue overflows, ends on a name that is not UTF-8, and goes deaf when a
folder is made again; a scan every second or two misses nothing.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import OperationalError

from commandpost.clock import Clock
from commandpost.errors import CommandpostError
from commandpost.intake.hint import Hint
from commandpost.intake.inbox import Arrival, Inbox, Look
from commandpost.intake.log import say, say_failed, say_odd, told
from commandpost.intake.queue import Begin, Job, Queue
from commandpost.places import PostPlaces
from commandpost.settings import Settings, load_settings
from commandpost.store.lock import PostLock

SCAN_EVERY = 1.0
"""Seconds between two scans."""
SCAN_SHARE = 0.005
"""Of the time a scan may take: where drops/ holds tens of thousands of files scans come more seldom …"""
SCAN_AT_LEAST = 10.0
"""… but never more seldom than this (seconds)."""
GO_ON_AFTER = 10.0
"""Seconds after a failure until loads broken off are looked for; the file itself is tried before."""
LAST_RESORT = 0.8
"""Seconds a child has to finish its chunk when its parent is gone."""


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
            places.drops, clock.now, time.monotonic, held_asks=settings.intake.held_asks, odd=say_odd
        )
        self.queue = Queue(begin, self.inbox, self._put_away)
        self._waker = Waker()
        self._stop = False
        self.settings_changed: Callable[[str], None] = lambda text: None
        """Told of the new text of post.toml after it was read without a mistake."""
        self.gone: Callable[[str, str], None] = lambda shown, team: None
        """Told of each file that was held or asked and is no longer in drops/ (path as shown, team)."""
        self.already: Callable[[Arrival], bool] = lambda arrival: False
        """Asked once, of the files found at the start: whether they were dealt with before."""
        self.unfinished: Callable[[Settings], Sequence[Job]] = lambda settings: []
        """Asked at the start and after failures for the drops whose load was broken off."""
        self.post_there: Callable[[], bool] = lambda: True
        """Asked at each scan: whether the database we write to is still the post's."""
        self.answered: Callable[[], object] = lambda: None
        """Asked at each scan: another value than before means that files which ask may ask no more."""
        self._answers: object = None
        self.waited_for: list[tuple[str, str]] = []
        """Files that were held or asked when the watcher started (path as shown, team)."""
        self._started = False

    def stop(self) -> None:
        """End after the chunk at hand; may be called from any thread or signal handler."""
        self._stop = True
        self._waker.wake()

    def run(self) -> None:
        hint = Hint(self._places.drops, self._waker.wake, lambda name: say("watchfiles: {what}", what=name))
        hint.start()
        due = 0.0
        try:
            while not self._stop:
                paths, scan = hint.take()
                for path in sorted(paths):
                    if arrival := self.inbox.look(path):
                        self.queue.add(arrival)
                    # A folder moved in brings its files without a word.
                    scan = scan or os.path.isdir(path)
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
        """Scan drops/ and post.toml; returns the seconds until the next scan.

        Raises CommandpostError when the database was removed or replaced: what we would write is lost.
        """
        if not self.post_there():
            raise CommandpostError(
                "{file}: removed or replaced; start again", file=self._places.database.name
            )
        self._go_on()
        begun = time.thread_time()
        arrivals = self.inbox.scan()
        took = time.thread_time() - begun
        for arrival in arrivals:
            if not self._started and self._dealt_with(arrival):
                self.inbox.settle(arrival, "taken")
            elif self.queue.holds(arrival):
                self.inbox.settle(arrival, "changed")
            else:
                self.queue.add(arrival)
        if self.inbox.folders_changed and self._started:
            hint.restart()
        if not self._started:
            self._started = True
            self.inbox.gone += set(self.waited_for) - self.inbox.present()
        self._forget()
        self._reload()
        self._listen()
        return min(max(SCAN_EVERY, took / SCAN_SHARE), SCAN_AT_LEAST)

    def _go_on(self) -> None:
        """Take up the drops whose load a crash or a failure broke off, when nothing else may hold them."""
        broken = self.queue.broken_off
        if self._started and (broken is None or len(self.queue) or time.monotonic() - broken < GO_ON_AFTER):
            return
        self.queue.broken_off = None
        try:
            for job in self.unfinished(self.settings):
                self.queue.go_on(job)
        except (CommandpostError, OperationalError) as error:
            self.queue.broken_off = time.monotonic()
            say("{what}", what=told(error))

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
            say("{what}", what=error)

    def _listen(self) -> None:
        try:
            answers = self.answered()
        except CommandpostError:
            # The clerk will meet the same trouble and tries again.
            return
        if self._answers not in (None, answers):
            self.inbox.ask_again()
        self._answers = answers

    def _reload(self) -> None:
        stamp = _stamp(self._places.settings)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            settings, text = _settings(self._places)
        except CommandpostError as error:
            say("the settings stay as they were: {what}", what=error)
            return
        if text == self.text:
            return
        try:
            self.settings_changed(text)
        except CommandpostError as error:
            self._stamp = None
            say("{what}", what=error)
            return
        self.settings, self.text = settings, text
        self.inbox.held_asks = settings.intake.held_asks
        self.inbox.ask_again()
        say("the settings were read again")

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
            say_failed(arrival, error, False)


def _settings(places: PostPlaces) -> tuple[Settings, str]:
    settings, text = load_settings(places.settings)
    if settings.aliases:
        # The columns of the kinds are half a second of imports: only who uses them waits.
        from commandpost.desks.aliases import check_aliases

        check_aliases(settings, places.settings.name)
    return settings, text


def _stamp(path: Path) -> Look | None:
    try:
        return Look.of(path.stat())
    except OSError:
        return None


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _still_there(database: Path) -> Callable[[], bool]:
    """Asks whether the database, and the log beside it once there is one, are still those of now: nobody
    else can read what goes into a log that was removed."""
    log = database.with_name(database.name + "-wal")
    ours, seen = _inode(database), _inode(log)

    def there() -> bool:
        nonlocal seen
        seen = seen or _inode(log)
        return (_inode(database), _inode(log)) == (ours, seen)

    return there


def watch(
    places: PostPlaces, clock: Clock, *, child: bool = False, begun: Callable[[], None] = lambda: None
) -> int:
    """Take in what is saved into drops/ until SIGTERM, SIGINT or SIGHUP (or, as a child, until stdin ends).

    `begun` is called when nobody else watches and the post is open.
    Returns the number of the signal that ended it, 0 when none did.

    Raises Locked when another one watches this post; CommandpostError when the post cannot be opened.
    """
    from commandpost.store.engine import open_post

    ended: list[int] = []
    begins: Watch | None = None

    def end(number: int, frame: FrameType | None) -> None:
        ended.append(number)
        if begins is not None:
            begins.stop()

    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, end)
    # The kernel says by SIGIO that a writer opens a file we hold a lease on; its default action kills.
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    with PostLock(places.watch_lock):
        settings, text = _settings(places)
        places.drops.mkdir(parents=True, exist_ok=True)
        engine = open_post(places, settings.database)
        # Only now, half a second of imports: the board of a new post waits for its database alone.
        from commandpost.intake import answers, clerk, giveback, remembered

        giveback.sweep(places)
        begins = watching = Watch(
            places,
            clock,
            settings,
            lambda arrival, now: clerk.begin(engine, arrival, places, now, clock),
            text,
        )
        if child:
            _end_with_parent(watching.stop)
        watching.already = partial(remembered.already_taken, engine)
        watching.queue.together = partial(clerk.together, engine, places)
        watching.gone = partial(clerk.forget, engine, places, clock)
        watching.settings_changed = partial(remembered.note_settings, engine, clock)
        remembered.note_settings(engine, clock, text)
        watching.unfinished = lambda now: clerk.unfinished(engine, places, now, clock)
        watching.waited_for = remembered.waiting(engine)
        watching.answered = partial(answers.stamp, engine)
        if not settings.database:
            watching.post_there = _still_there(places.database)
        begun()
        if ended:
            watching.stop()
        # What the imports made is there for good: looking at it again and again cost a small drop a
        # twentieth of its time.
        gc.collect()
        gc.freeze()
        try:
            watching.run()
        finally:
            engine.dispose()
    return ended[0] if ended else 0


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
