"""Prints the sheets of an .xlsx as CSV: a program of its own, which `workbook` starts.

What comes from outside is unpacked and read in a process that may use so much memory, time and disk and
no more: when it dies the workbook is refused, and nothing else happens.

stdin: the workbook, seekable. stdout: the text of all sheets, one behind the other, UTF-8, a line for each
row of a sheet. First argument: the limits, as JSON. Second: the number of the handle it tells on what it
found, one JSON object (`Told`).
"""

from __future__ import annotations

import copy
import errno
import json
import os
import re
import resource
import signal
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, TypedDict
from xml.etree.ElementTree import ParseError

from commandpost.intake.xlsxparts import formats_of, looked_up, part_of

CPU_SECONDS = 300
"""The largest sheet there can be (1,048,576 rows of eight cells) took 20 s on a busy core."""
_SMALL = 1 << 20
"""Bytes: a part this small may be as empty as it likes (drawings compress a thousandfold)."""
_END = b"PK\x05\x06"
_TAIL = 22 + 0xFFFF
"""Bytes: the directory's end record, and the longest comment behind it."""
_PIECE = 1 << 18
_ROWS = 1000
"""Rows written at a time."""


class Limits(TypedDict):
    bytes: int
    ratio: int
    parts: int
    memory: int


class Told(TypedDict, total=False):
    """What became of a workbook."""

    why: str
    """A key of `workbook.WHY`: it is held or refused. Absent: it was read."""
    errno: int
    """Of the machine's own trouble: disk full."""
    sheets: list[dict[str, Any]]
    """Of each sheet in order: `name`, `skip` (`hidden`, `chart`, `empty`, `damaged` or ""), `bytes` of its text,
    `wide` (rows of two filled cells and more, counted up to two)."""


class Refusal(Exception):
    """The workbook is not read; the key of why."""


