"""Brings a post's schema to this program's version, by alembic from the first table on.

alembic takes half a second to import: that happens only when there is something to migrate.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from commandpost.errors import CommandpostError

MIGRATIONS = Path(__file__).with_name("migrations")

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every revision, oldest first; a test holds them equal to the scripts'."""

HEAD = REVISIONS[-1]


def revision_of(connection: Connection) -> str | None:
    """The post's revision; None when it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def check(engine: Engine) -> None:
    """Raises CommandpostError unless the schema is this program's."""
    with engine.connect() as connection:
        found = revision_of(connection)
    if found is None:
        raise CommandpostError("no post here yet: make one with `commandpost init`")
    _refuse_newer(found)
    if found != HEAD:
        raise CommandpostError(
            "this post is of an older version: open the board or run commandpost watch once to bring it up to date"
        )


def _refuse_newer(found: str) -> None:
    if found not in REVISIONS:
        raise CommandpostError(
            "this post was made by a newer version of commandpost (schema {found}, known up to {known}): "
            "install that version",
            found=found,
            known=HEAD,
        )


def is_behind(engine: Engine) -> bool:
    """Whether there is something to migrate. Raises CommandpostError for a newer schema."""
    with engine.connect() as connection:
        found = revision_of(connection)
    if found is None:
        return True
    _refuse_newer(found)
    return found != HEAD


def upgrade(connection: Connection) -> None:
    """Migrates up to HEAD in the connection's own transaction, which holds the writer's lock."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1668113520)")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
