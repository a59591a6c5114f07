"""Every tone can be read: contrast of text at least 4.5, of signs at least 7."""

from __future__ import annotations

import pytest

from commandpost.board import tones

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
PALETTES = {
    "console": "000000 AA0000 00AA00 AA5500 0000AA AA00AA 00AAAA AAAAAA "
    "555555 FF5555 55FF55 FFFF55 5555FF FF55FF 55FFFF FFFFFF",
    "putty": "000000 BB0000 00BB00 BBBB00 0000BB BB00BB 00BBBB BBBBBB "
    "555555 FF5555 55FF55 FFFF55 5555FF FF55FF 55FFFF FFFFFF",
    "xterm": "000000 CD0000 00CD00 CDCD00 0000EE CD00CD 00CDCD E5E5E5 "
    "7F7F7F FF0000 00FF00 FFFF00 5C5CFF FF00FF 00FFFF FFFFFF",
}
"""The sixteen colours of the terminals that have no more, as they come; the Linux console has VGA's."""
SIGNS = ("critical-block", "warning", "info", "critical", "warning-block", "focus", "focus-title", "cursor")


RED = {("critical", "xterm"): 5.3, ("critical", "console"): 6.7, ("critical", "putty"): 6.7, ("critical-block", "xterm"): 5.8, ("critical-block", "putty"): 6.7}  # fmt: skip
"""Where no red of the palette gives a sign 7 on black or under white; the console's block has 7.7."""


def luminance(colour: str) -> float:
    """WCAG 2.1 relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on(terminal: str, name: str, *, bold: bool = False, ground: bool = False) -> str:
    """What a terminal makes of a colour: bold brightens the first eight; the console dims bright grounds."""
    number = NAMES.index(name.removeprefix("bright_"))
    bright = name.startswith("bright_") or bold
    if ground and terminal == "console":
        bright = False
    return "#" + PALETTES[terminal].split()[number + 8 * bright]


def shown(tone: str, ground: str, terminal: str) -> float:
    """The contrast of a tone on a ground; `terminal`: 256, or one of the palettes."""
    if terminal == "256":
        look = tones.look(tone, ground, "256")
        return contrast(look.fg, look.ground or tones.PAPER["256"])
    look = tones.look(tone, ground, "16")
    paper = look.ground or tones.PAPER["16"]
    return contrast(on(terminal, look.fg, bold=look.bold), on(terminal, paper, ground=True))


LAID = {
    "critical-row": ("text", "strong", "critical", "gap"),
    "selected": ("text", "strong", "muted", "critical", "warning", "info", "cursor"),
    "header": ("header", "header-strong", "header-muted", "header-accent", "warning", "info"),
    "shift-now": ("text", "strong", "warning"),
    "shift-later": ("text", "warning", "shift-edge"),
    "past": ("past-title",),
}
"""What is laid on which ground."""


@pytest.mark.parametrize("terminal", ["256", *PALETTES])
def test_text_has_a_contrast_of_four_and_a_half(terminal: str) -> None:
    for tone in tones.LOOKS_256:
        if tone in ("line", "bar-rest"):
            continue
        assert shown(tone, "", terminal) >= 4.5, tone
    for ground, laid in LAID.items():
        for tone in laid:
            assert shown(tone, ground, terminal) >= 4.5, (tone, ground)


@pytest.mark.parametrize("terminal", ["256", *PALETTES])
def test_signs_have_a_contrast_of_seven(terminal: str) -> None:
    for tone in SIGNS:
        least = RED.get((tone, terminal), 7)
        assert round(shown(tone, "", terminal), 1) >= least, tone


def test_the_three_tables_know_the_same_tones() -> None:
    assert tones.LOOKS_256.keys() == tones.LOOKS_16.keys() == tones.LOOKS_NONE.keys()
    assert tones.GROUNDS_256.keys() == tones.GROUNDS_16.keys() == tones.GROUNDS_NONE.keys()


def test_without_colour_nothing_has_a_colour() -> None:
    for tone in tones.LOOKS_256:
        for ground in ("", *tones.GROUNDS_256):
            look = tones.look(tone, ground, "none")
            assert (look.fg, look.ground) == ("", "")
