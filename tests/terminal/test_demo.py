"""The live demo at a terminal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from terminals import START, Terminal, alive


@pytest.mark.long
def test_the_demo_lives_and_leaves_nothing_behind(tmp_path: Path) -> None:
    one = Terminal("demo", size=(120, 36), TMPDIR=str(tmp_path))
    try:
        one.sees("门岗通行", 4 * START)
        one.sees("最近接收", 4 * START)
        latest = next(line for line in one.text().split("\n") if "最近接收" in line)
        # Something new every few seconds.
        one.until(lambda: "最近接收" in one.text() and latest not in one.text(), 15)
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
