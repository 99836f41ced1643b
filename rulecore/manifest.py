"""The manifest of a run: hashes of policies, inputs and results, and the plugins with their versions.

It holds no time and no path of the machine, so that the same inputs give the same manifest, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from attrs import field, frozen

from rulecore.adjustments.decision import Outcome
from rulecore.adjustments.sheet import decided
from rulecore.digests import table_hash
from rulecore.planned import Origin, Plan
from rulecore.results import Results

if TYPE_CHECKING:
    import polars as pl

MANIFEST_VERSION = 2
"""Since 2 the hashes of tables are made column by column (:mod:`rulecore.digests`)."""


@frozen(kw_only=True)
class RunFacts:
    """What the manifest of a run says, in whichever way the run came about.

    ``records`` holds each policy that has records, in order, with their number; ``table`` is the hash of the
    consolidated table. ``rows_in`` is the sum of the other rows.
    """

    engine: str
    records: tuple[tuple[Plan, int], ...]
    origins: tuple[Origin, ...]
    inputs: tuple[Mapping[str, object], ...]
    rows_in: int
    rows_scored: int
    rows_quarantined: int
    rows_blank: int
    table: str
    quarantine: pl.DataFrame = field(eq=False)
    adjustments: Outcome | None = None


def facts_of(results: Results) -> RunFacts:
    """Return what the manifest of results says."""
    return RunFacts(
        engine=results.engine,
        records=tuple((part.plan, part.records.height) for part in results.parts),
        origins=results.origins,
        inputs=results.inputs,
        rows_in=results.rows_in,
        rows_scored=results.rows_scored,
        rows_quarantined=results.rows_quarantined,
        rows_blank=results.rows_blank,
        table=table_hash(results.text_table),
        quarantine=results.quarantine_table,
        adjustments=results.adjustments,
    )


def manifest_of(run: Results | RunFacts) -> dict[str, object]:
    """Return the manifest of a run as plain values, ready to be written as JSON."""
    facts = run if isinstance(run, RunFacts) else facts_of(run)
    return {
        "manifest": MANIFEST_VERSION,
        "rulecore": version("rulecore"),
        "engine": facts.engine,
        "policies": [
            {
                "name": plan.policy.policy.name,
                "version": plan.policy.policy.version,
                "file": plan.file,
                "fingerprint": plan.fingerprint,
                "plugins": _origins(plan.origins),
                "records": records,
                **_shown(plan),
            }
            for plan, records in facts.records
        ],
        "plugins": _origins(facts.origins),
        "inputs": [dict(item) for item in facts.inputs],
        "rows": {
            "in": facts.rows_in,
            "scored": facts.rows_scored,
            "quarantined": facts.rows_quarantined,
            "blank": facts.rows_blank,
        },
        "results": {"table": facts.table, "quarantine": table_hash(_texts(facts.quarantine))},
        **({"adjustments": decided(facts.adjustments)} if facts.adjustments is not None else {}),
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


def manifest_bytes(run: Results | RunFacts, files: Mapping[str, str] | None = None) -> bytes:
    """Return the manifest as JSON text; ``files`` are the SHA-256 of the written files, by name."""
    manifest = manifest_of(run)
    if files:
        manifest["files"] = dict(sorted(files.items()))
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def _origins(origins: Sequence[Origin]) -> list[dict[str, str]]:
    return [
        {"distribution": origin.distribution, "version": origin.version, "sha256": origin.sha256}
        for origin in origins
    ]


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return frame.with_columns(pl.all().cast(pl.String))
