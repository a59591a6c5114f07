"""A post made by any version opens in every later one; a newer one is refused in one line."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

import commandpost.desks  # noqa: F401
from commandpost.errors import CommandpostError
from commandpost.places import PostPlaces
from commandpost.store import migrate
from commandpost.store.engine import open_post


def test_the_migrated_tables_are_those_of_the_models(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_migrated_columns_have_the_types_and_nulls_of_the_models(engine: Engine) -> None:
    found = inspect(engine)
    for table in SQLModel.metadata.sorted_tables:
        columns = {c["name"]: c for c in found.get_columns(table.name)}
        for column in table.columns:
            stored = columns[column.name]
            assert stored["nullable"] == column.nullable, f"{table.name}.{column.name}"
            wanted = column.type.compile(engine.dialect).replace("FLOAT", "DOUBLE PRECISION")
            found_type = stored["type"].compile(engine.dialect).replace("FLOAT", "DOUBLE PRECISION")
            assert found_type == wanted, f"{table.name}.{column.name}"


def test_partial_indexes_keep_their_conditions(engine: Engine) -> None:
    found = inspect(engine)
    name = engine.dialect.name
    for table in SQLModel.metadata.sorted_tables:
        stored = {i["name"]: i for i in found.get_indexes(table.name)}
        for index in table.indexes:
            # Of PostgreSQL the models do not say it: both are made by one line of a migration.
            where = index.dialect_options["sqlite"].get("where")
            has = stored[str(index.name)].get("dialect_options", {}).get(f"{name}_where")
            assert (has is None) == (where is None), index.name
            if name == "sqlite" and where is not None:
                assert str(has) == str(where)


def test_the_list_of_revisions_is_that_of_the_scripts() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(s.revision for s in scripts.walk_revisions())[::-1] == migrate.REVISIONS


def test_a_newer_schema_is_refused_in_one_line(
    make_engine: Callable[[], Engine], post_places: PostPlaces
) -> None:
    engine = make_engine()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        for look in (migrate.check, migrate.is_behind):
            with pytest.raises(CommandpostError, match="newer version") as told:
                look(engine)
            assert "\n" not in str(told.value)
            assert "9999" in str(told.value)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{migrate.HEAD}'")


def test_an_older_post_is_brought_up_to_date_when_opened_for_writing_only(
    post_places: PostPlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_post(post_places).dispose()
    monkeypatch.setattr(migrate, "REVISIONS", (*migrate.REVISIONS, "next"))
    monkeypatch.setattr(migrate, "HEAD", "next")
    with pytest.raises(CommandpostError, match="older version"):
        open_post(post_places, readonly=True)


def test_a_post_half_made_is_no_post(post_places: PostPlaces) -> None:
    sqlite3.connect(post_places.database).close()
    with pytest.raises(CommandpostError, match="init"):
        open_post(post_places, readonly=True)


def test_two_who_open_a_new_post_at_once_both_get_it(post_places: PostPlaces) -> None:
    code = (
        "import sys; from pathlib import Path; from commandpost.places import PostPlaces;"
        "from commandpost.store.engine import open_post; open_post(PostPlaces(Path(sys.argv[1])))"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(post_places.root)]) for _ in range(3)]
    assert [each.wait(60) for each in both] == [0, 0, 0]


def test_opening_a_post_of_today_does_not_import_alembic(post_places: PostPlaces, migrated: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from commandpost.places import PostPlaces;"
        "from commandpost.store.engine import open_post; open_post(PostPlaces(Path(sys.argv[1])));"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(migrated.parent)], check=False).returncode == 0
