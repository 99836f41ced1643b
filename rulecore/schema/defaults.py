"""Default values of attributes as JSON, as far as JSON has them."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final

import attrs

from rulecore.contracts import Constant
from rulecore.expr.nodes import Literal, Name
from rulecore.numbers import format_number

NO_DEFAULT: Final = object()
"""Says that an attribute has no default that could be shown."""


def default_of(attribute: attrs.Attribute[object]) -> object:
    """Return the default of an attribute as a JSON value, or :data:`NO_DEFAULT`."""
    default = attribute.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        if getattr(default, "takes_self", False):
            return NO_DEFAULT
        default = typing.cast("Callable[[], object]", getattr(default, "factory", tuple))()
    return NO_DEFAULT if default is attrs.NOTHING or default is None else json_value(default)


def json_value(value: object) -> object:
    """Return a value as JSON, or :data:`NO_DEFAULT` for a kind of value that TOML could not write either."""
    match value:
        case Enum():
            return value.value
        case bool() | int() | str():
            return value
        case Decimal() | Fraction():
            return _number(Fraction(value))
        case date():
            return value.isoformat()
        case Constant():
            return _number(value.value)
        case Literal():
            return json_value(value.value)
        case Name():
            return value.name
        case tuple() | list():
            return _all([json_value(item) for item in value])
        case Mapping():
            items = {str(key): json_value(item) for key, item in value.items()}
            return items if _all(list(items.values())) is not NO_DEFAULT else NO_DEFAULT
    # What is left, tables and expressions, would only repeat the defaults of its own keys.
    return NO_DEFAULT


def _all(items: list[object]) -> object:
    return NO_DEFAULT if any(item is NO_DEFAULT for item in items) else items


def _number(value: Fraction) -> object:
    if value.denominator == 1:
        return int(value)
    # A default is shown, never computed with; a number that no decimal equals is shown as its quotient.
    text = format_number(value)
    return text if "/" in text else float(text)
