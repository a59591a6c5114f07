"""The board over a real sshd on loopback: it shows, it takes keys, and it leaves with its client."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
LIMIT = 30.0


def _until(condition: Callable[[], bool], what: str, limit: float = LIMIT) -> float:
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > limit:
            pytest.fail(f"not within {limit:.0f} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - start


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post(tmp_path: Path) -> Path:
    folder = tmp_path / "post"
    subprocess.run(
        [sys.executable, "-m", "commandpost", "init", folder], check=True, stdout=subprocess.DEVNULL
    )
    return folder


@pytest.fixture
def ssh(tmp_path: Path, post: Path) -> Iterator[list[str]]:
    """The client's command line; the server gives it the board of `post` and nothing else."""
    if not Path(SSHD).exists() or not shutil.which("ssh"):
        if os.environ.get("CI") == "true":
            pytest.fail("openssh-server and openssh-client must be installed where CI=true")
        pytest.skip("no sshd found (Debian: openssh-server)")
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    command = f"{sys.executable} -m commandpost --post {post} --lang zh"
    (folder / "authorized").write_text(
        f'restrict,pty,command="{command}" {(folder / "client.pub").read_text()}', "utf-8"
    )
    port = _free_port()
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\n"
        f"AuthorizedKeysFile {folder / 'authorized'}\nStrictModes no\nUsePAM no\n"
        f"PasswordAuthentication no\nPermitRootLogin yes\nPidFile {folder / 'pid'}\n",
        "utf-8",
    )
    if os.geteuid() == 0:
        # sshd run by root separates its privileges into this folder.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "config"], stderr=log)
    try:

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        _until(listens, "sshd listens")
        yield [
            "ssh", "-tt", "-F", "none", "-i", str(folder / "client"), "-p", str(port),
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
            f"{getpass.getuser()}@127.0.0.1",
        ]  # fmt: skip
    finally:
        server.terminate()
        server.wait(10)


class Session:
    """A client in a pseudo-terminal, its screen kept."""

    def __init__(self, command: list[str]) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.client = pexpect.spawn(
            command[0], command[1:], dimensions=(24, 80), env={**os.environ, "TERM": "xterm-256color"}
        )

    def shows(self, text: str) -> bool:
        with contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF):
            self._stream.feed(self.client.read_nonblocking(65536, 0.05))
        rows = self.screen.buffer
        return any(text in "".join(rows[y][x].data for x in range(80)) for y in range(24))


def _boards(post: Path) -> list[int]:
    """The processes that run on this post."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if os.fsencode(post) in words and b"commandpost" in words:
                found.append(int(entry.name))
    return found


def test_the_board_shows_over_ssh_and_takes_a_sheet(ssh: list[str], post: Path) -> None:
    session = Session(ssh)
    _until(lambda: session.shows("尚未收到"), "the empty board")
    sheet = "时间,门岗,方向,姓名,体温\r\n2020-02-10 08:00,北门,进,骆天择,36.5\r\n"
    (post / "part").write_text(sheet, "utf-8")
    (post / "part").rename(post / "drops" / "a.csv")
    _until(lambda: session.shows("骆天择"), "the row")
    session.client.send("qq")
    _until(lambda: not session.shows("\0") and not session.client.isalive(), "the session's end")
    _until(lambda: not _boards(post), "the end of board and intake", 5)


def test_a_client_that_dies_leaves_nothing_behind(ssh: list[str], post: Path) -> None:
    session = Session(ssh)
    _until(lambda: session.shows("尚未收到"), "the empty board")
    assert len(_boards(post)) >= 2
    session.client.kill(9)
    took = _until(lambda: not _boards(post), "the end of board and intake", 10)
    assert took < 5


def test_the_key_opens_the_board_and_nothing_else(ssh: list[str], post: Path) -> None:
    done = subprocess.run([*ssh[:1], "-T", *ssh[2:], "id"], capture_output=True, timeout=LIMIT)
    assert b"uid=" not in done.stdout
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
