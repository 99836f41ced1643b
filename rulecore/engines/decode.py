"""Between columns and exact values: scaled integers to fractions and back, by a step's type."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rulecore.contracts import Value
from rulecore.errors import InternalError
from rulecore.expr.types import NumberType, Type
from rulecore.numbers import to_scaled
from rulecore.records.storage import storage

if TYPE_CHECKING:
    import polars as pl


def decode(column: pl.Series, type_: Type) -> list[Value]:
    """Return a stored column's exact values; null is None, not applicable."""
    if not isinstance(type_, NumberType):
        return column.to_list()
    kept = storage(type_)
    if kept is None:
        raise InternalError(f"a column of type {type_} cannot be stored")
    factor = 10**kept.scale
    return [None if scaled is None else Fraction(scaled, factor) for scaled in column.to_list()]


def encode(name: str, values: Sequence[object], type_: Type) -> pl.Series | None:
    """Return exact values as a stored column, or None if values of the type have no storage."""
    import polars as pl

    kept = storage(type_)
    if kept is None:
        return None
    if not isinstance(type_, NumberType):
        return pl.Series(name, values, dtype=kept.dtype())
    scaled = [to_scaled(value, kept.scale) if isinstance(value, Fraction) else None for value in values]
    for value in scaled:
        if value is not None and not _within(value, type_, kept.scale):
            raise InternalError(
                f"{name}: {value} scaled by {kept.scale} lies outside the range inferred for it"
            )
    return pl.Series(name, scaled, dtype=kept.dtype())


def _within(scaled: int, type_: NumberType, scale: int) -> bool:
    assert type_.low is not None  # noqa: S101 - stored numbers have bounds
    assert type_.high is not None  # noqa: S101
    factor: int = 10**scale
    return type_.low * factor <= scaled <= type_.high * factor


def issue_column(step: str, reason: str) -> str:
    """Return the name of the flag column that says on which records a step met an issue."""
    return f"#issue:{step}:{reason}"
