"""A post of today as the first schema had it: what came since is taken away."""

from __future__ import annotations

from sqlalchemy import Connection

TABLES = ("drop_then", "gate_tally", "check_in", "donation", "answer")
COLUMNS = (
    ("gate_pass", "symptoms"),
    ("drop", "sheet"),
    ("drop", "header"),
    ("drop", "mapping"),
    ("reject", "mended_by"),
    ("repeat", "lines"),
)


def back_to_the_first(connection: Connection) -> None:
    """Within the connection's transaction."""
    for table in TABLES:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql("DROP INDEX ix_gate_pass_notable")
    for table, column in COLUMNS:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP COLUMN {column}')
    connection.exec_driver_sql(
        "CREATE INDEX ix_gate_pass_notable ON gate_pass (event_at, verdict, temperature) "
        "WHERE known_until IS NULL AND (verdict NOT IN ('', 'ADMITTED') OR temperature >= 37.0)"
    )
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
