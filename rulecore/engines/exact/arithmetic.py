"""Arithmetic, rounding, logarithms and powers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from rulecore.engines.exact.kernel import (
    Compile,
    Environment,
    Evaluate,
    ExactValue,
    MakerTable,
    number,
)
from rulecore.expr import nodes
from rulecore.reals import (
    Number,
    Real,
    absolute,
    combine,
    exponential,
    extreme,
    logarithm,
    product,
    quotient,
    root_power,
    round_number,
    sign,
    whole_power,
)


def _binary(
    exact: Callable[[Fraction, Fraction], Fraction], inexact: Callable[[Number, Number], Number]
) -> Callable[[nodes.Add | nodes.Subtract | nodes.Multiply, Compile], Evaluate]:
    def make(node: nodes.Add | nodes.Subtract | nodes.Multiply, compile_one: Compile) -> Evaluate:
        left, right = compile_one(node.left), compile_one(node.right)

        def evaluate(environment: Environment) -> ExactValue:
            first, second = left(environment), right(environment)
            if first is None or second is None:
                return None
            if isinstance(first, Fraction) and isinstance(second, Fraction):
                return exact(first, second)
            return inexact(number(first), number(second))

        return evaluate

    return make


def _divide(node: nodes.Divide, compile_one: Compile) -> Evaluate:
    left, right = compile_one(node.left), compile_one(node.right)

    def evaluate(environment: Environment) -> ExactValue:
        dividend, divisor = left(environment), right(environment)
        if dividend is None or divisor is None:
            return None
        if divisor == 0:
            environment.issues.add("division_by_zero")
            return None
        return quotient(number(dividend), number(divisor))

    return evaluate


def _unary(
    function: Callable[[Number], Number],
) -> Callable[[nodes.Negate | nodes.Absolute, Compile], Evaluate]:
    def make(node: nodes.Negate | nodes.Absolute, compile_one: Compile) -> Evaluate:
        operand = compile_one(node.operand)

        def evaluate(environment: Environment) -> ExactValue:
            value = operand(environment)
            return None if value is None else function(number(value))

        return evaluate

    return make


def _negative(value: Number) -> Number:
    return -value if isinstance(value, Fraction) else combine("sub", Fraction(0), value)


def _extreme(choose: Callable[..., Fraction]) -> Callable[[nodes.Minimum | nodes.Maximum, Compile], Evaluate]:
    def make(node: nodes.Minimum | nodes.Maximum, compile_one: Compile) -> Evaluate:
        operands = tuple(compile_one(operand) for operand in node.operands)

        def evaluate(environment: Environment) -> ExactValue:
            values = [operand(environment) for operand in operands]
            if any(value is None for value in values):
                return None
            if any(isinstance(value, Real) for value in values):
                return extreme(tuple(number(value) for value in values), choose)
            return choose(values)

        return evaluate

    return make


def _round(node: nodes.Round, compile_one: Compile) -> Evaluate:
    operand, unit, rounding = compile_one(node.operand), node.unit, node.rounding

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        if value is None:
            return None
        rounded = round_number(number(value), unit, rounding)
        if rounded is None:
            environment.issues.add("cannot_round")
        return rounded

    return evaluate


def _logarithm(node: nodes.NaturalLogarithm, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        if value is None:
            return None
        if sign(number(value)) != 1:
            environment.issues.add("outside_domain")
            return None
        return logarithm(number(value))

    return evaluate


def _exponential(node: nodes.Exponential, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        return None if value is None else exponential(number(value))

    return evaluate


def _power(node: nodes.Power, compile_one: Compile) -> Evaluate:
    operand, exponent = compile_one(node.base), node.exponent

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        if value is None:
            return None
        base = number(value)
        if exponent.denominator != 1:
            return _root_power(base, exponent, environment)
        if base == 0 and exponent < 0:
            environment.issues.add("division_by_zero")
            return None
        return whole_power(base, exponent.numerator)

    return evaluate


def _root_power(base: Number, exponent: Fraction, environment: Environment) -> Number | None:
    base_sign = sign(base)
    if base_sign == 1:
        return root_power(base, exponent)
    if base_sign == 0 and exponent > 0:
        return Fraction(0)
    environment.issues.add("division_by_zero" if base_sign == 0 else "outside_domain")
    return None


ARITHMETIC: MakerTable = {
    nodes.Add: _binary(lambda left, right: left + right, partial(combine, "add")),
    nodes.Subtract: _binary(lambda left, right: left - right, partial(combine, "sub")),
    nodes.Multiply: _binary(lambda left, right: left * right, product),
    nodes.Divide: _divide,
    nodes.Negate: _unary(_negative),
    nodes.Absolute: _unary(absolute),
    nodes.Minimum: _extreme(min),
    nodes.Maximum: _extreme(max),
    nodes.Round: _round,
    nodes.NaturalLogarithm: _logarithm,
    nodes.Exponential: _exponential,
    nodes.Power: _power,
}
