"""The outcome against a parameter: at the policy's own value it is the run, guardrails are told, ranges are exact."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulecore
from rulecore.cli.compared import experiment_of
from rulecore.compare.sweep import parameter_values, sweep
from rulecore.compare.sweep_shown import sweep_text
from rulecore.compare.varied import Experiment
from rulecore.errors import UsageError
from rulecore.plugins import load_plugins
from rulecore.registry import Registry

POLICIES = Path(__file__).parents[2] / "policies"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


def experiment(registry: Registry, policy: Path, records: Path) -> Experiment:
    return experiment_of(
        registry,
        policy,
        {
            "records": (str(records),),
            "table": (),
            "history": (),
            "mapping": (),
            "results": (),
            "adjustments": (),
            "engine": "exact",
            "sheet": "",
            "encoding": "",
            "as_of": None,
        },
    )


@pytest.fixture(scope="module")
def double_hundred(registry: Registry) -> Experiment:
    folder = POLICIES / "double_hundred"
    return experiment(registry, folder, folder / "records.csv")


def test_a_sweep_at_the_current_value_equals_the_run(double_hundred: Experiment) -> None:
    found = sweep(double_hundred, {"bonus_cap": [Fraction(3)]})
    (point,) = found.points
    assert point.outcomes == found.current
    assert point.changed == point.outside == ()
    assert found.parameters[0].current == 3


def test_every_value_gives_what_a_policy_with_it_gives(
    double_hundred: Experiment, registry: Registry, tmp_path: Path
) -> None:
    found = sweep(double_hundred, {"bonus_cap": [Fraction(0), Fraction(1, 2)]}, ["score", "最终等次"])
    folder = POLICIES / "double_hundred"
    text = (folder / "policy.toml").read_text(encoding="utf-8")
    for written, point in zip(("0", "0.5"), found.points, strict=True):
        path = tmp_path / "policy.toml"
        path.write_text(text.replace("bonus_cap = 3", f"bonus_cap = {written}"), encoding="utf-8")
        rows = rulecore.load_policy(path, registry=registry).evaluate(folder / "records.csv").output_rows()
        score, grade = point.outcomes
        assert score.sum == sum(Fraction(row[3]) for row in rows)
        assert score.mean == score.sum / 5
        assert sum(count for _value, count in grade.counts) == 5
        assert dict(grade.counts) == {
            value: [row[6] for row in rows].count(str(value)) for value, _ in grade.counts
        }


def test_a_grid_has_every_combination_in_order(double_hundred: Experiment) -> None:
    values = {"bonus_cap": [Fraction(2), Fraction(3)], "share_of_a": [Fraction(3, 10), Fraction(6, 10)]}
    found = sweep(double_hundred, values, ["grade"])
    assert [point.values for point in found.points] == [
        (a, b) for a in values["bonus_cap"] for b in values["share_of_a"]
    ]
    assert found.points[3].changed != ()


def test_what_guardrails_forbid_is_computed_and_marked(registry: Registry) -> None:
    found = sweep(
        experiment(registry, POLICIES / "annual", POLICIES / "annual" / "records-2024.xlsx"),
        {"a_line": [Fraction(87), Fraction(85)]},
        ["grade"],
    )
    marked = found.points[1]
    assert {fault.code.id for fault in marked.outside} == {"RC804"}
    assert marked.outcomes[0].records > 0
    assert marked.changed != ()
    assert "85 !" in sweep_text(found, "en")
    assert "RC804 parameters.a_line is 85" in sweep_text(found, "en")


def test_a_value_that_makes_no_policy_has_no_outcome(registry: Registry) -> None:
    annual = experiment(registry, POLICIES / "annual", POLICIES / "annual" / "records-2024.xlsx")
    found = sweep(annual, {"a_line": [Fraction(60)]})  # below the line of B
    (point,) = found.points
    assert point.refused
    assert point.outside
    assert point.outcomes == ()


def test_an_unknown_parameter_is_told_with_the_nearest(double_hundred: Experiment) -> None:
    with pytest.raises(UsageError, match="RC087") as caught:
        sweep(double_hundred, {"bonus_cup": [Fraction(1)]})
    assert "bonus_cap" in caught.value.faults[0].advice("en")


def test_too_many_combinations_are_refused_before_any_is_computed(double_hundred: Experiment) -> None:
    many = [Fraction(number) for number in range(50)]
    with pytest.raises(UsageError, match="RC089"):
        sweep(double_hundred, {"bonus_cap": many, "share_of_a": many})


@settings(max_examples=100, deadline=None)
@given(
    low=st.integers(-1000, 1000),
    count=st.integers(0, 100),
    step=st.integers(1, 500),
    scale=st.integers(0, 4),
)
def test_a_range_is_exact_and_includes_both_ends(low: int, count: int, step: int, scale: int) -> None:
    unit = Fraction(1, 10**scale)

    def written(number: int) -> str:
        return f"{number}e-{scale}"

    name, values = parameter_values(f"x={written(low)}..{written(low + count * step)}:{written(step)}")
    assert name == "x"
    assert values == tuple((low + number * step) * unit for number in range(count + 1))


@pytest.mark.parametrize(
    "text", ["x", "x=", "=1", "x=1..", "x=3..1", "x=0..1:0", "x=0..1:-1", "x=a,b", "x=inf", "x=0..nan"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="RC088"):
        parameter_values(text)


def test_an_endless_range_is_refused() -> None:
    with pytest.raises(UsageError, match="RC089"):
        parameter_values("x=0..1:1e-9")


def test_a_parameter_that_changes_no_result_is_said(double_hundred: Experiment) -> None:
    values = {"bonus_cap": [Fraction(5), Fraction(9)], "share_of_a": [Fraction(3, 10), Fraction(1)]}
    found = sweep(double_hundred, values)
    assert {one.name: one.matters for one in found.parameters} == {"bonus_cap": False, "share_of_a": True}
    assert "bonus_cap changes no result within these values" in sweep_text(found, "en")
    assert "share_of_a changes" not in sweep_text(found, "en")