def main() -> int:
    limits: Limits = json.loads(sys.argv[1])
    _end_with_parent()
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, limits["bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    file = os.fdopen(0, "rb", closefd=False)
    told: Told
    try:
        told = {"sheets": printed(file, os.fdopen(1, "wb", closefd=False), limits)}
    except Refusal as refusal:
        told = {"why": str(refusal)}
    except MemoryError:
        told = {"why": "memory"}
    except (zipfile.BadZipFile, ParseError):
        told = {"why": "damaged"}
    except OSError as error:
        # A text over the limit of a file's size is the workbook's fault, a full disk is not.
        told = {"why": "bytes"} if error.errno == errno.EFBIG else {"errno": error.errno or errno.EIO}
    with os.fdopen(int(sys.argv[2]), "w", encoding="utf-8") as said:
        json.dump(told, said, ensure_ascii=False)
    return 0


def _end_with_parent() -> None:
    """Nobody waits for what a reader finds whose starter was killed."""
    import ctypes

    # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def printed(file: BinaryIO, out: BinaryIO, limits: Limits) -> list[dict[str, Any]]:
    """Writes the sheets of a workbook to `out`; what was found. Raises Refusal, MemoryError, BadZipFile."""
    with directory(file, limits) as archive:
        faulty = unpacked(archive)
        file.seek(0)
        return _sheets(file, archive, out, faulty)


def directory(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """The workbook's directory, within the limits: nothing has been unpacked yet."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    if _END not in file.read():
        raise Refusal("incomplete")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise Refusal("damaged") from None
    parts = archive.infolist()
    names = [_normal(part.filename) for part in parts]
    if len(parts) > limits["parts"]:
        raise Refusal("parts")
    if not any(map(_MAIN.fullmatch, names)):
        raise Refusal(_other(archive, names))
    if len(set(names)) < len(names):
        raise Refusal("damaged")
    if sum(part.file_size for part in parts) > limits["bytes"]:
        raise Refusal("bytes")
    for part in parts:
        if part.flag_bits & 0x1:
            raise Refusal("locked")
        if part.file_size > max(_SMALL, part.compress_size * limits["ratio"]):
            raise Refusal("ratio")
    return archive


_MAIN = re.compile(r"(?:.*/)?workbook[0-9]*\.xml")


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _other(archive: zipfile.ZipFile, names: Sequence[str]) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    return "document" if "[content_types].xml" in names else "archive"


_FAULTS = (b't="e"', b"t='e'")
_DEFINES = (b"<!DOCTYPE", b"<!ENTITY")


def unpacked(archive: zipfile.ZipFile) -> frozenset[str]:
    """Reads every part through once: each is as large as the directory says, and whole. The parts with
    cells that hold an error."""
    faulty = set()
    for part in archive.infolist():
        if not _normal(part.filename).endswith((".xml", ".rels")):
            continue
        # One byte more than promised: a part that has it is larger than its directory says.
        longer = copy.copy(part)
        longer.file_size += 1
        read = 0
        before = b""
        try:
            with archive.open(longer) as stream:
                while piece := stream.read(_PIECE):
                    read += len(piece)
                    seen = before + piece
                    if any(word in seen for word in _DEFINES):
                        raise Refusal("damaged")
                    if any(word in seen for word in _FAULTS):
                        faulty.add(part.filename)
                    before = piece[-16:]
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise Refusal("damaged") from None
        if read != part.file_size:
            raise Refusal("damaged")
    return frozenset(faulty)


def _sheets(
    file: BinaryIO, archive: zipfile.ZipFile, out: BinaryIO, faulty: frozenset[str]
) -> list[dict[str, Any]]:
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    told: list[dict[str, Any]] = []
    try:
        book = load_workbook(file)
        for index, about in enumerate(book.sheets_metadata):
            one = {"name": about.name, "skip": "", "bytes": 0, "wide": 0}
            told.append(one)
            if about.typ != SheetTypeEnum.WorkSheet:
                one["skip"] = "chart"
            elif about.visible != SheetVisibleEnum.Visible:
                one["skip"] = "hidden"
            else:
                try:
                    sheet = book.get_sheet_by_index(index)
                except CalamineError:
                    one["skip"] = "damaged"
                    continue
                one["bytes"], one["wide"] = Printing(sheet, archive, about.name, faulty).to(out)
                one["skip"] = "" if one["bytes"] else "empty"
    except PasswordError:
        raise Refusal("locked") from None
    except CalamineError:
        raise Refusal("damaged") from None
    return told


class Printing:
    """One sheet as text."""

    def __init__(self, sheet: Any, archive: zipfile.ZipFile, name: str, faulty: frozenset[str]) -> None:
        self._sheet, self._archive, self._name, self._faulty = sheet, archive, name, faulty
        self._dates = False
        self._midnights = False
        self._print: Mapping[type, Callable[[Any], str]] = {
            str: text, float: number, int: str, bool: _truth, datetime: _moment, timedelta: _span,
            date: self._date, time: self._time,
        }  # fmt: skip

    def to(self, out: BinaryIO) -> tuple[int, int]:
        """Writes it; bytes written, and `wide`."""
        start = out.tell()
        wide = self._write(out, {})
        moments = formats_of(self._archive) if self._dates else frozenset()
        part = ""
        if moments or self._midnights or self._faulty:
            part = part_of(self._archive, self._name)
        errors = part in self._faulty
        if part and (moments or self._midnights or errors):
            with self._archive.open(part) as stream:
                found = looked_up(stream, errors=errors, negatives=self._midnights, moments=moments)
            if found:
                out.seek(start)
                out.truncate()
                wide = self._write(out, found)
        out.flush()
        return out.tell() - start, wide

    def _write(self, out: BinaryIO, looked_up: Mapping[int, Mapping[int, str]]) -> int:
        """`looked_up`: row → column → its text, of cells that must be told otherwise."""
        wide = 0
        blank = 0
        lines: list[str] = []
        for cells in self._rows(looked_up):
            filled = len(cells) - cells.count("")
            if not filled:
                # Blank rows are only written when something comes behind them.
                blank += 1
                continue
            if blank:
                out.write("".join(lines).encode("utf-8", "replace"))
                lines = []
                _blank_lines(out, blank)
                blank = 0
            wide += wide < 2 and filled > 1
            lines.append(",".join(cells) + "\n")
            if len(lines) == _ROWS:
                out.write("".join(lines).encode("utf-8", "replace"))
                lines = []
        out.write("".join(lines).encode("utf-8", "replace"))
        return wide

    def _rows(self, looked_up: Mapping[int, Mapping[int, str]]) -> Iterator[list[str]]:
        prints = self._print
        first = self._sheet.start[1] if self._sheet.start else 0
        for row, values in enumerate(self._sheet.iter_rows()):
            cells = [prints[type(value)](value) for value in values]
            for column, said in looked_up.get(row, {}).items():
                if 0 <= column - first < len(cells):
                    cells[column - first] = _told_otherwise(cells[column - first], said)
            yield cells

    def _date(self, value: date) -> str:
        self._dates = True
        return value.isoformat()

    def _time(self, value: time) -> str:
        if value == time.min:
            self._midnights = True
        seconds = value.hour * 3600 + value.minute * 60 + value.second + (value.microsecond >= 500_000)
        return _clock(min(seconds, 86_399))


def _blank_lines(out: BinaryIO, lines: int) -> None:
    while lines:
        some = min(lines, _PIECE)
        out.write(b"\n" * some)
        lines -= some


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _told_otherwise(cell: str, said: str) -> str:
    """A midnight goes behind the day that was read; a negative number stands for a negative time alone."""
    if said[0] == " ":
        return cell + said if _DAY.fullmatch(cell) else cell
    return cell if said[0] == "-" and cell != "0:00" else said


_BREAKS = re.compile(r"\r\n|\r|\n")


def text(value: str) -> str:
    """A cell of CSV on one line: line ends in it become blanks."""
    if "\n" in value or "\r" in value:
        value = _BREAKS.sub(" ", value)
    if "," in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def number(value: float) -> str:
    """As a spreadsheet shows it: whole ones without a point, 15 digits, 4.20106199001011E+17 beyond."""
    if -1e15 < value < 1e15:
        whole = int(value)
        return str(whole) if whole == value else f"{value:.15g}".upper()
    return f"{value:.14E}"


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _moment(value: datetime) -> str:
    if value.microsecond:
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return value.isoformat(" ")


def _span(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"-{_clock(-seconds)}" if seconds < 0 else _clock(seconds)


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if rest else f"{hours}:{minutes:02}"


if __name__ == "__main__":
    sys.exit(main())
