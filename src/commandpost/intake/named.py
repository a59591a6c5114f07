"""A file somebody named on a command line."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO, BinaryIO

from commandpost.contract.values.text import clean
from commandpost.errors import CommandpostError

_UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "{file}: no such file",
    NotADirectoryError: "{file}: no such file",
    IsADirectoryError: "{file}: a folder, not a file",
    PermissionError: "{file}: no permission",
}


class NamedFile:
    """Taken as it is now."""

    def __init__(self, path: Path, team: str = "") -> None:
        self.path, self.team, self.shown = path, team, clean(os.fsdecode(path.name))
        self._before: tuple[int, int] | None = None

    def open(self) -> BinaryIO:
        """Open for reading. Raises CommandpostError when it cannot be read."""
        named = clean(os.fsdecode(self.path))
        try:
            file = _ordinary(self.path)
        except OSError as error:
            for kind, said in _UNREADABLE.items():
                if isinstance(error, kind):
                    raise CommandpostError(said, file=named) from None
            raise CommandpostError(
                "{file}: cannot be read: {what}", file=named, what=error.strerror or "?"
            ) from None
        if file is None:
            raise CommandpostError("{file}: no ordinary file", file=named)
        self._before = self._look(file)
        return file

    def still(self, file: BinaryIO) -> bool:
        """Whether nobody wrote it since it was opened."""
        return self._look(file) == self._before

    def _look(self, file: IO[bytes]) -> tuple[int, int]:
        found = os.fstat(file.fileno())
        return found.st_size, found.st_mtime_ns


def _ordinary(path: Path) -> BinaryIO | None:
    """None: a pipe or a device, which would hang whoever reads it, or never end."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    return None
