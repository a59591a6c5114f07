"""Lines of styled text measured in terminal cells, and the one cleaning of what came from outside.

A drawing is a tuple of lines, a line a tuple of spans. Nothing here knows a terminal, Textual or Rich.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from wcwidth import wcwidth


class Span(NamedTuple):
    """Text in one tone (`tones.py`), on a ground when it lies on one. Text from data only via `data`."""

    text: str
    tone: str = "text"
    ground: str = ""


Line = tuple[Span, ...]

ELLIPSIS = "…"
_SEQUENCE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC with its payload
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI
    r"|\x1b[ -/]*[0-~]?"
)
_UNSURE = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B50, 0x2B55), (0x231A, 0x231B), (0x23E9, 0x23F3))
"""Pictographs whose width terminals disagree about; shown as □."""
_SURE_SIGNS = frozenset("✓✗☆★")


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\t\n\r\v\f\x85" or category in ("Zs", "Zl", "Zp"):
        return " "
    if category in ("Cc", "Cf", "Mn", "Me") or 0xFE00 <= ord(char) <= 0xFE0F:
        return ""
    if category in ("Cs", "Co", "Cn"):
        return "?"
    if char not in _SURE_SIGNS and any(low <= ord(char) <= high for low, high in _UNSURE):
        return "□"
    cells = wcwidth(char)
    return char if cells > 0 else ""


@lru_cache(maxsize=8192)
def safe(text: str) -> str:
    """Outside text as a screen may show it, on one line: no escape sequence, control, format or
    direction character, no combining mark that would not compose, no character of unsure width."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", _SEQUENCE.sub("", text))
    return "".join(map(_shown, text))


_cells: dict[str, int] = {}


def width(text: str) -> int:
    """Cells that `text` takes: CJK and full-width 2, combining 0, everything else (ambiguous too) 1."""
    if text.isascii():
        return len(text)
    total = 0
    for char in text:
        cells = _cells.get(char)
        if cells is None:
            # The ideographs alone are 100,000: the table may grow, but not with hostile text for ever.
            if len(_cells) > 20_000:
                _cells.clear()
            cells = _cells[char] = max(wcwidth(char), 0)
        total += cells
    return total


def take(text: str, cells: int) -> str:
    """The longest beginning of `text` that fits in `cells`."""
    used = 0
    for index, char in enumerate(text):
        used += width(char)
        if used > cells:
            return text[:index]
    return text


def cut(text: str, cells: int) -> str:
    """`text` in at most `cells`, ending in … when something was left off."""
    if cells <= 0:
        return ""
    if width(text) <= cells:
        return text
    return take(text, cells - 1) + ELLIPSIS


def pad(text: str, cells: int, right: bool = False) -> str:
    """`text` in exactly `cells`: cut with an ellipsis or filled with blanks, at its left when `right`."""
    text = cut(text, cells)
    blanks = " " * (cells - width(text))
    return blanks + text if right else text + blanks


def data(text: str, tone: str = "text", ground: str = "") -> Span:
    """A span of outside text, cleaned."""
    return Span(safe(text), tone, ground)


def length(line: Iterable[Span]) -> int:
    return sum(width(span.text) for span in line)


def fit(line: Iterable[Span], cells: int) -> Line:
    """The line in exactly `cells`: cut with an ellipsis, or filled with blanks."""
    spans = [span for span in line if span.text]
    left = cells - length(spans)
    if left >= 0:
        if left:
            spans.append(Span(" " * left))
        return tuple(spans)
    kept: list[Span] = []
    room = cells
    for span in spans:
        size = width(span.text)
        if size >= room:
            # Something follows or is cut here, so the ellipsis belongs into this span.
            kept.append(span._replace(text=pad(take(span.text, room - 1) + ELLIPSIS, room)) if room else span)
            break
        kept.append(span)
        room -= size
    return tuple(span for span in kept if width(span.text)) if cells > 0 else ()


def spread(left: Iterable[Span], right: Iterable[Span], cells: int) -> Line:
    """`left` at the left, `right` at the right; `left` gives way."""
    tail = tuple(right)
    room = cells - length(tail)
    if room < 0:
        return fit(tail, cells)
    return fit((*fit(left, room), *tail), cells)


def on(line: Iterable[Span], ground: str) -> Line:
    """The line laid on a ground; spans that have their own keep it."""
    return tuple(span if span.ground else span._replace(ground=ground) for span in line)


def between(line: Iterable[Span], start: int, stop: int) -> Line:
    """Cells `start` up to `stop` of a line; a wide character cut in two leaves a blank."""
    found: list[Span] = []
    at = 0
    for span in line:
        text = ""
        for char in span.text:
            cells = width(char)
            inside = min(at + cells, stop) - max(at, start)
            text += char if inside == cells else " " * max(inside, 0)
            at += cells
        if text:
            found.append(span._replace(text=text))
    return tuple(found)


def over(beneath: Iterable[Line], box: Iterable[Line], x: int, y: int) -> tuple[Line, ...]:
    """The lines with a box of lines in front of them, its first cell at (x, y); what lies outside is cut off."""
    laid = list(beneath)
    for row, part in enumerate(box, y):
        if 0 <= row < len(laid):
            whole = length(laid[row])
            shown = between(part, 0, whole - x)
            right = between(laid[row], x + length(shown), whole)
            laid[row] = (*between(laid[row], 0, x), *shown, *right)
    return tuple(laid)


def blank(cells: int) -> Line:
    return (Span(" " * cells),) if cells > 0 else ()


def joined(parts: Iterable[tuple[Line, int]]) -> Line:
    """Lines side by side, each in its width."""
    return tuple(span for line, cells in parts for span in fit(line, cells))


def text_of(line: Iterable[Span]) -> str:
    return "".join(span.text for span in line)


def as_text(lines: Iterable[Line]) -> str:
    """The lines as plain text, without trailing blanks."""
    return "\n".join(text_of(line).rstrip() for line in lines)


_ASCII = str.maketrans(
    {
        "─": "-",
        **dict.fromkeys("╭╮╰╯", "+"),
        "│": "|",
        **dict.fromkeys("━┃┏┓┗┛", "#"),
        "╌": ".",
        "┆": ":",
        "╍": "~",
        "┇": "!",
        **dict.fromkeys("═║╔╗╚╝", "="),
        "▌": "|",
        "░": "x",
        "█": "8",
        **{char: str(level) for level, char in enumerate("▁▂▃▄▅▆▇", 1)},
        "·": ".",
        "–": "-",
        "—": "-",
        "…": "~",
        "▸": ">",
        "▼": "v",
        "→": ">",
        "●": "*",
        "○": "o",
        "×": "x",
        "✓": "v",
        "✗": "x",
        "▰": "#",
        "▱": "-",
        "□": "?",
        "⏎": "=",
        "↑": "^",
        "↓": "v",
    }
)


def enter_in_words(text: str) -> str:
    """A key's name where no font has its sign."""
    return text.replace("⏎", "Enter")


def ascii_only(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The same lines with every drawn sign as an ASCII one of the same width (words stay)."""
    return tuple(
        tuple(
            span._replace(
                text=span.text.replace("▌", ">") if span.tone == "cursor" else span.text.translate(_ASCII)
            )
            for span in line
        )
        for line in lines
    )
