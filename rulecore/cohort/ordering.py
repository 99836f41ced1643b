"""Columns put into whole numbers, and the records of a cohort put in order: the ground of running statistics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, Final

from rulecore.cohort.operands import Options
from rulecore.contracts import FunctionParameter, Value
from rulecore.expr.types import DateType, NothingType, NumberType, TextType, Type, kind

KEYS: Final = FunctionParameter(name="keys", many=True)
ORDER: Final = FunctionParameter(name="order", kind="text", default="ascending")
"""The direction of all keys, or one for each of them with commas between: ``descending, ascending``."""

_DIRECTIONS: Final = ("ascending", "descending")
_MOST_BITS: Final = 256
"""A common denominator longer than this makes whole numbers slower than fractions."""


def wholes(values: Sequence[Value]) -> tuple[list[int | Fraction | None], int]:
    """Return numbers as whole multiples of one unit, ``1 / denominator``, and that denominator.

    Whole numbers add up and sort some ten times as fast as fractions. Numbers with very different denominators
    stay fractions, of the denominator 1. What is not applicable, or no number, is None.
    """
    found = [value if isinstance(value, Fraction) else None for value in values]
    denominators = {value.denominator for value in found if value is not None}
    common = 1
    for denominator in denominators:
        common = lcm(common, denominator)
        if common.bit_length() > _MOST_BITS:
            return list(found), 1
    if common == 1:
        return [None if value is None else value.numerator for value in found], 1
    return [
        None if value is None else value.numerator * (common // value.denominator) for value in found
    ], common


def applicable(values: Sequence[Value]) -> tuple[list[int | Fraction], int]:
    """Return the applicable numbers as :func:`wholes` does, and their common denominator."""
    found, denominator = wholes(values)
    return [value for value in found if value is not None], denominator


def ratio(top: int | Fraction, bottom: int | Fraction) -> Fraction:
    """Return an exact quotient."""
    return (
        Fraction(top) / bottom
        if isinstance(top, Fraction) or isinstance(bottom, Fraction)
        else Fraction(top, bottom)
    )


def directions(order: Fraction | str | bool, count: int) -> tuple[bool, ...]:
    """Return for each key whether it is descending; a ValueError says what ``order`` may be."""
    words = [word.strip() for word in str(order).replace("，", ",").split(",")]
    for word in words:
        if word not in _DIRECTIONS:
            raise ValueError(f"order is made of the words ascending and descending, not {word!r}")
    if len(words) not in (1, count):
        raise ValueError(
            f"order has {len(words)} words for {count} keys; write one word, or one for each key"
        )
    chosen = words * count if len(words) == 1 else words
    return tuple(word == "descending" for word in chosen)


def check_keys(types: Sequence[Type], options: Options) -> None:
    """Refuse, as a ValueError, what records cannot be put in order by."""
    if not types:
        raise ValueError("say what the order is: one or more values to order by")
    for type_ in types:
        if not isinstance(type_, NumberType | DateType | TextType | NothingType):
            raise ValueError(f"records cannot be put in order by a {kind(type_)}")
    directions(options.get("order", "ascending"), len(types))


def places(keys: Sequence[Sequence[Value]], options: Options) -> list[list[int]]:
    """Return the rows at each place of an order: usually one, several where they are equal in every key.

    A row of which one key is not applicable has no place.
    """
    columns = [_sortable(column) for column in keys]
    rows = [row for row in range(len(columns[0])) if all(column[row] is not None for column in columns)]
    turned = list(zip(columns, directions(options.get("order", "ascending"), len(columns)), strict=True))
    for column, descending in reversed(turned):  # the last key first: sorting keeps the order of equals
        key_of: Callable[[int], Any] = column.__getitem__  # each column holds values of one kind
        rows.sort(key=key_of, reverse=descending)
    found: list[list[int]] = []
    last: tuple[object, ...] | None = None
    for row in rows:
        key = tuple(column[row] for column in columns)
        if key == last:
            found[-1].append(row)
        else:
            found.append([row])
            last = key
    return found


def _sortable(column: Sequence[Value]) -> Sequence[Value | int]:
    return wholes(column)[0] if any(isinstance(value, Fraction) for value in column) else column
