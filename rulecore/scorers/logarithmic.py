"""The scorer ``logarithmic``: points that grow with the logarithm of a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Add, Divide, Multiply, NaturalLogarithm, Step
from rulecore.language import N_
from rulecore.scorers.building import limited, number, written
from rulecore.scorers.points import Outside, Point, curve, point_problems


@frozen(kw_only=True)
class Logarithmic(Scorer):
    """The value of a logarithmic curve through given points: every doubling of x adds the same.

    Between (x₀, y₀) and (x₁, y₁) it is y₀ + (y₁ − y₀) × ln(x / x₀) / ln(x₁ / x₀). Before the first and after the last
    point the value stays (``clamp``), goes on along the outer piece (``extend``) or is not applicable. The value is
    inexact: give the rule ``decimals``. Source: income components of composite indices (UNDP, Human Development Index,
    technical note 1). Example::

        [rules.income_points]
        scorer = "logarithmic"
        of = "income"
        points = [[100, 0], [75000, 100]]
    """

    name: ClassVar[str] = "logarithmic"

    of: Node = parameter(N_("The value that is looked up on the curve."))
    points: tuple[tuple[Constant, ...], ...] = parameter(
        N_("The points [x, y], in ascending order of x, which is above 0.")
    )
    outside: Outside = parameter(
        N_(
            "What happens outside the points: the last value holds, the curve goes on, or the value is "
            "not applicable."
        ),
        default="clamp",
    )

    def problems(self) -> Iterator[Problem]:
        """Yield points that are not pairs, not in ascending order or not above 0."""
        yield from point_problems(self.points)
        for index, point in enumerate(self.points):
            if len(point) == 2 and point[0].value <= 0:
                values = {"parameter": "x", "value": written(point[0].value), "wanted": "> 0"}
                yield Problem(code=codes.OUT_OF_RANGE, key=("points", index), values=values)

    def expression(self) -> Node:
        """Return one branch for each piece of the curve."""
        return curve(self.of, self.points, self.outside, self._on)

    def _on(self, start: Point, end: Point) -> Node:
        rise = end[1].value - start[1].value
        if rise == 0:
            return start[1].node
        # Only what lies in the piece comes here, but the range analysis knows it by the limits alone.
        held = self.outside != "extend"
        low = start[0].node if held or start[0] is not self.points[0][0] else None
        high = end[0].node if held or end[0] is not self.points[-1][0] else None
        # A quotient of two logarithms is exact where it is rational: at the points, and halfway between them.
        so_far = NaturalLogarithm(Divide(limited(self.of, low=low, high=high), start[0].node))
        whole = NaturalLogarithm(number(end[0].value / start[0].value))
        part = Step(N_("part of the way in logarithms"), Divide(so_far, whole))
        return Add(start[1].node, Multiply(part, number(rise)))
