"""What arrived in drops/ and is complete."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a file sees; two equal looks are the same file, unwritten in between."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that is complete, to be taken in."""

    path: Path
    team: str
    """The first folder below drops/; empty for drops/FILE."""
    shown: str
    """The path below drops/, undecodable bytes and control characters made visible (Drop.path)."""
    look: Look

    def open(self) -> BinaryIO:
        """Open for reading; raises OSError when it is gone, `Changed` when it is another file by now."""
        raise NotImplementedError

    def still(self, file: BinaryIO) -> bool:
        """Whether nobody wrote it since `look`: to be asked after reading (copying to the archive)
        and before anything is written; when not, drop the copy: the inbox will bring it again."""
        raise NotImplementedError


class Changed(OSError):
    """The file is not the one that was looked at."""
