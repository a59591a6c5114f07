"""Waiting with a board that has no terminal."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from commandpost.board.widgets.lines_view import LinesView

LIMIT = 15.0
"""Seconds a condition has to come true, on a machine that is busy with other tests."""


async def until(pilot: Any, met: Callable[[], object]) -> None:
    """What a key or a message leads to, however many queues it goes through."""
    end = monotonic() + LIMIT
    while not met():
        assert monotonic() < end, "not seen"
        await pilot.pause(0.02)


async def painted(pilot: Any) -> None:
    """What no key asked for waits up to 100 ms: until nothing waits."""
    await pilot.pause()
    await until(
        pilot,
        lambda: not any(view.waits for screen in pilot.app.screen_stack for view in screen.query(LinesView)),
    )
    await pilot.pause()
