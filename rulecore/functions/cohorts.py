"""Functions over a cohort that are made of cohort functions: the standard deviation, and distances measured by it."""

from __future__ import annotations

from fractions import Fraction

from rulecore.contracts import Function, FunctionParameter
from rulecore.expr.nodes import CohortCall, Divide, Node, Power, Subtract
from rulecore.functions.parameters import VALUE
from rulecore.language import N_

KIND = FunctionParameter(name="kind", kind="text", default="population", choices=("population", "sample"))


def _deviation(value: Node, kind: str, *, by: tuple[Node, ...], where: Node | None) -> Node:
    """Return the root of the exact variance: inexact, so that it must be rounded before it is compared."""
    variance = CohortCall("cohort_variance", (value,), (("kind", kind),), by, where)
    return Power(variance, Fraction(1, 2))


def _standard_score(value: Node, kind: str, *, by: tuple[Node, ...], where: Node | None) -> Node:
    """Return how many standard deviations a value lies above the mean; where all are equal the quotient has none."""
    none_dropped = (("drop_low", Fraction(0)), ("drop_high", Fraction(0)))
    mean = CohortCall("cohort_mean", (value,), none_dropped, by, where)
    return Divide(Subtract(value, mean), _deviation(value, kind, by=by, where=where))


FUNCTIONS = (
    Function(
        name="cohort_stdev",
        summary=N_(
            "The standard deviation of the cohort's applicable values; inexact, so it must be rounded."
        ),
        parameters=(VALUE, KIND),
        build=_deviation,
        aliases=("组内标准差",),
        example="round(cohort_stdev(5), 2)",
        result="0",
        over_cohort=True,
    ),
    Function(
        name="z_score",
        summary=N_("How many standard deviations a value lies above the mean of its cohort; inexact."),
        parameters=(VALUE, KIND),
        build=_standard_score,
        aliases=("标准分",),
        example="coalesce(round(z_score(5), 2), 0)",
        result="0",
        over_cohort=True,
    ),
)
