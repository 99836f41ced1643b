"""The scorer ``log_normal``: the curve through a median and a tenth percentile, as Lighthouse scores metrics."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Final

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import (
    Branch,
    Compare,
    Conditional,
    Divide,
    Multiply,
    NaturalLogarithm,
    NormalProbability,
    Step,
)
from rulecore.language import N_
from rulecore.scorers.building import constant, number, written

NINTH_DECILE: Final = Fraction("1.2815515655446004669651033294487428186199078243526")
"""Where nine tenths of the standard normal distribution lie below, to fifty digits."""


@frozen(kw_only=True)
class LogNormal(Scorer):
    """The share of a log-normal distribution that is worse than the value, times ``full_marks``.

    The distribution is given by two control points: at the ``median`` the score is 0.5, at ``p10`` (the value that only
    a tenth reach) it is 0.9. If p10 is below the median, lower is better. With Φ the standard normal distribution the
    score is Φ(1.28155… × ln(x / median) / ln(p10 / median)); a value of 0 or less has the best score where lower
    is better, else 0. It is inexact: give the rule ``decimals``. Source: Lighthouse performance scoring. Example::

        [rules.speed]
        scorer = "log_normal"
        of = "load_seconds"
        median = 4
        p10 = 2.5
        full_marks = 100
    """

    name: ClassVar[str] = "log_normal"

    of: Node = parameter(N_("The value that is measured."))
    median: Constant = parameter(N_("The value that scores half of full marks."))
    p10: Constant = parameter(N_("The value that scores nine tenths of full marks."))
    full_marks: Constant = parameter(N_("The best score."), default=constant(1))

    def problems(self) -> Iterator[Problem]:
        """Yield control points that are not above 0, or the same."""
        for key, point in (("median", self.median), ("p10", self.p10)):
            if point.value <= 0:
                yield _out_of_range(key, point, "> 0")
        if self.median.value == self.p10.value:
            yield _out_of_range("p10", self.p10, f"≠ {written(self.median.value)}")

    def expression(self) -> Node:
        """Return the share, exact at both control points."""
        median, p10 = self.median.value, self.p10.value
        best = number(1 if p10 < median else 0)
        spread = Divide(NaturalLogarithm(number(p10 / median)), number(NINTH_DECILE))
        distance = Divide(NaturalLogarithm(Divide(self.of, self.median.node)), spread)
        share = NormalProbability(Step(N_("standard deviations from the median, in logarithms"), distance))
        score = Conditional(
            (
                Branch(Compare("<=", self.of, number(0)), best),
                Branch(Compare("==", self.of, self.median.node), number(Fraction(1, 2))),
                Branch(Compare("==", self.of, self.p10.node), number(Fraction(9, 10))),
            ),
            share,
        )
        if self.full_marks.value == 1:
            return score
        return Multiply(Step(N_("share of full marks"), score), self.full_marks.node)


def _out_of_range(key: str, value: Constant, wanted: str) -> Problem:
    values = {"parameter": key, "value": written(value.value), "wanted": wanted}
    return Problem(code=codes.OUT_OF_RANGE, key=(key,), values=values)
