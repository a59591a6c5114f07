"""Any exception as one line: what is wrong and what to do, never a traceback, never anybody's data."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from commandpost.errors import CommandpostError
from commandpost.words import Words


def told(error: BaseException, words: Words) -> tuple[str, int]:
    """The line and the exit code for `error`."""
    if isinstance(error, CommandpostError):
        return one_line(words.say(error.message)), error.exit_code
    if isinstance(error, OSError):
        return one_line(_told_by_system(error, words)), 1
    if _from_database(error):
        from commandpost.store.engine import explain

        return one_line(words.say(explain(error).message)), 1
    line = words(
        "an error of commandpost itself ({kind} at {place}); nothing half-done was kept, please report it",
        kind=type(error).__name__,
        place=_place(error),
    )
    return one_line(line), 1


def one_line(text: str) -> str:
    """`text` on one line, with nothing that could steer a terminal."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else " " if c in "\r\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _told_by_system(error: OSError, words: Words) -> str:
    name = str(error.filename or "")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return words("the disk is full: make room and try again; nothing half-written was kept")
    if error.errno == errno.EROFS:
        return words("{file}: the disk is read-only", file=name)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return words("{file}: no such file", file=name)
    if isinstance(error, PermissionError):
        return words("{file}: no permission", file=name)
    if isinstance(error, IsADirectoryError):
        return words("{file}: a folder, not a file", file=name)
    return words("{file}: {what}", file=name or "commandpost", what=error.strerror or type(error).__name__)


def _from_database(error: BaseException) -> bool:
    """Told by the driver's module names: importing SQLAlchemy here would slow every command."""
    return type(error).__module__.split(".")[0] in ("sqlalchemy", "sqlite3", "psycopg")


def _place(error: BaseException) -> str:
    """The innermost line of ours: file name and number, no values."""
    ours = [f for f in traceback.extract_tb(error.__traceback__) if "commandpost" in Path(f.filename).parts]
    last = ours[-1] if ours else None
    return f"{Path(last.filename).name}:{last.lineno}" if last else "?"
