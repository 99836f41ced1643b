"""Sums of amounts, exact also where some are irrational: of rules with logarithms or roots that are not rounded."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from rulecore.ledger.quick import QuickFraction
from rulecore.ledger.values import Entry
from rulecore.reals import Number, Real, combine, product, sign

ENOUGH_BITS: Final = 256
"""Two irrational numbers that cannot be told apart with so many bits are taken for one."""
ZERO: Final = QuickFraction(0)


def total(amounts: Iterable[Number]) -> Number:
    """Return the sum of some amounts."""
    found: Number | None = None
    for amount in amounts:
        if found is None:
            found = amount
        elif type(amount) is Real or type(found) is Real:
            found = combine("add", found, amount)
        # Nothing is what most roundings, bonuses and deductions come to.
        elif amount.numerator:  # type: ignore[union-attr] # no Real
            found = found + amount  # type: ignore[operator]
    return ZERO if found is None else found


def agrees(entries: list[Entry], value: Number) -> bool:
    """Return whether lines add up to a value.

    Most are fractions, and their sum is only compared: it need not be in lowest terms.
    """
    try:
        numerator, denominator = 0, 1
        for entry in entries:
            amount = entry[1]
            own: int = amount._numerator  # type: ignore[union-attr]
            if own:
                below: int = amount._denominator  # type: ignore[union-attr]
                if below == denominator:
                    numerator += own
                else:
                    numerator = numerator * below + own * denominator
                    denominator *= below
        return numerator * value._denominator == value._numerator * denominator  # type: ignore[union-attr,no-any-return]
    except AttributeError:
        return equal(total([entry[1] for entry in entries]), value)


def equal(found: Number, value: Number) -> bool:
    """Return whether two numbers are the same, irrational ones as far as can be told.

    Of a value that is too large to be held (``exp(exp(90))``) nothing can be told: no sum is said to differ from it.
    """
    if type(found) is not Real and type(value) is not Real:
        return found == value
    bounds = combine("sub", found, value).bounds(ENOUGH_BITS)
    if bounds is None:
        return type(value) is Real and value.bounds(ENOUGH_BITS) is None
    return bounds[0] <= 0 <= bounds[1]


def times(amount: Number, factor: Fraction) -> Number:
    """Return an amount times a factor."""
    return product(amount, factor) if type(amount) is Real else amount * factor  # type: ignore[operator] # no Real


def below_zero(amount: Number) -> bool:
    """Return whether an amount takes something away."""
    try:
        return amount._numerator < 0  # type: ignore[union-attr,no-any-return] # quicker than asking what it is
    except AttributeError:
        return sign(amount) == -1


def order_of(amount: Number) -> Fraction:
    """Return what amounts are ordered by: an irrational one by a number just below it."""
    if type(amount) is not Real:
        return amount  # type: ignore[return-value] # no Real
    bounds = amount.bounds(ENOUGH_BITS)
    return ZERO if bounds is None else bounds[0]
