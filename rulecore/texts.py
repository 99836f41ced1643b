"""What texts hold: plain numbers and lists of items. Both engines read them with these functions."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_PLAIN: Final = re.compile(r"([+-]?)([0-9]{1,12})(?:\.([0-9]{1,18}))?")
TEXT_NUMBER_BOUND: Final = 10**12
"""Numbers read from texts lie below this: they have at most twelve digits before the point."""


def read_number(text: str, decimals: int) -> Fraction | None:
    """Return the number a text is, or None if it is not a plain decimal number with at most so many decimals.

    Blanks around it do not count, nor do zeros at its end: ``0.300`` has one decimal.
    """
    found = _PLAIN.fullmatch(text.strip())
    if found is None:
        return None
    sign, whole, fraction = found.group(1), found.group(2), (found.group(3) or "").rstrip("0")
    if len(fraction) > decimals:
        return None
    value = Fraction(int(whole + fraction), 10 ** len(fraction))
    return -value if sign == "-" else value


def items_of(text: str, separator: str) -> list[str]:
    """Return the items of a list written as text: trimmed, without empty ones, each once, in order."""
    return list(dict.fromkeys(item for part in text.split(separator) if (item := part.strip())))


def missing_items(wanted: str, given: str, separator: str, joiner: str) -> str:
    """Return the items of ``wanted`` that ``given`` lacks, in order and joined; empty if it lacks none."""
    present = set(items_of(given, separator))
    return joiner.join(item for item in items_of(wanted, separator) if item not in present)
