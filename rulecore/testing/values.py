"""Exact values as people read and write them in cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from rulecore.contracts import Value
from rulecore.engines.exact import ExactValue
from rulecore.numbers import decimal_scale, format_number
from rulecore.reals import Real

NOT_APPLICABLE: Final = "不适用"


def value_text(value: ExactValue | object) -> str:
    """Return a value as a report shows it; texts in quotes, not applicable as 不适用."""
    match value:
        case None:
            return NOT_APPLICABLE
        case bool():
            return "true" if value else "false"
        case Fraction():
            return format_number(value)
        case str():
            return f'"{value}"'
        case date():
            return value.isoformat()
        case Real():
            return "≈"
        case _:
            return str(value)


def toml_value(value: Value) -> str:
    """Return a value as a ``cases.toml`` writes it."""
    match value:
        case Fraction() if decimal_scale(value) is None:
            return f'"{format_number(value)}"'
        case str():
            return toml_text(value)
        case None:
            return toml_text(NOT_APPLICABLE)
        case _:
            return value_text(value)


def toml_data(value: object) -> str:
    """Return what a document may hold, lists and tables too, as TOML on one line; fractions must be decimals."""
    match value:
        case Mapping():
            inner = ", ".join(f"{toml_key(str(key))} = {toml_data(one)}" for key, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(toml_data(one) for one in value)}]"
        case str():
            return toml_text(value)
        case Decimal():
            return format(value, "f")
        case _:
            return value_text(value)


def toml_text(text: str) -> str:
    """Return a text as a TOML basic string."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
    shown = "".join(
        escapes.get(
            character,
            f"\\u{ord(character):04X}" if ord(character) < 32 or ord(character) == 127 else character,
        )
        for character in text
    )
    return f'"{shown}"'


def toml_key(key: str) -> str:
    """Return a key as TOML writes it: bare where it may be, else in quotes."""
    bare = bool(key) and all(
        character.isascii() and (character.isalnum() or character in "-_") for character in key
    )
    return key if bare else toml_text(key)


def close(expected: Value, actual: ExactValue, tolerance: Fraction) -> bool:
    """Return whether a value is the expected one, or a number no further from it than the tolerance."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if tolerance and isinstance(expected, Fraction) and isinstance(actual, Fraction):
        return abs(expected - actual) <= tolerance
    return type(expected) is type(actual) and expected == actual
