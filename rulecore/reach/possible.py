"""What a value can be while one input is only known to lie in an interval: sound bounds, never too narrow."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from rulecore.engines.exact import ExactValue
from rulecore.expr import ranges
from rulecore.expr.ranges import Range
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type
from rulecore.reals import FIRST_PRECISION, Real


@frozen(kw_only=True)
class Numbers:
    """A number within a range, or a date by its ordinal; ``null``: it may be not applicable."""

    range: Range
    null: bool = False


@frozen(kw_only=True)
class Texts:
    """One of some texts; ``values`` is None where any text is possible."""

    values: frozenset[str] | None
    null: bool = False


@frozen(kw_only=True)
class Flags:
    """True, false, or not applicable: each only where it is possible."""

    true: bool = True
    false: bool = True
    null: bool = False


@frozen(kw_only=True)
class Nothing:
    """Nothing but not applicable."""

    null: bool = True


@frozen(kw_only=True)
class Anything:
    """No bound is known, not even the kind."""

    null: bool = True


Possible = Numbers | Texts | Flags | Nothing | Anything

ANY_FLAG = Flags(null=True)
ANY_NUMBER = Numbers(range=Range(), null=True)


def point(value: Fraction) -> Numbers:
    """Return the one number a value is."""
    return Numbers(range=Range(value, value))


def known(value: ExactValue) -> Possible:
    """Return a value that is known as what is possible."""
    match value:
        case None:
            return Nothing()
        case bool():
            return Flags(true=value, false=not value)
        case Fraction():
            return point(value)
        case str():
            return Texts(values=frozenset((value,)))
        case date():
            return point(Fraction(value.toordinal()))
        case Real():
            bounds = value.bounds(FIRST_PRECISION)
            return ANY_NUMBER if bounds is None else Numbers(range=Range(*bounds))


def of_type(type_: Type) -> Possible:
    """Return what a value of an inferred type can be."""
    match type_:
        case NumberType(low=low, high=high, nullable=nullable):
            return Numbers(range=Range(low, high), null=nullable)
        case TextType(values=values, nullable=nullable):
            return Texts(values=values, null=nullable)
        case FlagType(nullable=nullable, always=always):
            return Flags(true=always is not False, false=always is not True, null=nullable)
        case DateType(low=low, high=high, nullable=nullable):
            ends = (None if end is None else Fraction(end.toordinal()) for end in (low, high))
            return Numbers(range=Range(*ends), null=nullable)
        case _:
            return Nothing()


def nullable(value: Possible, null: bool = True) -> Possible:
    """Return the same, which may be not applicable too if ``null``."""
    if not null or value.null:
        return value
    return evolve(value, null=True)


def either(first: Possible, second: Possible) -> Possible:
    """Return what is possible if one of two is."""
    null = first.null or second.null
    match first, second:
        case (Nothing(), other) | (other, Nothing()):
            return nullable(other)
        case Numbers(), Numbers():
            return Numbers(range=ranges.union((first.range, second.range)), null=null)
        case Texts(), Texts():
            values = None
            if first.values is not None and second.values is not None:
                values = first.values | second.values
            return Texts(values=values, null=null)
        case Flags(), Flags():
            return Flags(true=first.true or second.true, false=first.false or second.false, null=null)
        case _:
            return Anything()


def range_of(value: Possible) -> Range:
    """Return the range of a number; unbounded where it is not known to be one."""
    return value.range if isinstance(value, Numbers) else Range()


def flags_of(value: Possible) -> Flags:
    """Return a condition's outcomes; all of them where it is not known to be one."""
    match value:
        case Flags():
            return value
        case Nothing():
            return Flags(true=False, false=False, null=True)
        case _:
            return ANY_FLAG
