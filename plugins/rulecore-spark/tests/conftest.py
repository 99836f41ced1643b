"""One Spark session for all tests; without pyspark or Java they are skipped, and say so."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import polars as pl
    from pyspark.sql import SparkSession
    from rulecore_spark.results import SparkResults

    from rulecore.results import Results

FOLDER = Path(__file__).parent
POLICIES = FOLDER / "policies"
SHIPPED = FOLDER.parents[2] / "policies"


def _lacking() -> str:
    if find_spec("pyspark") is None or find_spec("rulecore_spark") is None:
        return "pyspark is not installed: uv run --group scale pytest plugins/rulecore-spark -n 0"
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        return "there is no Java, which Spark needs"
    return ""


LACKING = _lacking()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if LACKING and FOLDER in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=LACKING))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session of two cores that tries each task four times, with small batches and partitions."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2,4]").appName("rulecore-spark tests")
    settings = {
        "spark.driver.memory": "1g",
        "spark.log.level": "OFF",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "300",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


Same = Callable[["SparkResults", "Results"], None]


@pytest.fixture
def same() -> Same:
    """Compare what Spark gives with what the local engine gives, cell for cell, in input order."""
    import polars as pl
    from polars.testing import assert_frame_equal

    from rulecore.summary import summarize

    def compare(found: SparkResults, expected: Results) -> None:
        table = collected(found.results.orderBy("`#order`"))
        orders = table["#order"]
        assert orders.is_sorted()
        assert orders.n_unique() == orders.len()
        assert_frame_equal(table.drop("#order"), expected.table)
        quarantine = collected(found.quarantine)
        assert_frame_equal(quarantine, expected.quarantine_table)
        counts = (found.rows_in, found.rows_scored, found.rows_quarantined, found.rows_blank)
        assert counts == (
            expected.rows_in,
            expected.rows_scored,
            expected.rows_quarantined,
            expected.rows_blank,
        )
        assert found.summary() == summarize(expected)

    def collected(frame: object) -> pl.DataFrame:
        made = pl.from_arrow(frame.toArrow())
        assert isinstance(made, pl.DataFrame)
        return made

    return compare
