"""The thread that reads the post: pictures when something changed, pages and records when asked."""

from __future__ import annotations

import gc
import os
import select
import threading
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.message import Message as Told

from commandpost.board.messages import Answered, IntakeChanged, Pictured, Unavailable
from commandpost.clock import Clock
from commandpost.errors import CommandpostError
from commandpost.places import PostPlaces
from commandpost.words import message

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from commandpost.desks.shapes.common import Look
    from commandpost.picture import Picture
    from commandpost.settings import Settings
    from commandpost.store.changes import Listener
    from commandpost.words import Message as Said

LOOK = 0.2
"""Seconds between two looks at `data_version`; a datagram comes before."""
PAUSE = 0.1
"""Seconds between two pictures while a drop loads."""
AGAIN = 1.0
"""Seconds before the post is opened again."""
RESPAWN = 5.0
"""Seconds before a child that ended is started again."""
STARTING = 10.0
"""Seconds our own watch may take to make the database of a new post."""
INSTANT = timedelta(microseconds=1)
GONE = 0.5
"""Seconds a child may take to end."""

Ask = Callable[["Look", "Engine"], Any]


def next_look(picture: Picture) -> datetime:
    """When the post looks different by time alone: at the next minute, or once a team's drop is late."""
    moment = picture.moment
    dues = [team.due for team in picture.drops.teams if team.due is not None and team.due >= moment]
    # Late is what has not come by its time: one instant past it.
    late = min(dues, default=moment + timedelta(minutes=1)) + INSTANT
    return min(late, moment.replace(second=0, microsecond=0) + timedelta(minutes=1))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Which file it is, and which state of it."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


