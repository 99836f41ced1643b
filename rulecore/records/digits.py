"""Numbers in cells: from the text people type to a scaled integer, never by way of floats."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final, Literal

from attrs import frozen

from rulecore.codes.records import (
    ABOVE_MAXIMUM,
    BAD_GROUPING,
    BELOW_MINIMUM,
    EXCESS_DIGITS,
    NOT_A_NUMBER,
    NOT_WHOLE,
)
from rulecore.errors import Code, InternalError
from rulecore.numbers import Rounding, format_number, round_ratio
from rulecore.planned import PlannedField
from rulecore.records.characters import fold_width, shown
from rulecore.records.outcome import CellFault, CellRead
from rulecore.records.storage import DEFAULT_BOUND, storage

LONGEST_NUMBER: Final = 200
"""The longest text read as a number, in characters; every declared range ends long before."""

_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?:(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?|\.(?P<only>[0-9]+))"
    r"(?:[eE](?P<exponent>[+-]?[0-9]{1,3}))?"
    r"(?P<percent>[ \t]*%)?"
)
_GROUPED: Final = re.compile(r"[+-]?[0-9]+(?:,[0-9]*)+(?:\.[0-9]*)?[ \t]*%?")


@frozen(kw_only=True)
class NumberRules:
    """How the numbers of one field are read; all bounds are inclusive, the scaled ones as integers."""

    column: str
    scale: int
    whole: bool
    low: Fraction
    high: Fraction
    scaled_low: int
    scaled_high: int
    excess: Rounding | Literal["refuse"]
    percent: bool


def number_rules(field: PlannedField) -> NumberRules:
    """Return how the numbers of a decimal or integer field are read."""
    held = storage(field.type)
    if held is None or held.kind not in ("int64", "int128"):
        raise InternalError(f"field {field.name} of type {field.type} has no whole-number storage")
    declaration = field.declaration
    low = _bound(declaration.min, -DEFAULT_BOUND)
    high = _bound(declaration.max, DEFAULT_BOUND)
    unit: int = 10**held.scale
    return NumberRules(
        column=field.header or field.name,
        scale=held.scale,
        whole=declaration.type == "integer",
        low=low,
        high=high,
        scaled_low=ceil(low * unit),
        scaled_high=floor(high * unit),
        excess=declaration.excess_digits,
        percent=declaration.percent,
    )


def _bound(declared: object, default: int) -> Fraction:
    return Fraction(declared) if isinstance(declared, int | Decimal) else Fraction(default)


def read_number(text: str, rules: NumberRules) -> CellRead:
    """Return the scaled integer of a trimmed text; a bare number is a percentage if the field says so."""
    return _read(text, rules, rules.percent)


def scale_exactly(text: str, rules: NumberRules) -> CellRead:
    """Return the scaled integer of a number that the policy states itself: never a bare percentage."""
    return _read(text, rules, False)


def _read(text: str, rules: NumberRules, bare_percent: bool) -> CellRead:
    folded = fold_width(text)
    found = _NUMBER.fullmatch(folded) if len(folded) <= LONGEST_NUMBER else None
    if found is None:
        wrong_groups = len(folded) <= LONGEST_NUMBER and _GROUPED.fullmatch(folded)
        return _refuse(BAD_GROUPING if wrong_groups else NOT_A_NUMBER, text, rules)
    part = found["part"] or found["only"] or ""
    digits = int((found["whole"] or "").replace(",", "") + part)
    decimals = len(part) - int(found["exponent"] or "0")
    if found["percent"] or bare_percent:
        decimals += 2
    return _scaled(-digits if found["sign"] == "-" else digits, decimals, text, rules)


def _scaled(digits: int, decimals: int, text: str, rules: NumberRules) -> CellRead:
    """Return ``digits / 10 ** decimals`` scaled for the field, if it is exact (or rounded) and in range."""
    surplus = decimals - rules.scale
    if surplus <= 0:
        scaled = digits * 10**-surplus
    else:
        scaled, rest = divmod(digits, 10**surplus)
        if rest and rules.excess == "refuse":
            return _refuse(NOT_WHOLE if rules.whole else EXCESS_DIGITS, text, rules)
        if rest and isinstance(rules.excess, Rounding):
            # The number as written must keep the bounds too: −0.04 is below 0 although it rounds to 0.
            written = Fraction(digits, 10**decimals)
            scaled = round_ratio(digits, 10**surplus, rules.excess)
            if written < rules.low or written > rules.high:
                return _out_of_range(written < rules.low, text, rules)
    if scaled < rules.scaled_low or scaled > rules.scaled_high:
        return _out_of_range(scaled < rules.scaled_low, text, rules)
    return scaled, None


def _out_of_range(below: bool, text: str, rules: NumberRules) -> CellRead:
    bound = format_number(rules.low if below else rules.high)
    values = {"column": rules.column, "value": shown(text), "bound": bound}
    return None, CellFault(code=BELOW_MINIMUM if below else ABOVE_MAXIMUM, values=values)


def _refuse(code: Code, text: str, rules: NumberRules) -> CellRead:
    values = {"column": rules.column, "value": shown(text), "decimals": rules.scale}
    return None, CellFault(code=code, values=values)
