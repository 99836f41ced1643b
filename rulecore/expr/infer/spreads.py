"""Bounds of distances measured by a standard deviation of the same cohort: standard scores.

A quotient whose divisor may be as near to zero as it likes has no bounds, and without bounds no column can hold
it. But no value lies further from any point between its cohort's extremes than these lie apart, and that
distance is at most √(2n) standard deviations of n values: two of them alone, half of it each from the mean,
make a variance of its square over 2n.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Final

from rulecore.expr.infer.core import COHORT_LIMIT
from rulecore.expr.nodes import CohortCall, CohortRef, Divide, Node, Power, Subtract
from rulecore.expr.ranges import Range

_BETWEEN_EXTREMES: Final = frozenset(
    {"cohort_mean", "cohort_median", "cohort_quantile", "cohort_min", "cohort_max"}
)
_FURTHEST: Final = Fraction(isqrt(2 * COHORT_LIMIT) + 1)


def standard_score_range(node: Divide) -> Range | None:
    """Return the range of a quotient that is a standard score, or None if it is none."""
    left, right = node.left, node.right
    if not isinstance(left, Subtract) or not isinstance(right, Power) or right.exponent != Fraction(1, 2):
        return None
    variance = _called(right.base)
    if variance is None or variance.function != "cohort_variance":
        return None
    for value, point in ((left.left, left.right), (left.right, left.left)):
        called = _called(point)
        if (
            called is not None
            and called.function in _BETWEEN_EXTREMES
            and called.arguments[:1] == variance.arguments == (value,)
            and (called.by, called.where) == (variance.by, variance.where)
        ):
            return Range(-_FURTHEST, _FURTHEST)
    return None


def _called(node: Node) -> CohortCall | None:
    inner = node.node if isinstance(node, CohortRef) else node
    return inner if isinstance(inner, CohortCall) else None
