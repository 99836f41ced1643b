"""What Spark cannot run is refused before anything runs, with the rule's name and what to do instead."""

from __future__ import annotations

import warnings
from pathlib import Path

import polars as pl
import pytest

from rulecore.api import load_policies
from rulecore.errors import InputError, UsageError

SHIPPED = Path(__file__).parents[3] / "policies"

HEAD = """
[policy]
name = "{name}"
title = "题"
version = "1"
language = "{language}"
{more}

[record]
entity = "unit"
period = "year"

[fields.unit]
column = "单位"
type = "text"

[fields.year]
column = "年度"
type = "integer"
min = 2000
max = 2100

[fields.points]
column = "得分"
type = "integer"
min = 0
max = 100
{source}

[rules.score]
label = "总分"
scorer = "formula"
value = "{value}"
decimals = 2

[rules.share]
label = "份额"
scorer = "formula"
value = "{share}"

[output]
columns = ["unit", "year", "score", "share"]
"""


def _policy(
    folder: Path,
    *,
    name: str = "p",
    value: str = "points",
    share: str = "score",
    source: str = "",
    language: str = "zh",
    more: str = "",
) -> Path:
    text = HEAD.format(name=name, value=value, share=share, source=source, language=language, more=more)
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def records(tmp_path: Path) -> str:
    frame = pl.DataFrame({"单位": ["a", "b", "c"], "年度": [2024] * 3, "得分": [1, 2, 3]})
    frame.write_parquet(tmp_path / "records.parquet")
    return str(tmp_path / "records.parquet")


def _refused(policy: Path, records: object) -> InputError:
    with pytest.raises(InputError) as caught:
        load_policies(policy).evaluate(records, engine="spark")
    return caught.value


def test_detail_tables_are_refused_with_a_rule_that_needs_them(records: str) -> None:
    error = _refused(SHIPPED / "milestone", records)
    assert [fault.code.id for fault in error.faults] == ["SP001"]
    assert "detail table nodes" in error.render("en")
    assert "what rule included needs of nodes" in error.render("en")
    assert "--engine columnar" in error.render("zh")
    assert "明细表" in error.render("zh")


def test_earlier_periods_are_refused_with_the_rule(tmp_path: Path, records: str) -> None:
    policy = _policy(tmp_path / "p", value="points + coalesce(previous(score), 0) × 0")
    error = _refused(policy, records)
    assert [fault.message("en") for fault in error.faults] == [
        "rule score reads earlier periods, which the Spark engine cannot run"
    ]


def test_fields_of_other_policies_are_refused_with_the_field(tmp_path: Path, records: str) -> None:
    folder = tmp_path / "p"
    source = 'from = { policy = "first", rule = "score", by = { unit = "unit" } }'
    _policy(folder, name="second", source=source, more='applies_to = { unit = ["a"] }')
    _policy(folder, name="first", more='applies_to = { unit = ["b"] }')
    error = _refused(folder, records)
    assert [fault.code.id for fault in error.faults] == ["SP003"]
    assert "field points comes from policy first" in error.render("en")


def test_policies_in_two_languages_are_refused(tmp_path: Path, records: str) -> None:
    folder = tmp_path / "p"
    _policy(folder, name="one", language="zh", more='applies_to = { unit = ["a"] }')
    _policy(folder, name="two", language="en", more='applies_to = { unit = ["b"] }')
    assert [fault.code.id for fault in _refused(folder, records).faults] == ["SP008"]


def test_a_cohort_too_large_for_one_process_is_refused_with_the_rule(
    spark, tmp_path: Path, records: str
) -> None:
    policy = _policy(tmp_path / "p", share="share_pool(score, 100)")
    spark.conf.set("spark.rulecore.mostInCohort", "2")
    try:
        found = load_policies(policy).evaluate_whole(records, engine="spark")
        with pytest.raises(InputError) as caught:
            _ = found.rows_scored
    finally:
        spark.conf.unset("spark.rulecore.mostInCohort")
    assert caught.value.faults[0].message("en") == (
        "rule share compares 3 records with each other in one Python process; 2 are allowed"
    )


def test_other_formats_are_refused(tmp_path: Path) -> None:
    policy = SHIPPED / "double_hundred"
    error = _refused(policy, str(policy / "records.csv"))
    assert [fault.code.id for fault in error.faults] == ["SP006"]
    assert [fault.code.id for fault in _refused(policy, [{"单位": "a"}]).faults] == ["SP006"]
    assert [fault.code.id for fault in _refused(policy, str(tmp_path / "none.parquet")).faults] == ["RC064"]


def test_folders_without_files_and_folders_with_columns_in_their_names_are_refused(
    spark: object, tmp_path: Path
) -> None:
    policy = SHIPPED / "double_hundred"
    (tmp_path / "empty").mkdir()
    assert [fault.code.id for fault in _refused(policy, str(tmp_path / "empty")).faults] == ["SP013"]
    part = tmp_path / "parts" / "year=2024"
    part.mkdir(parents=True)
    pl.DataFrame({"单位": ["a"]}).write_parquet(part / "1.parquet")
    error = _refused(policy, str(tmp_path / "parts"))
    assert [fault.code.id for fault in error.faults] == ["SP014"]
    assert "year=2024" in error.render("en")


def test_nested_columns_are_refused_as_they_are_here(spark: object, tmp_path: Path) -> None:
    pl.DataFrame({"单位编码": ["a"], "列表": [[1, 2]]}).write_parquet(tmp_path / "1.parquet")
    error = _refused(SHIPPED / "double_hundred", str(tmp_path / "1.parquet"))
    assert [fault.code.id for fault in error.faults] == ["RC055"]


def test_options_of_readers_are_refused(records: str, tmp_path: Path) -> None:
    policies = load_policies(_policy(tmp_path / "p"))
    with pytest.raises(UsageError) as caught:
        policies.evaluate(records, engine="spark", encoding="gb18030", history=["x.parquet"])
    assert [fault.code.id for fault in caught.value.faults] == ["RC568", "RC568"]


def test_a_data_frame_that_moves_between_two_readings_is_refused(spark, tmp_path: Path) -> None:
    from pyspark.sql import functions

    marker = tmp_path / "first"
    frame = spark.range(40, numPartitions=2).select(
        functions.concat(functions.lit("u"), "id").alias("单位"),
        functions.lit(2024).alias("年度"),
        functions.lit(1).alias("得分"),
    )

    def shrink(batches):
        seen = marker.exists()
        for batch in batches:
            yield batch.slice(1) if seen else batch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        moving = frame.mapInArrow(shrink, frame.schema)
    found = load_policies(_policy(tmp_path / "p")).evaluate_whole(moving)
    marker.touch()
    with pytest.raises(InputError, match=r"SP007: partition . of the DataFrame had 20 rows when"):
        _ = found.rows_scored
