"""Runs, their contents and the chain of their events, with the triggers that keep them as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from rulecore_store import guards

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and their triggers."""
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "rulecore_blobs",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("size", whole, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "rulecore_parts",
        sa.Column("sha256", sa.Text, sa.ForeignKey("rulecore_blobs.sha256"), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "rulecore_runs",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("identifier", sa.Text, nullable=False),
        sa.Column("policies", sa.Text, nullable=False),
        sa.UniqueConstraint("identifier", name="rulecore_runs_identifier"),
        sqlite_strict=True,
    )
    op.create_table(
        "rulecore_contents",
        sa.Column(
            "run", sa.Integer, sa.ForeignKey("rulecore_runs.number"), primary_key=True, autoincrement=False
        ),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, sa.ForeignKey("rulecore_blobs.sha256"), nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "rulecore_events",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("run", sa.Integer, sa.ForeignKey("rulecore_runs.number"), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("identifier", "state", "who", "moment", "why", "supersedes", "previous", "sha256")
        ),
        sqlite_strict=True,
    )
    op.create_index("rulecore_events_run", "rulecore_events", ["run"])
    for statement in _guards(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [*guards.SQLITE_FIRST.values()]
    made = [guards.create_function(name) for name in guards.functions(head=False)]
    return [*made, *guards.POSTGRESQL_FIRST.values()]
