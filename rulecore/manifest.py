"""The manifest of a run: hashes of policies, inputs and results, and the plugins with their versions.

It holds no time and no path of the machine, so that the same inputs give the same manifest, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from rulecore.planned import Origin, Plan
from rulecore.results import Results

if TYPE_CHECKING:
    import polars as pl

MANIFEST_VERSION = 1

ROWS_AT_ONCE = 100_000
"""Rows of which the hash's text is held at one time."""


def manifest_of(results: Results) -> dict[str, object]:
    """Return the manifest of a run as plain values, ready to be written as JSON."""
    return {
        "manifest": MANIFEST_VERSION,
        "rulecore": version("rulecore"),
        "engine": results.engine,
        "policies": [
            {
                "name": part.plan.policy.policy.name,
                "version": part.plan.policy.policy.version,
                "file": part.plan.file,
                "fingerprint": part.plan.fingerprint,
                "plugins": _origins(part.plan.origins),
                "records": part.records.height,
                **_shown(part.plan),
            }
            for part in results.parts
        ],
        "plugins": _origins(results.origins),
        "inputs": [dict(item) for item in results.inputs],
        "rows": {
            "in": results.rows_in,
            "scored": results.rows_scored,
            "quarantined": results.rows_quarantined,
            "blank": results.rows_blank,
        },
        "results": {
            "table": _hash_table(results.text_table),
            "quarantine": _hash(
                list(results.quarantine_table.columns), _texts(results.quarantine_table.rows())
            ),
        },
    }


def _shown(plan: Plan) -> dict[str, object]:
    """Return what later runs need to read these results: which column holds which value, and who a record is."""
    record, output = plan.policy.record, plan.policy.output
    columns: dict[str, str] = {}
    not_applicable: dict[str, str] = {}
    for column in plan.columns:
        if column.step == column.of and column.of not in columns:
            columns[column.of] = column.header
            not_applicable[column.of] = column.not_applicable
    if output.provenance:
        columns = {item.name: item.header for item in plan.fields if item.name in record.identity} | columns
    return {
        "title": plan.policy.policy.title,
        "identity": list(record.identity),
        "period": record.period,
        "columns": columns,
        "not_applicable": {name: text for name, text in not_applicable.items() if text},
        "refused": dict(output.refused or {}),
    }


def manifest_bytes(results: Results, files: Mapping[str, bytes] | None = None) -> bytes:
    """Return the manifest as JSON text; ``files`` are the written files whose hashes it shall hold, by name."""
    manifest = manifest_of(results)
    if files:
        manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def _origins(origins: Sequence[Origin]) -> list[dict[str, str]]:
    return [
        {"distribution": origin.distribution, "version": origin.version, "sha256": origin.sha256}
        for origin in origins
    ]


def _hash(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the SHA-256 of a table's cells; every cell is preceded by its length, so no two tables share one."""
    digest = hashlib.sha256()
    for row in (headers, *rows):
        for cell in row:
            data = cell.encode()
            digest.update(f"{len(data)}:".encode() + data)
        digest.update(b"\n")
    return digest.hexdigest()


def _hash_table(table: pl.DataFrame) -> str:
    """Return what :func:`_hash` returns for a table of texts, put together in columns."""
    import polars as pl

    digest = hashlib.sha256("".join(map(_with_length, table.columns)).encode() + b"\n")
    parts = [
        part
        for header in table.columns
        for part in (pl.col(header).str.len_bytes().cast(pl.String), pl.lit(":"), pl.col(header))
    ]
    for rows in table.iter_slices(ROWS_AT_ONCE) if parts else ():
        joined = rows.select(pl.concat_str(parts).str.join("\n")).item() if rows.height else None
        digest.update(f"{joined}\n".encode() if joined is not None else b"")
    return digest.hexdigest()


def _with_length(cell: str) -> str:
    return f"{len(cell.encode())}:{cell}"


def _texts(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]
