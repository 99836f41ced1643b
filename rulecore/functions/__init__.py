"""The built-in functions of the expression language, one subject a file."""

from __future__ import annotations

from typing import Final

from rulecore.contracts import Function
from rulecore.functions import cohorts, dates, indices, lists, logic, numbers, texts

FUNCTIONS: Final[tuple[Function, ...]] = (
    *numbers.FUNCTIONS,
    *lists.FUNCTIONS,
    *indices.FUNCTIONS,
    *logic.FUNCTIONS,
    *texts.FUNCTIONS,
    *dates.FUNCTIONS,
    *cohorts.FUNCTIONS,
)
"""Every built-in function, in the order in which the documentation lists them."""
