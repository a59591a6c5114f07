"""What goes back to a team, and the originals kept by content."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from commandpost.contract.values.text import clean, header
from commandpost.errors import CommandpostError
from commandpost.intake import decode
from commandpost.intake.rows import blocks
from commandpost.intake.workbook import Book, at_once, opened
from commandpost.places import PostPlaces
from commandpost.settings import Intake
from commandpost.store.records import Drop
from commandpost.words import Words, unpacked

SUFFIX = "_退回"
_INCOMING = ".incoming-"
_NUMBERS = count()
"""Several copies are on their way at once: each has a name of its own."""
_PIECE = 4 * 1024 * 1024
_HARMFUL = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""The full-width ones too: an input method makes them the others."""
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?%?")


def archived(places: PostPlaces, sha256: str) -> Path:
    """Where the original with this content is, or would be."""
    return places.archive / sha256[:2] / f"{sha256}.bin"


@dataclass(slots=True)
class Copy:
    """A copy on its way into the archive: `keep` it once it is known to be taken, else `drop` it."""

    places: PostPlaces
    file: BinaryIO
    path: Path
    sha256: str
    size: int

    kept: bool = False

    def keep(self) -> None:
        """Into the archive, on disk for certain before this returns."""
        if self.kept:
            return
        final = archived(self.places, self.sha256)
        if not self._is_there(final):
            self.file.flush()
            os.fsync(self.file.fileno())
            made = not final.parent.exists()
            self._move(final)
            _sync_folder(final.parent)
            if made:
                _sync_folder(final.parent.parent)
        self.kept = True

    def _is_there(self, final: Path) -> bool:
        """Whether the archive has it, whole: `keep_all` renames before the disk has the content."""
        try:
            with open(final, "rb") as file:
                return hashlib.file_digest(cast(Any, file), "sha256").hexdigest() == self.sha256
        except FileNotFoundError:
            return False

    def _move(self, final: Path) -> None:
        try:
            os.replace(self.path, final)
        except FileNotFoundError:
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.path, final)

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)


def keep_all(copies: Sequence[Copy]) -> None:
    """`keep` for several: where the system can, the disk is waited for once (one file costs 2 ms, a thousand
    hardly more)."""
    if len(copies) < FEW or (syncfs := _syncfs()) is None:
        for copy in copies:
            copy.keep()
        return
    for copy in copies:
        final = archived(copy.places, copy.sha256)
        if not copy._is_there(final):
            copy.file.flush()
            copy._move(final)
    handle = os.open(copies[0].places.archive, os.O_RDONLY | os.O_DIRECTORY)
    try:
        syncfs(handle)
    finally:
        os.close(handle)
    for copy in copies:
        copy.kept = True


FEW = 4


@cache
def _syncfs() -> Callable[[int], None] | None:
    """syncfs(2) of a file system by a handle on it; None where the C library has none."""
    import ctypes

    try:
        call = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return None

    def sync(handle: int) -> None:
        if call(handle):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return sync


def _locked(path: Path) -> BinaryIO:
    """A new file, held by a lock that the kernel takes down when we die: then `sweep` may remove it."""
    while True:
        file = open(path, "w+b")  # noqa: SIM115 (closed by whoever reads the table from it)
        with contextlib.suppress(OSError):
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.fstat(file.fileno()).st_nlink:
            return file
        # Swept between the two calls.
        file.close()


def copy(places: PostPlaces, file: BinaryIO) -> Copy:
    """Copies `file` beside the archive, hashing it on the way."""
    path = places.archive / f"{_INCOMING}{os.getpid()}-{next(_NUMBERS)}"
    try:
        target = _locked(path)
    except FileNotFoundError:
        places.archive.mkdir(parents=True, exist_ok=True)
        target = _locked(path)
    digest = hashlib.sha256()
    size = 0
    try:
        while piece := file.read(_PIECE):
            digest.update(piece)
            target.write(piece)
            size += len(piece)
        target.flush()
        target.seek(0)
    except BaseException:
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            # What the disk refused is refused again when the buffer is emptied.
            target.close()
        raise
    return Copy(places, target, path, digest.hexdigest(), size)


