"""Cohort functions in policies: both engines agree, and arguments that do not fit are faults, never tracebacks."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore
from rulecore.errors import PolicyError

HEAD = """
[policy]
name = "pools"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.group]
type = "text"
[fields.weight]
type = "decimal"
decimals = 1
missing = "not_applicable"
[fields.pool]
type = "decimal"
decimals = 2
min = 0
max = 1000
[output]
provenance = false
columns = ["unit", "value"]
[rules.value]
scorer = "formula"
"""
RECORDS = [
    {"unit": "A", "group": "x", "weight": "3", "pool": "100"},
    {"unit": "B", "group": "x", "weight": "1", "pool": "100"},
    {"unit": "C", "group": "x", "weight": "", "pool": "7"},
    {"unit": "D", "group": "y", "weight": "0", "pool": "9"},
    {"unit": "E", "group": "z", "weight": "2", "pool": "0.01"},
    {"unit": "F", "group": "z", "weight": "1", "pool": "0.01"},
]


def load(folder: Path, value: str) -> rulecore.CompiledPolicy:
    path = folder / "policy.toml"
    path.write_text(f"{HEAD}value = '''{value}'''\n", encoding="utf-8")
    return rulecore.load_policy(path)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("share_pool(weight, pool, by = group)", ["75.00", "25.00", "", "", "0.01", "0.00"]),
        ("按权重分配(weight, pool, cap_share = 60%, by = group)", ["60.00", "40.00", "", "", "0.00", "0.00"]),
        (
            "share_pool(weight, pool, cap_share = 60 / 100, floor = 30, cut_off = 'keep', by = group)",
            ["60.00", "30.00", "", "", "", ""],
        ),
        ("pool_left(weight, pool, cap_share = 60%, by = group)", ["0.00", "0.00", "", "", "0.01", "0.01"]),
        ("if pool_capped(weight, pool, 0.6, by = group) then 1 else 0", ["1", "0", "", "", "1", "1"]),
        (
            "share_pool(weight, 10, decimals = 0, where = coalesce(weight > 0, false))",
            ["4", "", "", "", "3", ""],
        ),
        ("envelope_left(pool, weight, 100)", ["90.98", "", "", "100.00", "90.99", "91.00"]),
        ("scale_to_envelope(weight, 3)", ["1.0", "", "", "0.0", "1.0", ""]),
        ("apportion(weight, 10, 'dhondt')", ["5", "1", "", "0", "3", "1"]),
    ],
)
def test_a_function_gives_the_same_on_both_engines(
    value: str, expected: list[str], engine: str, tmp_path: Path
) -> None:
    results = load(tmp_path, value).evaluate(RECORDS, engine=engine)
    assert [cells[1] for cells in results.output_rows()] == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("share_pool(group, pool)", "weight must be a number, not a text"),
        ("share_pool(weight, pool / 3)", "amount has no known number of decimals"),
        ("pool_left(weight, group)", "amount must be a number, not a text"),
        ("if fill_envelope(weight, group, 5) then 1 else 0", "order must be a number, not a text"),
        ("envelope_left(weight / 3, 1, 5)", "cost has no known number of decimals"),
        ("scale_to_envelope(weight / 3, 5)", "amount has no known number of decimals"),
        ("apportion(weight, 10, threshold = 5)", "threshold must be a part of the votes"),
        ("apportion(weight, 10, minimum = -1)", "minimum must not be negative"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_with_a_sentence(
    value: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path, value)
    assert [fault.code.id for fault in caught.value.faults] == ["RC331"]
    assert reason in str(caught.value)
