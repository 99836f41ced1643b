"""Cells of ordinary forms read in a few steps, all others by the reference: for one record after another.

A reader is made once for each field. It gives what :func:`rulecore.records.cells.read_by` gives and raises
:class:`CellRefused` where that finds a fault; the reference then says which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from rulecore.records.cells import CellRules, read_by
from rulecore.records.outcome import CellValue

CERTAIN: Final = 10**15
"""Below it every decimal of 15 digits has a float of its own, and that float is written as that decimal."""

FINEST: Final = 15
"""Decimals of a field beyond which floats are left to the reference."""

QuickRead = Callable[[object], CellValue]


class CellRefused(Exception):  # noqa: N818 - a signal to read the record by the reference, which words the fault
    """A cell has a fault."""


def quick_reader(rules: CellRules) -> QuickRead:
    """Return the reader of a field's cells."""
    reference = _by_reference(rules)
    match rules.kind:
        case "number":
            return _numbers(rules, reference)
        case "text":
            return _texts(rules, reference)
        case "flag":
            return lambda cell: cell if cell is True or cell is False else reference(cell)
        case "date":
            return _dates(rules, reference)


def _by_reference(rules: CellRules) -> QuickRead:
    def read(cell: object) -> CellValue:
        value, fault = read_by(cell, rules)
        if fault is not None:
            raise CellRefused
        return value

    return read


def _numbers(rules: CellRules, reference: QuickRead) -> QuickRead:
    """Return the reader of plain decimals: 92.5 as a text, a whole number or the float nearest to it."""
    number = rules.number
    if (
        number is None
        or rules.allowed
        or any(_DIGIT.search(token) for token in (*rules.tokens, *rules.refused_tokens))
    ):
        return reference  # a token such as 999 stands before every number
    decimals = number.scale - 2 if number.percent else number.scale
    if not 0 <= decimals <= FINEST:
        return reference
    unit = 10**decimals
    low, high = number.scaled_low, number.scaled_high
    smallest, largest = max(low, -CERTAIN) - 0.5, min(high, CERTAIN) + 0.5
    part = rf"(?:\.([0-9]{{1,{decimals}}}))?" if decimals else "()"
    match_plain = re.compile(rf"(-?[0-9]{{1,15}}){part}").fullmatch
    powers = [10 ** (decimals - count) for count in range(decimals + 1)]

    def read(cell: object) -> CellValue:
        kind = type(cell)
        if kind is float:
            steps = cell * unit
            # What is not a number, or infinite, fails this comparison.
            if smallest <= steps <= largest:
                scaled: int = round(steps)
                if scaled / unit == cell and low <= scaled <= high:
                    return scaled
        elif kind is str:
            found = match_plain(cell)  # type: ignore[call-overload]
            if found is not None:
                whole, digits = found.groups()
                scaled = int(whole + digits) * powers[len(digits)] if digits else int(whole) * unit
                if low <= scaled <= high:
                    return scaled
        elif kind is int:
            scaled = cell * unit
            if low <= scaled <= high:
                return scaled
        return reference(cell)

    return read


_DIGIT: Final = re.compile(r"[0-9]")

_ORDINARY: Final = re.compile("[!-~\u4e00-\u9fff](?:[ !-~\u4e00-\u9fff]*[!-~\u4e00-\u9fff])?")
"""Texts that are trimmed, hold nothing invisible and stand in NFC already."""


def _texts(rules: CellRules, reference: QuickRead) -> QuickRead:
    if rules.allowed:
        return _choices(rules, reference)
    # Folding never makes a text shorter, so a longer text is no token.
    longest = max((len(token) for token in (*rules.tokens, *rules.refused_tokens)), default=0)
    ordinary = _ORDINARY.fullmatch

    def read(cell: object) -> CellValue:
        if type(cell) is str and len(cell) > longest and ordinary(cell) is not None:
            return cell
        return reference(cell)

    return read


def _choices(rules: CellRules, reference: QuickRead) -> QuickRead:
    """Return the reader of a field with a list of values: those that are read as themselves are known by heart."""
    known = frozenset(value for value in rules.allowed if read_by(value, rules) == (value, None))

    def read(cell: object) -> CellValue:
        return cell if type(cell) is str and cell in known else reference(cell)

    return read


def _dates(rules: CellRules, reference: QuickRead) -> QuickRead:
    low = rules.dates.low if rules.dates is not None and rules.dates.low is not None else date.min
    high = rules.dates.high if rules.dates is not None and rules.dates.high is not None else date.max

    def read(cell: object) -> CellValue:
        return cell if type(cell) is date and low <= cell <= high else reference(cell)

    return read
