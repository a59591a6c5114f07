"""What the reader of workbooks does not tell of a cell: the form of its date, and its error.

A day with a time of day of 0:00 comes as a day alone, an error as an empty cell, a negative time as
midnight. Where a sheet holds such cells its XML is gone through once more.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath, split
from typing import IO, Any
from xml.etree import ElementTree

_PIECE = 1 << 18
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
"""Those that the readers of cells know to say nothing; others (#GETTING_DATA) are told as #VALUE!."""
_WITH_BOTH = frozenset({"22"})
"""Of the built-in formats: m/d/yy h:mm."""
_BESIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
"""Of a format: texts in quotes, escaped signs, colours and locales."""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, Any]]:
    """Local name and element, in order of their ends."""
    actual = _actual(archive, name)
    if actual is None:
        return
    with archive.open(actual) as stream:
        for _, element in ElementTree.iterparse(stream):
            yield _local(element.tag), element


def _actual(archive: zipfile.ZipFile, name: str) -> str | None:
    wanted = name.lower()
    return next(
        (one for one in archive.namelist() if one.replace("\\", "/").lstrip("/").lower() == wanted), None
    )


def _related(archive: zipfile.ZipFile, to: str) -> Iterator[tuple[str, str, str]]:
    """Of the parts that belong to another (empty: to the workbook as a whole): id, sort, name."""
    folder, name = split(to)
    for tag, element in _elements(archive, join(folder, "_rels", f"{name}.rels")):
        if tag == "Relationship":
            target = str(element.get("Target", ""))
            path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            yield element.get("Id", ""), str(element.get("Type", "")).rpartition("/")[2], path


def _main(archive: zipfile.ZipFile) -> str:
    return next((path for _, sort, path in _related(archive, "") if sort == "officeDocument"), "")


def part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part that holds a sheet; empty: it cannot be told."""
    main = _main(archive)
    wanted = next(
        (
            value
            for tag, element in _elements(archive, main)
            if tag == "sheet" and element.get("name") == sheet
            for key, value in element.items()
            if _local(key) == "id" and key != "id"
        ),
        None,
    )
    path = next((path for id, _, path in _related(archive, main) if id == wanted), "")
    return _actual(archive, path) or ""


def formats_of(archive: zipfile.ZipFile) -> frozenset[str]:
    """The styles (numbers, as a cell names them) that show a day and a time of day."""
    codes: dict[str, str] = {}
    found: set[str] = set()
    styles = next((path for _, sort, path in _related(archive, _main(archive)) if sort == "styles"), "")
    for tag, element in _elements(archive, styles):
        if tag == "numFmt":
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif tag == "cellXfs":
            for n, style in enumerate(element):
                number = style.get("numFmtId", "0")
                if has_both(codes[number]) if number in codes else number in _WITH_BOTH:
                    found.add(str(n))
    return frozenset(found)


def has_both(code: str) -> bool:
    """Whether a format shows a day and a time of day."""
    bare = _BESIDE.sub("", code.split(";")[0]).lower()
    return bool(re.search("[dy]", bare)) and bool(re.search("[hs]", bare))


def looked_up(
    stream: IO[bytes], *, errors: bool, negatives: bool, moments: frozenset[str]
) -> dict[int, dict[int, str]]:
    """Row → column (both from 0) → text, of some cells of a sheet: those that hold an error; those with a
    negative number; of a midnight in one of the styles `moments` what is to be set behind its day.

    Only cells that name their place are found, as spreadsheets write them.
    """
    found: dict[int, dict[int, str]] = {}
    sought: list[tuple[re.Pattern[bytes], str]] = []
    rest = b""
    while piece := stream.read(_PIECE):
        if not sought:
            sought = _sought(piece, errors, negatives, moments)
        rest += piece
        cut = rest.rfind(b"row>") + 1
        for pattern, said in sought:
            for cell in pattern.finditer(rest, 0, cut):
                row, column = place(cell[1].decode())
                found.setdefault(row, {})[column] = said or _error(cell[2].decode("utf-8", "replace"))
        rest = rest[cut:]
    return found


def _error(said: str) -> str:
    return said if said in _ERRORS or said[:1] == "-" else "#VALUE!"


def _sought(
    head: bytes, errors: bool, negatives: bool, moments: frozenset[str]
) -> list[tuple[re.Pattern[bytes], str]]:
    """What to look for, and the text of it where it is always the same. Patterns that begin with letters
    are looked for ten times quicker: the prefix of the sheet's names is read from its first one."""
    name = re.search(rb"<(\w+:)?worksheet\b", head)
    prefix = (name[1] or b"") if name else b""

    def cell(condition: bytes, value: bytes) -> re.Pattern[bytes]:
        return re.compile(
            rb"<%(p)sc(?=\s)(?=[^>]*?%(if)s)[^>]*?\sr=[\"']([A-Za-z]{1,3}[0-9]{1,7})[\"'][^>]*>"
            rb"(?:\s*<%(p)sf\b(?:[^>]*/>|[^>]*>[^<]*</%(p)sf\s*>))?\s*<%(p)sv\b[^>]*>\s*(%(v)s)\s*</"
            % {b"p": prefix, b"if": condition, b"v": value}
        )

    sought = []
    if errors:
        sought.append((cell(rb"\st=[\"']e[\"']", rb"[^<]*?"), ""))
    if negatives:
        sought.append((cell(rb"", rb"-[0-9.eE+-]*"), ""))
    if moments:
        styles = "|".join(sorted(moments)).encode()
        sought.append((cell(rb"\ss=[\"'](?:%s)[\"']" % styles, rb"[0-9]+(?:\.0*)?"), " 00:00:00"))
    return sought


def place(said: str) -> tuple[int, int]:
    """B3 → (2, 1)."""
    letters = said.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(said[len(letters) :]) - 1, column - 1
