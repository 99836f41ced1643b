"""Results as a folder of Parquet files that is there whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from rulecore.errors import Fault, OutputError
from rulecore.language import translate
from rulecore.manifest import MANIFEST_VERSION
from rulecore.output import whole_folder
from rulecore.policy_results import ORDER, ROWS_OF_A_TABLE
from rulecore.source import Place
from rulecore_spark.codes import NOT_WHOLE
from rulecore_spark.faults import as_faults
from rulecore_spark.shipment import origins_shown
from rulecore_spark.tables import quarantine_headers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from rulecore_spark.results import SparkResults
    from rulecore_spark.run import Computation

ROWS_IN_A_FILE: Final = 1_000_000
"""About how many rows of the input have their results in one file."""
RESULTS, QUARANTINE, MANIFEST = "results", "quarantine", "manifest.json"


def write_folder(results: SparkResults, run: Computation, output: str, *, manifest: bool) -> tuple[Path, ...]:
    """Write results, quarantine and manifest and return what was written, the folder first."""
    path = _local_path(output)
    # First whether the folder can be written at all: that costs nothing.
    with whole_folder(path) as folder:
        with as_faults():
            results.refuse_headers()
            _write(sorted_in_files(results.results, run), folder / RESULTS)
            headers = [translate(name, results.language) for name in quarantine_headers()]
            _write(results.quarantine.toDF(*headers).coalesce(1), folder / QUARANTINE)
        _settle(folder / RESULTS)
        _settle(folder / QUARANTINE)
        if manifest:
            content = json.dumps(manifest_of(results, run, folder), ensure_ascii=False, indent=2) + "\n"
            (folder / MANIFEST).write_text(content, encoding="utf-8")
        for file in (*_files(folder), folder):
            _sync(file)
    names = (RESULTS, QUARANTINE, *([MANIFEST] if manifest else []))
    return tuple(path / name for name in names)


def _local_path(output: str) -> Path:
    """Return the folder to write. Raises OutputError for one on a file system that cannot rename folders."""
    parts = urlsplit(output)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    if parts.scheme and len(parts.scheme) > 1:
        raise OutputError([Fault(code=NOT_WHOLE, values={"path": output}, place=Place(file=output))])
    return Path(output)


def sorted_in_files(results: DataFrame, run: Computation) -> DataFrame:
    """Return results in input order, a file's worth of them in each partition.

    Which file a row goes to follows from its place, so that Spark need not look at the rows twice to sort them.
    """
    from pyspark.sql import functions

    before: list[tuple[int, int]] = []
    total = 0
    for number, rows in enumerate(run.inputs.rows):
        before.append((number, total))
        total += rows
    places = run.inputs.session.createDataFrame(before, "t long, b long")
    count = max(1, -(-total // ROWS_IN_A_FILE))
    order = functions.col(f"`{ORDER}`")
    table = functions.expr(f"`{ORDER}` div {ROWS_OF_A_TABLE}")
    row = functions.expr(f"`{ORDER}` % {ROWS_OF_A_TABLE}")
    placed = results.join(functions.broadcast(places), table == functions.col("t"))
    file = ((functions.col("b") + row - 1) / functions.lit(ROWS_IN_A_FILE)).cast("int")
    return placed.repartitionById(count, file).sortWithinPartitions(order).drop("t", "b")


def _write(frame: DataFrame, folder: Path) -> None:
    # Spark's committer: what tasks that failed have written never gets out of its own temporary folder.
    frame.write.mode("errorifexists").option("compression", "zstd").parquet(f"file://{folder.absolute()}")


def _settle(folder: Path) -> None:
    """Give Spark's files names that depend on nothing but their order, and remove what is not data."""
    parts = sorted(
        path for path in folder.iterdir() if path.suffix == ".parquet" and path.name[0] not in "._"
    )
    for path in folder.iterdir():
        if path not in parts:
            path.unlink()
    for number, path in enumerate(parts):
        os.replace(path, folder / f"part-{number:05}.parquet")


def manifest_of(results: SparkResults, run: Computation, folder: Path) -> dict[str, object]:
    """Return the manifest of a run, with the hashes of its inputs and of the files that were written."""
    counts = results.scored_by_plan
    return {
        "manifest": MANIFEST_VERSION,
        "rulecore": version("rulecore"),
        "engine": "spark",
        "policies": [
            {
                "name": run.plans[number].policy.policy.name,
                "version": run.plans[number].policy.policy.version,
                "file": run.plans[number].file,
                "fingerprint": run.plans[number].fingerprint,
                "plugins": origins_shown(run.plans[number].origins),
                "records": counts.get(number, 0),
            }
            for number in run.numbers()
        ],
        "plugins": origins_shown(run.run.policies.registry.origins()),
        "inputs": [dict(item) for item in _inputs(run)],
        "rows": {
            "in": results.rows_in,
            "scored": results.rows_scored,
            "quarantined": results.rows_quarantined,
            "blank": results.rows_blank,
        },
        "files": {file.relative_to(folder).as_posix(): sha256(file) for file in _files(folder)},
    }


def _inputs(run: Computation) -> Iterator[dict[str, object]]:
    """Yield each file with its rows; with its hash where this program can read it itself."""
    hashes = [sha256(path) for path in run.inputs.local] or [""] * len(run.inputs.files)
    for file, rows, found in zip(run.inputs.files, run.inputs.rows, hashes, strict=True):
        yield {"file": file, "sheet": "", "sha256": found, "rows": rows}


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