def sweep(places: PostPlaces) -> None:
    """Removes the copies that a process left behind which was killed; those of living ones stay."""
    for path in places.archive.glob(f"{_INCOMING}*"):
        with contextlib.suppress(OSError), path.open("rb") as file:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_TEXT = re.compile(
    r"[0-9]{12,}|0[0-9]+|[0-9]+[.,][0-9,]*[0,]|[0-9]+,[0-9,.]+|[0-9]*\.?[0-9]+[eE][0-9]+|\([0-9.,]+\)"
    r"|[0-9]{1,4}[-/.年][0-9]{1,2}(?:[-/.月][0-9]+日?)?(?:[ T]+[0-9:.]+)?|[0-9]{1,2}月[0-9]{1,2}日?(?: *[0-9:]+)?"
    r"|[0-9]{1,2}[- ]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[- ,]+[0-9]+)?",
    re.IGNORECASE,
)
"""What a spreadsheet would turn into a rounded or a shorter number or a date, and save so: 420106…, 001, 2.10,
36,5, 1E5, (5), 2-17, 3-2-501, 2022-03-28 06:13:21 (without its seconds), 3月28日, 28 Mar."""
_KEPT_NUMBER = re.compile(r"[1-9]?[0-9]\.[0-9]{0,2}[1-9]")
"""36.5: no date, whatever a spreadsheet makes of it."""


def is_mended(head: Sequence[str]) -> bool:
    """Whether a header is that of a returned file: 行号, 原因 and 建议, or their English names."""
    names = {header(cell) for cell in head}
    return any(added <= names for added in _added(("Line", "Reason", "Hint")))


