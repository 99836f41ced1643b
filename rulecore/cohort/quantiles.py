"""Quantiles of a cohort by nine named definitions, and the median on which most of them agree.

The definitions are numbered as by Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
Statistician 50 (1996), 361-365, and so in R's ``quantile(type = …)``. SAS numbers five of them in its own way:
PCTLDEF 1 to 5 ("Calculating Percentiles", PROC UNIVARIATE) are R's types 4, 3, 1, 6 and 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final

from rulecore.cohort.operands import Options, number_types
from rulecore.cohort.ordering import applicable
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_
from rulecore.numbers import decimal_scale

SAS: Final = {"sas1": "r4", "sas2": "r3", "sas3": "r1", "sas4": "r6", "sas5": "r2"}
DEFINITIONS: Final = (*(f"r{number}" for number in range(1, 10)), *SAS)

_VALUE: Final = FunctionParameter(name="value")
_PARAMETERS: Final = (
    _VALUE,
    FunctionParameter(name="p", kind="number", low=Fraction(0), high=Fraction(1)),
    FunctionParameter(name="definition", kind="text", choices=DEFINITIONS),
)


def quantile(ordered: Sequence[int | Fraction], part: Fraction, definition: str) -> Fraction:
    """Return a quantile of values in ascending order, at least one; ``part`` lies between 0 and 1."""
    last = len(ordered) - 1
    position, weight = _position(len(ordered), part, SAS.get(definition, definition))
    below = ordered[min(max(position - 1, 0), last)]  # positions count from 1; beyond the ends stand the ends
    above = ordered[min(max(position, 0), last)]
    return below + weight * Fraction(above - below)


def _position(count: int, part: Fraction, definition: str) -> tuple[int, Fraction]:
    """Return the position of a value, and how far from it towards the next one the quantile lies."""
    at = count * part
    match definition:
        case "r1":  # the smallest value that at least this part of the records does not exceed
            return ceil(at), Fraction(0)
        case "r2":  # the same, but midway where exactly this part does not exceed it
            return (int(at), Fraction(1, 2)) if at.denominator == 1 else (ceil(at), Fraction(0))
        case "r3":  # the record nearest to n·p, of two equally near the even one
            return round(at), Fraction(0)  # Python rounds a tie to even
        case _:
            reached = at + _offset(part, definition)
            return floor(reached), reached - floor(reached)


def _offset(part: Fraction, definition: str) -> Fraction:
    """Return what is added to n·p in the definitions that draw a line from value to value."""
    return {
        "r4": Fraction(0),
        "r5": Fraction(1, 2),
        "r6": part,
        "r7": 1 - part,
        "r8": (part + 1) / 3,
        "r9": part / 4 + Fraction(3, 8),
    }[definition]


def _quantile(cohort: Cohort) -> Sequence[Value]:
    part, definition = cohort.options["p"], str(cohort.options["definition"])
    assert isinstance(part, Fraction)  # noqa: S101 - the parameter is a number
    return _same_for_all(cohort, part, definition)


def _median(cohort: Cohort) -> Sequence[Value]:
    return _same_for_all(cohort, Fraction(1, 2), "r7")


def _same_for_all(cohort: Cohort, part: Fraction, definition: str) -> Sequence[Value]:
    values, unit = applicable(cohort.arguments[0])
    found = quantile(sorted(values), part, definition) / unit if values else None
    return [found] * cohort.size


def _quantile_type(types: Sequence[Type], options: Options) -> Type:
    part, definition = options["p"], str(options["definition"])
    assert isinstance(part, Fraction)  # noqa: S101 - the parameter is a number
    return _type(types, part, SAS.get(definition, definition))


def _median_type(types: Sequence[Type], _options: Options) -> Type:
    return _type(types, Fraction(1, 2), "r2")


def _type(types: Sequence[Type], part: Fraction, definition: str) -> Type:
    """Return the type: between the values, with as many more decimals as the weight of the next one has."""
    (type_,) = number_types(("value",), types)
    match definition:
        case "r1" | "r3":
            more: int | None = 0
        case "r2":
            more = 1
        case _:
            scales = [decimal_scale(part), decimal_scale(_offset(part, definition))]
            more = None if None in scales else max(scale for scale in scales if scale is not None)
    scale = None if type_.scale is None or more is None else type_.scale + more
    return NumberType(scale=scale, low=type_.low, high=type_.high, nullable=True)


QUANTILES: Final = (
    CohortFunction(
        name="cohort_median",
        summary=N_(
            "The median of the applicable values of the cohort; of an even number, the middle of the middle two."
        ),
        parameters=(_VALUE,),
        compute=_median,
        result_type=_median_type,
        aliases=("组内中位数",),
    ),
    CohortFunction(
        name="cohort_quantile",
        summary=N_("The quantile of the applicable values of the cohort, by a named definition."),
        parameters=_PARAMETERS,
        compute=_quantile,
        result_type=_quantile_type,
        aliases=("组内分位数",),
    ),
)
