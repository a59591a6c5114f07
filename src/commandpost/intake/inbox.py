"""What arrived in drops/ and is complete.

A file is complete when no writer has it open (a read lease says so at once, on local disks), else when
two looks at least a second apart see the same; never by its age. What a file says about itself (empty,
cut short) is judged later, by who reads it.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal

from commandpost.contract.values.text import clean

SETTLED_AFTER = 1.0
"""Seconds between two equal looks where no lease can be had."""

TRY_AGAIN = 5.0
"""Seconds until a file is brought again that could not be taken (disk full, database busy)."""
TRIES = 3
"""A file that fails so often by its own fault is left until it changes."""

_IGNORED = re.compile(
    r"\..*|~.*|.*~|#.*|.*\.(?:tmp|temp|part|partial|filepart|crdownload|download|opdownload|swp|swx|lock|lck|bak)"
    r"|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|.*\.(?:sync-conflict|!ut|!qb|aria2)",
    re.IGNORECASE | re.DOTALL,
)
_IGNORED_FOLDERS = re.compile(
    r"[.~#@$].*|__macosx|system volume information|lost\+found|recycler|\$recycle\.bin",
    re.IGNORECASE | re.DOTALL,
)
_LOCAL = frozenset(
    {
        "ext2",
        "ext3",
        "ext4",
        "xfs",
        "btrfs",
        "f2fs",
        "jfs",
        "reiserfs",
        "zfs",
        "tmpfs",
        "ramfs",
        "overlay",
        "bcachefs",
    }
)
"""File systems whose writers are all on this machine: only there a lease says something."""

Oddity = Literal["link", "no regular file", "unreadable"]


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a file sees; two equal looks are the same file, unwritten in between."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, seen: os.stat_result) -> Look:
        return cls(seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


class Changed(OSError):
    """The file is not the one that was looked at."""


_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


def _open(path: Path) -> tuple[int, os.stat_result]:
    """A handle on a regular file. OSError: gone, a link, unreadable; Changed: no regular file."""
    handle = os.open(path, _OPEN)
    seen = os.fstat(handle)
    if not stat.S_ISREG(seen.st_mode):
        os.close(handle)
        raise Changed("no regular file")
    return handle, seen


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that is complete, to be taken in."""

    path: Path
    team: str
    """The first folder below drops/; empty for drops/FILE."""
    shown: str
    """The path below drops/, undecodable bytes and control characters made visible (Drop.path)."""
    look: Look
    received: datetime
    """When it was found complete, by the post's clock."""
    overdue: bool = False
    """It was held and has not changed for `settings.intake.held_asks`: now it asks."""

    def open(self) -> BinaryIO:
        """Open for reading; raises OSError when it is gone, `Changed` when it is another file by now."""
        handle, seen = _open(self.path)
        if Look.of(seen) != self.look:
            os.close(handle)
            raise Changed("written since it was looked at")
        return os.fdopen(handle, "rb")

    def still(self, file: BinaryIO) -> bool:
        """Whether nobody wrote it since `look`: to be asked after reading (copying to the archive)
        and before anything is written; when not, drop the copy: the inbox will bring it again."""
        return Look.of(os.fstat(file.fileno())) == self.look


@dataclass(slots=True)
class _Seen:
    look: Look
    since: float
    """When this look was first had (monotonic seconds)."""
    state: Literal["waiting", "handed on", "done", "held", "asks", "failed", "odd"] = "waiting"
    tries: int = 0


