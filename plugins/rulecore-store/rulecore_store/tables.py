"""The tables of a store as they are now. ``migrations/`` makes them; a test holds the two together.

``blobs`` and ``parts`` hold bytes by their hash, each once · ``runs`` and ``contents`` say which bytes, under which
names, a run consists of · ``events`` is the chain: what became of each run, each row hashed with the row before it ·
``head`` has one row, the number and hash of the last event.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

VERSION_TABLE: Final = "rulecore_version"
WHOLE: Final = BigInteger().with_variant(Integer(), "sqlite")

METADATA: Final = MetaData()

BLOBS: Final = Table(
    "rulecore_blobs",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("size", WHOLE, nullable=False),
    sqlite_strict=True,
)
PARTS: Final = Table(
    "rulecore_parts",
    METADATA,
    Column("sha256", Text, ForeignKey("rulecore_blobs.sha256"), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_strict=True,
)
RUNS: Final = Table(
    "rulecore_runs",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("identifier", Text, nullable=False),
    Column("policies", Text, nullable=False),
    UniqueConstraint("identifier", name="rulecore_runs_identifier"),
    sqlite_strict=True,
)
CONTENTS: Final = Table(
    "rulecore_contents",
    METADATA,
    Column("run", Integer, ForeignKey("rulecore_runs.number"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("sha256", Text, ForeignKey("rulecore_blobs.sha256"), nullable=False),
    sqlite_strict=True,
)
EVENTS: Final = Table(
    "rulecore_events",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("run", Integer, ForeignKey("rulecore_runs.number"), nullable=False),
    Column("identifier", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("moment", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("supersedes", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Index("rulecore_events_run", "run"),
    sqlite_strict=True,
)
HEAD: Final = Table(
    "rulecore_head",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_strict=True,
)
