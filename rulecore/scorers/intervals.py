"""Intervals of numbers, open or closed at either end: how gaps and overlaps of bands are found."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from rulecore.numbers import format_number


@frozen
class Bound:
    """One end of an interval: a number, and whether the interval holds it."""

    value: Fraction
    included: bool


@frozen
class Interval:
    """The numbers between two ends; None where there is no end."""

    low: Bound | None
    high: Bound | None

    @property
    def empty(self) -> bool:
        """Whether no number lies between the ends."""
        if self.low is None or self.high is None:
            return False
        if self.low.value == self.high.value:
            return not (self.low.included and self.high.included)
        return self.low.value > self.high.value

    def example(self) -> Fraction:
        """Return a number inside: the middle, or one next to the only end."""
        if self.low is not None and self.high is not None:
            return (self.low.value + self.high.value) / 2
        if self.low is not None:
            return self.low.value + 1
        return Fraction(0) if self.high is None else self.high.value - 1

    def __str__(self) -> str:
        """Return the interval as mathematicians write it: ``[80, 89.5)``."""
        low = (
            "(−∞" if self.low is None else ("[" if self.low.included else "(") + format_number(self.low.value)
        )
        if self.high is None:
            return f"{low}, +∞)"
        return f"{low}, {format_number(self.high.value)}{']' if self.high.included else ')'}"


def before(bound: Bound) -> Bound:
    """Return the end of what lies just on the other side of a bound."""
    return Bound(bound.value, not bound.included)


def between(lower: Interval, upper: Interval) -> Interval:
    """Return what lies above ``lower`` and below ``upper``: the gap between them, empty if there is none."""
    if lower.high is None or upper.low is None:
        nowhere = Bound(Fraction(0), False)
        return Interval(nowhere, nowhere)
    return Interval(before(lower.high), before(upper.low))


def common(lower: Interval, upper: Interval) -> Interval:
    """Return what ``lower`` and ``upper`` share, where ``upper`` is meant to lie above ``lower``."""
    lows = [bound for bound in (lower.low, upper.low) if bound is not None]
    highs = [bound for bound in (lower.high, upper.high) if bound is not None]
    return Interval(
        max(lows, key=lambda bound: (bound.value, not bound.included), default=None),
        min(highs, key=lambda bound: (bound.value, bound.included), default=None),
    )
