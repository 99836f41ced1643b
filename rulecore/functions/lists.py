"""Functions of several values: extremes, sums, means and counts."""

from __future__ import annotations

from fractions import Fraction

from rulecore.contracts import Function, FunctionParameter
from rulecore.expr.nodes import (
    Branch,
    Compare,
    Conditional,
    Count,
    Literal,
    Maximum,
    Mean,
    Minimum,
    Multiply,
    Node,
    NotApplicable,
    Total,
    TrimmedMean,
)
from rulecore.functions.parameters import VALUES
from rulecore.language import N_


def _dropped(name: str) -> FunctionParameter:
    return FunctionParameter(name=name, kind="number", default=Fraction(1), whole=True, low=Fraction(0))


def _trimmed_mean(values: tuple[Node, ...], low: Fraction, high: Fraction) -> Node:
    return TrimmedMean(values, int(low), int(high))


PLACE = FunctionParameter(name="n", kind="number", whole=True, low=Fraction(1))


def _by_count(values: tuple[Node, ...], cases: list[tuple[int, Node]], otherwise: Node) -> Node:
    """Return what holds with at most so many applicable values, in ascending order, or else."""
    branches = [
        Branch(Compare("<=", Count(values), Literal(Fraction(count))), value) for count, value in cases
    ]
    return Conditional(tuple(branches), otherwise) if branches else otherwise


def _median(values: tuple[Node, ...]) -> Node:
    """Return the mean without as many of the smallest and largest as leaves one or two values."""
    parts = [
        TrimmedMean(values, dropped, dropped) if dropped else Mean(values)
        for dropped in range((len(values) + 1) // 2)
    ]
    cases: list[tuple[int, Node]] = [(2 * number, part) for number, part in enumerate(parts[:-1], start=1)]
    return _by_count(values, cases, parts[-1])


def _largest(values: tuple[Node, ...], left: int, dropped_above: int) -> list[tuple[int, Node]]:
    """Return, for each number of applicable values, the mean of those left below the largest ones."""
    first = left + dropped_above
    return [
        (count, TrimmedMean(values, count - first, dropped_above)) for count in range(first, len(values) + 1)
    ]


def _nth_largest(values: tuple[Node, ...], n: Fraction) -> Node:
    _refuse_beyond(values, n)
    cases: list[tuple[int, Node]] = [(int(n) - 1, NotApplicable())] if n > 1 else []
    *others, (_count, last) = _largest(values, 1, int(n) - 1)
    return _by_count(values, [*cases, *others], last)


def _sum_largest(values: tuple[Node, ...], n: Fraction) -> Node:
    _refuse_beyond(values, n)
    parts = [(count, Multiply(mean, Literal(n))) for count, mean in _largest(values, int(n), 0)]
    # Where there are no more than n they are all added.
    cases: list[tuple[int, Node]] = [(int(n), Total(values)), *parts[1:]]
    *others, (_count, last) = cases
    return _by_count(values, others, last)


def _refuse_beyond(values: tuple[Node, ...], n: Fraction) -> None:
    if n > len(values):
        raise ValueError(f"n = {n} is more than there are values: {len(values)}")


FUNCTIONS = (
    Function(
        name="min",
        summary=N_("The smallest of some numbers or dates; not applicable if any of them is."),
        parameters=(VALUES,),
        build=Minimum,
        aliases=("最小",),
        example="min(3, 1.5, 2)",
        result="1.5",
    ),
    Function(
        name="max",
        summary=N_("The largest of some numbers or dates; not applicable if any of them is."),
        parameters=(VALUES,),
        build=Maximum,
        aliases=("最大",),
        example="max(3, 1.5, 2)",
        result="3",
    ),
    Function(
        name="sum",
        summary=N_("Sum of the applicable values; not applicable if none is."),
        parameters=(VALUES,),
        build=Total,
        aliases=("求和", "合计"),
        example="sum(1.5, not_applicable, 2)",
        result="3.5",
    ),
    Function(
        name="mean",
        summary=N_("Arithmetic mean of the applicable values; not applicable if none is."),
        parameters=(VALUES,),
        build=Mean,
        aliases=("平均",),
        example="mean(80, not_applicable, 95)",
        result="87.5",
    ),
    Function(
        name="trimmed_mean",
        summary=N_("Mean of the applicable values without the low smallest and the high largest."),
        parameters=(VALUES, _dropped("low"), _dropped("high")),
        build=_trimmed_mean,
        aliases=("去极值平均",),
        example="trimmed_mean(60, 90, 92, 100)",
        result="91",
    ),
    Function(
        name="median",
        summary=N_("The middle one of the applicable values, or the mean of the two in the middle."),
        parameters=(VALUES,),
        build=_median,
        aliases=("中位数",),
        example="median(60, 90, not_applicable, 100)",
        result="90",
    ),
    Function(
        name="nth_largest",
        summary=N_("The n-th largest of the applicable values; not applicable if there are fewer."),
        parameters=(VALUES, PLACE),
        build=_nth_largest,
        aliases=("第几大",),
        example="nth_largest(60, 90, 100, 90, n = 2)",
        result="90",
    ),
    Function(
        name="sum_largest",
        summary=N_("The sum of the n largest applicable values, of all where there are fewer."),
        parameters=(VALUES, PLACE),
        build=_sum_largest,
        aliases=("最大几项合计",),
        example="sum_largest(60, 90, 100, 80, n = 3)",
        result="270",
    ),
    Function(
        name="count",
        summary=N_("How many values are applicable; flags count where they are true."),
        parameters=(VALUES,),
        build=Count,
        aliases=("计数",),
        example="count(1 > 0, 2 > 3, not_applicable, 7)",
        result="2",
    ),
)
