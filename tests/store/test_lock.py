"""The post's lock is free again the moment its owner dies, however it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commandpost.errors import CommandpostError
from commandpost.store.lock import Locked, PostLock, is_held

OWNER = """
import subprocess, sys, time
from pathlib import Path
from commandpost.store.lock import PostLock
lock = PostLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
if len(sys.argv) > 2:
    child = subprocess.Popen(["sleep", "60"], close_fds=False)
    print(child.pid, flush=True)
time.sleep(60)
"""


def _owner(path: Path, *more: str) -> subprocess.Popen[str]:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(path), *more], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "True\n"
    return owner


def _free_within(path: Path, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while is_held(path):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_an_owner_that_dies_frees_it(tmp_path: Path, how: signal.Signals) -> None:
    path = tmp_path / "watch.lock"
    owner = _owner(path)
    assert is_held(path)
    assert not PostLock(path).take()
    owner.send_signal(how)
    owner.wait(10)
    assert _free_within(path, 2)
    with PostLock(path):
        pass


def test_a_child_that_outlives_the_owner_does_not_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "watch.lock"
    owner = _owner(path, "child")
    assert owner.stdout is not None
    child = int(owner.stdout.readline())
    try:
        owner.kill()
        owner.wait(10)
        assert _free_within(path, 2)
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_fork_does_not_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "watch.lock"
    lock = PostLock(path)
    assert lock.take()
    read, hold = os.pipe()
    child = os.fork()
    if not child:
        os.close(hold)
        os.read(read, 1)
        os._exit(0)
    os.close(read)
    try:
        lock.release()
        # The child drops its copy right after the fork, which may come a moment later.
        assert _free_within(path, 5)
    finally:
        os.close(hold)
        os.waitpid(child, 0)


def test_two_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    with PostLock(tmp_path / "lock"), pytest.raises(Locked), PostLock(tmp_path / "lock"):
        pass
    assert not is_held(tmp_path / "lock")


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandpostError, match="cannot be locked"):
        PostLock(tmp_path / "nowhere" / "lock").take()
