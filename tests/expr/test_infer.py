"""What types are inferred; that values keep to them is told in tests/engines/test_exact.py."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import FieldRef, Literal, Node
from rulecore.expr.types import DateType, FlagType, NothingType, NumberType, TextType, Type

TYPES: dict[str, Type] = {
    "score": NumberType(scale=2, low=Fraction(0), high=Fraction(100)),
    "maybe": NumberType(scale=1, low=Fraction(-5), high=Fraction(5), nullable=True),
    "open": NumberType(scale=0),
    "unit": TextType(values=frozenset({"A", "B"})),
    "day": DateType(),
    "passed": FlagType(),
    "unknown": FlagType(nullable=True),
}
SCORE, MAYBE, OPEN = FieldRef("score"), FieldRef("maybe"), FieldRef("open")


def number(value: int | str) -> Literal:
    return Literal(Fraction(value))


def inferred(node: Node) -> Type:
    inference = Inference(TYPES)
    found = inference.type_of(node)
    assert inference.faults == []
    return found


def faults(node: Node) -> list[str]:
    inference = Inference(TYPES)
    inference.type_of(node)
    return [fault.code.id for fault in inference.faults]


def exactly(scale: int | None, low: object, high: object, *, nullable: bool = False) -> NumberType:
    bounds = [None if bound is None else Fraction(str(bound)) for bound in (low, high)]
    return NumberType(scale=scale, low=bounds[0], high=bounds[1], nullable=nullable)


@pytest.mark.parametrize(
    ("node", "type_"),
    [
        (nodes.Add(SCORE, MAYBE), exactly(2, -5, 105, nullable=True)),
        (nodes.Subtract(SCORE, SCORE), exactly(2, -100, 100)),
        (nodes.Multiply(SCORE, MAYBE), exactly(3, -500, 500, nullable=True)),
        (nodes.Divide(SCORE, number(8)), exactly(5, 0, "12.5")),
        (nodes.Divide(SCORE, number(-2)), exactly(3, -50, 0)),
        (nodes.Divide(number(1), nodes.Add(SCORE, number(1))), exactly(None, "1/101", 1)),
        (nodes.Divide(number(1), SCORE), exactly(None, "1/100", 100, nullable=True)),
        (nodes.Divide(SCORE, OPEN), NumberType(scale=None, nullable=True)),
        (nodes.Maximum((SCORE, number(60))), exactly(2, 60, 100)),
        (nodes.Minimum((SCORE, MAYBE)), exactly(2, -5, 5, nullable=True)),
        (nodes.Round(nodes.Divide(SCORE, number(3)), Fraction(1, 10)), exactly(1, 0, "33.3")),
        (nodes.Power(SCORE, Fraction(2)), exactly(4, 0, 10000)),
        (nodes.Power(MAYBE, Fraction(2)), exactly(2, 0, 25, nullable=True)),
        (nodes.Total((SCORE, MAYBE)), exactly(2, -5, 105)),
        (nodes.Total((MAYBE, MAYBE)), exactly(1, -10, 10, nullable=True)),
        (nodes.Mean((SCORE, SCORE)), exactly(3, 0, 100)),
        (nodes.Mean((SCORE, MAYBE)), exactly(None, -5, 100)),
        (nodes.TrimmedMean((SCORE, SCORE, SCORE)), exactly(2, 0, 100)),
        (nodes.TrimmedMean((SCORE, SCORE, MAYBE)), exactly(None, -5, 100, nullable=True)),
        (nodes.Count((SCORE, MAYBE)), exactly(0, 0, 2)),
        (nodes.Coalesce((MAYBE, SCORE)), exactly(2, -5, 100)),
        (nodes.Coalesce((MAYBE, nodes.NotApplicable())), exactly(1, -5, 5, nullable=True)),
    ],
)
def test_a_number_has_scale_range_and_applicability(node: Node, type_: Type) -> None:
    assert inferred(node) == type_


@pytest.mark.parametrize(
    ("node", "always"),
    [
        (nodes.Compare(">=", SCORE, number(0)), True),
        (nodes.Compare(">", SCORE, number(100)), False),
        (nodes.Compare(">", SCORE, number(60)), None),
        (nodes.Compare("==", SCORE, number(101)), False),
        (nodes.Not(nodes.Compare("!=", SCORE, number(101))), False),
        (nodes.And((FieldRef("passed"), Literal(value=False))), False),
        (nodes.Or((FieldRef("unknown"), Literal(value=True))), True),
        (nodes.IsApplicable(SCORE), True),
        (nodes.IsApplicable(MAYBE), None),
        (nodes.IsApplicable(nodes.NotApplicable()), False),
    ],
)
def test_a_flag_says_what_it_always_is(node: Node, always: bool | None) -> None:
    found = inferred(node)
    assert isinstance(found, FlagType)
    assert found.always is always


def test_a_conditional_may_be_missing_where_its_condition_may() -> None:
    branch = nodes.Branch(FieldRef("unknown"), SCORE)
    assert inferred(nodes.Conditional((branch,), number(7))).nullable
    sure = nodes.Branch(FieldRef("passed"), SCORE)
    assert not inferred(nodes.Conditional((sure,), number(7))).nullable


def test_rounding_makes_an_inexact_number_comparable_but_not_certain() -> None:
    root = nodes.Power(SCORE, Fraction(1, 2))
    assert faults(nodes.Compare(">", root, number(5))) == ["RC403"]
    rounded = nodes.Round(root, Fraction(1, 100))
    assert inferred(nodes.Compare(">", rounded, number(5))).nullable  # its rounding might not be decided


def test_dates_beside_not_applicable_are_dates() -> None:
    assert inferred(nodes.Maximum((nodes.NotApplicable(), FieldRef("day")))) == DateType(nullable=True)


@pytest.mark.parametrize(
    "node",
    [
        nodes.Add(SCORE, FieldRef("unit")),
        nodes.Compare("<", FieldRef("unit"), FieldRef("unit")),
        nodes.Compare("==", SCORE, FieldRef("unit")),
        nodes.Not(SCORE),
        nodes.Conditional((nodes.Branch(FieldRef("passed"), SCORE),), FieldRef("unit")),
        nodes.CohortCount(where=FieldRef("unknown")),
        nodes.Compare("==", SCORE, nodes.NotApplicable()),
    ],
)
def test_what_does_not_fit_together_is_one_fault(node: Node) -> None:
    assert len(faults(node)) == 1


def test_nothing_but_not_applicable_is_nothing() -> None:
    assert inferred(nodes.Coalesce((nodes.NotApplicable(), nodes.NotApplicable()))) == NothingType()


@pytest.mark.parametrize("unit", ["days", "months", "month_ends"])
def test_a_date_moves_by_whole_numbers_only(unit: nodes.DateShift) -> None:
    day = FieldRef("day")
    assert inferred(nodes.ShiftDate(unit, day, OPEN)) == DateType(nullable=True)
    assert faults(nodes.ShiftDate(unit, day, SCORE)) == ["RC408"]
    assert faults(nodes.ShiftDate(unit, day, nodes.Divide(OPEN, number(7)))) == ["RC408"]
    assert faults(nodes.ShiftDate(unit, day, nodes.Round(SCORE, Fraction(1)))) == []
    assert faults(nodes.ShiftDate(unit, SCORE, OPEN)) == ["RC401"]
    assert faults(nodes.ShiftDate(unit, day, FieldRef("unit"))) == ["RC401"]
    assert faults(nodes.ShiftWorkdays(day, SCORE)) == ["RC408"]


def test_a_date_that_cannot_leave_the_calendar_is_applicable() -> None:
    known = Literal(date(2024, 2, 29))
    assert inferred(nodes.ShiftDate("days", known, number(366))) == DateType()
    assert inferred(nodes.ShiftDate("months", known, number(100_000))) == DateType(nullable=True)


def test_a_normal_probability_lies_between_none_and_all() -> None:
    found = inferred(nodes.NormalProbability(OPEN))
    assert found == NumberType(scale=None, low=Fraction(0), high=Fraction(1), exact=False)


def cohort_call(name: str, value: Node = SCORE, by: tuple[Node, ...] = ()) -> nodes.CohortCall:
    return nodes.CohortCall(name, (value,), (), by)


def standardised(value: Node, point: Node, variance: Node) -> Node:
    return nodes.Divide(nodes.Subtract(value, point), nodes.Power(variance, Fraction(1, 2)))


def bounds(node: Node) -> tuple[Fraction | None, Fraction | None]:
    any_number = NumberType(scale=None, low=Fraction(0), high=Fraction(100), nullable=True)
    cohort_types = dict.fromkeys(
        ("cohort_mean", "cohort_max", "cohort_sum", "cohort_variance"), lambda _types, _options: any_number
    )
    types = {**TYPES, "z@1": any_number, "z@2": any_number}
    found = Inference(types, cohort_types).type_of(node)
    assert isinstance(found, NumberType)
    return found.low, found.high


@pytest.mark.parametrize("point", ["cohort_mean", "cohort_max"])
def test_no_distance_within_a_cohort_is_more_than_the_root_of_twice_its_size_in_deviations(
    point: str,
) -> None:
    low, high = bounds(standardised(SCORE, cohort_call(point), cohort_call("cohort_variance")))
    assert low is not None
    assert high is not None
    assert -low == high
    assert high**2 >= 2 * 10**10
    mean = nodes.CohortRef("z@1", cohort_call(point))
    variance = nodes.CohortRef("z@2", cohort_call("cohort_variance"))
    assert bounds(standardised(SCORE, mean, variance)) == (low, high)
    assert bounds(standardised(mean, SCORE, variance)) == (low, high)


@pytest.mark.parametrize(
    ("value", "point", "variance"),
    [
        (MAYBE, cohort_call("cohort_mean"), cohort_call("cohort_variance")),
        (SCORE, cohort_call("cohort_mean", MAYBE), cohort_call("cohort_variance")),
        (SCORE, cohort_call("cohort_mean", by=(FieldRef("unit"),)), cohort_call("cohort_variance")),
        (SCORE, cohort_call("cohort_sum"), cohort_call("cohort_variance")),
        (SCORE, cohort_call("cohort_mean"), cohort_call("cohort_max")),
        (SCORE, number(0), cohort_call("cohort_variance")),
    ],
)
def test_a_distance_from_elsewhere_in_deviations_has_no_bounds(
    value: Node, point: Node, variance: Node
) -> None:
    assert bounds(standardised(value, point, variance))[1] is None
