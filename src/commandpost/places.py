"""Where files are: the program's own (styles, data) and a post's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """`styles` or `data`: inside the wheel, else at the top of the checkout.

    Both are looked for because an editable install has no copy inside the package.
    """
    inside = _PACKAGE / "_files" / name
    return inside if inside.is_dir() else _PACKAGE.parent.parent / name


STYLES = _shipped("styles")
DATA = _shipped("data")
LOCALE = DATA / "locale"
SCENARIOS = DATA / "scenarios"


def default_post() -> Path:
    """The post used when none is named: `COMMANDPOST_HOME`, else the XDG data directory."""
    home = os.environ.get("COMMANDPOST_HOME")
    if home:
        return expanded(home)
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return expanded(data) / "commandpost"


def expanded(path: Path | str) -> Path:
    """`path` with ~ filled in; ~nobody of whom the system knows nothing is left as it is."""
    return Path(os.path.expanduser(path))


@dataclass(frozen=True, slots=True)
class PostPlaces:
    """The files of one post, all below `root`."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "post.toml"

    @property
    def database(self) -> Path:
        return self.root / "post.db"

    @property
    def drops(self) -> Path:
        """Where field teams save: `drops/FILE` or `drops/TEAM/FILE`."""
        return self.root / "drops"

    @property
    def returned(self) -> Path:
        return self.root / "returned"

    @property
    def archive(self) -> Path:
        """Originals by content: `archive/ab/abcdef….bin`."""
        return self.root / "archive"

    @property
    def watch_lock(self) -> Path:
        return self.root / "watch.lock"

    @property
    def signal(self) -> Path:
        """The unix datagram socket folder for change signals."""
        return self.root / "signals"
