"""Several criteria with weights, as the methods of multi-criteria decisions take them: more is better in each."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.cohort.operands import common, number_types, numbers
from rulecore.contracts import Cohort, FunctionParameter, Unsettled, Value
from rulecore.expr.types import Type

CRITERIA: Final = FunctionParameter(name="criteria", many=True)
"""Each criterion followed by its weight."""

ALL_ALIKE: Final = Unsettled("all_alike")

Column = tuple[Fraction | None, ...]


@frozen(kw_only=True)
class Criteria:
    """The criteria's values by criterion, and weights that sum to 1."""

    columns: tuple[Column, ...]
    weights: tuple[Fraction, ...]

    def complete_rows(self) -> list[int]:
        """Return the rows in which every criterion is applicable."""
        return [row for row, values in enumerate(zip(*self.columns, strict=True)) if None not in values]


def criteria_of(cohort: Cohort) -> Criteria | None:
    """Return the criteria, or None where a weight differs within the cohort, is not applicable or not above 0."""
    columns = [numbers(column) for column in cohort.arguments]
    weights = [common(column) for column in columns[1::2]]
    known = [weight for weight in weights if weight is not None and weight > 0]
    if len(known) < len(weights):
        return None
    total = sum(known, Fraction(0))
    return Criteria(
        columns=tuple(tuple(column) for column in columns[::2]),
        weights=tuple(weight / total for weight in known),
    )


def check_criteria(types: Sequence[Type]) -> None:
    """Refuse arguments that are not numbers in pairs of criterion and weight."""
    if len(types) < 2 or len(types) % 2:
        raise ValueError("each criterion is followed by its weight: (quality, 0.6, -price, 0.4)")
    number_types([f"argument {position}" for position in range(1, len(types) + 1)], types)


def placed(size: int, rows: Sequence[int], values: Sequence[Value | Unsettled]) -> list[Value | Unsettled]:
    """Return the values in their rows; the others are not applicable."""
    found: list[Value | Unsettled] = [None] * size
    for row, value in zip(rows, values, strict=True):
        found[row] = value
    return found
