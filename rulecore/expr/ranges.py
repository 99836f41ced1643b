"""Interval arithmetic on ranges of values: what bounds a result keeps when its operands keep theirs.

A bound is a fraction, or None where none is known. All operations are sound: a result's range holds every
value that the operation can give for operands within their ranges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.numbers import Rounding, round_to

_SLACK: Final = Fraction(1, 10**9)
"""Relative widening of bounds computed in floats (ln, exp, roots), which are good to about 1e-15."""

_LEAST_SLACK: Final = Fraction(1, 10**15)
"""Absolute widening: a logarithm near zero is only as good as its operand, which a float holds to 1e-16."""


@frozen
class Range:
    """The values from ``low`` to ``high``, inclusive; None is unbounded."""

    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def bounded(self) -> bool:
        """Whether both ends are known."""
        return self.low is not None and self.high is not None

    def holds(self, value: Fraction) -> bool:
        """Return whether ``value`` may be in the range."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


def add(left: Range, right: Range) -> Range:
    """Return the range of a sum."""
    return Range(_both(left.low, right.low), _both(left.high, right.high))


def _both(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    return None if first is None or second is None else first + second


def negate(operand: Range) -> Range:
    """Return the range with its sign turned."""
    return Range(
        None if operand.high is None else -operand.high, None if operand.low is None else -operand.low
    )


def multiply(left: Range, right: Range) -> Range:
    """Return the range of a product."""
    if Range(Fraction(0), Fraction(0)) in (left, right):
        return Range(Fraction(0), Fraction(0))
    if not (left.bounded and right.bounded):
        low = Fraction(0) if _non_negative(left) and _non_negative(right) else None
        return Range(low, None)
    return _corners(lambda first, second: first * second, left, right)


def divide(left: Range, right: Range, *, smallest: Fraction | None = None) -> Range:
    """Return the range of a quotient; ``smallest`` is the least size of a divisor but zero, if known."""
    if left.bounded and (nearest := _nearest_to_zero(right)) is not None:
        # The farther from zero the divisor is, the nearer to zero the quotient.
        return union((Range(Fraction(0), Fraction(0)), multiply(left, Range(1 / nearest, 1 / nearest))))
    if not (right.bounded and left.bounded):
        return _open_quotient(left, right)
    if not right.holds(Fraction(0)):
        return _corners(lambda first, second: first / second, left, right)
    if smallest is None:
        return _open_quotient(left, right)
    sides = []
    if right.high is not None and right.high >= smallest:
        sides.append(Range(smallest, right.high))
    if right.low is not None and right.low <= -smallest:
        sides.append(Range(right.low, -smallest))
    found = [_corners(lambda first, second: first / second, left, side) for side in sides]
    return union(found) if found else Range(Fraction(0), Fraction(0))


def _open_quotient(left: Range, right: Range) -> Range:
    """Return the range of a quotient that has no largest value; the least is at the divisor's high end."""
    if left.low is None or left.low < 0 or not _non_negative(right):
        return Range(None, None)
    return Range(left.low / right.high if right.high else Fraction(0), None)


def _nearest_to_zero(divisor: Range) -> Fraction | None:
    """Return the end nearest to zero of a range that is open away from zero, or None if it is no such range."""
    if divisor.high is None and divisor.low is not None and divisor.low > 0:
        return divisor.low
    return divisor.high if divisor.low is None and divisor.high is not None and divisor.high < 0 else None


def _non_negative(range_: Range) -> bool:
    return range_.low is not None and range_.low >= 0


def _corners(operation: Callable[[Fraction, Fraction], Fraction], left: Range, right: Range) -> Range:
    found = [
        operation(first, second)
        for first in (left.low, left.high)
        for second in (right.low, right.high)
        if first is not None and second is not None
    ]
    return Range(min(found), max(found))


def absolute(operand: Range) -> Range:
    """Return the range without signs."""
    turned = negate(operand)
    low = max((bound for bound in (operand.low, turned.low) if bound is not None), default=Fraction(0))
    high = None if operand.high is None or turned.high is None else max(operand.high, turned.high)
    return Range(max(low, Fraction(0)), high)


def minimum(operands: Iterable[Range]) -> Range:
    """Return the range of the smallest of some values."""
    found = list(operands)
    lows = [item.low for item in found]
    highs = [item.high for item in found if item.high is not None]
    return Range(_least(lows), min(highs) if highs else None)


def maximum(operands: Iterable[Range]) -> Range:
    """Return the range of the largest of some values."""
    return negate(minimum(negate(item) for item in operands))


def _least(bounds: list[Fraction | None]) -> Fraction | None:
    known = [bound for bound in bounds if bound is not None]
    return min(known) if len(known) == len(bounds) else None


def union(operands: Iterable[Range]) -> Range:
    """Return the smallest range that holds all the others."""
    found = list(operands)
    highest = negate(Range(_least([negate(item).low for item in found]))).high
    return Range(_least([item.low for item in found]), highest)


def rounded(operand: Range, unit: Fraction, rounding: Rounding) -> Range:
    """Return the range of values rounded to whole multiples of ``unit``: rounding never reverses an order."""
    return Range(
        None if operand.low is None else round_to(operand.low, unit, rounding),
        None if operand.high is None else round_to(operand.high, unit, rounding),
    )


def whole_power(operand: Range, exponent: int) -> Range:
    """Return the range of a whole, non-negative power."""
    result = Range(Fraction(1), Fraction(1))
    for _ in range(exponent):
        result = multiply(result, operand)
    if exponent % 2 == 0 and result.low is not None and exponent:
        return Range(max(result.low, Fraction(0)), result.high)
    return Range(Fraction(0), None) if exponent and exponent % 2 == 0 else result


def monotone(function: Callable[[float], float], operand: Range, *, below: Fraction | None) -> Range:
    """Return the range of a rising function, computed in floats; ``below`` is its value at −∞."""
    low = None if operand.low is None else _in_floats(function, operand.low, -1)
    high = None if operand.high is None else _in_floats(function, operand.high, 1)
    if below is not None:
        low = below if low is None else max(low, below)
    return Range(low, high)


def _in_floats(function: Callable[[float], float], bound: Fraction, direction: int) -> Fraction | None:
    try:
        value = function(float(bound))
    except (OverflowError, ValueError):
        return None
    if not math.isfinite(value):
        return None
    exact = Fraction(value)
    return exact + direction * (abs(exact) * _SLACK + _LEAST_SLACK)
