"""Inexact values held exactly: a recipe that encloses a real number between fractions, as narrowly as asked.

``ln``, ``exp`` and fractional powers have no finite decimal value. A :class:`Real` keeps how the value is
made; rounding it asks for more and more digits until both ends of the enclosure round to the same decimal
(Ziv's method), so a rounded value is always the correctly rounded one. Values that are rational after all (ln
1, 4^(1/2)) never become a ``Real``, or are known for what they are once more digits decide nothing: 2^(1/2) × 8^(1/2)
is 4, and no enclosure of it would ever say on which side of 4 it lies.

Enclosures are computed by mpmath's interval functions, with outward rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cmp_to_key
from math import isqrt, lcm, log
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from rulecore.numbers import Rounding, round_to

if TYPE_CHECKING:
    Raw = tuple[int, int, int, int]
    """A number of mpmath: sign, mantissa, exponent, bits of the mantissa; special values have no mantissa."""
    Interval = tuple[Raw, Raw]

LARGEST_EXPONENT: Final = 1 << 20
"""Numbers beyond 2 to this power are not held as fractions: nobody rounds such a number in earnest."""

EXPONENT_BITS: Final = 64
"""exp is computed for operands up to 2 to this power in size."""

FIRST_PRECISION: Final = 96
LAST_PRECISION: Final = 6144
"""Bits of precision tried first and last; a value still undecided then is reported, never guessed."""


LARGEST_DEGREE: Final = 4096
LARGEST_RADICAND: Final = 1 << 17
"""A product of roots is looked at as one root up to this degree, and to so many bits under the root."""

Roots = tuple[tuple[Fraction, Fraction], ...]
"""Positive fractions, each with its exponent: their product."""


@frozen(eq=False)
class Real:
    """A real number known by enclosures: ``interval(bits)`` returns one as an mpmath interval.

    ``roots`` are the fractional powers it is the product of, and ``logarithm_of`` the fraction whose natural logarithm
    it is, where it is known to be such: what tells that it is rational after all.
    """

    interval: Callable[[int], Interval]
    roots: Roots | None = None
    logarithm_of: Fraction | None = None

    def bounds(self, bits: int) -> tuple[Fraction, Fraction] | None:
        """Return fractions that enclose the value, or None if at this precision there is none to hold."""
        low, high = self.interval(bits)
        below, above = _fraction(low, upwards=False), _fraction(high, upwards=True)
        return None if below is None or above is None else (below, above)


Number = Fraction | Real


def _fraction(raw: Raw, *, upwards: bool) -> Fraction | None:
    """Return a raw number of mpmath as a fraction: moved outwards if too near zero, None if too large."""
    sign, mantissa, exponent, bits = raw
    if not mantissa:
        return None if exponent else Fraction(0)
    size = int(exponent) + int(bits)
    if size > LARGEST_EXPONENT:
        return None
    if size < -LARGEST_EXPONENT:
        least = Fraction(1, 1 << LARGEST_EXPONENT)
        return Fraction(0) if upwards is bool(sign) else -least if sign else least
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


def product(left: Number, right: Number) -> Number:
    """Return a product; with zero it is exactly zero."""
    if left == 0 or right == 0:
        return Fraction(0)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right
    first, second = _roots(left), _roots(right)
    return evolve(combine("mul", left, right), roots=first + second if first and second else None)


def quotient(left: Number, right: Number) -> Number:
    """Return a quotient by a number other than the fraction zero; that of two logarithms is exact where rational."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left / right
    if left == 0 and sign(right):
        return Fraction(0)
    if isinstance(left, Real) and isinstance(right, Real):
        exact = _rational_logarithm(left.logarithm_of, right.logarithm_of)
        if exact is not None:
            return exact
    first, second = _roots(left), _powered(_roots(right), Fraction(-1))
    return evolve(combine("div", left, right), roots=first + second if first and second else None)


def _rational_logarithm(value: Fraction | None, base: Fraction | None) -> Fraction | None:
    """Return the logarithm of a fraction to the base of another where it is rational: of 1000 to 100, 3/2.

    The nearest fraction with a small denominator is tried: it is the logarithm if the powers are equal.
    """
    if value is None or base is None:
        return None
    if value == base:
        return Fraction(1)
    divisor = _rough_logarithm(base)
    found = Fraction(_rough_logarithm(value) / divisor).limit_denominator(64) if divisor else Fraction(0)
    size = abs(found.numerator) * (base.numerator.bit_length() + base.denominator.bit_length())
    if not found or size > LARGEST_RADICAND:
        return None
    return found if value**found.denominator == base**found.numerator else None


