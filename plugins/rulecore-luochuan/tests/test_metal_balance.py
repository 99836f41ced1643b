"""The scorer ``metal_balance``, run through a policy as users run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.errors import PolicyError

POLICY = """
[policy]
name = "metal"
version = "1"

[record]
entity = "unit"

[fields.unit]
column = "单位"
type = "text"
[fields.metal_in]
column = "投入"
type = "decimal"
decimals = 2
min = 0.01
max = 1000000
[fields.metal_out]
column = "产出"
type = "decimal"
decimals = 2
min = 0
max = 1000000
[fields.stock]
column = "增减"
type = "decimal"
decimals = 2
min = -1000000
max = 1000000
missing = "not_applicable"

[rules.metal]
scorer = "metal_balance"
put_in = "metal_in"
produced = "metal_out"
stock_change = "stock"
quota = "97.2%"
base_points = {base}
each = {step}
points_above = 2
points_below = 3
most = 100
least = 60

[output]
columns = ["unit", {{ of = "metal", decimals = 0, not_applicable = "不适用" }}]
provenance = false
"""


def points(folder: Path, put_in: str, produced: str, stock: str, engine: str) -> str:
    path = folder / "policy.toml"
    path.write_text(POLICY.format(base=90, step="0.001"), encoding="utf-8")
    record = {"单位": "U", "投入": put_in, "产出": produced, "增减": stock}
    return load_policy(path).evaluate([record], engine=engine).output_rows()[0][1]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(
    ("put_in", "produced", "stock", "expected"),
    [
        ("1000", "972", "0", "90"),  # just the quota
        ("1000", "970", "2", "90"),  # what lies in work in process counts
        ("1000", "972.99", "0", "90"),  # a step above counts once it is complete
        ("1000", "973", "0", "92"),
        ("1000", "977", "0", "100"),
        ("1000", "999", "0", "100"),  # no more than the most
        ("1000", "971.99", "0", "87"),  # a step below counts once it has begun
        ("1000", "971", "0", "87"),
        ("1000", "970.99", "0", "84"),
        ("1000", "900", "0", "60"),  # no fewer than the least
        ("1000", "1000", "0", "100"),
        ("1000", "1000", "0.01", "不适用"),  # more out than in: the balance does not close
        ("1000", "972", "", "不适用"),
    ],
)
def test_points_follow_whole_steps_of_the_recovery_rate(
    tmp_path: Path, engine: str, put_in: str, produced: str, stock: str, expected: str
) -> None:
    assert points(tmp_path, put_in, produced, stock, engine) == expected


@pytest.mark.parametrize(
    ("base", "step", "code"),
    [("90", "0", "LUOCHUAN01"), ("90", "-0.1", "LUOCHUAN01"), ("59", "1", "LUOCHUAN02")],
)
def test_parameters_that_cannot_be_meant_are_refused(tmp_path: Path, base: str, step: str, code: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY.format(base=base, step=step), encoding="utf-8")
    with pytest.raises(PolicyError, match=code):
        load_policy(path)
