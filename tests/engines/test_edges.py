"""Edges that were once wrong, or were suspected to be: both engines, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve

from rulecore import load_policy
from rulecore.contracts import Value
from rulecore.engines.columnar.run import evaluate as columnar
from rulecore.engines.decode import decode, encode
from rulecore.engines.reference import evaluate as exact
from rulecore.expr.nodes import Add, Branch, Compare, Conditional, Literal, Round, Subtract
from rulecore.expr.types import NumberType
from rulecore.planned import Plan, PlannedRule
from rulecore.plugins import load_plugins

REGISTRY = load_plugins(entry_points=False)
NUMBER = 'type = "decimal"\ndecimals = 4\nmissing = "not_applicable"'
FIELDS = {
    "a": NUMBER,
    "b": NUMBER,
    "c": NUMBER,
    "small": 'type = "decimal"\ndecimals = 12\nmin = 0\nmax = 1',
    "text": 'type = "text"\nmissing = "not_applicable"',
    "flag": 'type = "flag"\nmissing = "not_applicable"',
    "day": 'type = "date"\nmissing = "not_applicable"',
}
EIGHT = " + ".join(["a / b"] * 8)


def plan_of(folder: Path, rules: Mapping[str, str]) -> Plan:
    """Return the plan of some formula rules; ``name:2`` rounds to two decimals."""
    lines = [
        '[policy]\nname = "edges"\nversion = "1"\n[record]\nentity = "unit"\n[fields.unit]\ntype = "text"'
    ]
    lines += [f"[fields.{name}]\n{keys}" for name, keys in FIELDS.items()]
    for key, value in rules.items():
        name, _, decimals = key.partition(":")
        lines.append(f"[rules.{name}]\nscorer = \"formula\"\nvalue = '{value}'")
        lines += [f"decimals = {decimals}"] if decimals else []
    lines.append('[output]\ncolumns = ["unit"]')
    path = folder / "policy.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load_policy(path, registry=REGISTRY).plan


def outcomes(
    folder: Path, rules: Mapping[str, str], records: Sequence[Mapping[str, object]]
) -> Mapping[str, list[Value]]:
    """Return the values of the rules that have a column, after checking that both engines give the same."""
    plan = plan_of(folder, rules)
    rows = [{"unit": f"U{number}", "small": 0, **record} for number, record in enumerate(records)]
    frame = pl.DataFrame(
        [
            column
            for field in plan.fields
            if (column := encode(field.name, [_exact(row.get(field.name)) for row in rows], field.type))
            is not None
        ]
    )
    wanted, found = exact(plan, frame), columnar(plan, frame)
    assert found.schema == wanted.schema
    assert found.rows() == wanted.rows()
    return {
        step.name: decode(found[step.name], step.type)
        for step in plan.steps
        if isinstance(step, PlannedRule) and not step.hidden and step.name in found.columns
    } | {name: found[name].to_list() for name in found.columns if name.startswith("#issue")}


def _exact(value: object) -> object:
    return Fraction(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


CONSTANTS = {
    "number": "7.5",
    "third:2": "1 / 3",
    "word": '"甲"',
    "yes": "true",
    "moment": "2024-02-29",
    "nothing": "not_applicable",
    "chosen": "if true then 1 else 2",
    "branch": "if flag then 1 else 2",
    "grade": 'if flag then "A" else "B"',
    "never": "if flag then not_applicable else not_applicable",
    "wide": "100000000000000000000 * 100000000000000000",
    "sum_of_constants": "sum(1, 2, 3)",
    "mean_of_constants:2": "trimmed_mean(1, 2, 4)",
}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rules_that_are_constants_have_one_value_for_each_record(count: int, tmp_path: Path) -> None:
    found = outcomes(tmp_path, CONSTANTS, [{"flag": True}] * count)
    assert {name: values for name, values in found.items() if not name.startswith("#")} == {
        "number": [Fraction("7.5")] * count,
        "third": [Fraction("0.33")] * count,
        "word": ["甲"] * count,
        "yes": [True] * count,
        "moment": [date(2024, 2, 29)] * count,
        "nothing": [None] * count,
        "chosen": [1] * count,
        "branch": [1] * count,
        "grade": ["A"] * count,
        "never": [None] * count,
        "wide": [10**37] * count,
        "sum_of_constants": [6] * count,
        "mean_of_constants": [2] * count,
    }


RANKS = {
    "place": "rank(a)",
    "share": "rank(a / b)",
    "ordinal": 'rank(a / b, c, method = "ordinal")',
    "inside": "rank(a, by = [text])",
    "among": "rank(a, where = coalesce(flag, false))",
    "word": "rank(text)",
    "moment": "rank(day)",
    "how_many": "cohort_count(by = [text, flag])",
    "all": "cohort_count()",
}


@pytest.mark.parametrize("count", [0, 1, 4])
def test_ranks_over_columns_without_any_value_are_not_applicable(count: int, tmp_path: Path) -> None:
    found = outcomes(tmp_path, RANKS, [{}] * count)
    assert {name: values for name, values in found.items() if not name.startswith("#")} == {
        **{name: [None] * count for name in RANKS},
        "all": [count] * count,
    }


def test_ranks_of_unrounded_quotients_tie_exactly_where_they_are_equal(tmp_path: Path) -> None:
    records = [{"a": 1, "b": 3}, {"a": 2, "b": 6}, {"a": 1, "b": 2.9999}, {"a": 5}, {"a": 1, "b": 0}]
    found = outcomes(tmp_path, {"place": "rank(a / b)", "sum_place": f"rank({EIGHT})"}, records)
    assert found["place"] == [2, 2, 1, None, None]
    assert found["sum_place"] == [2, 2, 1, None, None]


def test_a_doubtful_row_keeps_its_own_issue_and_gives_no_other_one(tmp_path: Path) -> None:
    # The divisor is a sum of quotients that fits no integer: only the exact engine knows where it is zero.
    rules = {"value:2": f"clip(1 / ({EIGHT} - 8 * c), -5000, 5000)"}
    records = [
        {"a": 1, "b": 3, "c": 0.3333},
        {"a": 1, "b": 1, "c": 1},
        {"a": 0, "b": 7, "c": 0},
        {"a": 1, "b": 0, "c": 1},
    ]
    found = outcomes(tmp_path, rules, records)
    assert found["value"] == [Fraction("3750"), None, None, None]
    assert found["#issue:value:division_by_zero"] == [False, True, True, True]


def test_doubt_in_a_rule_without_a_column_reaches_ranks_and_comparisons(tmp_path: Path) -> None:
    rules = {
        "quotient": f"c / ({EIGHT} - 8)",
        "place": "rank(quotient)",
        "large": "quotient > 1",
        "inverse:2": "clip(1 / quotient, -9, 9)",
        "word": 'if quotient > 1 then "large" else "small"',
    }
    records = [
        {"a": 1, "b": 1, "c": 5},
        {"a": 2, "b": 1, "c": 16},
        {"a": 9, "b": 3, "c": 32},
        {"a": 1, "b": 2, "c": 4},
    ]
    found = outcomes(tmp_path, rules, records)
    assert found["place"] == [None, 1, 1, 3]
    assert found["large"] == [None, True, True, False]
    assert found["inverse"] == [None, Fraction("0.5"), Fraction("0.5"), Fraction(-1)]
    assert found["word"] == [None, "large", "large", "small"]


def test_rounding_of_a_value_without_bounds_is_left_to_the_exact_engine(tmp_path: Path) -> None:
    rules = {
        "power": "round(exp(a), 2)",
        "above": "power > 100",
        "again:1": "min(power, 50)",
        "nothing": "is_applicable(power)",
    }
    found = outcomes(tmp_path, rules, [{"a": 1}, {"a": 10}, {"a": -100}, {}])
    assert found["above"] == [False, True, False, None]
    assert found["again"] == [Fraction("2.7"), 50, 0, None]
    assert found["nothing"] == [True, True, True, False]


def test_exp_of_a_number_beyond_all_bounds_is_refused_not_guessed(tmp_path: Path) -> None:
    found = outcomes(tmp_path, {"above": "round(exp(a), 2) > 100"}, [{"a": 10**12}, {"a": 5}])
    assert found["above"] == [None, True]
    assert found["#issue:above:cannot_round"] == [True, False]


def test_products_of_numbers_with_twelve_decimals_are_exact(tmp_path: Path) -> None:
    rules = {
        "product:40": "small * small * small * small",
        "rounded:6": "small * small * small * small * 100",
        "equal": "small * small * small * small == power(small, 4)",
        "positive": "small * small * small * small > 0",
    }
    tiny = Fraction(1, 10**12)
    found = outcomes(
        tmp_path,
        {key: rule for key, rule in rules.items() if key != "product:40"},
        [{"small": tiny}, {"small": Fraction(1, 10)}, {"small": 0}],
    )
    assert found["rounded"] == [0, Fraction("0.01"), 0]
    assert found["equal"] == [True, True, True]
    assert found["positive"] == [True, True, False]


def test_a_value_that_fits_its_column_though_its_parts_do_not_keeps_its_nulls(tmp_path: Path) -> None:
    rules = {"back": "clip(a * a * a * a * a * a * a * a - a * a * a * a * a * a * a * a + a, 0, 100)"}
    found = outcomes(tmp_path, rules, [{"a": 5}, {}, {"a": 999999999999}, {"a": -1}])
    assert found["back"] == [5, None, 100, 0]


def test_values_near_the_limits_of_floats_round_exactly(tmp_path: Path) -> None:
    rules = {"whole:0": f"a + {EIGHT} - 8 * c", "even:1": f"({EIGHT}) / 8 + a"}
    big = 999999999999
    records = [
        {"a": big + 0.5, "b": big + 0.5, "c": 1},
        {"a": -big - 0.5, "b": -big - 0.5, "c": 1},
        {"a": 0.05, "b": 1, "c": 0},
        {"a": -0.05, "b": 1, "c": 0},
    ]
    found = outcomes(tmp_path, rules, records)
    assert found["whole"] == [10**12, -(10**12), 0, 0]
    assert found["even"] == [
        Fraction("1000000000000.5"),
        Fraction("-999999999998.5"),
        Fraction("0.1"),
        Fraction("-0.1"),
    ]


def test_a_zero_divided_by_what_is_not_applicable_is_no_division_by_zero(tmp_path: Path) -> None:
    found = outcomes(tmp_path, {"value:2": "clip(1 / (a / b), 0, 9)"}, [{"a": 0}, {"a": 0, "b": 1}])
    assert found["value"] == [None, None]
    assert found["#issue:value:division_by_zero"] == [False, True]


def test_the_zeroth_power_of_what_is_not_applicable_is_not_applicable(tmp_path: Path) -> None:
    assert outcomes(tmp_path, {"one": "power(a, 0)"}, [{"a": 5}, {}, {"a": 0}])["one"] == [1, None, 1]


def test_a_bound_beyond_64_bits_clips(tmp_path: Path) -> None:
    found = outcomes(tmp_path, {"most": "max(a, 1000000000000000000000)"}, [{"a": 5}, {}])
    assert found["most"] == [10**21, None]


def test_a_part_that_stands_at_many_places_raises_its_issue_only_where_it_is_reached(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, {"value:2": "if c > 0 then clip(a / b, 0, 99) else 0"})
    (rule,) = plan.steps
    assert isinstance(rule, PlannedRule)
    assert isinstance(rule.node, Round)
    assert isinstance(rule.node.operand, Conditional)
    (branch,) = rule.node.operand.branches
    deep, one = branch.value, Literal(Fraction(1))
    for _ in range(60):  # as a tree this has 3^60 leaves
        above = Compare(">", deep, Literal(Fraction(1000)))
        deep = Conditional((Branch(above, Subtract(deep, one)),), Add(deep, one))
    inside = evolve(rule.node.operand, branches=(evolve(branch, value=deep),))
    type_ = NumberType(scale=2, low=Fraction(-60), high=Fraction(159), nullable=True)
    shared = evolve(
        plan,
        fields=plan.fields[:4],
        steps=(evolve(rule, node=evolve(rule.node, operand=inside), type=type_),),
    )
    frame = pl.DataFrame(
        {"unit": ["1", "2", "3"], "a": [1, 1, 10000], "b": [0, 0, 40000], "c": [0, 1, 1]},
        schema_overrides={name: pl.Int64() for name in "abc"},
    )
    found = columnar(shared, frame)
    assert found.equals(exact(shared, frame))
    assert found["value"].to_list() == [0, None, 6025]
    assert found["#issue:value:division_by_zero"].to_list() == [False, True, False]


def test_dates_beside_what_is_not_applicable(tmp_path: Path) -> None:
    rules = {
        "later": "max(day, not_applicable)",
        "year": "year(if flag then day else not_applicable)",
        "between": "days_between(day, if flag then not_applicable else day)",
    }
    found = outcomes(
        tmp_path, rules, [{"day": date(2024, 2, 29), "flag": True}, {"day": date(2024, 2, 29), "flag": False}]
    )
    assert found == {"later": [None, None], "year": [2024, None], "between": [None, 0]}


QUOTA = """
[rules.grade]
scorer = "quota"
of = "band"
by = "score"
ties = ["a"]
limits = [
  { grade = "A", share = 0.3, surplus = "B" }, { grade = "B", share = 0.4, surplus = "C" },
  { grade = "C", share = 0.4, surplus = "D" }, { grade = "D", share = 0.5, surplus = "E" },
]
"""


def test_a_quota_with_four_limits_is_computed_as_a_graph_not_as_a_tree(tmp_path: Path) -> None:
    text = (
        '[policy]\nname = "quota"\nversion = "1"\n[record]\nentity = "unit"\n[fields.unit]\ntype = "text"\n'
        f'[fields.a]\n{NUMBER}\n[fields.score]\ntype = "integer"\nmin = 0\nmax = 100\n'
        '[rules.band]\nscorer = "bands"\nof = "score"\n'
        'bands = [{ at_least = 90, is = "A" }, { at_least = 80, is = "B" }, '
        '{ at_least = 70, is = "C" }, { is = "D" }]\n'
        f'{QUOTA}[output]\ncolumns = ["unit"]'
    )
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    plan = load_policy(path, registry=REGISTRY).plan
    size = 40
    frame = pl.DataFrame(
        {
            "unit": [str(row) for row in range(size)],
            "a": [row * 7 % 5 for row in range(size)],
            "score": [60 + row * 11 % 41 for row in range(size)],
        },
        schema_overrides={"a": pl.Int64()},
    )
    assert exact(plan, frame).equals(columnar(plan, frame))
    assert len(plan.steps) < 30


def test_what_several_rules_rank_is_ranked_once(tmp_path: Path) -> None:
    rules = {
        "first": "rank(a * 2)",
        "second": "rank(a * 2) + 1",
        "third": "rank(a / b)",
        "fourth": "rank(a / b)",
    }
    plan = plan_of(tmp_path, rules)
    steps = [step.name for step in plan.steps if not isinstance(step, PlannedRule)]
    # A quotient may raise an issue, which belongs to the rule it was met in: those stay apart.
    assert steps == ["first@1", "third@1", "fourth@1"]
