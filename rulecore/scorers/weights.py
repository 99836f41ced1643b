"""What ``weighted_sum`` and ``weighted_mean`` share: checks of weights, and what to do about 不适用."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, Problem
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import (
    Branch,
    Compare,
    Conditional,
    Count,
    Divide,
    Maximum,
    Multiply,
    Node,
    Step,
    Total,
    Undecided,
)
from rulecore.expr.parser import parse_expression
from rulecore.language import N_
from rulecore.scorers.building import added, expression_problems, items_of, number, when_applicable, written

WhenNotApplicable = Literal["poison", "re_share", "minimum_count"]


def sum_of(weights: Mapping[str, Constant]) -> Fraction:
    """Return the exact sum of the weights."""
    return sum((weight.value for weight in weights.values()), start=Fraction(0))


def usual_sums(weights: Mapping[str, Constant]) -> tuple[Fraction, ...]:
    """Return what the weights of a mean may sum to where the policy states no sum: 1, 100, or as many as are 1."""
    if all(weight.value == 1 for weight in weights.values()):
        return (Fraction(len(weights)),)
    return (Fraction(1), Fraction(100))


def weight_problems(
    weights: Mapping[str, Constant],
    expected: tuple[Fraction, ...],
    not_applicable: WhenNotApplicable,
    minimum_count: int | None,
) -> Iterator[Problem]:
    """Yield what is wrong with a table of weights whose sum must be one of ``expected``."""
    if not weights:
        yield Problem(code=codes.TOO_FEW, key=("of",), values={"parameter": "of", "count": 0, "least": 1})
        return
    for item, weight in weights.items():
        yield from _expression_problems(item)
        if weight.value <= 0:
            values = {"item": item, "weight": written(weight.value)}
            yield Problem(code=codes.WEIGHT_NOT_POSITIVE, key=("of", item), values=values)
    total = sum_of(weights)
    if total not in expected:
        wanted = " / ".join(written(value) for value in expected)
        values = {"total": written(total), "expected": wanted}
        yield Problem(code=codes.WEIGHTS_DO_NOT_SUM, key=("of",), values=values)
    yield from count_problems(len(weights), not_applicable, minimum_count)


def _expression_problems(item: str) -> Iterator[Problem]:
    try:
        parse_expression(item, ("of", item))
    except ExpressionError as error:
        yield from expression_problems(error, ("of", item))


def count_problems(
    items: int, not_applicable: WhenNotApplicable, minimum_count: int | None
) -> Iterator[Problem]:
    """Yield a minimum count that is missing, without effect, or more than there are values."""
    key = ("minimum_count",)
    if not_applicable == "minimum_count" and minimum_count is None:
        values: dict[str, object] = {
            "parameter": "minimum_count",
            "reason": 'not_applicable = "minimum_count"',
        }
        yield Problem(code=codes.KEY_NEEDED, key=("not_applicable",), values=values)
    elif not_applicable != "minimum_count" and minimum_count is not None:
        values = {"parameter": "minimum_count", "reason": f'not_applicable = "{not_applicable}"'}
        yield Problem(code=codes.KEY_UNUSED, key=key, values=values)
    elif minimum_count is not None and not 1 <= minimum_count <= items:
        values = {"parameter": "minimum_count", "value": minimum_count, "wanted": f"1 … {items}"}
        yield Problem(code=codes.OUT_OF_RANGE, key=key, values=values)


def weighted(
    weights: Mapping[str, Constant],
    scale: Fraction,
    not_applicable: WhenNotApplicable,
    minimum_count: int | None,
) -> Node:
    """Return ``Σ wᵢ·xᵢ × scale / Σ wᵢ``: for a sum ``scale`` is the sum of the weights, for a mean it is 1.

    With ``poison`` it is not applicable once one xᵢ is. Else both sums run over the applicable xᵢ only, which
    re-shares the weight of the others in proportion; if none is applicable, neither is the value.
    """
    return weighted_items(items_of(weights), scale, not_applicable, minimum_count)


def weighted_items(
    items: Sequence[tuple[Node, Constant]],
    scale: Fraction,
    not_applicable: WhenNotApplicable,
    minimum_count: int | None,
) -> Node:
    """Return what :func:`weighted` does, of values that are expressions already."""
    if not_applicable == "poison":
        parts = added(Step(N_("weighted value"), Multiply(item, weight.node)) for item, weight in items)
        return _scaled(parts, scale / sum((weight.value for _, weight in items), start=Fraction(0)))
    parts = Total(tuple(Multiply(item, weight.node) for item, weight in items))
    present = Total(tuple(when_applicable(item, weight.node) for item, weight in items))
    # At least one weight is present, so the maximum changes nothing: it tells the range analysis that this is
    # not 0.
    least = number(min(weight.value for _, weight in items))
    shared = Divide(
        _scaled(Step(N_("sum of the applicable weighted values"), parts), scale),
        Maximum((Step(N_("weight of the applicable values"), present), least)),
    )
    if minimum_count is None:
        return shared
    enough = Compare(
        ">=",
        Step(N_("number of applicable values"), Count(tuple(item for item, _ in items))),
        number(minimum_count),
    )
    return Conditional((Branch(enough, shared),), Undecided("too_few_applicable"))


def _scaled(operand: Node, factor: Fraction) -> Node:
    """Multiply by a constant, or divide by it where that keeps the decimals few (× 1/100 is ÷ 100)."""
    if factor == 1:
        return operand
    if factor.numerator == 1:
        return Divide(operand, number(factor.denominator))
    return Multiply(operand, number(factor))
