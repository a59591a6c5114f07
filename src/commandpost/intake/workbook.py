"""A file's sheets as text: of a workbook each one that can be seen, of any other file itself.

What reads a workbook (`xlsx`) runs as a process of its own, for whatever a hostile one makes of it ends
there. Its text goes into a file without a name beside the archive, which the kernel takes away with the
last who holds it. From there on a sheet is a file of CSV like any other.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from commandpost.contract.values.text import clean
from commandpost.intake.decode import PACKED, Decoded, Held, Refused, examine
from commandpost.settings import Intake
from commandpost.words import Message, message

if TYPE_CHECKING:
    import subprocess

T = TypeVar("T")

_ANOTHER_KIND = message("this is a workbook of another kind (.xlsb, .ods): save it as .xlsx or CSV")
WHY: dict[str, Message] = {
    "archive": message("this is an archive (.zip): send the table in it"),
    "document": message("this is a document, no workbook: send the table as .xlsx or CSV"),
    "xlsb": _ANOTHER_KIND,
    "ods": _ANOTHER_KIND,
    "locked": message("this workbook is protected by a password: save it without one"),
    "damaged": message("this workbook is damaged: save it anew, or as CSV"),
}
_SKIPPED: dict[str, Message] = {
    "hidden": message("hidden sheet"),
    "chart": message("no sheet of cells"),
    "empty": message("empty sheet"),
}
_LONGEST_NAME = 60
"""Characters; spreadsheets allow 31."""
NOTES = message("no table on this sheet")
DAMAGED = message("this sheet cannot be read: save the workbook anew, or the sheet as CSV")
NO_TABLE = message("no sheet of this workbook holds a table")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of text with one table, or none."""

    name: str
    """Of a workbook's sheet, clean and unlike the others'; empty: the file is no workbook."""
    file: BinaryIO
    decoded: Decoded
    notes: bool = False
    """At most one of its rows has two filled cells: unless that is a header it holds no table."""
    damaged: bool = False
    """It can be seen and not be read."""


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets."""

    sheets: tuple[Sheet, ...]
    skipped: tuple[tuple[str, Message], ...] = ()
    """Names of those that are not looked at, and why."""
    packed: bool = True
    """It is a workbook; else its one sheet is the file itself."""


def opened(
    file: BinaryIO, limits: Intake, folder: Path | None = None
) -> Generator[None, None, Book | Held | Refused]:
    """The sheets of `file` (seekable, binary, with a handle), step by step while a workbook is being read.

    `folder`: on whose disk the text of a workbook goes; None: the system's for temporary files. Raises
    OSError when it is full.
    """
    if 0 < os.fstat(file.fileno()).st_size <= limits.max_bytes and os.pread(file.fileno(), 4, 0) == PACKED:
        return (yield from _read(file, limits, folder))
    found = examine(file, limits.max_bytes)
    return Book((Sheet("", file, found),), packed=False) if isinstance(found, Decoded) else found


def at_once(work: Generator[None, None, T]) -> T:
    """What work that goes step by step comes to."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return cast(T, end.value)


def _read(
    file: BinaryIO, limits: Intake, folder: Path | None
) -> Generator[None, None, Book | Held | Refused]:
    # Only who meets a workbook pays for these.
    import subprocess
    import tempfile

    bounds = {
        "bytes": limits.workbook_bytes,
        "ratio": limits.workbook_ratio,
        "parts": limits.workbook_parts,
        "memory": limits.workbook_memory,
    }
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    text = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (lives as long as its sheets)
    # Opened anew: it must not hold our lock on the file when we are killed.
    with tempfile.TemporaryFile(dir=folder) as said, open(f"/dev/fd/{file.fileno()}", "rb") as packed:
        process = subprocess.Popen(
            [sys.executable, "-m", "commandpost.intake.xlsx", json.dumps(bounds), str(said.fileno())],
            stdin=packed,
            stdout=text,
            stderr=subprocess.DEVNULL,
            pass_fds=(said.fileno(),),
            start_new_session=True,
        )
        yield from _ended(process)
        if process.returncode:
            return Refused(_died(process.returncode, limits))
        said.seek(0)
        told: dict[str, Any] = json.load(said)
    if "errno" in told:
        raise OSError(told["errno"], os.strerror(told["errno"]))
    if "why" in told:
        return _judged(told["why"], limits)
    return _sheets(told["sheets"], text)


def _ended(process: subprocess.Popen[bytes]) -> Generator[None]:
    """Waits for it; who gives up waiting ends it."""
    from subprocess import TimeoutExpired

    try:
        while process.returncode is None:
            try:
                process.wait(0.05)
            except TimeoutExpired:
                yield
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()


def _died(code: int, limits: Intake) -> Message:
    if code == -signal.SIGXCPU:
        return message("this workbook takes too long to read: send it in parts, or as CSV")
    if code < 0:
        # Out of memory ends native code at once.
        return _too_much_memory(limits)
    return WHY["damaged"]


def _too_much_memory(limits: Intake) -> Message:
    return message(
        "this workbook takes more than {limit} MB of memory to read: send it in parts, or as CSV",
        limit=limits.workbook_memory >> 20,
    )


def _judged(why: str, limits: Intake) -> Held | Refused:
    if why == "incomplete":
        return Held(message("the workbook is not complete: it is looked at again when it changes"))
    if why == "memory":
        return Refused(_too_much_memory(limits))
    if why == "bytes":
        return Refused(
            message(
                "this workbook is larger than {limit} MB unpacked: send it in parts",
                limit=max(1, limits.workbook_bytes >> 20),
            )
        )
    if why == "ratio":
        return Refused(
            message(
                "a part of this workbook unpacks to more than {n} times its size: send the table as CSV",
                n=limits.workbook_ratio,
            )
        )
    if why == "parts":
        return Refused(
            message("this archive has more than {n} parts: send the table alone", n=limits.workbook_parts)
        )
    return Refused(WHY[why])


def _sheets(told: list[dict[str, Any]], text: IO[bytes]) -> Book:
    sheets: list[Sheet] = []
    skipped: list[tuple[str, Message]] = []
    names: set[str] = set()
    start = 0
    for one in told:
        name = _named(one["name"], names)
        if one["skip"] in _SKIPPED:
            skipped.append((name, _SKIPPED[one["skip"]]))
            continue
        part = io.BufferedReader(_Part(text, start, one["bytes"]))
        start += one["bytes"]
        decoded, damaged = Decoded("xlsx", one["bytes"]), one["skip"] == "damaged"
        sheets.append(Sheet(name, cast(BinaryIO, part), decoded, notes=one["wide"] < 2, damaged=damaged))
    return Book(tuple(sheets), tuple(skipped))


def _named(said: str, names: set[str]) -> str:
    """A name no sheet before it has: a drop is known by it."""
    name = plain = clean(said)[:_LONGEST_NAME] or "?"
    n = 1
    while name in names:
        n += 1
        name = f"{plain} ({n})"
    names.add(name)
    return name


class _Part(io.RawIOBase):
    """Some of a file's bytes, as a file."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), max(0, self._size - self._at))
        read = os.pread(self._file.fileno(), wanted, self._start + self._at)
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at
