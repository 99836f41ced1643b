"""The exact engine against a third opinion, and the promises that types make about values."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.engines.reference import compute
from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Node
from rulecore.expr.types import DateType, FlagType, NothingType, NumberType, TextType, Type
from rulecore.planned import Plan, PlannedRule
from rulecore.reals import Real
from tests.engines.generated import Case, make_case
from tests.engines.third_opinion import NoOpinion, value_of

THOROUGH = settings(max_examples=150, deadline=None, derandomize=True)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return make_case(lambda low, high: draw(st.integers(low, high)), size=8)


def judge_case(case: Case) -> int:
    """Compare the exact engine with the third opinion; return how many values were compared."""
    compared = 0
    for values in compute(case.plan, case.records).values:
        for step in case.plan.steps:
            if isinstance(step, PlannedRule) and not any(isinstance(item, Real) for item in values.values()):
                try:
                    wanted = value_of(step.node, values)  # type: ignore[arg-type] # no Reals: checked above
                except NoOpinion:
                    continue
                assert values[step.name] == wanted, (step.node, values)
                compared += 1
    return compared


@THOROUGH
@given(cases())
def test_the_exact_engine_gives_what_a_third_opinion_gives(case: Case) -> None:
    judge_case(case)


def keeps(value: ExactValue, type_: Type) -> bool:
    """Return whether a value is one that its type allows."""
    if value is None:
        return type_.nullable
    match type_:
        case NumberType():
            return _keeps_number(value, type_)
        case FlagType():
            return isinstance(value, bool) and type_.always in (None, value)
        case TextType():
            return isinstance(value, str) and (type_.values is None or value in type_.values)
        case DateType():
            low, high = type_.low or date.min, type_.high or date.max
            return isinstance(value, date) and low <= value <= high
        case NothingType():
            return False


def _keeps_number(value: ExactValue, type_: NumberType) -> bool:
    if isinstance(value, Real):
        ends = value.bounds(256)
        if ends is None:
            return not type_.exact
        below, above = type_.low is None or ends[1] >= type_.low, type_.high is None or ends[0] <= type_.high
        return not type_.exact and below and above
    if not isinstance(value, Fraction):
        return False
    whole = type_.scale is None or (value * 10**type_.scale).denominator == 1
    low, high = type_.low is None or type_.low <= value, type_.high is None or value <= type_.high
    return whole and low and high


def broken_promises(case: Case) -> list[str]:
    """Return where a part of a rule has a value that its inferred type does not allow."""
    types = {field.name: field.type for field in case.plan.fields} | {
        step.name: step.type for step in case.plan.steps
    }
    inference = Inference(types)
    found: list[str] = []
    for values in compute(case.plan, case.records).values:
        found += [
            f"{step.name}: {values[step.name]} is no {step.type}"
            for step in case.plan.steps
            if not keeps(values[step.name], step.type)
        ]

        def check(part: Node, value: ExactValue, found: list[str] = found) -> None:
            if not keeps(value, inference.type_of(part)):
                found.append(f"{value} is no {inference.type_of(part)}: {part}")

        for step in case.plan.steps:
            if isinstance(step, PlannedRule):
                compile_node(step.node, check)(Environment(values))
    return found


@THOROUGH
@given(cases())
def test_every_value_keeps_the_range_scale_and_applicability_of_its_type(case: Case) -> None:
    assert broken_promises(case) == []


def test_a_part_that_stands_at_several_places_is_computed_once() -> None:
    part: Node = nodes.FieldRef("score")
    for _ in range(200):  # as a tree this has 2^200 leaves
        part = nodes.Subtract(nodes.Add(part, part), part)
    assert compile_node(part)(Environment({"score": Fraction(7)})) == 7


def test_trimming_more_values_than_there_are_leaves_none() -> None:
    node = nodes.TrimmedMean((nodes.Literal(Fraction(1)), nodes.NotApplicable(), nodes.NotApplicable()), 0, 2)
    assert compile_node(node)(Environment({})) is None


def test_the_square_of_a_difference_that_is_zero_but_inexact_rounds_to_zero() -> None:
    two = nodes.NaturalLogarithm(nodes.Literal(Fraction(2)))
    node = nodes.Round(nodes.Power(nodes.Subtract(two, two), Fraction(2)), Fraction(1, 100))
    environment = Environment({})
    assert compile_node(node)(environment) == 0
    assert environment.issues == set()


def plan_rules(plan: Plan) -> list[PlannedRule]:
    return [step for step in plan.steps if isinstance(step, PlannedRule)]
