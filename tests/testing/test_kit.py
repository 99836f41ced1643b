"""The kit that plugin authors use."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import pytest
from attrs import evolve, frozen

from rulecore.contracts import Engine, Node, Scorer, parameter
from rulecore.errors import PluginError, PolicyError, UsageError
from rulecore.plugins import load_plugins
from rulecore.registry import Registered
from rulecore.scorers.bands import Bands
from rulecore.testing import (
    assert_engines_agree,
    boundary_records,
    check_plugin,
    check_scorer,
    compile_rule,
    evaluate_rule,
)
from rulecore.testing.kit import EnginesDisagreeError

RULES = """
[fields.done]
type = "decimal"
decimals = 1
min = 0
max = 200
missing = "not_applicable"

[rules.score]
scorer = "formula"
value = "done / 3"
decimals = 2

[rules.band]
scorer = "bands"
of = "score"
bands = [{ at_least = 30, is = "A" }, { is = "B" }]
"""


def test_a_rule_gives_its_exact_values_in_order() -> None:
    assert evaluate_rule(RULES, [{"done": "100"}, {"done": ""}], rule="score") == [Fraction(3333, 100), None]


def test_the_last_rule_is_meant_unless_one_is_named() -> None:
    assert evaluate_rule(RULES, [{"done": "89.9"}, {"done": "90"}]) == ["B", "A"]


def test_a_rule_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="scor") as caught:
        evaluate_rule(RULES, [{"done": 1}], rule="scor")
    assert "score, band" in str(caught.value)


def test_a_record_that_cannot_be_read_is_no_silent_pass() -> None:
    with pytest.raises(UsageError, match="RC511"):
        evaluate_rule(RULES, [{"done": "many"}])


def test_faults_of_the_text_come_as_the_policy_s_faults() -> None:
    with pytest.raises(PolicyError, match="RC"):
        compile_rule(RULES.replace("bands = [", "band = ["))


def test_boundary_records_are_the_same_every_time_and_hold_the_edges() -> None:
    policy = compile_rule(RULES)
    records = boundary_records(policy, 400)
    assert records == boundary_records(policy, 400)
    cells = {record["done"] for record in records}
    assert {"0.0", "0.1", "200.0", "30.0", "29.9", "30.1", None} <= {
        None if cell is None else f"{float(str(cell)):.1f}" for cell in cells
    }


def test_both_engines_agree_on_the_edges_of_a_built_in_scorer() -> None:
    assert check_scorer(Bands, RULES).plan.rule("band") is not None


def test_a_scorer_that_no_rule_uses_is_not_checked_by_accident() -> None:
    text = RULES[: RULES.index("[rules.band]")]
    with pytest.raises(AssertionError, match="no rule"):
        check_scorer(Bands, text)


def test_a_scorer_that_is_not_registered_is_not_checked() -> None:
    @frozen(kw_only=True)
    class Mine(Scorer):
        """A scorer nobody registered."""

        name: ClassVar[str] = "mine"
        of: Node = parameter("what")

        def expression(self) -> Node:
            return self.of

    with pytest.raises(AssertionError, match="registered"):
        check_scorer(Mine, RULES)


def test_an_engine_that_is_off_by_one_is_caught() -> None:
    registry = load_plugins(entry_points=False)
    columnar = registry.engines["columnar"]

    def off_by_one(plan: object, frame: object) -> object:
        steps = columnar.value.evaluate(plan, frame)  # type: ignore[arg-type]
        return steps.with_columns(steps["score"] + 1)

    engine = Engine(name="columnar", summary="wrong", evaluate=off_by_one)  # type: ignore[arg-type]
    wrong = evolve(
        registry, engines={**registry.engines, "columnar": Registered(value=engine, origin=columnar.origin)}
    )
    with pytest.raises(EnginesDisagreeError, match=r"score of record R1: exact 33\.33, columnar 33\.34"):
        assert_engines_agree(compile_rule(RULES, registry=wrong), [{"done": 100}])


def test_the_example_plugin_loads_beside_the_built_ins() -> None:
    registry = check_plugin("rulecore_example")
    assert {"target_ratio", "bands"} <= set(registry.scorers)


def test_a_plugin_that_is_not_installed_is_not_taken_as_good() -> None:
    with pytest.raises(AssertionError, match="entry point"):
        check_plugin("rulecore_nowhere")


def test_a_broken_plugin_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("1 / 0\n", encoding="utf-8")
    with pytest.raises(PluginError, match="ZeroDivisionError"):
        check_plugin("broken", file=file)
