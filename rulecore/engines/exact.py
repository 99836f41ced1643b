"""The exact engine's kernel, the reference for every engine: expressions as closures over fractions.

An expression becomes a function of an :class:`Environment`, which holds a record's values by name and
collects the issues met. Each node has one small function in the table; ``observe`` lets an explanation watch
every value go by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from attrs import define, field

from rulecore.contracts import Value
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.transform import repeated
from rulecore.numbers import Rounding, format_scaled, round_to, to_scaled
from rulecore.reals import (
    Number,
    Real,
    absolute,
    combine,
    exponential,
    extreme,
    logarithm,
    root_power,
    round_number,
    sign,
    whole_power,
)
from rulecore.texts import missing_items, read_number

ExactValue = Value | Real
"""A value on its way through an expression; a Real is always rounded before it leaves its rule."""


@define
class Environment:
    """A record's values by the names of fields, rules and cohort steps, and the issues met on the way."""

    values: Mapping[str, ExactValue]
    issues: set[str] = field(factory=set)
    shared: dict[object, ExactValue] = field(factory=dict, repr=False)
    """What parts that stand at several places of a rule were found to be, so that each is computed once."""


Evaluate = Callable[[Environment], ExactValue]
Observe = Callable[[nodes.Node, ExactValue], None]
Compile = Callable[[nodes.Node], Evaluate]


def compile_node(node: nodes.Node, observe: Observe | None = None) -> Evaluate:
    """Return a function that evaluates ``node`` in an environment; ``observe`` is told every node's value.

    A node that stands at several places is compiled once, and computed (and told) once for each record:
    scorers share parts freely, so a tree can be many times the size of the graph it is drawn from.
    """
    several = repeated(node)
    compiled: dict[int, Evaluate] = {}

    def compile_one(part: nodes.Node) -> Evaluate:
        known = compiled.get(id(part))
        if known is not None:
            return known
        maker = _MAKERS.get(type(part))
        if maker is None:
            raise InternalError(f"the exact engine does not know the node {type(part).__name__}")
        evaluate = maker(part, compile_one)
        if observe is not None:
            evaluate = _observed(part, evaluate, observe)
        compiled[id(part)] = _once(evaluate) if id(part) in several else evaluate
        return compiled[id(part)]

    return compile_one(node)


def _once(evaluate: Evaluate) -> Evaluate:
    key = object()

    def remembered(environment: Environment) -> ExactValue:
        if key not in environment.shared:
            environment.shared[key] = evaluate(environment)
        return environment.shared[key]

    return remembered


def evaluate_node(node: nodes.Node, values: Mapping[str, ExactValue]) -> tuple[ExactValue, frozenset[str]]:
    """Return the value of an expression for one record, and the reasons of the issues met."""
    environment = Environment(values)
    return compile_node(node)(environment), frozenset(environment.issues)


def _observed(node: nodes.Node, evaluate: Evaluate, observe: Observe) -> Evaluate:
    def watched(environment: Environment) -> ExactValue:
        value = evaluate(environment)
        observe(node, value)
        return value

    return watched


# --- leaves -------------------------------------------------------------------------------------------------


def _literal(node: nodes.Literal, _compile: Compile) -> Evaluate:
    value = node.value
    return lambda _environment: value


def _not_applicable(_node: nodes.NotApplicable, _compile: Compile) -> Evaluate:
    return lambda _environment: None


def _undecided(node: nodes.Undecided, _compile: Compile) -> Evaluate:
    reason = node.reason

    def evaluate(environment: Environment) -> None:
        environment.issues.add(reason)

    return evaluate


def _reference(
    node: nodes.FieldRef | nodes.RuleRef | nodes.CohortRef | nodes.Name, _compile: Compile
) -> Evaluate:
    name = node.name
    return lambda environment: environment.values[name]


def _parameter(node: nodes.ParameterRef, compile_one: Compile) -> Evaluate:
    return compile_one(node.value)


def _step(node: nodes.Step, compile_one: Compile) -> Evaluate:
    return compile_one(node.operand)


# --- arithmetic ---------------------------------------------------------------------------------------------


def _number(value: ExactValue) -> Number:
    if isinstance(value, Fraction | Real):
        return value
    raise InternalError(f"expected a number, found {value!r}")


def _exact(value: ExactValue) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise InternalError(f"expected an exact number, found {value!r}")


def _binary(
    exact: Callable[[Fraction, Fraction], Fraction], inexact: str
) -> Callable[[nodes.Add | nodes.Subtract | nodes.Multiply, Compile], Evaluate]:
    def make(node: nodes.Add | nodes.Subtract | nodes.Multiply, compile_one: Compile) -> Evaluate:
        left, right = compile_one(node.left), compile_one(node.right)

        def evaluate(environment: Environment) -> ExactValue:
            first, second = left(environment), right(environment)
            if first is None or second is None:
                return None
            if isinstance(first, Fraction) and isinstance(second, Fraction):
                return exact(first, second)
            return combine(inexact, _number(first), _number(second))

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
        if isinstance(dividend, Fraction) and isinstance(divisor, Fraction):
            return dividend / divisor
        return combine("div", _number(dividend), _number(divisor))

    return evaluate


def _unary(
    function: Callable[[Number], Number],
) -> Callable[[nodes.Negate | nodes.Absolute, Compile], Evaluate]:
    def make(node: nodes.Negate | nodes.Absolute, compile_one: Compile) -> Evaluate:
        operand = compile_one(node.operand)

        def evaluate(environment: Environment) -> ExactValue:
            value = operand(environment)
            return None if value is None else function(_number(value))

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
                return extreme(tuple(_number(value) for value in values), choose)
            return choose(values)

        return evaluate

    return make


