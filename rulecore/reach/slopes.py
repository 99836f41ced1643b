"""How steeply an expression may rise or fall over an interval of one input: bounds of its derivative.

Where they are on one side of zero, the expression goes one way only, and its values at the ends of the interval bound
it: (100 × e + s) ÷ (e + n), where the input stands above and below the line, is bounded closely by that alone. None is
an expression that is not known to be smooth: a rounding, a limit, a choice that is not decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rulecore.expr import nodes, ranges
from rulecore.expr.nodes import Node
from rulecore.expr.ranges import Range
from rulecore.expr.supplied import SuppliedRef
from rulecore.reach.possible import Nothing, Numbers, flags_of

if TYPE_CHECKING:
    from rulecore.reach.bounds import Bounds

FLAT: Final = Range(Fraction(0), Fraction(0))
Slope = Range | None


class Slopes:
    """Bounds of derivatives over an interval, given those of the names that change; the others stand still."""

    def __init__(self, bounds: Bounds, names: Mapping[str, Slope]) -> None:
        self.bounds = bounds
        self.names: MutableMapping[str, Slope] = dict(names)
        self._known: dict[int, Slope] = {}

    def of(self, node: Node) -> Slope:
        """Return the bounds of a part's derivative, or None where it is not known to have one."""
        if id(node) not in self._known:
            self._known[id(node)] = self._of(node)
        return self._known[id(node)]

    def _of(self, node: Node) -> Slope:
        value = self.bounds.of(node)
        if not isinstance(value, Numbers) or value.null:
            return None
        if value.range.bounded and value.range.low == value.range.high:
            return FLAT
        maker = _MAKERS.get(type(node))
        return None if maker is None else maker(self, node)

    def range(self, node: Node) -> Range:
        """Return the range of a part that is a number."""
        value = self.bounds.of(node)
        return value.range if isinstance(value, Numbers) else Range()

    def one_way(self, node: Node) -> bool:
        """Return whether a part surely never rises, or never falls."""
        slope = self.of(node)
        if slope is None:
            return False
        return (slope.low is not None and slope.low >= 0) or (slope.high is not None and slope.high <= 0)


def _named(slopes: Slopes, node: nodes.FieldRef | nodes.RuleRef | SuppliedRef) -> Slope:
    return slopes.names.get(node.name)  # what stands still is one number, and was told before


def _add(slopes: Slopes, node: nodes.Add) -> Slope:
    left, right = slopes.of(node.left), slopes.of(node.right)
    return None if left is None or right is None else ranges.add(left, right)


def _subtract(slopes: Slopes, node: nodes.Subtract) -> Slope:
    left, right = slopes.of(node.left), slopes.of(node.right)
    return None if left is None or right is None else ranges.add(left, ranges.negate(right))


def _negate(slopes: Slopes, node: nodes.Negate) -> Slope:
    operand = slopes.of(node.operand)
    return None if operand is None else ranges.negate(operand)


def _multiply(slopes: Slopes, node: nodes.Multiply) -> Slope:
    left, right = slopes.of(node.left), slopes.of(node.right)
    if left is None or right is None:
        return None
    return ranges.add(
        ranges.multiply(left, slopes.range(node.right)), ranges.multiply(slopes.range(node.left), right)
    )


def _divide(slopes: Slopes, node: nodes.Divide) -> Slope:
    left, right = slopes.of(node.left), slopes.of(node.right)
    divisor = slopes.range(node.right)
    if left is None or right is None or not divisor.bounded or divisor.holds(Fraction(0)):
        return None
    rise = ranges.add(
        ranges.multiply(left, divisor), ranges.negate(ranges.multiply(slopes.range(node.left), right))
    )
    return ranges.divide(rise, ranges.multiply(divisor, divisor))


def _total(slopes: Slopes, node: nodes.Total | nodes.Mean) -> Slope:
    found, count = FLAT, 0
    for operand in node.operands:
        value = slopes.bounds.of(operand)
        slope = slopes.of(operand)
        if isinstance(value, Numbers) and slope is not None:
            found, count = ranges.add(found, slope), count + 1
        elif not isinstance(value, Nothing):
            return None
    if isinstance(node, nodes.Mean):
        return ranges.multiply(found, Range(Fraction(1, count), Fraction(1, count))) if count else None
    return found


def _conditional(slopes: Slopes, node: nodes.Conditional) -> Slope:
    """Return the slope of the one branch that can be taken; None where there are several."""
    for branch in node.branches:
        met = flags_of(slopes.bounds.of(branch.condition))
        if met.true and not met.false and not met.null:
            return slopes.of(branch.value)
        if met.true or met.null:
            return None
    return slopes.of(node.otherwise)


_MAKERS: Final[dict[type[Node], Callable[..., Slope]]] = {
    nodes.FieldRef: _named,
    nodes.RuleRef: _named,
    SuppliedRef: _named,
    nodes.Step: lambda slopes, node: slopes.of(node.operand),
    nodes.Add: _add,
    nodes.Subtract: _subtract,
    nodes.Negate: _negate,
    nodes.Multiply: _multiply,
    nodes.Divide: _divide,
    nodes.Total: _total,
    nodes.Mean: _total,
    nodes.Conditional: _conditional,
}
