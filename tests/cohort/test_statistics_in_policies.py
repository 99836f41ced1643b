"""Cohort statistics in policies: both engines give the exact value, groups and conditions hold, issues are raised."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rulecore
from rulecore.engines.decode import decode
from rulecore.results import PolicyResults

HEAD = """
[policy]
name = "statistics"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.team]
type = "text"
[fields.score]
type = "decimal"
decimals = 1
min = -100
max = 100
missing = "not_applicable"
[fields.day]
type = "date"
missing = "not_applicable"
[fields.out]
type = "flag"
true = ["是"]
false = ["否"]
missing = false
[output]
provenance = false
columns = ["unit"]
"""
RECORDS = [
    {"unit": "A", "team": "x", "score": "1", "day": "2024-01-03", "out": ""},
    {"unit": "B", "team": "x", "score": "2", "day": "2024-01-01", "out": ""},
    {"unit": "C", "team": "x", "score": "4", "day": "2024-01-02", "out": "是"},
    {"unit": "D", "team": "y", "score": "3", "day": "2024-01-01", "out": ""},
    {"unit": "E", "team": "y", "score": "3", "day": "2024-01-02", "out": "是"},
    {"unit": "F", "team": "z", "score": "", "day": "", "out": ""},
    {"unit": "G", "team": "w", "score": "-5.5", "day": "", "out": ""},
]


def evaluate(
    folder: Path, rules: dict[str, str], engine: str, records: Sequence[Mapping[str, str]]
) -> PolicyResults:
    path = folder / "policy.toml"
    text = "".join(
        f"[rules.{name}]\nscorer = \"formula\"\nvalue = '''{value}'''\n" for name, value in rules.items()
    )
    path.write_text(HEAD + text, encoding="utf-8")
    return rulecore.load_policy(path).evaluate(records, engine=engine).parts[0]


def values_of(part: PolicyResults, rule: str) -> list[object]:
    """Return a rule's exact values; where it has no column of its own, those of the cohort step that it names."""
    for name in (rule, f"{rule}@1"):
        for step in part.plan.steps:
            if step.name == name and name in part.steps.columns:
                return list(decode(part.steps[name], step.type))
    raise AssertionError(f"{rule} has no column")


def with_issues(part: PolicyResults) -> list[bool]:
    """Return which records have an issue."""
    columns = [name for name in part.steps.columns if name.startswith("#issue:")]
    height = part.steps.height
    return [any(row) for row in part.steps.select(columns).rows()] if columns else [False] * height


def read(cell: str) -> object:
    """Return a cell of an expectation: ``-`` is not applicable, ``-!`` so with an issue, others numbers or texts."""
    if cell in ("-", "-!"):
        return None
    try:
        return Fraction(cell)
    except ValueError:
        return cell


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("cohort_mean(score, by = team)", "7/3 7/3 7/3 3 3 - -11/2"),
        ("组内均值(score)", "5/4 5/4 5/4 5/4 5/4 5/4 5/4"),
        ("cohort_mean(score, where = not out)", "1/8 1/8 - 1/8 - 1/8 1/8"),
        ("cohort_mean(if out then 不适用 else score)", "1/8 1/8 1/8 1/8 1/8 1/8 1/8"),
        ("cohort_mean(score, drop_low = 1, drop_high = 1)", "9/4 9/4 9/4 9/4 9/4 9/4 9/4"),
        ("cohort_mean(score / 3, by = team)", "7/9 7/9 7/9 1 1 - -11/6"),
        ("cohort_sum(score / 3, by = team)", "7/3 7/3 7/3 2 2 - -11/6"),
        ("cohort_max(score / 3, by = team)", "4/3 4/3 4/3 1 1 - -11/6"),
        ("cohort_variance(score, by = team)", "14/9 14/9 14/9 0 0 - 0"),
        ("cohort_variance(score, 'sample', by = team)", "7/3 7/3 7/3 0 0 - -!"),
        ("cohort_median(score)", "5/2 5/2 5/2 5/2 5/2 5/2 5/2"),
        ("cohort_quantile(score, 25%, 'r7')", "5/4 5/4 5/4 5/4 5/4 5/4 5/4"),
        ("cohort_quantile(score, 25%, 'r8')", "11/24 11/24 11/24 11/24 11/24 11/24 11/24"),
        ("组内分位数(score, 1/3, definition = 'r6', by = team)", "4/3 4/3 4/3 3 3 - -11/2"),
        ("count_distinct(score)", "5 5 5 5 5 5 5"),
        ("count_distinct(team, day)", "5 5 5 5 5 5 5"),
        ("share_of_total(score, by = team)", "1/7 2/7 4/7 1/2 1/2 - 1"),
        ("share_of_total(score - 3, by = team)", "1 1/2 -1/2 -! -! - 1"),
        ("min_max(score, by = team)", "0 1/3 1 -! -! - -!"),
        ("percentile_rank(score, 'inclusive')", "1/5 2/5 1 3/5 3/5 - 0"),
        ("百分等级(score, 'mean_rank', by = team)", "1/6 1/2 5/6 1/2 1/2 - 1/2"),
        ("percentile_rank(score, 'exclusive', order = 'descending', by = team)", "3/4 1/2 1/4 1/3 1/3 - 1/2"),
        ("running_total(score, day, by = team)", "7 2 6 3 6 - -"),
        ("running_total(score / 3, day, by = team)", "7/3 2/3 2 1 2 - -"),
        ("running_max(score, day, order = 'descending')", "1 4 4 4 4 - -"),
        ("running_min(score, day, where = not out)", "1 2 - 2 - - -"),
        ("running_count(coalesce(score > 1, false), score)", "0 1 4 3 3 - 0"),
        ("count_before(coalesce(score > 1, false), score, order = 'descending')", "4 3 0 1 1 - 4"),
        ("lag(score, day, by = team)", "4 - 2 - 3 - -"),
        ("前一值(score, day)", "-! - -! - -! - -"),
        ("lead(score, day, unit, order = 'descending, ascending')", "4 3 3 - 2 - -"),
        ("lag(score, score, unit, offset = 2)", "- -11/2 3 1 2 - -"),
        ("lag(team, score, unit)", "w x y x y - -"),
    ],
)
def test_a_function_gives_the_exact_value_on_both_engines(
    value: str, expected: str, engine: str, tmp_path: Path
) -> None:
    part = evaluate(tmp_path, {"value": value}, engine, RECORDS)
    cells = expected.split()
    assert values_of(part, "value") == [read(cell) for cell in cells]
    assert with_issues(part) == [cell == "-!" for cell in cells]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_a_value_that_cannot_be_settled_is_an_issue_of_the_record(engine: str, tmp_path: Path) -> None:
    rules = {"place": "round(min_max(score, by = team), 2)", "gap": "lag(score, day) - 1"}
    part = evaluate(tmp_path, rules, engine, RECORDS)
    found = [
        sorted(part.issues_at("place@1", row) | part.issues_at("gap@1", row)) for row in range(len(RECORDS))
    ]
    neighbours, quotient = "different_neighbours", "division_by_zero"
    assert found == [[neighbours], [], [neighbours], [quotient], [neighbours, quotient], [], [quotient]]
    assert "RC715" in part.issue_text("gap@1", neighbours)


