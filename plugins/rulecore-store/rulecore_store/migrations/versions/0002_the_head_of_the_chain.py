"""The head: the number and hash of the last event, so that a row taken from the end is missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rulecore_store import guards
from rulecore_store.chain import START

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table with its one row, from the last event there is."""
    op.create_table(
        "rulecore_head",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    connection = op.get_bind()
    last = connection.exec_driver_sql(
        "SELECT number, sha256 FROM rulecore_events ORDER BY number DESC LIMIT 1"
    ).first()
    number, sha256 = last or (0, START)
    head = sa.table("rulecore_head", sa.column("one"), sa.column("number"), sa.column("sha256"))
    op.execute(head.insert().values(one=1, number=number, sha256=sha256))
    for statement in _guards(connection.dialect.name):
        connection.exec_driver_sql(statement)


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [*guards.SQLITE_HEAD.values()]
    made = [guards.create_function(name) for name in guards.functions(head=True)]
    return [*made, *guards.POSTGRESQL_HEAD.values()]
