"""Opening a post, and what goes wrong with it, in one line each."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from commandpost.clock import RealClock
from commandpost.errors import CommandpostError
from commandpost.places import PostPlaces
from commandpost.store import engine as engine_module
from commandpost.store.engine import DatabaseBusy, connect, explain, open_post
from commandpost.store.records import Source
from commandpost.store.writing import write


def _source() -> Source:
    now = RealClock().now()
    return Source(sort="drop", at=now, said_at=now, team="东组")


def test_a_post_is_safe_against_a_power_cut(post_places: PostPlaces) -> None:
    with open_post(post_places).connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


def test_a_read_only_look_never_makes_a_file(post_places: PostPlaces) -> None:
    with pytest.raises(CommandpostError, match="no post here"):
        open_post(post_places, readonly=True)
    assert list(post_places.root.iterdir()) == []


def test_a_read_only_engine_cannot_write(post_places: PostPlaces) -> None:
    open_post(post_places).dispose()
    engine = open_post(post_places, readonly=True)
    with pytest.raises(CommandpostError, match="may not be written"), write(engine, RealClock(), _source()):
        pass


def test_errors_do_not_print_rows(post_places: PostPlaces) -> None:
    engine = open_post(post_places)
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as told:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "王建国"})
    assert "王建国" not in str(told.value)


def test_what_is_no_database_is_said_in_one_line(post_places: PostPlaces) -> None:
    post_places.database.write_bytes("姓名,体温\n".encode() * 500)
    for readonly in (False, True):
        with pytest.raises(CommandpostError, match="no post's database") as told:
            open_post(post_places, readonly=readonly)
        assert "\n" not in str(told.value)


def test_a_folder_in_the_database_s_place_is_said_in_one_line(post_places: PostPlaces) -> None:
    post_places.database.mkdir()
    with pytest.raises(CommandpostError, match="cannot be opened"):
        open_post(post_places)


@pytest.mark.usefixtures("permissions_count")
def test_an_unreadable_database_is_said_in_one_line(post_places: PostPlaces) -> None:
    open_post(post_places).dispose()
    post_places.database.chmod(0)
    with pytest.raises(CommandpostError, match="cannot be opened"):
        open_post(post_places, readonly=True)


def test_a_full_disk_is_said_in_one_line_and_nothing_half_done_stays(post_places: PostPlaces) -> None:
    engine = open_post(post_places)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def full() -> None:
        with write(engine, RealClock(), _source()) as writing:
            # SQLite's own limit gives the same error as a disk without room.
            writing.run(f"PRAGMA max_page_count = {pages}")
            writing.run_many(
                'INSERT INTO source (id, sort, at, said_at, team, officer, "user", reason, stands, text) '
                "VALUES (?, 'drop', 0, 0, '', '', '', ?, true, '')",
                [(i, "x" * 4000) for i in range(10, 2000)],
            )

    with pytest.raises(CommandpostError, match="disk is full"):
        full()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM source").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM tick").scalar() == 0


def test_a_busy_database_says_so_after_the_limit(post_places: PostPlaces) -> None:
    open_post(post_places).dispose()
    engine = connect(post_places, busy_limit=0.05)
    other = sqlite3.connect(post_places.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy, match="try again"), write(engine, RealClock(), _source()):
        pass
    other.execute("ROLLBACK")
    with write(engine, RealClock(), _source()) as writing:
        assert writing.tick == 1


def test_a_writer_waits_for_the_one_before_it(post_places: PostPlaces) -> None:
    engine = open_post(post_places)
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(10)
        with write(engine, RealClock(), _source()):
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with write(engine, RealClock(), _source()):
        inside.set()
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_a_url_nobody_speaks_is_said_in_one_line(post_places: PostPlaces) -> None:
    with pytest.raises(CommandpostError, match=r"post\.toml"):
        open_post(post_places, "oracle9://nobody@nowhere/post")


def test_an_error_nobody_foresaw_holds_no_row() -> None:
    class Odd(Exception):
        pass

    assert "王建国" not in str(explain(Odd("Key (name)=(王建国) already exists")))


def test_the_post_may_lie_in_a_folder_with_odd_signs(tmp_path: Path) -> None:
    root = tmp_path / "指挥部 50% ?#"
    root.mkdir()
    open_post(PostPlaces(root)).dispose()
    open_post(PostPlaces(root), readonly=True).dispose()
    assert (root / "post.db").is_file()


def test_a_log_that_a_long_reader_let_grow_is_small_again_once_the_reader_is_gone(
    post_places: PostPlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LOG_LIMIT", 50_000)
    engine = open_post(post_places)
    log = Path(f"{post_places.database}-wal")

    def much() -> None:
        for _ in range(5):
            source = _source()
            source.text = "一" * 400_000
            with write(engine, RealClock(), source):
                pass

    reader = open_post(post_places, readonly=True)
    with reader.connect() as connection:
        connection.execute(text("SELECT count(*) FROM tick")).scalar()
        much()
    assert log.stat().st_size > 5_000_000
    much()
    assert log.stat().st_size < 5_000_000
    reader.dispose()
    engine.dispose()
