"""Logarithms, exponentials and powers of guarded floats, with what bounds their errors."""

from __future__ import annotations

from math import inf, log, log10
from typing import Final

import polars as pl

from rulecore.engines.columnar.values import (
    ROUNDOFF,
    Guarded,
    at_least,
    folded_constant,
    in_range,
    is_zero,
    known,
    size,
    worst_of,
)

_LN_10: Final = 2.303  # rounded up
_LARGEST_LOGARITHM: Final = 1000.0
"""More than the logarithm of any float, without its sign."""


def guarded_logarithm(value: Guarded) -> Guarded:
    """Return the natural logarithm of a positive value."""
    result = value.value.log()
    largest = max(abs(value.least), abs(value.most)) * _LN_10 + 0.01
    most = log10(largest) if largest < _LARGEST_LOGARITHM else 3.0
    own = 4 * ROUNDOFF * size(most)
    if is_zero(value.absolute):
        lost = value.relative * 1.01 + ROUNDOFF
        number = known(value)
        folded = (
            folded_constant(log(number), worst_of(lost + own)) if number is not None and number > 0 else None
        )
        if folded is not None:
            return folded
        return Guarded(result, 4 * ROUNDOFF, lost, -inf, most, worst_of(lost + own))
    smallest = at_least(value.least) - value.worst
    worst = worst_of(value.worst / smallest + own) if smallest > 0 else inf
    room = value.value - value.error()
    moved = value.error() / room * 1.01 + ROUNDOFF
    sure = pl.when((room > 0) & value.value.is_finite()).then(moved).otherwise(inf)
    return Guarded(result, 4 * ROUNDOFF, sure, -inf, most, worst)


def guarded_exponential(value: Guarded) -> Guarded:
    """Return e to the power of a value."""
    result, error = value.value.exp(), value.error()
    lost = pl.when(error < 0.5).then(result * error * 1.3).otherwise(inf)
    return in_range(Guarded(result, 4 * ROUNDOFF, lost))


def guarded_power(value: Guarded, exponent: float) -> Guarded:
    """Return a value to a constant power, whose rounding moves it by |exponent · ln value| units at most."""
    result = value.value.pow(exponent)
    own = (8 + 710 * abs(exponent)) * ROUNDOFF
    ends = (value.least * exponent, value.most * exponent)
    if is_zero(value.absolute):
        relative = abs(exponent) * value.relative * 1.1 + own
        worst = worst_of(relative * size(max(ends)))
        return in_range(Guarded(result, relative, 0.0, min(ends), max(ends), worst))
    share = value.error() / value.value.abs()
    lost = result.abs() * share * (2.0 * abs(exponent) + 1.0)
    safe = (share < 0.1) & (share * abs(exponent) < 0.1) & value.value.is_finite()
    # A zero whose error is not zero has no share; near it, a power between 0 and 1 rises without bound.
    return in_range(Guarded(result, own, pl.when(safe).then(lost).otherwise(inf), min(ends), max(ends)))