@cache
def _added(columns: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """The names of columns that a returned file has more, normalised, by language."""
    return tuple(frozenset(header(words(name)) for name in columns) for words in (Words("zh"), Words("en")))


def added_columns(head: Sequence[str]) -> dict[str, int]:
    """The columns of a header that a returned file has more, normalised name → index: of one that the sheet
    has too, the last. Of a sheet that is none, its own line numbers alone: there they would be in the way."""
    of = ("Line", "Column", "Reason", "Hint") if is_mended(head) else ("Line",)
    names = frozenset[str]().union(*_added(of))
    return {name: i for i, cell in enumerate(head) if (name := header(cell)) in names}


def line_column(head: Sequence[str]) -> int | None:
    """Where the line numbers of a returned file stand; None: it is none."""
    if not is_mended(head):
        return None
    names = frozenset[str]().union(*_added(("Line",)))
    return next((i for name, i in added_columns(head).items() if name in names), None)


def line_number(row: Sequence[str], index: int) -> int:
    """The number in 行号 of a row of a returned file; 0: there is none."""
    said = clean(row[index]) if index < len(row) else ""
    return int(said) if said.isdecimal() and len(said) < 12 else 0


def harmless(cell: str) -> str:
    """A cell no spreadsheet takes for a formula (an apostrophe before = + - @), for a date or for a
    number of more digits than it keeps (a tab before it, which the door takes off again)."""
    if _TEXT.fullmatch(cell) and not _KEPT_NUMBER.fullmatch(cell):
        return "\t" + cell
    if cell.startswith(_HARMFUL) and len(cell) > 1 and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


class Returned(NamedTuple):
    """A `Reject` that goes back, by the names of its columns."""

    line: int
    column: str
    warning: bool
    reason: str
    hint: str
    cells: str


_APART = re.compile(r"\s{2,}|[\t\u3000]+")


def _title(text: str) -> str:
    """A title as it goes back. The gaps that part what it says (门岗：东门   3月27日) are no gaps any more once
    it is cleaned, and the gate would be 东门 3月27日."""
    if "：" in text or ":" in text:
        text = _APART.sub("；", text.strip())
    return harmless(clean(text))


def returned_text(
    head: Sequence[str],
    rejects: Iterable[Returned],
    words: Words,
    *,
    titles: Sequence[str] = (),
    days: Sequence[tuple[int, str]] = (),
    all_days: bool = False,
) -> str:
    """The returned file: the original columns, then line, column, reason and hint. One row a row of the
    sheet: mended once, it is one fact. Of several doubtful cells the last three say each in a line of its own.

    `rejects`: in order of lines. A row that went back before keeps the line number of its own sheet.
    `titles`, `days`: what names the day of its rows, above the header and among them (line, text). `all_days`:
    what stands among them says more than days, each of which need not say all.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for title in titles:
        writer.writerow([_title(title)])
    added, line_at = set(added_columns(head).values()), line_column(head)
    keep = [i for i in range(len(head)) if i not in added]
    writer.writerow(
        [harmless(clean(head[i])) for i in keep]
        + [words("Line"), words("Column"), words("Reason"), words("Hint")]
    )
    said, named = list[str](), 0
    for line, of_row in groupby(rejects, key=attrgetter("line")):
        while named < len(days) and days[named][0] < line:
            said, named = [*(said if all_days else ()), days[named][1]], named + 1
        for title in said:
            writer.writerow([_title(title)])
        said = []
        found = list(of_row)
        cells = json.loads(found[0].cells) if found[0].cells else []
        row = [harmless(clean(cells[i])) if i < len(cells) else "" for i in keep]
        told = [(one.column, _reason(one, words), _said(one.hint, words)) for one in found]
        of_each = ("\n".join(map(harmless, lines)) for lines in zip(*told, strict=True))
        before = 0 if line_at is None else line_number(cells, line_at)
        beyond = [harmless(clean(cell)) for cell in cells[len(head) :]]
        writer.writerow([*row, str(before or line), *of_each, *beyond])
    return out.getvalue()


def _reason(reject: Returned, words: Words) -> str:
    reason = _said(reject.reason, words)
    if not reject.warning:
        return reason
    return words("Counted already, this cell as unknown: {reason}", reason=reason)


def _said(text: str, words: Words) -> str:
    return words.say(unpacked(text)) if text else ""


def give_back(places: PostPlaces, team: str, name: str, text: str, sheet: str = "") -> Path:
    """Writes a returned file for `team`; the same text twice makes one file. `sheet`: of a workbook.

    A returned file that is already there stays: the team may be mending it.
    """
    folder = places.returned / team if team else places.returned
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(rf"({SUFFIX}(_\d+)?)+$", "", Path(name).stem) or "drop"
    if sheet:
        behind = "_" + re.sub(r"[/\\:*?\"<>|]", "_", sheet)
        stem = stem.removesuffix(behind) + behind
    data = text.encode("utf-8-sig")
    n = 1
    while True:
        path = folder / f"{stem}{SUFFIX}{'' if n == 1 else f'_{n}'}.csv"
        if not path.exists():
            break
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return path
        n += 1
    unfinished = folder / f".{path.name}.part"
    with open(unfinished, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    _sync_folder(folder)
    return path


def raw_line(places: PostPlaces, drop: Drop, line: int) -> str:
    """The physical line `line` (1-based) of an archived original, as text; of a workbook's sheet that row.

    Raises CommandpostError when the original is not in the archive or has no such line.
    """
    try:
        with open(archived(places, drop.sha256), "rb") as file:
            found = at_once(opened(file, Intake(max_bytes=2**62)))
            sheets = found.sheets if isinstance(found, Book) else ()
            sheet = next((one for one in sheets if one.name == drop.sheet), None)
            if sheet is None:
                raise CommandpostError("the original of drop {id} cannot be read", id=drop.id)
            for block in blocks(decode.text(sheet.file, sheet.decoded)):
                if line < block.first + len(block.lines):
                    return clean(block.lines[line - block.first]) if line >= block.first else ""
    except OSError:
        raise CommandpostError("the original of drop {id} is not in the archive", id=drop.id) from None
    raise CommandpostError("drop {id} has no line {line}", id=drop.id, line=line)
