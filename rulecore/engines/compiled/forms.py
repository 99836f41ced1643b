"""Numbers in code: a constant fraction times whole numbers held in locals, so that constants cost nothing at run time.

``factor × top / bottom``: decimals, percentages and weights go into the factor when the code is made, and only the
whole-number parts are computed for a record. Python's integers have no widest value, so nothing can overflow.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from math import gcd

from attrs import frozen

from rulecore.engines.compiled.code import NONE, ONE, constant_of, whole


@frozen
class Number:
    """A number: ``factor * top / bottom``; ``bottom`` is positive, also where ``top`` is None (not applicable).

    ``parts`` says of how many factors the bottom was multiplied since it was last reduced.
    """

    factor: Fraction
    top: ast.expr
    bottom: ast.expr = ONE
    nullable: bool = False
    parts: int = 0

    @property
    def constant(self) -> Fraction | None:
        """The number, where it is a constant."""
        top, bottom = constant_of(self.top), constant_of(self.bottom)
        return None if top is None or bottom is None else self.factor * Fraction(top, bottom)

    @property
    def is_whole(self) -> bool:
        """Whether it has no bottom but one."""
        return constant_of(self.bottom) == 1


@frozen
class Plain:
    """A text, a flag or a date in code; ``atom`` is False for an expression that must be bound to be used twice."""

    expression: ast.expr
    nullable: bool = False
    atom: bool = True


@frozen
class Inexact:
    """A value that no fraction need be (ln, roots): a local that holds what the exact engine found."""

    local: ast.expr


Form = Number | Plain | Inexact

NOTHING = Number(Fraction(1), NONE, nullable=True)
"""The number 不适用."""


def constant_number(value: Fraction) -> Number:
    """Return a constant, all of it in the factor."""
    return Number(value, ONE) if value else Number(Fraction(1), whole(0))


def unit_of(first: Fraction, second: Fraction) -> Fraction:
    """Return the largest fraction of which both are whole multiples."""
    shared = gcd(first.numerator * second.denominator, second.numerator * first.denominator)
    return Fraction(shared, first.denominator * second.denominator)


def times_in(factor: Fraction, unit: Fraction) -> int:
    """Return how many units a factor is."""
    return (factor / unit).numerator
