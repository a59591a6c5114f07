"""Bytes → text: which encoding a file is in, and whether it is text and complete at all.

The ladder (mark, UTF-16 by its NULs, strict UTF-8, strict GB18030) is walked for a whole file, never
for a cell: 96 of 2,900 two-character names in GBK are valid UTF-8 too.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from commandpost.words import Message, message

BLOCK = 1 << 18
"""Bytes read at a time: larger ones were not faster, and a block is held several times over."""
LONGEST_LINE = 1 << 22
"""Bytes. A longer line of a mixed file is cut: memory stays bounded whatever comes."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
_CODEC = {"utf-8-sig": "utf-8", "xlsx": "utf-8"}

PACKED = b"PK\x03\x04"
"""Of a workbook, which `workbook.opened` reads, or another archive."""
_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""The name of the part that holds a workbook with a password."""
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (PACKED, "this is a spreadsheet or an archive (.xlsx, .zip): save it as CSV"),
    (b"PK\x05\x06", "this is an archive (.zip): send the table in it"),
    (_OLE, "this is an Excel workbook (.xls): save it as .xlsx or CSV"),
    (b"\x09\x08\x10\x00", "this is an Excel workbook (.xls): save it as .xlsx or CSV"),
    (b"\x09\x08\x08\x00", "this is an Excel workbook (.xls): save it as .xlsx or CSV"),
    (b"\x09\x04\x06\x00", "this is an Excel workbook (.xls): save it as .xlsx or CSV"),
    (b"%PDF-", "this is a PDF: send the table as CSV"),
    (b"{\\rtf", "this is a text document: send the table as CSV"),
    (b"\x89PNG", "this is a picture: send the table as CSV"),
    (b"\xff\xd8\xff", "this is a picture: send the table as CSV"),
    (b"GIF87a", "this is a picture: send the table as CSV"),
    (b"GIF89a", "this is a picture: send the table as CSV"),
    (b"II*\x00", "this is a picture: send the table as CSV"),
    (b"MM\x00*", "this is a picture: send the table as CSV"),
    (b"Rar!\x1a", "this is an archive: send the CSV in it"),
    (b"7z\xbc\xaf", "this is an archive: send the CSV in it"),
    (b"\x1f\x8b", "this is an archive: send the CSV in it"),
    (b"BZh", "this is an archive: send the CSV in it"),
    (b"\xfd7zXZ", "this is an archive: send the CSV in it"),
    (b"SQLite format 3\x00", "this is a database: send the table as CSV"),
)
_BITMAP = re.compile(rb"BM.{4}\0{4}", re.S)
_WEB = re.compile(
    r"mime-version:|\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype|\?xml|html|head|body|meta|table|script|style|workbook|div|tr|svg)\b",
    re.I | re.S,
)
_LONE_NUL = re.compile(rb"(?<!\0)\0{1,2}(?!\0)")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """How a complete text file is to be read."""

    encoding: str
    """`utf-8`, `utf-8-sig`, `gb18030`, `utf-16-le`, `utf-16-be`, of a workbook's sheet `xlsx`: what
    `check` reports."""
    size: int
    """Bytes."""
    mark: int = 0
    """Bytes of the byte-order mark."""
    mixed: bool = False
    """Neither UTF-8 nor GB18030 as a whole: read line by line in `encoding`; a line that does not
    fit arrives with lone surrogates in it and becomes a problem `encoding`."""

    @property
    def codec(self) -> str:
        return _CODEC.get(self.encoding, self.encoding)


@dataclass(frozen=True, slots=True)
class Held:
    """Not complete: to be looked at again."""

    reason: Message


@dataclass(frozen=True, slots=True)
class Refused:
    """No table of text: a spreadsheet, a picture, a web page, too large, no text."""

    reason: Message


def held(why: str) -> Held:
    return Held(message(why))


def _refused(why: str) -> Refused:
    return Refused(message(why))


class _Nuls(Exception):
    """A run of NULs: a file still being copied, or one the power cut off."""


def examine(file: BinaryIO, max_bytes: int) -> Decoded | Held | Refused:
    """Read `file` (seekable, binary) through and say what it is, in bounded memory."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return held("the file is empty: it is looked at again when it changes")
    if size > max_bytes:
        return Refused(
            message("larger than {limit} MB; send it in parts", limit=max(1, max_bytes // 1_000_000))
        )
    file.seek(0)
    head = file.read(1 << 16)
    if head.startswith(_OLE) and _has_password(file, head, size):
        return _refused("this workbook is protected by a password: save it without one")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return _refused(what)
    if _BITMAP.match(head):
        return _refused("this is a picture: send the table as CSV")
    try:
        found = _ladder(file, head, size)
    except _Nuls:
        if not _some_text(head):
            return _no_text()
        return held(
            "the file has a gap of zero bytes, it is not copied completely: it is looked at again when it changes"
        )
    if not isinstance(found, Decoded):
        return found
    opening = next(text(file, found), "")[:4096]
    if _WEB.match(opening):
        return _refused("this is a web page or XML: save it as CSV")
    if not opening.strip() and size <= BLOCK:
        return (
            held("the file is empty: it is looked at again when it changes")
            if size == found.mark
            else _no_text()
        )
    if found.codec in ("utf-8", "gb18030") and len(_CONTROL.findall(head)) * 20 > len(head):
        return _no_text()
    return found


def _has_password(file: BinaryIO, head: bytes, size: int) -> bool:
    """Whether an OLE container holds a workbook with a password: its list of parts stands where its header
    says (MS-CFB 2.2: sector size at 30, first sector of the list at 48), mostly at either end."""
    shift, first = (int.from_bytes(head[at:end], "little") for at, end in ((30, 32), (48, 52)))
    for place in (0, (first + 1) << min(shift, 12), max(0, size - len(head))):
        file.seek(place)
        if _LOCKED in file.read(len(head)):
            return True
    return False


def _some_text(head: bytes) -> bool:
    """Whether what stands between gaps of NULs may be text: few controls, in one encoding or another."""
    body = head.replace(b"\0", b"")
    odd = len(_CONTROL.findall(body))
    if not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _by_nuls(head) is None:
        odd += min(body.decode(codec, "replace").count("\ufffd") for codec in ("utf-8", "gb18030"))
    return odd * 20 <= len(body)


def _no_text() -> Refused:
    return Refused(message("there is no text in it"))


def _ladder(file: BinaryIO, head: bytes, size: int) -> Decoded | Held | Refused:
    for mark, name, codec in _MARKS:
        if head.startswith(mark):
            return _marked(file, name, codec, size, len(mark))
    wide = _by_nuls(head)
    if wide:
        return _marked(file, wide, wide, size, 0)
    as_utf8, ascii_before = _fits(file, "utf-8", 0)
    if as_utf8 == "whole":
        return Decoded("utf-8", size)
    if as_utf8 == "cut" and not ascii_before:
        return _cut_character()
    as_gb, _ = _fits(file, "gb18030", 0)
    if as_gb == "whole":
        return Decoded("gb18030", size)
    if as_gb == "cut" or as_utf8 == "cut":
        return _cut_character()
    return _line_by_line(file, size, 0, ("utf-8", "gb18030"))


def _cut_character() -> Held:
    return held("the file ends inside a character: it is looked at again when it changes")


def _marked(file: BinaryIO, name: str, codec: str, size: int, mark: int) -> Decoded | Held | Refused:
    fit, _ = _fits(file, codec, mark)
    if fit == "cut":
        return _cut_character()
    if fit == "whole":
        return Decoded(name, size, mark)
    if codec.startswith("utf-16"):
        # Surrogates out of place cost their lines; half a character at the end is one not yet written.
        return _cut_character() if (size - mark) % 2 else Decoded(name, size, mark, mixed=True)
    found = _line_by_line(file, size, mark, (codec,))
    return Decoded(name, size, mark, mixed=True) if isinstance(found, Decoded) else found


def _by_nuls(head: bytes) -> str | None:
    """UTF-16 without a mark: its ASCII characters have a NUL on one side, always the same one.

    Runs of three and more NULs cannot come from text and are not counted.
    """
    places = [m.start() + i for m in _LONE_NUL.finditer(head) for i in range(len(m[0]))]
    odd = sum(place & 1 for place in places)
    even = len(places) - odd
    most = max(odd, even)
    if most < max(2, len(head) // 100) or most < 4 * min(odd, even):
        return None
    # Where one sign in five is ASCII, as in a table, a tenth of the bytes is NUL; a few may be astray.
    if most * 10 < len(head) and (_decodes(head, "utf-8", False) or _decodes(head, "gb18030", False)):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _blocks(file: BinaryIO, start: int, nuls: bytes) -> Iterator[bytes]:
    """The file in blocks; raises `_Nuls` at `nuls` or when it ends with a NUL (8-bit encodings)."""
    file.seek(start)
    before = b""
    while block := file.read(BLOCK):
        if b"\0" in block and nuls in before + block:
            raise _Nuls
        before = block[-2:]
        yield block
    if len(nuls) == 2 and before.endswith(b"\0"):
        raise _Nuls


def _fits(file: BinaryIO, codec: str, start: int) -> tuple[Literal["whole", "cut", "bad"], bool]:
    """Whether the file decodes strictly, and whether all of it but the end was ASCII."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    only_ascii = True
    try:
        for block in _blocks(file, start, b"\0\0\0" if codec.startswith("utf-16") else b"\0\0"):
            decoded = decoder.decode(block)
            only_ascii = only_ascii and decoded.isascii()
    except UnicodeDecodeError:
        return "bad", False
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return "cut", only_ascii
    return "whole", only_ascii


def _line_by_line(
    file: BinaryIO, size: int, start: int, codecs_: tuple[str, ...]
) -> Decoded | Held | Refused:
    """The encoding that fits most lines; a file that mostly fits none is no text."""
    fits = dict.fromkeys(codecs_, 0)
    lines = 0
    last = b""
    for piece in _whole_lines(file, start, check=True):
        for line in _LINES.findall(piece):
            if line.isascii():
                continue
            lines += 1
            for codec in codecs_:
                fits[codec] += _decodes(line, codec)
        last = line if piece else last
    best = max(fits, key=lambda codec: fits[codec])
    if fits[best] * 2 < lines:
        return _no_text()
    if not last.endswith((b"\n", b"\r")) and not _decodes(last, best) and _decodes(last, best, final=False):
        return _cut_character()
    return Decoded(best, size, start, mixed=True)


def _decodes(line: bytes, codec: str, final: bool = True) -> bool:
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(line, final)
    except UnicodeDecodeError:
        return False
    return True


def _whole_lines(file: BinaryIO, start: int, check: bool = False) -> Iterator[bytes]:
    """The file in pieces that end where a line ends."""
    if check:
        for _ in _blocks(file, start, b"\0\0"):
            pass
    file.seek(start)
    rest = b""
    while block := file.read(BLOCK):
        rest += block
        # A CR at the very end may be half of a CRLF.
        end = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
        if end == 0 and len(rest) > LONGEST_LINE:
            end = len(rest)
        if end:
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest


def text(file: BinaryIO, decoded: Decoded) -> Iterator[str]:
    """The text of `file` in pieces of at most about 256 k characters, without the mark, line ends as
    they are."""
    if decoded.mixed and not decoded.codec.startswith("utf-16"):
        for piece in _whole_lines(file, decoded.mark):
            yield _mixed(piece, decoded.codec)
        return
    errors = "surrogatepass" if decoded.mixed else "strict"
    decoder = codecs.getincrementaldecoder(decoded.codec)(errors)
    file.seek(decoded.mark)
    while block := file.read(BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", True)


def _mixed(piece: bytes, codec: str) -> str:
    try:
        return piece.decode(codec)
    except UnicodeDecodeError:
        return "".join(
            line.decode(codec, "strict" if _decodes(line, codec) else "surrogateescape")
            for line in _LINES.findall(piece)
        )
