"""Arithmetic of numbers."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from rulecore.expr.nodes.base import Node
from rulecore.numbers import Rounding


@frozen
class Add(Node):
    """Sum of two numbers."""

    left: Node
    right: Node


@frozen
class Subtract(Node):
    """Difference of two numbers."""

    left: Node
    right: Node


@frozen
class Multiply(Node):
    """Product of two numbers."""

    left: Node
    right: Node


@frozen
class Divide(Node):
    """Exact quotient of two numbers; by zero it is not applicable, with the issue ``division_by_zero``."""

    left: Node
    right: Node


@frozen
class Negate(Node):
    """The number with its sign turned."""

    operand: Node


@frozen
class Absolute(Node):
    """The number without its sign."""

    operand: Node


@frozen
class Minimum(Node):
    """The smallest of some numbers or dates; not applicable if any of them is."""

    operands: tuple[Node, ...]


@frozen
class Maximum(Node):
    """The largest of some numbers or dates; not applicable if any of them is."""

    operands: tuple[Node, ...]


@frozen
class Round(Node):
    """A number rounded to whole multiples of ``unit`` (1/100 for two decimals, 1/2 for half points)."""

    operand: Node
    unit: Fraction
    rounding: Rounding = Rounding.HALF_UP


@frozen
class NaturalLogarithm(Node):
    """Natural logarithm (inexact); of zero or less it is not applicable, with the issue ``outside_domain``."""

    operand: Node


@frozen
class Exponential(Node):
    """e to the power of a number (inexact)."""

    operand: Node


@frozen
class NormalProbability(Node):
    """The part of a standard normal distribution that lies below a number, from 0 to 1 (inexact)."""

    operand: Node


@frozen
class Power(Node):
    """A number to a constant power; whole powers are exact, others inexact.

    A negative base with a fractional exponent is not applicable, with the issue ``outside_domain``;
    zero to a negative power likewise, with ``division_by_zero``. ``sqrt(x)`` is ``Power(x, 1/2)``.
    """

    base: Node
    exponent: Fraction
