"""The Spark engine beside the columnar one, Parquet to Parquet on this machine: what distributing costs.

Run it in an environment with the group ``scale``: ``uv run --group scale python benchmarks/scale.py [ROWS] [RUNS]``.
Both compute W1 with ranks and quotas (200 organisations), and W1 without; runs take turns. Results are compared first.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import polars as pl

sys.path.insert(0, str(Path(__file__).parent))
from data import write

from rulecore.api import PolicySet, load_policies

HERE = Path(__file__).parent
FILES = 4


def without_cohorts(text: str) -> str:
    """Return W1 without the rules that compare records with each other, and without their columns."""
    head, _mark, rest = text.partition("[rules.place]")
    return head + "[output]" + rest.partition("[output]")[2].replace(', "place", "best"', "")


def spark_session() -> object:
    """Return a Spark of this machine's cores with settings that a small machine can bear."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.driver.memory": "4g",
        "spark.log.level": "OFF",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[*]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def on_spark(policies: PolicySet, folder: Path, output: Path) -> None:
    """Run on Spark, from a folder to a folder."""
    found = policies.evaluate_whole(str(folder), engine="spark")
    found.write(str(output))
    found.release()


def here(policies: PolicySet, folder: Path, output: Path) -> None:
    """Run in this process, from the same files to one file."""
    results = policies.evaluate(sorted(map(str, folder.glob("*.parquet"))))
    output.mkdir()
    results.table.write_parquet(output / "results.parquet")


def main(rows: int, runs: int) -> None:
    """Print the times of both engines and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        write(place, "w1", rows)
        records = place / "records"
        records.mkdir()
        frame = pl.read_parquet(place / "decimals.parquet")
        for number in range(FILES):
            part = frame.slice(number * rows // FILES, (number + 1) * rows // FILES - number * rows // FILES)
            part.write_parquet(records / f"{number}.parquet")
        spark_session()
        text = (HERE / "w1" / "policy.toml").read_text(encoding="utf-8")
        for label, content in (("w1r", text), ("w1", without_cohorts(text))):
            file = place / f"{label}.toml"
            file.write_text(content, encoding="utf-8")
            policies = load_policies(file)
            times: dict[str, list[float]] = {"columnar": [], "spark": []}
            for number in range(runs + 1):
                for engine, run in (("columnar", here), ("spark", on_spark)):
                    output = place / "out"
                    shutil.rmtree(output, ignore_errors=True)
                    start = perf_counter()
                    run(policies, records, output)
                    if number:  # the first is for warming up
                        times[engine].append(perf_counter() - start)
            middle = {engine: median(found) for engine, found in times.items()}
            ratio = middle["spark"] / middle["columnar"]
            print(
                label,
                rows,
                {engine: round(found, 2) for engine, found in middle.items()},
                f"ratio {ratio:.1f}",
            )


if __name__ == "__main__":
    main(
        int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000,
        int(sys.argv[2]) if len(sys.argv) > 2 else 3,
    )
