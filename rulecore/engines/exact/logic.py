"""Comparisons, and/or/not and conditionals."""

from __future__ import annotations

from collections.abc import Callable

from rulecore.engines.exact.kernel import (
    Compile,
    Environment,
    Evaluate,
    ExactValue,
    MakerTable,
)
from rulecore.expr import nodes

_COMPARISONS: dict[str, Callable[..., bool]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _compare(node: nodes.Compare, compile_one: Compile) -> Evaluate:
    left, right, holds = compile_one(node.left), compile_one(node.right), _COMPARISONS[node.operator]

    def evaluate(environment: Environment) -> ExactValue:
        first, second = left(environment), right(environment)
        return None if first is None or second is None else holds(first, second)

    return evaluate


def _is_in(node: nodes.IsIn, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)
    choices = tuple(compile_one(item) for item in node.choices.items)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        return None if value is None else any(value == choice(environment) for choice in choices)

    return evaluate


def _junction(deciding: bool) -> Callable[[nodes.And | nodes.Or, Compile], Evaluate]:
    def make(node: nodes.And | nodes.Or, compile_one: Compile) -> Evaluate:
        operands = tuple(compile_one(operand) for operand in node.operands)

        def evaluate(environment: Environment) -> ExactValue:
            unknown = False
            for operand in operands:
                value = operand(environment)
                if value is deciding:
                    return deciding
                unknown = unknown or value is None
            return None if unknown else not deciding

        return evaluate

    return make


def _not(node: nodes.Not, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        return None if value is None else not value

    return evaluate


def _is_applicable(node: nodes.IsApplicable, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)
    return lambda environment: operand(environment) is not None


def _conditional(node: nodes.Conditional, compile_one: Compile) -> Evaluate:
    branches = tuple((compile_one(branch.condition), compile_one(branch.value)) for branch in node.branches)
    otherwise = compile_one(node.otherwise)

    def evaluate(environment: Environment) -> ExactValue:
        for condition, value in branches:
            met = condition(environment)
            if met is None:
                return None
            if met:
                return value(environment)
        return otherwise(environment)

    return evaluate


LOGIC: MakerTable = {
    nodes.Compare: _compare,
    nodes.IsIn: _is_in,
    nodes.And: _junction(False),
    nodes.Or: _junction(True),
    nodes.Not: _not,
    nodes.IsApplicable: _is_applicable,
    nodes.Conditional: _conditional,
}
