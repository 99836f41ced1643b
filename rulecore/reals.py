"""Inexact values held exactly: a real number as a recipe that encloses it between two fractions, as narrowly as asked.

``ln``, ``exp`` and fractional powers have no finite decimal value. A :class:`Real` keeps how the value is made; rounding
it asks for more and more digits until both ends of the enclosure round to the same decimal (Ziv's method), so a rounded
value is always the correctly rounded one. Values that are rational after all (ln 1, 4^(1/2)) never become a ``Real``.

Enclosures are computed by mpmath's interval functions, with outward rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.numbers import Rounding, round_to

if TYPE_CHECKING:
    Interval = tuple[object, object]

FIRST_PRECISION: Final = 96
LAST_PRECISION: Final = 6144
"""Bits of precision tried first and last; a value still undecided then is reported, never guessed."""


@frozen(eq=False)
class Real:
    """A real number known by enclosures: ``interval(bits)`` returns one as an mpmath interval."""

    interval: Callable[[int], Interval]

    def bounds(self, bits: int) -> tuple[Fraction, Fraction] | None:
        """Return fractions that enclose the value, or None if at this precision there is no finite enclosure."""
        low, high = self.interval(bits)
        below, above = _fraction(low), _fraction(high)
        return None if below is None or above is None else (below, above)


Number = Fraction | Real


def _fraction(raw: object) -> Fraction | None:
    sign, mantissa, exponent, _bits = raw  # type: ignore[misc, attr-defined, unused-ignore] # mpmath's raw numbers are untyped tuples
    if not mantissa and exponent:
        return None
    value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -value if sign else value


def _interval(value: Number, bits: int) -> Interval:
    if isinstance(value, Real):
        return value.interval(bits)
    from mpmath.libmp import from_rational

    return (
        from_rational(value.numerator, value.denominator, bits, "f"),
        from_rational(value.numerator, value.denominator, bits, "c"),
    )


def combine(function: str, *operands: Number) -> Real:
    """Return the real that mpmath's interval function ``mpi_<function>`` makes of the operands."""

    def interval(bits: int) -> Interval:
        from mpmath import libmp

        operation = getattr(libmp, f"mpi_{function}")
        return operation(*(_interval(operand, bits) for operand in operands), bits)  # type: ignore[no-any-return]

    return Real(interval)


def extreme(operands: tuple[Number, ...], choose: Callable[..., Fraction]) -> Real:
    """Return the smallest or largest (``choose`` is min or max) of some numbers of which at least one is a Real."""

    def interval(bits: int) -> Interval:
        from mpmath.libmp import from_rational

        pairs = [_bounds(operand, bits) for operand in operands]
        known = [pair for pair in pairs if pair is not None]
        if len(known) < len(pairs):
            from mpmath.libmp import finf, fninf

            return (fninf, finf)
        low = choose(pair[0] for pair in known)
        high = choose(pair[1] for pair in known)
        return (
            from_rational(low.numerator, low.denominator, bits, "f"),
            from_rational(high.numerator, high.denominator, bits, "c"),
        )

    return Real(interval)


def _bounds(value: Number, bits: int) -> tuple[Fraction, Fraction] | None:
    return value.bounds(bits) if isinstance(value, Real) else (value, value)


def absolute(value: Number) -> Number:
    """Return the number without its sign."""
    if isinstance(value, Fraction):
        return abs(value)
    return extreme((value, combine("sub", Fraction(0), value)), max)


def sign(value: Number) -> int | None:
    """Return −1, 0 or 1; None if no precision tried tells the value from zero."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    bits = FIRST_PRECISION
    while bits <= LAST_PRECISION:
        bounds = value.bounds(bits)
        if bounds is not None and bounds[0] > 0:
            return 1
        if bounds is not None and bounds[1] < 0:
            return -1
        bits *= 2
    return None


def logarithm(value: Number) -> Number:
    """Return the natural logarithm of a positive number; exact for 1."""
    return Fraction(0) if value == 1 else combine("log", value)


def exponential(value: Number) -> Number:
    """Return e to the power of a number; exact for 0."""
    return Fraction(1) if value == 0 else combine("exp", value)


def root_power(value: Number, exponent: Fraction) -> Number:
    """Return a positive number to a fractional power; exact where the root is rational (4 to the power 1/2)."""
    if isinstance(value, Fraction):
        root = exact_root(value, exponent.denominator)
        if root is not None:
            return root**exponent.numerator
    return combine("exp", combine("mul", exponent, combine("log", value)))


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """Return the rational root of that degree of a non-negative fraction, or None if the root is irrational."""
    numerator, denominator = integer_root(value.numerator, degree), integer_root(value.denominator, degree)
    if numerator**degree == value.numerator and denominator**degree == value.denominator:
        return Fraction(numerator, denominator)
    return None


def integer_root(value: int, degree: int) -> int:
    """Return the whole part of the root of that degree of a non-negative integer."""
    if degree == 2:
        return isqrt(value)
    if value < 2:
        return value
    guess = 1 << -(-value.bit_length() // degree)
    while True:  # Newton's iteration from above decreases until it reaches the floor of the root
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def round_number(value: Number, unit: Fraction, rounding: Rounding) -> Fraction | None:
    """Return a number rounded to whole multiples of ``unit``; None if no precision tried decides a Real's rounding."""
    if isinstance(value, Fraction):
        return round_to(value, unit, rounding)
    bits = FIRST_PRECISION
    while bits <= LAST_PRECISION:
        bounds = value.bounds(bits)
        if bounds is not None:
            low, high = (round_to(bound, unit, rounding) for bound in bounds)
            if low == high:
                return low
        bits *= 2
    return None