def _rough_logarithm(value: Fraction) -> float:
    return log(value.numerator) - log(value.denominator)


def _roots(value: Number) -> Roots | None:
    if isinstance(value, Real):
        return value.roots
    return ((value, Fraction(1)),) if value > 0 else None


def _powered(roots: Roots | None, exponent: Fraction) -> Roots | None:
    return None if roots is None else tuple((base, power * exponent) for base, power in roots)


def rational(value: Real) -> Fraction | None:
    """Return the fraction that a product of roots is after all, or None where it is none or too large to tell."""
    degree = lcm(*(power.denominator for _base, power in value.roots or ()))
    size = sum(
        abs(power) * degree * (base.numerator.bit_length() + base.denominator.bit_length())
        for base, power in value.roots or ()
    )
    if not value.roots or degree > LARGEST_DEGREE or size > LARGEST_RADICAND:
        return None
    radicand = Fraction(1)
    for base, power in value.roots:
        radicand *= base ** int(power * degree)
    return exact_root(radicand, degree)


def extreme(operands: tuple[Number, ...], choose: Callable[..., object]) -> Real:
    """Return the smallest or largest (``choose`` is min or max) of some numbers, one of them a Real."""

    def interval(bits: int) -> Interval:
        from mpmath.libmp import mpf_cmp

        pairs = [_interval(operand, bits) for operand in operands]
        return tuple(choose(ends, key=cmp_to_key(mpf_cmp)) for ends in zip(*pairs, strict=True))  # type: ignore[return-value]

    return Real(interval)


def absolute(value: Number) -> Number:
    """Return the number without its sign."""
    if isinstance(value, Fraction):
        return abs(value)
    return extreme((value, combine("sub", Fraction(0), value)), max)


