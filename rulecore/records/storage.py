"""How a typed value is held in a column: numbers as integers scaled by a power of ten, in 64 or 128 bits.

Null means *not applicable* and nothing else. A decimal field without ``min`` or ``max`` gets the bounds
±:data:`DEFAULT_BOUND`, so that every range is known and no sum can overflow unseen.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from attrs import frozen

from rulecore.declarations import FieldDeclaration
from rulecore.expr.types import DateType, FlagType, NothingType, NumberType, TextType, Type

if TYPE_CHECKING:
    import polars as pl

DEFAULT_BOUND: Final = 10**12
"""The largest absolute value of a number field that declares no bound of its own: 10^12 (a trillion)."""

INT64_BOUND: Final = 2**63 - 1
INT128_BOUND: Final = 2**127 - 1


@frozen(kw_only=True)
class Storage:
    """How a column holds its values; ``scale`` is the power of ten a number is multiplied by."""

    kind: Literal["int64", "int128", "text", "flag", "date"]
    scale: int = 0

    def dtype(self) -> pl.DataType:
        """Return the Polars type of the column."""
        import polars as pl

        return {
            "int64": pl.Int64(),
            "int128": pl.Int128(),
            "text": pl.String(),
            "flag": pl.Boolean(),
            "date": pl.Date(),
        }[self.kind]


def storage(type_: Type) -> Storage | None:
    """Return how values of a type are held in a column, or None for a number no integer of 128 bits can hold."""
    match type_:
        case TextType() | NothingType():
            return Storage(kind="text")
        case FlagType():
            return Storage(kind="flag")
        case DateType():
            return Storage(kind="date")
        case NumberType(scale=None) | NumberType(low=None) | NumberType(high=None):
            return None
        case NumberType(scale=scale, low=low, high=high):
            assert scale is not None  # noqa: S101 - told by the cases above
            assert low is not None  # noqa: S101
            assert high is not None  # noqa: S101
            largest = max(abs(low), abs(high)) * 10**scale
            if largest <= INT64_BOUND:
                return Storage(kind="int64", scale=scale)
            return Storage(kind="int128", scale=scale) if largest <= INT128_BOUND else None


def field_type(declaration: FieldDeclaration) -> Type:
    """Return the type of a field as declared, with the default bounds where it states none."""
    nullable = declaration.missing == "not_applicable" or bool(declaration.not_applicable)
    match declaration.type:
        case "text":
            values = frozenset(declaration.values) if declaration.values else None
            return TextType(values=values, nullable=nullable)
        case "flag":
            return FlagType(nullable=nullable)
        case "date":
            low, high = declaration.min, declaration.max
            return DateType(
                low=None if isinstance(low, int | Decimal) else low,
                high=None if isinstance(high, int | Decimal) else high,
                nullable=nullable,
            )
        case "decimal" | "integer":
            return NumberType(
                scale=declaration.decimals if declaration.type == "decimal" else 0,
                low=_bound(declaration.min, -DEFAULT_BOUND),
                high=_bound(declaration.max, DEFAULT_BOUND),
                nullable=nullable,
            )


def _bound(declared: object, default: int) -> Fraction:
    return Fraction(declared) if isinstance(declared, int | Decimal) else Fraction(default)
