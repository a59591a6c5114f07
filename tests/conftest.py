"""Posts and databases for every test: real files, a real SQLite, a real PostgreSQL where there is one."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, text

from commandpost.places import PostPlaces
from commandpost.store.engine import connect, open_post

# A shell starts what it puts in the background with Ctrl-C ignored, and children inherit that: tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Seconds are measured by `make bench`: a busy machine fails no test.
hypothesis_settings.register_profile("suite", hypothesis_settings.default, deadline=None)
hypothesis_settings.register_profile("fuzz", max_examples=2000, deadline=None)
hypothesis_settings.load_profile("fuzz" if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else "suite")


@pytest.fixture
def post_places(tmp_path: Path) -> PostPlaces:
    """The places of an empty post."""
    root = tmp_path / "post"
    root.mkdir()
    return PostPlaces(root)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite post as migrated, to be copied: migrating takes 150 ms, copying none."""
    root = tmp_path_factory.mktemp("migrated")
    engine = open_post(PostPlaces(root))
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return root / "post.db"


class _Capabilities(ctypes.Structure):
    """capset(2), version 3: the header, then (effective, permitted, inheritable) twice."""

    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int), ("sets", ctypes.c_uint32 * 6)]


@pytest.fixture
def permissions_count() -> Iterator[None]:
    """Modes hold in this thread for root too: without CAP_DAC_OVERRIDE (1) and CAP_DAC_READ_SEARCH (2)."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)

    def call(name: str, of: _Capabilities) -> None:
        sets = ctypes.byref(of, _Capabilities.sets.offset)
        if getattr(libc, name)(ctypes.byref(of), sets) != 0:
            raise OSError(ctypes.get_errno(), name)

    before = _Capabilities(version=0x20080522)
    call("capget", before)
    without = _Capabilities.from_buffer_copy(before)
    without.sets[0] &= ~0b110
    call("capset", without)
    yield
    call("capset", before)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a throw-away cluster's own database, on a unix socket only; stopped by its own pid."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL must be installed where CI=true")
        pytest.skip("no PostgreSQL binaries found (/usr/lib/postgresql/*/bin)")
    # A socket's path may have 107 bytes, which pytest's own folders can exceed.
    root = Path(tempfile.mkdtemp(prefix="cp-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        # initdb refuses to run as root.
        shutil.chown(root, user)
    data = root / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "post", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        check=True, user=user, cwd=root, **quiet,
    )  # fmt: skip
    options = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=30"
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", root, *options.split()], user=user, cwd=root, **quiet
    )
    try:
        url = f"postgresql://post@/postgres?host={root}"
        _wait_until_up(url, server)
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(root, ignore_errors=True)


def _wait_until_up(url: str, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    until = time.monotonic() + 30
    while True:
        assert server.poll() is None, "the PostgreSQL server ended"
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < until, "the PostgreSQL server does not answer"
            time.sleep(0.05)


MakeEngine = Callable[[], Engine]


@pytest.fixture
def sqlite_engine(migrated: Path, tmp_path: Path) -> Iterator[MakeEngine]:
    """Makes engines of new SQLite posts."""
    made: list[Engine] = []

    def make() -> Engine:
        root = tmp_path / uuid4().hex[:8]
        root.mkdir()
        shutil.copy(migrated, root / "post.db")
        made.append(connect(PostPlaces(root)))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def postgresql_engine(postgresql: str, post_places: PostPlaces) -> Iterator[MakeEngine]:
    """Makes engines of PostgreSQL posts: one database, emptied each time."""
    engine = open_post(post_places, postgresql)

    def make() -> Engine:
        with engine.begin() as connection:
            names = connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ).scalars()
            wanted = ", ".join(f'"{name}"' for name in names if name != "alembic_version")
            connection.execute(text(f"TRUNCATE {wanted}"))
        return engine

    yield make
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def make_engine(request: pytest.FixtureRequest) -> MakeEngine:
    """Makes engines of new posts, on each database."""
    make: MakeEngine = request.getfixturevalue(f"{request.param}_engine")
    return make


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """A new post, on each database."""
    return make_engine()
