"""Rules after a rule that floats leave in doubt: computed in the same pass, and again on the rows in doubt alone."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import polars as pl
import pytest

from rulecore import load_policy
from rulecore.engines.columnar import logic, rounding, values
from rulecore.engines.columnar.run import _Run
from rulecore.engines.reference import evaluate as exact
from rulecore.planned import Plan
from rulecore.plugins import load_plugins
from tests.engines.agreement import differences
from tests.engines.generated import make_case

QUOTIENTS = " + ".join(f"n{number} / d{number}" for number in range(1, 9))
FIELDS = "".join(
    f'[fields.{kind}{number}]\ntype = "decimal"\ndecimals = 6\nmin = 1\nmax = 1000000\n'
    for number in range(1, 9)
    for kind in "nd"
)
POLICY = f"""
[policy]
name = "doubts"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
{FIELDS}
[rules.mark]
scorer = "formula"
value = "({QUOTIENTS}) / 8"
decimals = 1
[rules.double]
scorer = "formula"
value = "mark * 2"
[rules.share]
scorer = "formula"
value = "mark / (d1 + 0.000001) + ({QUOTIENTS}) / 7"
[rules.rounded]
scorer = "formula"
value = "share + double"
decimals = 2
[rules.passed]
scorer = "formula"
value = "double >= 2.1"
[rules.place]
scorer = "rank"
by = "rounded"
[rules.after]
scorer = "formula"
value = "if place <= 2 then share / 3 else mark"
decimals = 3
[output]
columns = ["unit", "rounded", "after"]
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    path = tmp_path_factory.mktemp("doubts") / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return load_policy(path, registry=load_plugins(entry_points=False)).plan


def records(ties: set[int], count: int) -> pl.DataFrame:
    """Return records whose mark is 1.05, a tie of a rounding to one decimal, on some rows, and 1.2 on the others."""
    unit = 10**6
    columns: dict[str, list[object]] = {"unit": [f"U{row}" for row in range(count)]}
    for number in range(1, 9):
        columns[f"n{number}"] = [21 * unit if row in ties else (24 + 2 * row) * unit for row in range(count)]
        columns[f"d{number}"] = [20 * unit] * count
    return pl.DataFrame(columns)


@pytest.mark.parametrize("ties", [set(), {0}, {3, 7}, set(range(20))])
def test_every_rule_after_a_tie_is_what_exact_arithmetic_gives(plan: Plan, ties: set[int]) -> None:
    frame = records(ties, 20)
    run = _Run(plan, frame)
    found = run.result()
    assert found.rows() == exact(plan, frame).rows()
    marks = {Fraction(value, 10) for row, value in enumerate(found["mark"].to_list()) if row in ties}
    assert marks <= {Fraction("1.1")}


def test_rows_in_doubt_and_no_others_are_gone_through_rule_by_rule(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    settle = _Run.settle
    monkeypatch.setattr(
        _Run, "settle", lambda run, part, *more: (seen.append(part.height), settle(run, part, *more))[1]
    )
    _Run(plan, records({3, 7}, 20)).result()
    assert set(seen) == {2}


def test_without_doubt_rules_in_floats_take_one_pass_before_a_rank_and_one_after_it(plan: Plan) -> None:
    run = _Run(plan, records(set(), 20))
    run.result()
    assert run.statements.passes == 1 + 2 + 1  # its keys are a pass before it


def test_engines_agree_also_where_errors_are_taken_for_so_large_that_many_rows_are_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (values, logic, rounding):
        monkeypatch.setattr(module, "ROUNDOFF", 1e-6)
    monkeypatch.setattr(logic, "FINE", 1.0)
    monkeypatch.setattr(rounding, "FINE", 0.3)
    seen: list[int] = []
    settle = _Run.settle
    monkeypatch.setattr(
        _Run, "settle", lambda run, part, *more: (seen.append(part.height), settle(run, part, *more))[1]
    )
    for seed in range(60):
        random = Random(seed)  # noqa: S311 - test data
        assert differences(make_case(random.randint)) == []
    assert len(seen) > 5