def sign(value: Number) -> int | None:
    """Return −1, 0 or 1; None if no precision tried tells the value from zero."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    if value.roots is not None:
        return 1
    from mpmath.libmp import mpf_sign

    bits = FIRST_PRECISION
    while bits <= LAST_PRECISION:
        low, high = value.interval(bits)
        if mpf_sign(low) > 0:
            return 1
        if mpf_sign(high) < 0:
            return -1
        bits *= 2
    return None


def logarithm(value: Number) -> Number:
    """Return the natural logarithm of a positive number; exact for 1."""
    if value == 1:
        return Fraction(0)
    return evolve(_logarithm(value), logarithm_of=value if isinstance(value, Fraction) else None)


def _logarithm(value: Number) -> Real:
    def interval(bits: int) -> Interval:
        from mpmath.libmp import fninf, mpf_log, mpf_sign

        low, high = _interval(value, bits)
        # At low precision the enclosure of a positive number may still reach below zero.
        below = _outwards(mpf_log(low, bits, "f"), bits, "f") if mpf_sign(low) > 0 else fninf
        return (below, _outwards(mpf_log(high, bits, "c"), bits, "c"))

    return Real(interval)


def exponential(value: Number) -> Number:
    """Return e to the power of a number; exact for 0."""
    return Fraction(1) if value == 0 else _exponential(value)


def _exponential(value: Number) -> Real:
    def interval(bits: int) -> Interval:
        from mpmath.libmp import finf, from_int, fzero, mpf_cmp, mpf_exp

        largest, smallest = from_int(2**EXPONENT_BITS), from_int(-(2**EXPONENT_BITS))
        low, high = _interval(value, bits)
        # Beyond these bounds exp takes for ever; the enclosure is kept sound and as wide as need be.
        below = fzero if mpf_cmp(low, smallest) < 0 else mpf_exp(_least(low, largest), bits, "f")
        above = finf if mpf_cmp(high, largest) > 0 else mpf_exp(_most(high, smallest), bits, "c")
        return (_outwards(below, bits, "f"), _outwards(above, bits, "c"))

    return Real(interval)


STEEPEST: Final = 4096
"""Beyond this the normal distribution is nearer to 0 or 1 than 2 to the power of minus eight million."""


def normal_probability(value: Number) -> Number:
    """Return the part of a standard normal distribution below a number; exact for 0."""
    return Fraction(1, 2) if value == 0 else _normal_probability(value)


def _normal_probability(value: Number) -> Real:
    def interval(bits: int) -> Interval:
        low, high = _interval(value, bits)
        return (_below_normal(low, bits, "f"), _below_normal(high, bits, "c"))

    return Real(interval)


def _below_normal(end: Raw, bits: int, rounding: str) -> Raw:
    """Return an end of the enclosure: erfc(−x / √2) / 2, computed with what its steepness costs to spare."""
    from mpmath.libmp import (
        fone,
        from_int,
        fzero,
        mpf_cmp,
        mpf_div,
        mpf_erfc,
        mpf_neg,
        mpf_shift,
        mpf_sqrt,
        mpf_sub,
    )

    if mpf_cmp(end, from_int(-STEEPEST)) < 0:
        nearly_nothing: Raw = mpf_shift(fone, -LARGEST_EXPONENT)
        return fzero if rounding == "f" else nearly_nothing
    if mpf_cmp(end, from_int(STEEPEST)) > 0:
        nearly_all: Raw = mpf_sub(fone, mpf_shift(fone, -bits), bits + 2, "f")
        return nearly_all if rounding == "f" else fone
    precise = bits + 48
    turned = mpf_div(mpf_neg(end), mpf_sqrt(from_int(2), precise), precise)
    found = _outwards(mpf_shift(mpf_erfc(turned, precise), -1), bits, rounding)
    return found if rounding == "f" else _least(found, fone)


def _outwards(value: Raw, bits: int, rounding: str) -> Raw:
    """Return an end of an enclosure moved outwards by a unit: how mpmath rounds exp and log is not proven."""
    from mpmath.libmp import mpf_abs, mpf_add, mpf_shift, mpf_sub

    unit = mpf_shift(mpf_abs(value), 2 - bits)
    moved: Raw = (mpf_sub if rounding == "f" else mpf_add)(value, unit, bits, rounding)
    return moved


def _least(first: Raw, second: Raw) -> Raw:
    from mpmath.libmp import mpf_cmp

    return first if mpf_cmp(first, second) < 0 else second


def _most(first: Raw, second: Raw) -> Raw:
    from mpmath.libmp import mpf_cmp

    return first if mpf_cmp(first, second) > 0 else second


def whole_power(value: Number, exponent: int) -> Number:
    """Return a number to a whole power, which may be negative if the number is not the fraction zero."""
    if isinstance(value, Fraction):
        return value**exponent
    if exponent == 0:
        return Fraction(1)

    def interval(bits: int) -> Interval:
        from mpmath.libmp import mpi_pow_int

        return mpi_pow_int(_interval(value, bits), exponent, bits)  # type: ignore[no-any-return]

    return Real(interval, _powered(value.roots, Fraction(exponent)))


def root_power(value: Number, exponent: Fraction) -> Number:
    """Return a positive number to a fractional power; exact where the root is rational (4 to the 1/2)."""
    if isinstance(value, Fraction):
        root = exact_root(value, exponent.denominator)
        if root is not None:
            return root**exponent.numerator
    found = _exponential(combine("mul", exponent, _logarithm(value)))
    return evolve(found, roots=_powered(_roots(value), exponent))


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """Return the rational root of that degree of a non-negative fraction, or None if it is irrational."""
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
    if degree >= value.bit_length():  # between 1 and 2; the powers below would be astronomical
        return 1
    guess = 1 << -(-value.bit_length() // degree)
    while True:  # Newton's iteration from above decreases until it reaches the floor of the root
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def round_number(value: Number, unit: Fraction, rounding: Rounding) -> Fraction | None:
    """Return a number rounded to multiples of ``unit``; None if no precision tried decides it."""
    if isinstance(value, Fraction):
        return round_to(value, unit, rounding)
    bits = FIRST_PRECISION
    while bits <= LAST_PRECISION:
        bounds = value.bounds(bits)
        if bounds is not None:
            low, high = (round_to(bound, unit, rounding) for bound in bounds)
            if low == high:
                return low
        if bits == FIRST_PRECISION and (found := rational(value)) is not None:
            return round_to(found, unit, rounding)
        bits *= 2
    return None
