"""What an expression can be: a number with scale and range, a text, a flag or a date, and whether it may be missing.

Types are inferred, never declared, from the fields' declarations upwards. They carry what the columnar engine needs
to choose a width (``scale``, ``low``, ``high``) and what the analysis needs to find what cannot happen.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import evolve, frozen


@frozen(kw_only=True)
class NumberType:
    """A number.

    ``scale``: the value is always a whole multiple of ``10 ** -scale``; None for a quotient or an inexact value.
    ``low`` and ``high``: bounds that the value is proven to keep, inclusive; None for no bound known.
    ``exact``: False once ln, exp, sqrt or a fractional power is in it; such a value must be rounded before it may
    be compared, banded or ranked. ``nullable``: it may be not applicable.
    """

    scale: int | None = 0
    low: Fraction | None = None
    high: Fraction | None = None
    exact: bool = True
    nullable: bool = False


@frozen(kw_only=True)
class TextType:
    """A text; ``values`` lists every text it can be, where that is known."""

    values: frozenset[str] | None = None
    nullable: bool = False


@frozen(kw_only=True)
class FlagType:
    """True or false; ``always`` is the only value it can take, where that is known."""

    nullable: bool = False
    always: bool | None = None


@frozen(kw_only=True)
class DateType:
    """A calendar date between ``low`` and ``high``, inclusive, where those are known."""

    low: date | None = None
    high: date | None = None
    nullable: bool = False


@frozen(kw_only=True)
class NothingType:
    """The type of the literal 不适用 alone: it fits beside any other type."""

    nullable: bool = True


Type = NumberType | TextType | FlagType | DateType | NothingType

KIND_NAMES = {
    NumberType: "number",
    TextType: "text",
    FlagType: "flag",
    DateType: "date",
    NothingType: "not applicable",
}


def kind(type_: Type) -> str:
    """Return the plain word for a type: number, text, flag, date or not applicable."""
    return KIND_NAMES[type(type_)]


def as_nullable(type_: Type, nullable: bool = True) -> Type:
    """Return the same type that may (or may not) be not applicable."""
    return evolve(type_, nullable=nullable)
