"""Functions of several values: extremes, sums, means and counts."""

from __future__ import annotations

from fractions import Fraction

from rulecore.contracts import Function, FunctionParameter
from rulecore.expr.nodes import Count, Maximum, Mean, Minimum, Node, Total, TrimmedMean
from rulecore.functions.parameters import VALUES
from rulecore.language import N_


def _dropped(name: str) -> FunctionParameter:
    return FunctionParameter(name=name, kind="number", default=Fraction(1), whole=True, low=Fraction(0))


def _trimmed_mean(values: tuple[Node, ...], low: Fraction, high: Fraction) -> Node:
    return TrimmedMean(values, int(low), int(high))


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
        name="count",
        summary=N_("How many values are applicable; flags count where they are true."),
        parameters=(VALUES,),
        build=Count,
        aliases=("计数",),
        example="count(1 > 0, 2 > 3, not_applicable, 7)",
        result="2",
    ),
)
