"""The schemes of policies/ on Spark: each result is, cell for cell, that of the columnar engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from rulecore.api import load_policies

SHIPPED = Path(__file__).parents[3] / "policies"

SCHEMES = (
    "benefit_award",
    "bidding",
    "contest",
    "engineer_ladder",
    "fault_tolerance",
    "party_branch_star",
    "project_gate",
    "science_award",
    "studio_members",
    "suggestion",
    "youth_linkage",
)
"""Those with rows, cohorts and ranks of each kind; detail tables are refused, and a few more would only take time."""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_gives_what_it_gives_here(
    spark: object, same: Callable[..., None], scheme: str, tmp_path: Path
) -> None:
    table = pl.read_csv(SHIPPED / scheme / "records.csv", infer_schema=False)
    half = table.height // 2
    table.head(half).write_parquet(tmp_path / "1.parquet")
    table.tail(-half).write_parquet(tmp_path / "2.parquet")
    files = [str(tmp_path / "1.parquet"), str(tmp_path / "2.parquet")]
    policies = load_policies(SHIPPED / scheme)

    found = policies.evaluate(files, engine="spark")

    same(found, policies.evaluate(files))
    found.release()