SCORES = st.lists(
    st.tuples(
        st.sampled_from("xy"),
        st.one_of(st.just(""), st.integers(-30, 30).map(lambda value: f"{value / 10:.1f}")),
        st.sampled_from(["", "2024-01-01", "2024-01-02", "2024-01-03"]),
    ),
    min_size=1,
    max_size=8,
)
RULES = {
    "mean": "cohort_mean(score, by = team)",
    "above": "coalesce(score > mean, false)",
    "least": "min(mean, 1)",
    "deviation": "round(cohort_stdev(score, by = team), 3)",
    "standard": "round(z_score(score, 'sample', by = team), 4)",
    "by_hand": "round((cohort_max(score) - cohort_median(score)) / cohort_stdev(score), 3)",
    "quantile": "round(cohort_quantile(score, 30%, 'r8', where = above), 2)",
    "sum_of_ratios": "cohort_sum(share_of_total(score, by = team))",
    "place": "rank(percentile_rank(score, 'mean_rank'), min_max(score))",
    "mean_of_means": "round(cohort_mean(mean / 7), 3)",
    "gap": "round(score - lag(mean, day, unit, order = 'descending, ascending'), 2)",
    "reached": "running_total(score / 3, day, unit) >= mean",
    "distinct": "count_distinct(mean)",
    "grouped": "cohort_count(where = coalesce(mean == cohort_max(mean), false))",
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCORES)
def test_both_engines_agree_to_the_last_digit_and_on_every_issue(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    records = [
        {"unit": f"U{row}", "team": team, "score": score, "day": day, "out": ""}
        for row, (team, score, day) in enumerate(rows)
    ]
    exact = evaluate(tmp_path, RULES, "exact", records).steps
    columnar = evaluate(tmp_path, RULES, "columnar", records).steps
    assert sorted(exact.columns) == sorted(columnar.columns)
    for name in exact.columns:
        assert exact[name].to_list() == columnar[name].to_list(), name


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_standard_score_is_the_distance_in_standard_deviations(tmp_path: Path, scores: list[int]) -> None:
    records = [
        {"unit": f"U{row}", "team": "x", "score": str(score), "day": "", "out": ""}
        for row, score in enumerate(scores)
    ]
    part = evaluate(tmp_path, {"value": "round(z_score(score), 3)"}, "columnar", records)
    found = values_of(part, "value")
    variance, mean = statistics.pvariance(map(Fraction, scores)), statistics.mean(map(Fraction, scores))
    for score, value in zip(scores, found, strict=True):
        if variance == 0:
            assert value is None
            continue
        assert isinstance(value, Fraction)
        # The rounded score is right if the exact one lies within half a thousandth: compared as squares.
        for edge, sign in ((value - Fraction(1, 2000), -1), (value + Fraction(1, 2000), 1)):
            reached = edge * abs(edge) * variance - (score - mean) * abs(score - mean)
            assert reached * sign >= 0
    assert with_issues(part) == [variance == 0] * len(scores)