def _round(node: nodes.Round, compile_one: Compile) -> Evaluate:
    operand, unit, rounding = compile_one(node.operand), node.unit, node.rounding

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        if value is None:
            return None
        rounded = round_number(_number(value), unit, rounding)
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
        if sign(_number(value)) != 1:
            environment.issues.add("outside_domain")
            return None
        return logarithm(_number(value))

    return evaluate


def _exponential(node: nodes.Exponential, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        return None if value is None else exponential(_number(value))

    return evaluate


def _power(node: nodes.Power, compile_one: Compile) -> Evaluate:
    operand, exponent = compile_one(node.base), node.exponent

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        if value is None:
            return None
        base = _number(value)
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


# --- lists of operands --------------------------------------------------------------------------------------


def _total_of(values: list[Number]) -> Number:
    total: Number = Fraction(0)
    for value in values:
        exact = isinstance(total, Fraction) and isinstance(value, Fraction)
        total = total + value if exact else combine("add", total, value)  # type: ignore[operator]
    return total


def _applicable(operands: tuple[Evaluate, ...], environment: Environment) -> list[Number]:
    values = [operand(environment) for operand in operands]
    return [_number(value) for value in values if value is not None]


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
        values = sorted(_exact(value) for value in _applicable(operands, environment))
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


# --- logic --------------------------------------------------------------------------------------------------

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


# --- texts and dates ----------------------------------------------------------------------------------------


def _concatenate(node: nodes.Concatenate, compile_one: Compile) -> Evaluate:
    operands = tuple(compile_one(operand) for operand in node.operands)

    def evaluate(environment: Environment) -> ExactValue:
        values = [operand(environment) for operand in operands]
        texts = [str(value) for value in values if value is not None]
        if not texts:
            return None
        return node.separator.join(text for text in texts if text or not node.separator)

    return evaluate


def _format_number(node: nodes.FormatNumber, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)
    unit = Fraction(1, 10**node.decimals)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        if value is None:
            return None
        return format_scaled(
            to_scaled(round_to(_exact(value), unit, Rounding.HALF_UP), node.decimals), node.decimals
        )

    return evaluate


def _read_number(node: nodes.ReadNumber, compile_one: Compile) -> Evaluate:
    operand, decimals = compile_one(node.operand), node.decimals

    def evaluate(environment: Environment) -> ExactValue:
        text = operand(environment)
        if text is None:
            return None
        value = read_number(str(text), decimals)
        if value is None:
            environment.issues.add("not_a_number")
        return value

    return evaluate


def _missing_items(node: nodes.MissingItems, compile_one: Compile) -> Evaluate:
    wanted, given = compile_one(node.wanted), compile_one(node.given)

    def evaluate(environment: Environment) -> ExactValue:
        first, second = wanted(environment), given(environment)
        if first is None or second is None:
            return None
        return missing_items(str(first), str(second), node.separator, node.joiner)

    return evaluate


_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def _text_test(node: nodes.TextTest, compile_one: Compile) -> Evaluate:
    operand, part, holds = compile_one(node.operand), compile_one(node.part), _TEXT_TESTS[node.test]

    def evaluate(environment: Environment) -> ExactValue:
        text, other = operand(environment), part(environment)
        return None if text is None or other is None else holds(str(text), str(other))

    return evaluate


def _date_part(node: nodes.DatePart, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        return Fraction(getattr(value, node.part)) if isinstance(value, date) else None

    return evaluate


def _days_between(node: nodes.DaysBetween, compile_one: Compile) -> Evaluate:
    start, end = compile_one(node.start), compile_one(node.end)

    def evaluate(environment: Environment) -> ExactValue:
        first, last = start(environment), end(environment)
        if isinstance(first, date) and isinstance(last, date):
            return Fraction((last - first).days)
        return None

    return evaluate


_MAKERS: dict[type[nodes.Node], Callable[..., Evaluate]] = {
    nodes.Literal: _literal,
    nodes.NotApplicable: _not_applicable,
    nodes.Undecided: _undecided,
    nodes.Name: _reference,
    nodes.FieldRef: _reference,
    nodes.RuleRef: _reference,
    nodes.CohortRef: _reference,
    nodes.ParameterRef: _parameter,
    nodes.Step: _step,
    nodes.Add: _binary(lambda left, right: left + right, "add"),
    nodes.Subtract: _binary(lambda left, right: left - right, "sub"),
    nodes.Multiply: _binary(lambda left, right: left * right, "mul"),
    nodes.Divide: _divide,
    nodes.Negate: _unary(_negative),
    nodes.Absolute: _unary(absolute),
    nodes.Minimum: _extreme(min),
    nodes.Maximum: _extreme(max),
    nodes.Round: _round,
    nodes.NaturalLogarithm: _logarithm,
    nodes.Exponential: _exponential,
    nodes.Power: _power,
    nodes.Total: _total,
    nodes.Mean: _mean,
    nodes.TrimmedMean: _trimmed_mean,
    nodes.Count: _count,
    nodes.Coalesce: _coalesce,
    nodes.Compare: _compare,
    nodes.IsIn: _is_in,
    nodes.And: _junction(False),
    nodes.Or: _junction(True),
    nodes.Not: _not,
    nodes.IsApplicable: _is_applicable,
    nodes.Conditional: _conditional,
    nodes.Concatenate: _concatenate,
    nodes.FormatNumber: _format_number,
    nodes.ReadNumber: _read_number,
    nodes.MissingItems: _missing_items,
    nodes.TextTest: _text_test,
    nodes.DatePart: _date_part,
    nodes.DaysBetween: _days_between,
}
