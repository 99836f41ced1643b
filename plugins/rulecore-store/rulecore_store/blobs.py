"""Bytes by their hash: each once, in parts that any database takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, insert, select

from rulecore.archive.contents import Content
from rulecore.errors import Fault, InputError, OutputError
from rulecore_store import codes
from rulecore_store.tables import BLOBS, PARTS

PART_SIZE: Final = 8 * 1024 * 1024
"""Bytes of one part: far below what a row of SQLite (1 GB) or PostgreSQL (1 GB, sent as text 512 MB) holds."""


def keep(connection: Connection, contents: Iterable[Content]) -> None:
    """Put in the bytes that are not there yet. Raises OutputError where those that are there are damaged."""
    distinct = {content.sha256: content for content in contents}
    for sha256, content in sorted(distinct.items()):
        if connection.execute(select(BLOBS.c.size).where(BLOBS.c.sha256 == sha256)).first() is None:
            _put(connection, content)
        else:
            # Leaning on bytes that somebody changed would lose the run that leans on them.
            fault = _fault(connection, sha256, (content.name,))[1]
            if fault is not None:
                raise OutputError([fault])


def _put(connection: Connection, content: Content) -> None:
    connection.execute(insert(BLOBS).values(sha256=content.sha256, size=len(content.data)))
    for part, start in enumerate(range(0, len(content.data), PART_SIZE)):
        data = content.data[start : start + PART_SIZE]
        connection.execute(insert(PARTS).values(sha256=content.sha256, part=part, data=data))


def get(connection: Connection, sha256: str, names: Sequence[str]) -> bytes:
    """Return the bytes of a hash, proved; raises InputError where they are not there, or not as they were."""
    data, fault = _fault(connection, sha256, names)
    if fault is not None:
        raise InputError([fault])
    return data


def _fault(connection: Connection, sha256: str, names: Sequence[str]) -> tuple[bytes, Fault | None]:
    """Return the bytes of a hash and what is wrong with them."""
    size = connection.execute(select(BLOBS.c.size).where(BLOBS.c.sha256 == sha256)).scalar()
    rows = connection.execute(
        select(PARTS.c.part, PARTS.c.data).where(PARTS.c.sha256 == sha256).order_by(PARTS.c.part)
    ).all()
    parts = [(row.part, row.data) for row in rows]
    data = b"".join(data for _part, data in parts)
    values: dict[str, object] = {"names": ", ".join(names), "sha256": sha256}
    if size is None:
        return data, Fault(code=codes.CONTENT_MISSING, values=values)
    reason = difference(sha256, size, parts)
    return data, Fault(code=codes.CONTENT_CHANGED, values={**values, "reason": reason}) if reason else None


def difference(sha256: str, size: int, parts: Sequence[tuple[int, bytes]]) -> str:
    """Return how stored bytes differ from what their rows say; empty where they do not. Numbers and hashes only."""
    data = b"".join(data for _part, data in parts)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        return f"sha256 {found}"
    if [part for part, _data in parts] != list(range(len(parts))):
        return f"parts {', '.join(str(part) for part, _data in parts)}"
    if any(len(part) != PART_SIZE for _number, part in parts[:-1]) or any(
        not part for _number, part in parts
    ):
        return f"parts {', '.join(str(len(part)) for _number, part in parts)} bytes"
    return "" if size == len(data) else f"{len(data)} bytes, not {size}"
