"""What cohort functions ask of their operands: numbers, one common value, whole units, a rule for ties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor

from rulecore.contracts import FunctionParameter, Value
from rulecore.expr.types import NothingType, NumberType, Type, kind

MOST_DECIMALS = 9

LARGEST_COHORT = 10**9
"""More records than any cohort is expected to have; the bound of sums and counts."""

DECIMALS = FunctionParameter(
    name="decimals",
    kind="number",
    default=Fraction(2),
    whole=True,
    low=Fraction(0),
    high=Fraction(MOST_DECIMALS),
)
TIE = FunctionParameter(name="tie", kind="text", default="undecided", choices=("undecided", "first"))

Options = Mapping[str, Fraction | str | bool]


def whole(value: Fraction | str | bool) -> int:
    """Return an option that is a whole number as an int."""
    return int(value) if isinstance(value, Fraction) else 0


def number_types(names: Sequence[str], types: Sequence[Type]) -> list[NumberType]:
    """Return the operands' types, all numbers; a ValueError names the one that is not."""
    found = []
    for name, type_ in zip(names, types, strict=True):
        if isinstance(type_, NothingType):
            found.append(NumberType(nullable=True))
        elif isinstance(type_, NumberType):
            found.append(type_)
        else:
            raise ValueError(f"{name} must be a number, not a {kind(type_)}")
    return found


def bounded(name: str, type_: NumberType) -> tuple[int, Fraction]:
    """Return the scale and the largest value of an operand; a ValueError says which of them is not known."""
    if type_.scale is None:
        raise ValueError(f"{name} has no known number of decimals; round it first")
    if type_.high is None:
        raise ValueError(f"{name} has no known largest value; write min({name}, …) or give its field a max")
    return type_.scale, type_.high


def numbers(values: Iterable[Value]) -> list[Fraction | None]:
    """Return a column's numbers; what is not applicable is None."""
    return [value if isinstance(value, Fraction) else None for value in values]


def complete(values: Sequence[Value]) -> list[Fraction] | None:
    """Return a column's numbers, or None if one of them is not applicable."""
    found = [value for value in values if isinstance(value, Fraction)]
    return found if len(found) == len(values) else None


def common(values: Sequence[Value]) -> Fraction | None:
    """Return the one number all records agree on, or None if they do not, or it is not applicable."""
    first = values[0] if values else None
    return first if isinstance(first, Fraction) and all(value == first for value in values) else None


def units(value: Fraction, decimals: int) -> int:
    """Return how many whole units of ``10 ** -decimals`` a value holds."""
    factor: int = 10**decimals
    return floor(value * factor)
