"""A Python worker that dies in the middle: Spark starts its task again, and nothing is lost or there twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from rulecore.api import load_policies
from rulecore.errors import PluginError

PLUGIN = '''
"""A cohort function, and a module, that kill the worker they first run in."""

import os
import signal
import sys
from fractions import Fraction

from rulecore.contracts import CohortFunction, FunctionParameter
from rulecore.expr.types import NumberType
from rulecore.markers import hookimpl


def kill_once(name):
    marker = os.path.join(FOLDER, name)
    if "pyspark.daemon" in sys.modules or "pyspark.worker" in sys.modules:
        if not os.path.exists(marker):
            open(marker, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)


kill_once("while typing")


def position(cohort):
    kill_once("in a cohort")
    return [Fraction(number) for number in range(1, cohort.size + 1)]


@hookimpl
def rulecore_cohort_functions():
    return [
        CohortFunction(
            name="position_in_cohort",
            summary="The position of a record in its cohort.",
            parameters=(FunctionParameter(name="of"),),
            compute=position,
            result_type=lambda types, options: NumberType(low=Fraction(1), high=Fraction(10**9)),
        )
    ]
'''

POLICY = """
[policy]
name = "killed"
title = "被杀死的进程"
version = "1"

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
type = "integer"
min = 0
max = 100

[rules.position]
label = "序号"
scorer = "formula"
value = "position_in_cohort(points, by = org)"

[output]
columns = ["unit", "org", "points", "position"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "killing.py").write_text(PLUGIN.replace("FOLDER,", f"{str(tmp_path)!r},"), encoding="utf-8")
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    count = 900
    frame = pl.DataFrame(
        {
            "单位": [f"U{number:04}" for number in range(count)],
            "公司": [f"公司{number % 5}" for number in range(count)],
            "得分": [number % 101 for number in range(count)],
        }
    )
    frame.write_parquet(tmp_path / "records.parquet")
    return tmp_path


def test_a_worker_killed_while_typing_and_one_killed_in_a_cohort_lose_and_double_nothing(
    spark: object, same: Callable[..., None], folder: Path
) -> None:
    policies = load_policies(folder / "policy.toml", plugins_dir=folder / "plugins")
    path = str(folder / "records.parquet")

    found = policies.evaluate(path, engine="spark")

    same(found, policies.evaluate(path))
    assert (folder / "while typing").exists()
    assert (folder / "in a cohort").exists()


def test_a_worker_whose_code_is_not_the_programs_is_refused(spark: object, folder: Path) -> None:
    from attrs import evolve

    (folder / "while typing").touch()
    policies = load_policies(folder / "policy.toml", plugins_dir=folder / "plugins")
    found = policies.evaluate_whole(str(folder / "records.parquet"), engine="spark")
    shipment = found._run.shipment
    packages = tuple((name, "0" * 64) for name, _sha256 in shipment.packages)

    found._run.shipment = evolve(shipment, packages=packages)
    with pytest.raises(
        PluginError, match=r"SP005: a Spark worker compiles policy killed .*rulecore 0.1.0, other code"
    ):
        _ = found.rows_scored

    again = policies.evaluate_whole(str(folder / "records.parquet"), engine="spark")
    again._run.shipment = evolve(shipment, fingerprints=("0" * 64,))
    with pytest.raises(PluginError, match=r"SP005"):
        _ = again.rows_scored

    third = policies.evaluate_whole(str(folder / "records.parquet"), engine="spark")
    third._run.shipment = evolve(shipment, files=())
    with pytest.raises(PluginError, match=r"SP005.*position_in_cohort"):
        _ = third.rows_scored
