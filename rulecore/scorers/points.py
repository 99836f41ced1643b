"""What the curves through given points share: their faults, their pieces, and what holds outside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Node, Problem
from rulecore.expr.nodes import Branch, Compare, Conditional, NotApplicable
from rulecore.scorers.building import LARGEST, SMALLEST, word, written

Point = tuple[Constant, Constant]
Outside = Literal["clamp", "extend", "not_applicable"]


def point_problems(points: tuple[tuple[Constant, ...], ...]) -> Iterator[Problem]:
    """Yield points that are too few, not pairs, or not in ascending order."""
    if len(points) < 2:
        values = {"parameter": "points", "count": len(points), "least": 2}
        yield Problem(code=codes.TOO_FEW, key=("points",), values=values)
    for index, point in enumerate(points):
        if len(point) != 2:
            yield Problem(code=codes.POINT_SHAPE, key=("points", index), values={"count": len(point)})
    for index, (before, after) in enumerate(pairwise(points), start=1):
        if len(before) == len(after) == 2 and after[0].value <= before[0].value:
            yield _out_of_order(index, before[0].value, after[0].value)


def _out_of_order(index: int, before: Fraction, after: Fraction) -> Problem:
    values = {
        "value": written(after),
        "previous": written(before),
        "parameter": "points",
        "first": word(SMALLEST),
        "last": word(LARGEST),
    }
    return Problem(code=codes.BAND_ORDER, key=("points", index), values=values)


def curve(
    of: Node,
    points: tuple[tuple[Constant, ...], ...],
    outside: Outside,
    piece: Callable[[Point, Point], Node],
) -> Node:
    """Return one branch for each piece of a curve; ``piece`` gives the value between two neighbouring points."""
    pairs = [(point[0], point[1]) for point in points]
    pieces = list(pairwise(pairs))
    branches = [Branch(Compare("<=", of, end[0].node), piece(start, end)) for start, end in pieces]
    if outside == "extend":
        return Conditional(tuple(branches[:-1]), branches[-1].value) if len(pieces) > 1 else branches[0].value
    below, above = pairs[0], pairs[-1]
    first = Branch(Compare("<", of, below[0].node), _end(below, outside))
    return Conditional((first, *branches), _end(above, outside))


def _end(point: Point, outside: Outside) -> Node:
    return NotApplicable() if outside == "not_applicable" else point[1].node
