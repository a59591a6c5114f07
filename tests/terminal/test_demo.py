"""The live demo at a terminal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from terminals import START, Terminal, alive


@pytest.mark.long
def test_the_demo_lives_and_leaves_nothing_behind(tmp_path: Path) -> None:
    one = Terminal("demo", TMPDIR=str(tmp_path))

    def counted() -> list[str]:
        """What the panes' heads count: ages and the clock, which change by themselves, stand elsewhere."""
        return [line[:40] for line in one.text().split("\n") if line[:1] in "━─" and line[2:3].isdigit()]

    try:
        one.sees("门岗通行", limit=4 * START)
        one.until(lambda: len(counted()) == 4 and "进" in counted()[0], 4 * START)
        before = counted()
        # Something new every few seconds; more of them while other tests load the machine.
        one.until(lambda: len(counted()) == 4 and counted() != before, START)
        children = one.children()
        assert list(tmp_path.glob("commandpost-demo-*"))
        one.child.send("q")
        one.sees("再按一次退出")
        one.child.send("q")
        end = time.monotonic() + START
        while any(map(alive, (one.pid, *children))) and time.monotonic() < end:
            one.pump()
        while one.pump():
            pass
        one.child.wait()
        assert one.child.exitstatus == 0
        assert not any(map(alive, children))
        assert not list(tmp_path.iterdir())
    finally:
        one.end()
