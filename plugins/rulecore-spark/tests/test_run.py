"""The same plan on Spark gives what it gives here: several partitions, skewed cohorts, bad rows, duplicates."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from rulecore.api import load_policies
from rulecore.errors import InputError, UsageError

FOLDER = Path(__file__).parent
POLICY = FOLDER / "policies" / "各类规则.toml"


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"spark_test_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECORDS = _module("records")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    first = RECORDS.with_faults(RECORDS.rows(700))
    second = RECORDS.rows(400, first=700)
    # The same records in two files, far apart; one of them has a fault of its own besides.
    again = [first[20], first[21] | {"人数": "x"}, second[5], second[5]]
    paths: list[str] = RECORDS.parquet(
        tmp_path_factory.mktemp("记录"), first, [], [*second, *again], RECORDS.rows(60, first=2000)
    )
    return paths


def test_everything_together_is_as_it_is_here(
    spark: object, same: Callable[..., None], files: list[str]
) -> None:
    policies = load_policies(POLICY)
    expected = policies.evaluate(files)
    assert expected.rows_blank == 1
    assert len({item.code.id for item in expected.quarantined}) > 6
    found = policies.evaluate(files, engine="spark")

    same(found, expected)
    assert [note.render("en") for note in found.notes] == []
    found.release()


def test_a_folder_is_its_files_in_the_order_of_their_names(
    spark: object, same: Callable[..., None], files: list[str]
) -> None:
    policies = load_policies(POLICY)
    found = policies.evaluate_whole(Path(files[0]).parent, engine="spark")
    assert found.rows_in == policies.evaluate(files).rows_in
    assert [fault.values["text"] for fault in found.reasons(5)] == [
        item.reason("zh") for item in policies.evaluate(files).quarantined[:5]
    ]


SMALL = """
[policy]
name = "small"
title = "小政策"
version = "1"

[record]
entity = "unit"

[fields.unit]
column = "单位编码"
type = "text"

[fields.day]
column = "日期"
type = "date"
missing = "not_applicable"

[fields.points]
column = "得分"
type = "decimal"
decimals = 1
min = -1000
max = 1000
missing = "not_applicable"

[fields.ok]
column = "达标"
type = "flag"
missing = "not_applicable"

[rules.doubled]
label = "两倍"
scorer = "formula"
value = "points × 2"

[rules.place]
label = "名次"
scorer = "rank"
by = "doubled"
ties = [{ by = "day", order = "ascending" }]

[output]
columns = ["unit", "doubled", "place", "day", "ok"]
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "policy.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def _typed_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "单位编码": f"U{number:02}",
            "日期": date(2024, 1, 1 + number % 5),
            "得分": None if number == 9 else Decimal(number % 4) - Decimal("0.5"),
            "达标": number % 3 == 0,
        }
        for number in range(24)
    ]
    rows[7]["单位编码"] = "U06"
    return rows


def test_a_data_frame_is_recognised_and_numbered_in_the_order_of_its_partitions(
    spark, same: Callable[..., None], small: Path
) -> None:
    rows = _typed_rows()
    schema = "`单位编码` string, `日期` date, `得分` decimal(6,1), `达标` boolean"
    frame = spark.createDataFrame([tuple(row.values()) for row in rows], schema).repartition(5)
    policies = load_policies(small)
    # What Spark has at which place is decided by Spark: the local engine is given the rows as they come.
    here = pl.from_arrow(frame.toArrow())

    found = policies.evaluate(frame)

    same(found, policies.evaluate(here))
    with pytest.raises(UsageError, match="RC569"):
        policies.evaluate(frame, engine="exact")


def test_an_empty_data_frame_gives_empty_results(spark, same: Callable[..., None], small: Path) -> None:
    frame = spark.createDataFrame([], "`单位编码` string, `日期` date, `得分` string, `达标` string")
    policies = load_policies(small)
    same(policies.evaluate(frame), policies.evaluate(pl.from_arrow(frame.toArrow())))


def test_files_with_other_columns_are_read_each_by_its_own_header(
    spark: object, same: Callable[..., None], small: Path, tmp_path: Path
) -> None:
    pl.DataFrame(
        {"单位编码": ["a", "b"], "得分": [1.5, 2.0], "达标": [True, None], "日期": [None, None]}
    ).cast({"日期": pl.Date()}).write_parquet(tmp_path / "1.parquet")
    moment = datetime(2024, 5, 6)
    pl.DataFrame(
        {
            "达标": ["是", "否"],
            "日期": [moment, moment],
            "单位编码": ["c", "a"],
            "备注": ["", ""],
            "得分": [3, 4],
        }
    ).write_parquet(tmp_path / "2.parquet")
    files = [str(tmp_path / "1.parquet"), str(tmp_path / "2.parquet")]
    policies = load_policies(small)
    expected = policies.evaluate(files)

    found = policies.evaluate(files, engine="spark")

    same(found, expected)
    assert [note.render("en") for note in found.notes] == [note.render("en") for note in expected.notes]


def test_a_missing_column_is_refused_before_anything_runs(spark: object, small: Path, tmp_path: Path) -> None:
    pl.DataFrame({"得分": [1]}).write_parquet(tmp_path / "1.parquet")
    policies = load_policies(small)
    with pytest.raises(InputError, match="单位编码") as here:
        policies.evaluate(str(tmp_path / "1.parquet"))
    with pytest.raises(InputError) as there:
        policies.evaluate(str(tmp_path / "1.parquet"), engine="spark")
    assert there.value.render("en") == here.value.render("en")


ROUTED = """
[policy]
name = "{name}"
title = "{name}"
version = "1"
applies_to = {{ org = ["{org}"] }}

[record]
entity = "unit"

[fields.unit]
column = "单位"
type = "text"

[fields.org]
column = "公司"
type = "text"

[fields.points]
column = "得分"
type = "decimal"
decimals = {decimals}
min = 0
max = 100

[rules.score]
label = "总分"
scorer = "formula"
value = "points × 2"

[output]
columns = ["unit", "score"{more}]
"""


def test_a_set_of_policies_routes_every_row_to_its_own(
    spark: object, same: Callable[..., None], tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    for org, decimals, more in (("甲", 1, ""), ("乙", 2, ', "org"'), ("丙", 0, "")):
        text = ROUTED.format(name=f"p{decimals}", org=org, decimals=decimals, more=more)
        (folder / f"{decimals}.toml").write_text(text, encoding="utf-8")
    orgs = ["甲", "乙", "甲", "丁", None, "乙", None]
    points = ["1.5", "2.25", "3.33", "4", "5", "200", None]
    units = ["a", "b", "c", "d", "e", "f", None]
    pl.DataFrame({"单位": units, "公司": orgs, "得分": points}).write_parquet(tmp_path / "r.parquet")
    policies = load_policies(folder)

    found = policies.evaluate(str(tmp_path / "r.parquet"), engine="spark")

    same(found, policies.evaluate(str(tmp_path / "r.parquet")))
