"""Amounts scaled down to an envelope, in whole units that add up to it."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from attrs import evolve

from rulecore.cohort.operands import (
    DECIMALS,
    TIE,
    Options,
    bounded,
    common,
    number_types,
    numbers,
    units,
    whole,
)
from rulecore.cohort.sharing import whole_units
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_

SCALED = N_("scaled down to the envelope")


def scaled(cohort: Cohort) -> list[Value]:
    """Return each amount, scaled where together they exceed the envelope."""
    column, envelopes, *first = cohort.arguments
    known = [(row, amount) for row, amount in enumerate(numbers(column)) if amount is not None]
    rows, amounts = [row for row, _amount in known], [amount for _row, amount in known]
    firsts = numbers(first[0]) if first else []
    priorities = [firsts[row] for row in rows] if first else amounts
    envelope = common([envelopes[row] for row in rows])
    if envelope is None or envelope < 0 or min(amounts) < 0:
        return [None] * cohort.size
    asked = sum(amounts, Fraction(0))
    found: list[Value] = [None] * cohort.size
    if asked <= envelope:
        for row, amount in known:
            found[row] = amount
        return found
    decimals = whole(cohort.options["decimals"])
    total = units(envelope, decimals)
    exact = [amount * total / asked for amount in amounts]
    undecided = cohort.options["tie"] == "undecided"
    larger = [Fraction(0) if value is None else value for value in priorities]
    if None in priorities:  # it is not known who would be first
        return [None] * cohort.size
    for row, part in zip(rows, whole_units(exact, total, larger, undecided=undecided), strict=True):
        found[row] = None if part is None else Fraction(part, 10**decimals)
    return found


def scaled_parts(cohort: Cohort) -> list[tuple[tuple[str, Fraction], ...] | None]:
    """Return for each record its amount and what was taken off it to fit the envelope."""
    amounts = numbers(cohort.arguments[0])
    return [
        (("amount", amount), (SCALED, value - amount))
        if isinstance(value, Fraction) and amount is not None
        else None
        for value, amount in zip(scaled(cohort), amounts, strict=True)
    ]


def scaled_type(types: tuple[Type, ...], options: Options) -> Type:
    """Return the type of an amount, which is never raised beyond the next whole unit."""
    amount, *_others = number_types(("amount", "envelope", "first")[: len(types)], types)
    scale, high = bounded("amount", amount)
    decimals = whole(options["decimals"])
    highest = max(Fraction(ceil(high * 10**decimals), 10**decimals), high, Fraction(0))
    return NumberType(scale=max(scale, decimals), low=Fraction(0), high=highest, nullable=True)


SCALE_TO_ENVELOPE = CohortFunction(
    name="scale_to_envelope",
    aliases=("按额度折算",),
    summary=N_("An amount, scaled down with the others where together they exceed an envelope."),
    parameters=(
        FunctionParameter(name="amount"),
        FunctionParameter(name="envelope"),
        FunctionParameter(name="first", required=False),
        evolve(DECIMALS, default=Fraction(0)),
        TIE,
    ),
    compute=scaled,
    result_type=scaled_type,
    parts=scaled_parts,
)
