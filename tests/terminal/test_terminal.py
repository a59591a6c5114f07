"""The program at a real terminal: a pty, its bytes read back by an emulator."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from terminals import Terminal, alive

from commandpost.places import PostPlaces

GONE = 10.0
"""Seconds from a signal to the end of all processes, at most: how long it takes is measured by `make bench`."""
LEAVES = b"\x1b[?1049l"
MOUSE_OFF = b"\x1b[?1000l"
CURSOR = b"\x1b[?25h"


def save(places: PostPlaces, rows: str) -> None:
    unfinished = places.root / "unfinished"
    unfinished.write_text("时间,门岗,方向,姓名,体温,结果\n" + rows, "utf-8")
    unfinished.rename(places.drops / "北门日志.csv")


def today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 - 86_400))


def test_a_saved_sheet_is_seen_and_its_row_opened(
    terminal: Callable[..., Terminal], post_places: PostPlaces
) -> None:
    one = terminal()
    one.sees("未接入")
    save(post_places, f"{today()} 08:01,北门,进,季云帆,36.5,放行\n")
    one.sees("季云帆")
    one.child.send("1\r")
    one.child.send("\r")
    one.sees("北门日志.csv")
    one.sees("08:01,北门,进,季云帆,36.5,放行")
    one.child.send("\x7f")
    one.sees("门岗通行")


@pytest.mark.parametrize(
    "how",
    [
        "SIGTERM",
        "closed",
        *(pytest.param(how, marks=pytest.mark.long) for how in ("SIGHUP", "SIGINT", "keys")),
    ],
)
def test_the_terminal_is_restored_and_all_is_gone(terminal: Callable[..., Terminal], how: str) -> None:
    one = terminal()
    one.sees("未接入")
    children = one.children()
    assert children
    if how == "keys":
        one.child.send("q")
        one.sees("再按一次退出")
    one.bytes = b""
    began = time.monotonic()
    if how == "closed":
        one.child.ptyproc.fileobj.close()
    elif how == "keys":
        one.child.send("q")
    else:
        os.kill(one.pid, getattr(signal, how))
    while any(map(alive, (one.pid, *children))):
        assert time.monotonic() - began < GONE, "still there"
        if how == "closed":
            time.sleep(0.01)
        else:
            one.pump()
    if how != "closed":
        while one.pump():
            pass
        for sequence in (LEAVES, MOUSE_OFF, CURSOR):
            assert sequence in one.bytes
        one.child.wait()
        assert one.child.exitstatus == {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130, "keys": 0}[how]
    else:
        one.end()


def test_no_terminal_is_one_line_and_exit_2(post_places: PostPlaces) -> None:
    post_places.settings.write_text("")
    for command in ((), ("kiosk",)):
        done = subprocess.run(
            [sys.executable, "-m", "commandpost", *command, "--post", str(post_places.root)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert len(done.stderr.decode().strip().split("\n")) == 1


def test_a_simple_terminal_gets_text(terminal: Callable[..., Terminal]) -> None:
    one = terminal(TERM="dumb")
    one.sees("门岗通行")
    while one.pump():
        pass
    assert b"\x1b[" not in one.bytes


@pytest.mark.parametrize("how", ["exported", pytest.param("redirected", marks=pytest.mark.long)])
def test_the_board_is_as_large_as_its_terminal_whatever_the_shell_says(
    terminal: Callable[..., Terminal], post_places: PostPlaces, how: str
) -> None:
    said = {"COLUMNS": "80", "LINES": "24"} if how == "exported" else {}
    one = terminal(
        size=(120, 36), stdout=str(post_places.root / "out") if how == "redirected" else "", **said
    )

    def fills(width: int, height: int) -> bool:
        foot = one.text().split("\n")[height - 1]
        return "F1" in foot and one.screen.buffer[5][width - 1].data == "╮"

    one.until(lambda: fills(120, 36))
    one.screen.resize(40, 130)
    one.child.setwinsize(40, 130)
    one.until(lambda: fills(130, 40))
