"""A cohort function: how far each record stays behind the best of its cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import NumberType, Type


def compute(cohort: Cohort) -> Sequence[Value]:
    """Return the cohort's largest value minus each record's own; not applicable stays not applicable."""
    (values,) = cohort.arguments
    numbers = [value for value in values if isinstance(value, Fraction)]
    return [max(numbers) - value if isinstance(value, Fraction) else None for value in values]


def result_type(types: tuple[Type, ...], _options: Mapping[str, Fraction | str | bool]) -> Type:
    """Return the type of the gaps: the argument's scale, from 0 to the width of its range."""
    (of,) = types
    if not isinstance(of, NumberType):
        return of
    width = of.high - of.low if of.low is not None and of.high is not None else None
    return NumberType(scale=of.scale, low=Fraction(0), high=width, exact=of.exact, nullable=of.nullable)


GAP_TO_BEST = CohortFunction(
    name="gap_to_best",
    aliases=("与最高分差距",),
    summary="How far a record stays behind the best of its cohort.",
    parameters=(FunctionParameter(name="of"),),
    compute=compute,
    result_type=result_type,
)
