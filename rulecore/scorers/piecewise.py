"""The scorer ``piecewise``: points on a broken line."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Add, Branch, Compare, Conditional, Multiply, NotApplicable, Subtract
from rulecore.language import N_
from rulecore.scorers.building import LARGEST, SMALLEST, number, word, written

Point = tuple[Constant, Constant]


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
    outside: Literal["clamp", "extend", "not_applicable"] = parameter(
        N_(
            "What happens outside the points: the last value holds, the line goes on, or the value is "
            "not applicable."
        ),
        default="clamp",
    )

    def problems(self) -> Iterator[Problem]:
        """Yield points that are not pairs or not in ascending order."""
        if len(self.points) < 2:
            values = {"parameter": "points", "count": len(self.points), "least": 2}
            yield Problem(code=codes.TOO_FEW, key=("points",), values=values)
        for index, point in enumerate(self.points):
            if len(point) != 2:
                yield Problem(code=codes.POINT_SHAPE, key=("points", index), values={"count": len(point)})
        for index, (before, after) in enumerate(pairwise(self.points), start=1):
            if len(before) == len(after) == 2 and after[0].value <= before[0].value:
                yield _out_of_order(index, before[0].value, after[0].value)

    def expression(self) -> Node:
        """Return one branch for each piece of the line."""
        points = [(point[0], point[1]) for point in self.points]
        pieces = [(start, end) for start, end in pairwise(points)]
        branches = [
            Branch(Compare("<=", self.of, end[0].node), self._on(start, end)) for start, end in pieces
        ]
        if self.outside == "extend":
            return (
                Conditional(tuple(branches[:-1]), branches[-1].value)
                if len(pieces) > 1
                else branches[0].value
            )
        below, above = points[0], points[-1]
        first = Branch(Compare("<", self.of, below[0].node), self._end(below))
        return Conditional((first, *branches), self._end(above))

    def _on(self, start: Point, end: Point) -> Node:
        slope = (end[1].value - start[1].value) / (end[0].value - start[0].value)
        if slope == 0:
            return start[1].node
        return Add(start[1].node, Multiply(Subtract(self.of, start[0].node), number(slope)))

    def _end(self, point: Point) -> Node:
        return NotApplicable() if self.outside == "not_applicable" else point[1].node


def _out_of_order(index: int, before: Fraction, after: Fraction) -> Problem:
    values = {
        "value": written(after),
        "previous": written(before),
        "parameter": "points",
        "first": word(SMALLEST),
        "last": word(LARGEST),
    }
    return Problem(code=codes.BAND_ORDER, key=("points", index), values=values)
