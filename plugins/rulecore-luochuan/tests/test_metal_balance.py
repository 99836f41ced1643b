"""The scorer ``metal_balance``, with the test kit: values by hand, edges on both engines."""

from __future__ import annotations

from fractions import Fraction

import pytest
from rulecore_luochuan.metal_balance import MetalBalance

from rulecore.errors import PolicyError
from rulecore.testing import check_plugin, check_scorer, compile_rule, evaluate_rule

RULE = """
[fields.metal_in]
type = "decimal"
decimals = 2
min = 0.01
max = 1000000
[fields.metal_out]
type = "decimal"
decimals = 2
min = 0
max = 1000000
[fields.stock]
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
base_points = 90
each = 0.001
points_above = 2
points_below = 3
most = 100
least = 60
"""


@pytest.mark.parametrize(
    ("put_in", "produced", "stock", "expected"),
    [
        ("1000", "972", "0", 90),  # just the quota
        ("1000", "970", "2", 90),  # what lies in work in process counts
        ("1000", "972.99", "0", 90),  # a step above counts once it is complete
        ("1000", "973", "0", 92),
        ("1000", "977", "0", 100),
        ("1000", "999", "0", 100),  # no more than the most
        ("1000", "971.99", "0", 87),  # a step below counts once it has begun
        ("1000", "971", "0", 87),
        ("1000", "970.99", "0", 84),
        ("1000", "900", "0", 60),  # no fewer than the least
        ("1000", "1000", "0", 100),
        ("1000", "1000", "0.01", None),  # more out than in: the balance does not close
        ("1000", "972", "", None),
    ],
)
def test_points_follow_whole_steps_of_the_recovery_rate(
    put_in: str, produced: str, stock: str, expected: int | None
) -> None:
    record = {"metal_in": put_in, "metal_out": produced, "stock": stock}
    assert evaluate_rule(RULE, [record]) == [None if expected is None else Fraction(expected)]


def test_both_engines_agree_on_the_edges() -> None:
    check_scorer(MetalBalance, RULE, count=500)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("each = 0.001", "each = 0", "LUOCHUAN01"),
        ("each = 0.001", "each = -0.1", "LUOCHUAN01"),
        ("base_points = 90", "base_points = 59", "LUOCHUAN02"),
    ],
)
def test_parameters_that_cannot_be_meant_are_refused(key: str, value: str, code: str) -> None:
    with pytest.raises(PolicyError, match=code):
        compile_rule(RULE.replace(key, value))


def test_the_plugin_loads_without_faults_beside_the_built_ins() -> None:
    assert check_plugin("rulecore_luochuan").scorers["metal_balance"].value is MetalBalance
