"""Between columns and exact values: scaled integers to fractions and back, by a step's type.

An exact number without finite decimals (a mean, a sum of quotients) fits no integer. Where such a value must be
kept at all, because it comes from other rows, it is kept as text, ``numerator/denominator`` in lowest terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, inf
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
        if not is_ratio(type_):
            raise InternalError(f"a column of type {type_} cannot be stored")
        texts = column.to_list()
        values = {text: Fraction(text) for text in set(texts) if text is not None}
        return [values.get(text) for text in texts]
    factor = 10**kept.scale
    # Amounts of few decimals repeat, and making a fraction takes ten times as long as looking it up.
    known: dict[int | None, Value] = {None: None}
    found: list[Value] = []
    for scaled in column.to_list():
        if scaled not in known:
            known[scaled] = Fraction(scaled, factor)
        found.append(known[scaled])
    return found


def encode(name: str, values: Sequence[object], type_: Type) -> pl.Series | None:
    """Return exact values as a stored column, or None if values of the type have no storage."""
    import polars as pl

    kept = storage(type_)
    if kept is None:
        return None
    if not isinstance(type_, NumberType):
        return pl.Series(name, values, dtype=kept.dtype())
    scaled = [to_scaled(value, kept.scale) if isinstance(value, Fraction) else None for value in values]
    assert type_.low is not None  # noqa: S101 - stored numbers have bounds
    assert type_.high is not None  # noqa: S101
    low, high = ceil(type_.low * 10**kept.scale), floor(type_.high * 10**kept.scale)
    for value in scaled:
        if value is not None and not low <= value <= high:
            raise InternalError(
                f"{name}: {value} scaled by {kept.scale} lies outside the range inferred for it"
            )
    return pl.Series(name, scaled, dtype=kept.dtype())


def is_ratio(type_: Type) -> bool:
    """Whether values of a type are exact numbers that no integer column can hold."""
    return isinstance(type_, NumberType) and type_.exact and storage(type_) is None


def encode_any(name: str, values: Sequence[object], type_: Type) -> pl.Series:
    """Return exact values as a column, those that no integer column can hold as text ``numerator/denominator``.

    For values that come from other rows and so cannot be computed again: cohort steps and supplied values.
    """
    import polars as pl

    if not is_ratio(type_):
        encoded = encode(name, values, type_)
        if encoded is None:
            raise InternalError(f"{name}: values of type {type_} cannot be kept")
        return encoded
    texts: list[str | None] = []
    for value in values:
        assert value is None or isinstance(value, Fraction)  # noqa: S101 - the type says so
        texts.append(None if value is None else f"{value.numerator}/{value.denominator}")
        if value is not None and not _inside(value, type_):
            raise InternalError(f"{name}: {value} lies outside the range inferred for it")
    return pl.Series(name, texts, dtype=pl.String())


def _inside(value: Fraction, type_: Type) -> bool:
    assert isinstance(type_, NumberType)  # noqa: S101 - only numbers are ratios
    return (type_.low is None or type_.low <= value) and (type_.high is None or value <= type_.high)


def nearest_float(value: Fraction | None) -> float | None:
    """Return the nearest float, infinite beyond all floats; None stays None."""
    if value is None:
        return None
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def issue_column(step: str, reason: str) -> str:
    """Return the name of the flag column that says on which records a step met an issue."""
    return f"#issue:{step}:{reason}"
