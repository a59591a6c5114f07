"""What each tone looks like: 256 colours, 16 colours, none. Tones are names of meaning, not of colour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Colours = Literal["256", "16", "none"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a span is drawn. `fg` and `ground` are #RRGGBB, or in the 16-colour table one of the
    terminal's own names (`bright_yellow`), or empty for the terminal's default."""

    fg: str = ""
    ground: str = ""
    bold: bool = False
    dim: bool = False
    reverse: bool = False


BACKGROUND = "#121212"
PAPER: dict[Colours, str] = {"256": BACKGROUND, "16": "black", "none": ""}
"""The ground of everything that lies on none of its own."""
TEXT = "#EEEEEE"
MUTED = "#B2B2B2"
STALE = "#9E9E9E"
LINE = "#767676"
FOCUS = "#87D7FF"
OK = "#5FD7AF"
WARNING = "#FFD75F"
CRITICAL = "#FF875F"
PAST = "#D7AFFF"
SPARK = "#5FAFD7"

LOOKS_256: dict[str, Look] = {
    "text": Look(TEXT),
    "strong": Look(TEXT, bold=True),
    "muted": Look(MUTED),
    "critical": Look(CRITICAL, bold=True),
    "critical-block": Look(BACKGROUND, CRITICAL, bold=True),
    "warning": Look(WARNING, bold=True),
    "warning-block": Look(BACKGROUND, WARNING, bold=True),
    "info": Look(FOCUS),
    "ok": Look(OK, bold=True),
    "focus": Look(FOCUS),
    "focus-title": Look(BACKGROUND, FOCUS, bold=True),
    "cursor": Look(FOCUS),
    "key": Look(FOCUS, bold=True),
    "stale": Look(STALE),
    "stale-block": Look(BACKGROUND, STALE, bold=True),
    "past": Look(PAST),
    "past-title": Look(BACKGROUND, PAST, bold=True),
    "spark": Look(SPARK),
    "spark-now": Look(FOCUS),
    "line": Look(LINE),
    "bar": Look(SPARK),
    "bar-rest": Look(LINE),
    "header": Look(TEXT),
    "header-strong": Look(TEXT, bold=True),
    "header-muted": Look(MUTED),
    "header-accent": Look(FOCUS, bold=True),
    "shift-edge": Look(FOCUS),
    "gap": Look(CRITICAL),
}
GROUNDS_256: dict[str, str] = {
    "critical-row": "#5F0000",
    "selected": "#3A3A3A",
    "header": "#303030",
    "past": PAST,
    "shift-now": "#005F87",
    "shift-later": "#444444",
}

# Nearest-colour mapping fails on 16: muted turns bright black, which many palettes cannot be read in.
# Two habits of the terminals that have only these: bold turns the first eight colours into their bright
# ones (bold black is grey), and the Linux console has no bright grounds. So nothing bold in the first
# eight, and every ground one of them; black itself is painted, for a window may be white.
_NAVY, _WHITE = "blue", "bright_white"
LOOKS_16: dict[str, Look] = {
    **{name: Look(bold=look.bold) for name, look in LOOKS_256.items()},
    "text": Look(_WHITE),
    "strong": Look(_WHITE, bold=True),
    "muted": Look("white"),
    "critical": Look("bright_red", bold=True),
    "critical-block": Look(_WHITE, "red", bold=True),
    "warning": Look("bright_yellow", bold=True),
    "warning-block": Look("bright_yellow", _NAVY, bold=True),
    "info": Look("bright_cyan"),
    "ok": Look("bright_green", bold=True),
    "focus": Look("bright_cyan"),
    "focus-title": Look("black", "cyan"),
    "cursor": Look("bright_cyan"),
    "key": Look("bright_cyan", bold=True),
    "stale": Look("white"),
    "stale-block": Look("black", "white"),
    "past": Look("bright_magenta"),
    "past-title": Look(_WHITE, "magenta", bold=True),
    "spark": Look("white"),
    "spark-now": Look("bright_cyan"),
    "line": Look("white"),
    "bar": Look("bright_cyan"),
    "bar-rest": Look("white"),
    "header": Look(_WHITE),
    "header-strong": Look(_WHITE, bold=True),
    "header-muted": Look("white"),
    "header-accent": Look("bright_cyan", bold=True),
    "shift-edge": Look("bright_cyan"),
    "gap": Look("bright_red"),
}
GROUNDS_16: dict[str, str] = {
    "critical-row": "",
    "selected": _NAVY,
    "header": _NAVY,
    "past": "magenta",
    "shift-now": _NAVY,
    "shift-later": "",
}

LOOKS_NONE: dict[str, Look] = {
    name: Look(
        bold=look.bold,
        reverse=name.endswith("-block") or name.endswith("-title"),
        dim=name in ("line", "bar-rest"),
    )
    for name, look in LOOKS_256.items()
}
GROUNDS_NONE: dict[str, bool] = {
    "critical-row": False,
    "selected": False,
    "header": True,
    "past": True,
    "shift-now": True,
    "shift-later": False,
}
"""Which grounds are drawn in reverse where there is no colour."""


def look(tone: str, ground: str = "", colours: Colours = "256") -> Look:
    """How a span of `tone` on `ground` is drawn. KeyError for a name that does not exist."""
    if colours == "none":
        plain = LOOKS_NONE[tone]
        return replace(plain, reverse=plain.reverse != GROUNDS_NONE[ground]) if ground else plain
    looks, grounds = (LOOKS_256, GROUNDS_256) if colours == "256" else (LOOKS_16, GROUNDS_16)
    found = looks[tone]
    if not ground:
        return found
    if ground == "past":
        return Look(_WHITE if colours == "16" else BACKGROUND, grounds["past"], found.bold)
    if colours == "16" and grounds[ground] == _NAVY:
        if found.fg == "bright_red":
            return looks["critical-block"]
        if found.fg == "white":
            found = replace(found, fg=_WHITE)
    if found.ground:
        return found
    return replace(found, ground=grounds[ground])
