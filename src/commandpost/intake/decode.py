"""Bytes → text: which encoding a file is in, and whether it is text and complete at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from commandpost.words import Message


@dataclass(frozen=True, slots=True)
class Decoded:
    """How a complete text file is to be read."""

    encoding: str
    """`utf-8`, `utf-8-sig`, `gb18030`, `utf-16-le`, `utf-16-be`: what `check` reports."""
    size: int
    """Bytes."""
    mixed: bool = False
    """Neither UTF-8 nor GB18030 as a whole: read line by line in `encoding`; a line that does not
    fit arrives with its bytes as lone surrogates (PEP 383) and becomes a problem `encoding`."""


@dataclass(frozen=True, slots=True)
class Held:
    """Not complete: to be looked at again."""

    reason: Message


@dataclass(frozen=True, slots=True)
class Refused:
    """No table of text: a spreadsheet, a picture, a web page, too large, no text."""

    reason: Message


def examine(file: BinaryIO, max_bytes: int) -> Decoded | Held | Refused:
    """Read `file` (seekable, binary) once through and say what it is. Memory stays below 2 MB."""
    raise NotImplementedError


def text(file: BinaryIO, decoded: Decoded) -> Iterator[str]:
    """The text of `file` in pieces of about 256 k characters, mark taken off, line ends as they are."""
    raise NotImplementedError
