"""The wall at a real terminal: nothing personal in its bytes, nothing that moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from night import MOMENT
from terminals import Terminal

from commandpost.clock import ScenarioClock
from commandpost.places import PostPlaces

PRIVATE = (
    "季云帆",
    "鲁平安",
    "宋望舒",
    "3栋2单元501",
    "501",
    "13871234567",
    "鄂A12345",
    "探望",
    "台账甲",
    "36.4",
)
KEYS = (
    "q", "\x11", "\x10", "\x03", "\x1a", "\x1b", "\x1bOP", "1", "\r", "0", "\t", "z", "你",
    "\x1b[200~q\x11 1\x1b[201~", "\x1b[<0;10;10M\x1b[<0;10;10m", "\x1b[<64;10;10M",
)  # fmt: skip


@pytest.mark.parametrize(
    ("size", "environment"),
    [
        ((200, 60), {}),
        pytest.param((80, 24), {"TERM": "xterm"}, marks=pytest.mark.long),
        pytest.param((120, 36), {"NO_COLOR": "1"}, marks=pytest.mark.long),
    ],
)
def test_a_wall_shows_nothing_personal_and_stays_whatever_is_pressed(
    filled: PostPlaces,
    terminal: Callable[..., Terminal],
    size: tuple[int, int],
    environment: dict[str, str],
) -> None:
    wall = terminal(
        "kiosk", "--clock", str(ScenarioClock(MOMENT, datetime.now(UTC))), size=size, **environment
    )
    wall.sees("季*")
    wall.settle()
    for keys in KEYS:
        wall.child.send(keys)
    wall.settle()
    assert wall.child.isalive()
    assert "季*" in wall.text()
    for word in PRIVATE:
        assert word.encode() not in wall.bytes, word
    assert b"\x1b[?1000h" not in wall.bytes
    assert b"]52;" not in wall.bytes
    if "NO_COLOR" in environment:
        assert b"38;" not in wall.bytes
        assert b"48;" not in wall.bytes
    if environment.get("TERM") == "xterm":
        assert b"38;5;" not in wall.bytes
        assert b"38;2;" not in wall.bytes
    assert not (filled.root / "watch.log").exists()
