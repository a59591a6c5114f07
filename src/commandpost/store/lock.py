"""A lock that is free again the moment its owner dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from commandpost.errors import CommandpostError


class Locked(CommandpostError):
    """Somebody else holds the lock."""


class PostLock:
    """One owner per file, held by the kernel (flock): nothing to clean up after a crash.

    The handle closes on exec and a fork drops it, so a child never holds its parent's lock.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Takes the lock; False when somebody else has it. Raises CommandpostError when the file cannot be
        made."""
        if self._handle is not None:
            return True
        handle = _open(self.path, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except BaseException:
            os.close(handle)
            raise
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle
        _held.add(self)
        return True

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
            _held.discard(self)

    def __enter__(self) -> PostLock:
        if not self.take():
            raise Locked("{file}: another one is running", file=self.path.name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


_held: set[PostLock] = set()


def _forget_after_fork() -> None:
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_forget_after_fork)


def _open(path: Path, flags: int) -> int:
    try:
        return os.open(path, flags | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise CommandpostError(
            "{file}: cannot be locked ({what}): check the folder and its permissions",
            file=path.name,
            what=type(error).__name__,
        ) from None


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock at this moment. Never makes the file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
