"""Sums, means and counts over a list of operands."""

from __future__ import annotations

from fractions import Fraction

from rulecore.engines.exact.kernel import (
    Compile,
    Environment,
    Evaluate,
    ExactValue,
    MakerTable,
    exact_number,
    number,
)
from rulecore.expr import nodes
from rulecore.reals import (
    Number,
    combine,
)


def _total_of(values: list[Number]) -> Number:
    total: Number = Fraction(0)
    for value in values:
        exact = isinstance(total, Fraction) and isinstance(value, Fraction)
        total = total + value if exact else combine("add", total, value)  # type: ignore[operator]
    return total


def _applicable(operands: tuple[Evaluate, ...], environment: Environment) -> list[Number]:
    values = [operand(environment) for operand in operands]
    return [number(value) for value in values if value is not None]


def _quotient(total: Number, count: int) -> Number:
    return total / count if isinstance(total, Fraction) else combine("div", total, Fraction(count))


def _total(node: nodes.Total, compile_one: Compile) -> Evaluate:
    operands = tuple(compile_one(operand) for operand in node.operands)

    def evaluate(environment: Environment) -> ExactValue:
        values = _applicable(operands, environment)
        return _total_of(values) if values else None

    return evaluate


def _mean(node: nodes.Mean, compile_one: Compile) -> Evaluate:
    operands = tuple(compile_one(operand) for operand in node.operands)

    def evaluate(environment: Environment) -> ExactValue:
        values = _applicable(operands, environment)
        return _quotient(_total_of(values), len(values)) if values else None

    return evaluate


def _trimmed_mean(node: nodes.TrimmedMean, compile_one: Compile) -> Evaluate:
    operands = tuple(compile_one(operand) for operand in node.operands)

    def evaluate(environment: Environment) -> ExactValue:
        values = sorted(exact_number(value) for value in _applicable(operands, environment))
        kept = values[node.low : max(len(values) - node.high, 0)]
        return _quotient(_total_of([*kept]), len(kept)) if kept else None

    return evaluate


def _count(node: nodes.Count, compile_one: Compile) -> Evaluate:
    operands = tuple(compile_one(operand) for operand in node.operands)

    def evaluate(environment: Environment) -> ExactValue:
        values = [operand(environment) for operand in operands]
        return Fraction(sum(value is not None and value is not False for value in values))

    return evaluate


def _coalesce(node: nodes.Coalesce, compile_one: Compile) -> Evaluate:
    operands = tuple(compile_one(operand) for operand in node.operands)

    def evaluate(environment: Environment) -> ExactValue:
        for operand in operands:
            value = operand(environment)
            if value is not None:
                return value
        return None

    return evaluate


LISTS: MakerTable = {
    nodes.Total: _total,
    nodes.Mean: _mean,
    nodes.TrimmedMean: _trimmed_mean,
    nodes.Count: _count,
    nodes.Coalesce: _coalesce,
}
