"""What a policy document may hold: how deep, how many keys, and which numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from rulecore.codes import policy as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.words import shown
from rulecore.source import KeyPath, Place

MAX_DEPTH: Final = 32
MAX_KEYS: Final = 5_000
MAX_ELEMENTS: Final = 50_000
MAX_DIGITS: Final = 38
"""Digits a number may have before and after the point, so that 1e999999999 is never written out."""
_LARGEST: Final[int] = 10**MAX_DIGITS


def read_decimal(text: str) -> Decimal:
    """Return a TOML float as a Decimal, exactly; what no Decimal holds becomes NaN, refused later."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def content_faults(data: Mapping[str, object], place: Callable[[KeyPath], Place], name: str) -> list[Fault]:
    """Return what breaks the limits in a document; nesting is walked without recursion."""
    faults: list[Fault] = []
    keys = elements = 0
    waiting: list[tuple[KeyPath, object]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MAX_DEPTH:
            return [Fault(code=codes.NESTED_TOO_DEEP, values={"limit": MAX_DEPTH}, place=place(path))]
        if isinstance(value, Mapping):
            keys += len(value)
            waiting += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            elements += len(value)
            waiting += [((*path, index), inner) for index, inner in enumerate(value)]
        elif isinstance(value, int | Decimal) and not _is_reasonable(value):
            values = {"found": shown(value), "digits": MAX_DIGITS}
            faults.append(Fault(code=codes.NUMBER_OUT_OF_BOUNDS, values=values, place=place(path)))
        if keys > MAX_KEYS:
            return [_too_many(MAX_KEYS, N_("keys"), name)]
        if elements > MAX_ELEMENTS:
            return [_too_many(MAX_ELEMENTS, N_("array elements"), name)]
    return faults


def _too_many(limit: int, what: str, name: str) -> Fault:
    values: dict[str, object] = {"limit": limit, "what": phrase(what)}
    return Fault(code=codes.TOO_MANY_VALUES, values=values, place=Place(file=name))


def _is_reasonable(value: int | Decimal) -> bool:
    if isinstance(value, int):
        return abs(value) < _LARGEST
    if not value.is_finite():
        return False
    return value.adjusted() < MAX_DIGITS and int(value.as_tuple().exponent) >= -MAX_DIGITS