@dataclass
class Inbox:
    """Looks into drops/. One per watcher; not for several threads."""

    drops: Path
    now: Callable[[], datetime]
    """The post's clock."""
    monotonic: Callable[[], float]
    held_asks: timedelta = timedelta(minutes=10)
    odd: Callable[[str, Oddity], None] = lambda shown, what: None
    """Told once of each thing that cannot be a drop."""
    leases: bool = True
    _files: dict[str, _Seen] = field(default_factory=dict)
    _folders: dict[str, tuple[int, int]] = field(default_factory=dict)
    _local: dict[str, bool] = field(default_factory=dict)
    gone: list[tuple[str, str]] = field(default_factory=list)
    """(path as shown, team) of files that were held or asked and are no longer there; to be emptied by
    who reads it."""
    folders_changed: bool = False
    """Since the last scan a folder came, went or was made again: a watch on them may be deaf."""

    def scan(self) -> list[Arrival]:
        """Look at everything; the files that are complete and new, oldest first."""
        found: list[tuple[int, Arrival]] = []
        present: set[str] = set()
        folders: dict[str, tuple[int, int]] = {}
        for entry in self._walk(folders):
            present.add(entry.path)
            try:
                seen = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            arrival = self._consider(entry.path, seen)
            if arrival:
                found.append((seen.st_mtime_ns, arrival))
        for path in self._files.keys() - present:
            if self._files.pop(path).state in ("held", "asks"):
                self.gone.append(_place(self.drops, path))
        self.folders_changed = folders != self._folders
        self._folders = folders
        return [arrival for _, arrival in sorted(found, key=lambda pair: (pair[0], pair[1].shown))]

    def look(self, path: str) -> Arrival | None:
        """Look at one file somebody hinted at; None when it is not (or not yet) to be taken."""
        below = os.path.relpath(path, self.drops)
        *folders, name = below.split(os.sep)
        if name == ".." or _IGNORED.fullmatch(name) or any(map(_IGNORED_FOLDERS.fullmatch, folders)):
            return None
        above = [os.path.join(self.drops, *folders[: n + 1]) for n in range(len(folders))]
        try:
            # A watch follows links to folders: what is behind one is not in drops/.
            if not all(stat.S_ISDIR(os.lstat(folder).st_mode) for folder in above):
                return None
            seen = os.lstat(path)
        except OSError:
            return None
        return None if stat.S_ISDIR(seen.st_mode) else self._consider(path, seen)

    def settle(self, arrival: Arrival, verdict: str) -> None:
        """What became of it: `taken`, `refused`, `held`, `asks`, `changed` (bring it again)."""
        seen = self._files.get(str(arrival.path))
        if seen is None or seen.look != arrival.look:
            return
        if verdict == "changed":
            del self._files[str(arrival.path)]
        else:
            seen.state = "held" if verdict == "held" else "asks" if verdict == "asks" else "done"

    def failed(self, arrival: Arrival, *, its_fault: bool) -> bool:
        """Bring it again after `TRY_AGAIN`; when it is the file's own fault only `TRIES` times. Returns
        whether it will be tried again."""
        seen = self._files.get(str(arrival.path))
        if seen is None or seen.look != arrival.look:
            return True
        seen.tries += its_fault
        seen.since = self.monotonic()
        seen.state = "failed" if seen.tries < TRIES else "done"
        return seen.state == "failed"

    def ask_again(self) -> None:
        """Bring back what was held or asks: the settings have changed."""
        for path in [path for path, seen in self._files.items() if seen.state in ("held", "asks")]:
            del self._files[path]

    @property
    def waiting(self) -> bool:
        """Whether some file needs a second look."""
        return any(seen.state == "waiting" for seen in self._files.values())

    def _walk(self, folders: dict[str, tuple[int, int]]) -> Iterator[os.DirEntry[str]]:
        pending = [str(self.drops)]
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(folder) as entries:
                    inside = os.stat(folder)
                    folders[folder] = (inside.st_dev, inside.st_ino)
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            if not _IGNORED_FOLDERS.fullmatch(entry.name):
                                pending.append(entry.path)
                        elif not _IGNORED.fullmatch(entry.name):
                            yield entry
            except OSError:
                # Gone meanwhile, or not ours to read: the next scan looks again.
                continue

    def _consider(self, path: str, status: os.stat_result) -> Arrival | None:
        look = Look.of(status)
        seen = self._files.get(path)
        if seen is None or seen.look != look:
            seen = self._files[path] = _Seen(look, self.monotonic())
            if not stat.S_ISREG(status.st_mode):
                self._strange(path, seen, "link" if stat.S_ISLNK(status.st_mode) else "no regular file")
                return None
        elif seen.state == "held":
            if self.monotonic() - seen.since < self.held_asks.total_seconds():
                return None
            return self._arrived(path, seen, overdue=True)
        elif seen.state == "failed":
            return self._arrived(path, seen) if self.monotonic() - seen.since >= TRY_AGAIN else None
        elif seen.state != "waiting":
            return None
        unwritten = self._unwritten(path, seen)
        if unwritten or (unwritten is None and self.monotonic() - seen.since >= SETTLED_AFTER):
            return self._arrived(path, seen)
        return None

    def _arrived(self, path: str, seen: _Seen, overdue: bool = False) -> Arrival:
        seen.state = "handed on"
        where, team = _place(self.drops, path)
        return Arrival(Path(path), team, where, seen.look, self.now(), overdue)

    def present(self) -> set[tuple[str, str]]:
        """(path as shown, team) of every file the last scan saw."""
        return {_place(self.drops, path) for path in self._files}

    def _strange(self, path: str, seen: _Seen, what: Oddity) -> None:
        seen.state = "odd"
        self.odd(_place(self.drops, path)[0], what)

    def _unwritten(self, path: str, seen: _Seen) -> bool | None:
        """True: nobody has it open for writing. False: somebody has, or it cannot be read. None: cannot be told."""
        try:
            handle, status = _open(Path(path))
        except PermissionError:
            self._strange(path, seen, "unreadable")
            return False
        except OSError:
            return False
        try:
            if Look.of(status) != seen.look:
                return False
            return self._lease(handle) if self.leases and self._is_local(os.path.dirname(path)) else None
        finally:
            os.close(handle)

    def _lease(self, handle: int) -> bool | None:
        """A read lease is granted only while nobody has the file open for writing (12 µs). Let go at
        once: a writer that opens a leased file would wait for us."""
        if signal.getsignal(signal.SIGIO) not in (signal.SIG_IGN, None):
            # The kernel tells a holder by SIGIO, whose default action kills it.
            return None
        try:
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return False
        except OSError:
            return None
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return True

    def _is_local(self, folder: str) -> bool:
        known = self._local.get(folder)
        if known is None:
            known = self._local[folder] = _file_system(folder) in _LOCAL
        return known


