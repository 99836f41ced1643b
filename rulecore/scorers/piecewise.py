"""The scorer ``piecewise``: points on a broken line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Add, Multiply, Subtract
from rulecore.language import N_
from rulecore.scorers.building import number
from rulecore.scorers.points import Outside, Point, curve, point_problems


@frozen(kw_only=True)
class Piecewise(Scorer):
    """The value of a line through given points.

    Between (x₀, y₀) and (x₁, y₁) it is y₀ + (x − x₀) × (y₁ − y₀) / (x₁ − x₀), exactly. Before the first and
    after the last point the value stays (``clamp``), goes on along the outer piece (``extend``) or is not
    applicable. Source: linear interpolation (插值法), as in target curves. Example::

        [rules.output_points]
        scorer = "piecewise"
        of = "completion"
        points = [[0.8, 60], [1.0, 100], [1.2, 120]]
    """

    name: ClassVar[str] = "piecewise"

    of: Node = parameter(N_("The value that is looked up on the line."))
    points: tuple[tuple[Constant, ...], ...] = parameter(N_("The points [x, y], in ascending order of x."))
    outside: Outside = parameter(
        N_(
            "What happens outside the points: the last value holds, the line goes on, or the value is "
            "not applicable."
        ),
        default="clamp",
    )

    def problems(self) -> Iterator[Problem]:
        """Yield points that are not pairs or not in ascending order."""
        yield from point_problems(self.points)

    def expression(self) -> Node:
        """Return one branch for each piece of the line."""
        return curve(self.of, self.points, self.outside, self._on)

    def _on(self, start: Point, end: Point) -> Node:
        slope = (end[1].value - start[1].value) / (end[0].value - start[0].value)
        if slope == 0:
            return start[1].node
        return Add(start[1].node, Multiply(Subtract(self.of, start[0].node), number(slope)))
