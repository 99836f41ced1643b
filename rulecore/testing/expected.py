"""Values that a case expects, as it writes them: numbers exactly, fractions in quotes, words for not applicable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from rulecore.contracts import Value
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type
from rulecore.testing.cases import ExpectedCell

NOT_APPLICABLE = ("不适用", "not applicable")
"""The texts that expect a value to be not applicable."""


def expected_value(cell: ExpectedCell, type_: Type) -> tuple[bool, Value]:
    """Return whether a cell can be a value of a type, and that value.

    Numbers may be fractions in quotes: "1140/13".
    """
    if isinstance(cell, str) and cell in NOT_APPLICABLE:
        return True, None
    match type_:
        case NumberType():
            return _as_number(cell)
        case TextType():
            return (True, cell) if isinstance(cell, str) else (False, None)
        case FlagType():
            return (True, cell) if isinstance(cell, bool) else (False, None)
        case DateType():
            return (True, cell) if isinstance(cell, date) else (False, None)
        case _:
            return False, None


def _as_number(cell: ExpectedCell) -> tuple[bool, Value]:
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return True, Fraction(cell)
    if isinstance(cell, str):
        top, slash, bottom = cell.partition("/")
        if slash and top.strip("-").isdecimal() and bottom.isdecimal() and int(bottom):
            return True, Fraction(int(top), int(bottom))
    return False, None
