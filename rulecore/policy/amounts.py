"""Values of a policy as guardrails compare them: numbers by value, texts as written, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import cast

from rulecore.expr.constants import constant_value
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import Literal, Name, Node
from rulecore.expr.parser import parse_expression
from rulecore.expr.transform import transform

Amount = Fraction | date
Steps = tuple[tuple[date, Amount], ...]
"""A value over time: from each day on, until the next one, it is the amount beside it."""


def same(one: object, other: object) -> bool:
    """Return whether two TOML values are equal: numbers by value, a flag never equals a number."""
    return comparable(one) == comparable(other)


def comparable(value: object) -> object:
    """Return a hashable form of a TOML value that is equal for equal values."""
    match value:
        case bool() | str() | datetime():
            return (type(value).__name__, value)
        case int() | Decimal():
            return ("number", Fraction(value))
        case date():
            return ("date", value)
        case Mapping():
            return ("table", frozenset((key, comparable(inner)) for key, inner in value.items()))
        case list() | tuple():
            return ("list", tuple(comparable(inner) for inner in value))
    return (type(value).__name__, str(value))


def is_number(value: object) -> bool:
    """Return whether a TOML value is a number; a flag is none."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def is_dated(value: object) -> bool:
    """Return whether a value is written as a list of values with their days."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(item, Mapping) and "value" in item and set(item) <= {"from", "value"} for item in value
        )
    )


def steps_of(value: object, parameters: Mapping[str, object], *, text: bool = False) -> Steps | None:
    """Return a value as amounts over time, or None if it has none.

    With ``text`` a text is an expression of numbers and parameters, as scorers read it: ``"70%"``,
    ``"share_of_a"``.
    """
    if is_dated(value):
        steps = []
        for item in cast("list[Mapping[str, object]]", value):
            amount, start = amount_of(item["value"], parameters, text=text), item.get("from", date.min)
            if amount is None or not isinstance(start, date) or isinstance(start, datetime):
                return None
            steps.append((start, amount))
        return tuple(sorted(steps, key=lambda step: step[0]))
    if text and isinstance(value, str) and is_dated(parameters.get(value)):
        return steps_of(parameters[value], parameters)
    amount = amount_of(value, parameters, text=text)
    return None if amount is None else ((date.min, amount),)


def amount_of(value: object, parameters: Mapping[str, object], *, text: bool = False) -> Amount | None:
    """Return a single value as an exact number or a date, or None if it is neither."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    if text and isinstance(value, str):
        return _constant(value, parameters)
    return None


def at(steps: Steps, day: date) -> Amount | None:
    """Return the amount on a day, or None before the first."""
    held = [amount for start, amount in steps if start <= day]
    return held[-1] if held else None


def _constant(text: str, parameters: Mapping[str, object]) -> Fraction | None:
    def replaced(node: Node) -> Node:
        value = parameters.get(node.name) if isinstance(node, Name) else None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Literal(Fraction(value))
        return node

    try:
        found = constant_value(transform(parse_expression(text), replaced))
    except ExpressionError:
        return None
    return found if isinstance(found, Fraction) else None
