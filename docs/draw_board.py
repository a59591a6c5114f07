"""Draws docs/board.svg: the demo's evening as the board's own drawing code shows it. Run by `make picture`."""

from __future__ import annotations

import tempfile
from datetime import datetime
from html import escape
from pathlib import Path

from commandpost import picture
from commandpost.board.frame import View, whole
from commandpost.board.lines import Line, width
from commandpost.board.panes.edges import keys_of
from commandpost.board.tones import BACKGROUND, look
from commandpost.cli.init import make_post
from commandpost.demo.history import play_history
from commandpost.demo.scenario import load
from commandpost.settings import parse_settings
from commandpost.store.engine import open_post
from commandpost.words import Words

SIZE = (120, 36)
CELL, ROW = 9.0, 20.0
"""Pixels of a cell's width and height."""
AT = datetime.fromisoformat("2020-02-09T19:13+08:00")


def board() -> tuple[Line, ...]:
    """The board's lines on the evening of 9 February, from a post made for it."""
    scenario = load("residential-park")
    with tempfile.TemporaryDirectory() as folder:
        places = make_post(Path(folder), scenario.post)
        play_history(places, scenario, AT, scenario.live)
        engine = open_post(places, readonly=True)
        seen = picture.at(engine, AT, parse_settings(scenario.post))
        engine.dispose()
    words = Words("zh")
    return whole(seen, SIZE, View(keys=keys_of("board", words, len(seen.todo))), words)


def svg(lines: tuple[Line, ...]) -> str:
    """The lines as SVG: every span at its cell, so that any font keeps the columns."""
    across, down = SIZE[0] * CELL, SIZE[1] * ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across + 20:g} {down + 20:g}" '
        'font-family="Sarasa Mono SC, Noto Sans Mono CJK SC, Menlo, Consolas, monospace" font-size="15" '
        'xml:space="preserve">',
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
    ]
    for n, line in enumerate(lines):
        x, y = 10.0, 10 + n * ROW
        for span in line:
            long = width(span.text) * CELL
            shown = look(span.tone, span.ground)
            if shown.ground:
                parts.append(
                    f'<rect x="{x:g}" y="{y:g}" width="{long:g}" height="{ROW:g}" fill="{shown.ground}"/>'
                )
            bold = ' font-weight="bold"' if shown.bold else ""
            for char in span.text:
                wide = width(char) * CELL
                if char != " ":
                    parts.append(
                        f'<text x="{x:g}" y="{y + 15:g}" textLength="{wide:g}" '
                        f'lengthAdjust="spacingAndGlyphs" fill="{shown.fg}"{bold}>{escape(char)}</text>'
                    )
                x += wide
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    Path(__file__).with_name("board.svg").write_text(svg(board()), "utf-8")