def _place(drops: Path, path: str) -> tuple[str, str]:
    """(path below drops/ as it can be shown, team): undecodable bytes and control characters written out."""
    parts = [clean(part) or "?" for part in Path(path).relative_to(drops).parts]
    return "/".join(parts), parts[0] if len(parts) > 1 else ""


def waiting_at(drops: Path, shown: str) -> Path | None:
    """The file in drops/ that `Arrival.shown` names; None: it is gone."""
    plain = drops / shown
    if os.path.lexists(plain) and _place(drops, str(plain))[0] == shown:
        return plain
    # Bytes that no encoding knows are shown otherwise than they are written.
    for folder, _, names in os.walk(drops):
        for name in names:
            path = os.path.join(folder, name)
            if _place(drops, path)[0] == shown:
                return Path(path)
    return None


def _file_system(folder: str) -> str:
    """The type of the file system a folder is on; empty when that cannot be told."""
    real = os.path.realpath(folder)
    best, kind = "", ""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
            for line in mounts:
                before, _, after = line.partition(" - ")
                point = re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), before.split()[4])
                inside = real == point or real.startswith(point.rstrip("/") + "/")
                if inside and len(point) >= len(best):
                    best, kind = point, after.split()[0]
    except (OSError, IndexError):
        return ""
    return kind