class Source(threading.Thread):
    """Reads one post read-only. `tell` must be safe to call from a thread."""

    def __init__(
        self, places: PostPlaces, clock: Clock, tell: Callable[[Told], Any], *, intake: bool, masked: bool
    ) -> None:
        super().__init__(name="source", daemon=True)
        self.places, self.clock, self._tell = places, clock, tell
        self.masked = masked
        self._intake = intake
        self.child: Popen[bytes] | None = None
        self._spawned = self._seen = -RESPAWN
        self._running: bool | None = None
        self._served = False
        self._wake_end, self._wake_pipe = os.pipe()
        os.set_blocking(self._wake_pipe, False)
        os.set_blocking(self._wake_end, False)
        self._asked: deque[tuple[tuple[Any, ...], Ask]] = deque()
        self._stopping = False
        self._again = True
        self._settings: Settings | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._mistake: Said | None = None

    def ask(self, name: tuple[Any, ...], ask: Ask) -> None:
        """Runs `ask` in the thread with a look of its own; its result comes back as `Answered`."""
        self._asked.append((name, ask))
        self._wake()

    def take_again(self, *, masked: bool | None = None) -> None:
        """A picture although nothing changed."""
        if masked is not None:
            self.masked = masked
        self._again = True
        self._wake()

    def _wake(self) -> None:
        with suppress(BlockingIOError):
            os.write(self._wake_pipe, b".")

    def ending(self) -> None:
        """Tells the thread and the intake child to end; waits for neither."""
        self._stopping = True
        self._wake()
        child = self.child
        if child is not None and child.poll() is None:
            child.terminate()

    def stop(self) -> None:
        """Ends the thread and the intake child."""
        self.ending()
        self.join(GONE)
        child = self.child
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(GONE)
        except TimeoutExpired:
            child.kill()

    def run(self) -> None:
        # Its start takes longer than all of ours: it goes first, and on another core.
        self._spawn()
        # Imported here: the first frame stands before SQLModel is loaded. Looking for garbage among classes
        # that are still being made costs a tenth of it; afterwards they are never looked at again.
        gc.disable()
        try:
            import commandpost.board.frame
            import commandpost.picture
            import commandpost.settings  # noqa: F401
            from commandpost.store.engine import explained, open_post

            gc.freeze()
        finally:
            gc.enable()

        while not self._stopping:
            try:
                self._keep_intake()
                settings = self._settle()
                engine = open_post(self.places, settings.database, readonly=True)
                try:
                    with explained(self.places.database.name):
                        self._serve(engine, settings)
                finally:
                    engine.dispose()
            except CommandpostError as error:
                if not self._new():
                    self._tell(Unavailable(error.message))
            except Exception as error:  # noqa: BLE001 - told; a wall nobody restarts tries again for ever
                self._tell(
                    Unavailable(message("the post cannot be read ({what})", what=type(error).__name__))
                )
            if not self._stopping:
                self._wait(None, LOOK if self._new() else AGAIN)

    def _settle(self) -> Settings:
        """The settings as they are now; while they have a mistake the last good ones, and a picture that says
        it. Raises SettingsError while there were no good ones yet."""
        from commandpost.settings import load_settings

        stamp = _stamp(self.places.settings)
        if self._settings is None or stamp != self._stamp:
            try:
                settings, _ = load_settings(self.places.settings)
                if settings.aliases:
                    from commandpost.desks.aliases import check_aliases

                    check_aliases(settings, self.places.settings.name)
                self._settings, self._mistake = settings, None
            except CommandpostError as error:
                if self._settings is None:
                    raise
                self._mistake = error.message
            self._stamp, self._again = stamp, True
        return self._settings

    def _new(self) -> bool:
        """Our own watch has just begun and makes the database of a new post: that is no trouble yet."""
        return not self._served and self.child is not None and monotonic() - self._spawned < STARTING

    def _wait(self, listener: Listener | None, seconds: float) -> bool:
        """Until woken, heard or the time is over; whether a writer was heard."""
        ends: list[Any] = [self._wake_end, *([listener] if listener else [])]
        select.select(ends, [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._wake_end, 4096)
        return listener.heard() if listener else False

    def _serve(self, engine: Engine, settings: Settings) -> None:
        from commandpost.picture import at, masked
        from commandpost.store.changes import Pulse

        file, last = self._file(settings), None
        self._served = True
        with ExitStack() as closing:
            pulse = Pulse(engine)
            closing.callback(pulse.close)
            listener = self._listener(closing)
            self._again, taken, cost = True, -1.0, 0.0
            while not self._stopping:
                heard = self._wait(listener, LOOK) if not self._again else False
                if self._file(settings) != file:
                    # Deleted or put back from a backup: what we hold open is no longer the post.
                    return
                settings, before = self._settle(), settings
                if settings.database != before.database:
                    return
                self._keep_intake()
                self._answer(engine, settings)
                changed = pulse.changed() or heard
                due = last is not None and not last.moment <= self.clock.now() < next_look(last)
                if not (changed or self._again or due):
                    continue
                # At most a third of a core for pictures, however long one takes.
                left = taken + max(PAUSE, 2 * cost) - monotonic()
                if left > 0 and not self._again:
                    self._wait(None, left)
                began = monotonic()
                again, self._again = self._again, False
                picture = at(engine, self.clock.now(), settings)
                if self.masked:
                    picture = masked(picture)
                taken = monotonic()
                cost = taken - began
                if again or not changed or last is None or picture != replace(last, moment=picture.moment):
                    self._tell(Pictured(picture, settings, self._mistake))
                last = picture

    def _file(self, settings: Settings) -> int | None:
        """Which file the database is; None on a server."""
        if settings.database:
            return None
        found = _stamp(self.places.database)
        return found[0] if found else 0

    def _listener(self, closing: ExitStack) -> Listener | None:
        """The quick way; none where the folder cannot be written: then the pulse alone."""
        from commandpost.store.changes import Listener

        if not self._intake:
            return None
        try:
            return closing.enter_context(Listener(self.places.signal))
        except OSError:
            return None

    def _answer(self, engine: Engine, settings: Settings) -> None:
        from sqlmodel import Session

        from commandpost.desks.shapes.common import Look

        while self._asked:
            name, ask = self._asked.popleft()
            with Session(engine) as session:
                try:
                    answer = ask(Look(session, self.clock.now(), settings), engine)
                except CommandpostError:
                    answer = None
            self._tell(Answered(name, answer))

    def _spawn(self) -> bool:
        """Starts our own watch when nobody watches; whether it runs."""
        from commandpost.intake.child import spawn_child

        alive = self.child is not None and self.child.poll() is None
        if not alive and self.child is not None:
            if self.child.stdin is not None:
                self.child.stdin.close()
            self.child = None
        if self._intake and not alive and monotonic() - self._spawned > RESPAWN and not self._stopping:
            self._spawned = monotonic()
            # In a folder that is gone or read-only nobody can watch: the header says so, the board goes on.
            with suppress(OSError):
                self.child = spawn_child(self.places, self.clock)
            alive = self.child is not None
        return alive

    def _keep_intake(self) -> None:
        """Our own watch runs while nobody else's does; says when that changes. Looks once a second."""
        from commandpost.board.panes.edges import IntakeState
        from commandpost.store.lock import is_held

        if monotonic() - self._seen < 1:
            return
        self._seen = monotonic()
        running = self._spawn() or is_held(self.places.watch_lock)
        if running != self._running:
            known, self._running = self._running is not None, running
            # Nobody saw when it stopped before we came.
            self._tell(
                IntakeChanged(IntakeState(running, self.clock.now() if known and not running else None))
            )
