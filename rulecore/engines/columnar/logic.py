"""Comparisons, and/or/not and conditionals in columns, with three-valued logic: null is not applicable."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from attrs import evolve

from rulecore.engines.columnar import integers, values
from rulecore.engines.columnar.integers import Integer, TooWide
from rulecore.engines.columnar.lower import TINY, Column, Lowering, lowers, null_of, select
from rulecore.engines.columnar.narrowing import signs
from rulecore.engines.columnar.values import ROUNDOFF, Guarded, Numeric, Ratio
from rulecore.expr import nodes
from rulecore.expr.types import FlagType, NumberType

FINE = 1e-10
"""An error small enough to decide comparisons by it on every row: hardly a difference is smaller by chance."""


@lowers(nodes.Compare)
def _compare(lowering: Lowering, node: nodes.Compare) -> Column:
    if isinstance(lowering.type_of(node.left), NumberType):
        left, right = lowering.number(node.left), lowering.number(node.right)
        nullable = lowering.type_of(node).nullable
        return compare_numbers(lowering, node.operator, left, right, nullable=nullable)
    left_type, right_type = lowering.type_of(node.left), lowering.type_of(node.right)
    first, second = lowering.plain(node.left, right_type), lowering.plain(node.right, left_type)
    return _PLAIN[node.operator](first, second)


_PLAIN = {
    "==": pl.Expr.eq,
    "!=": pl.Expr.ne,
    "<": pl.Expr.lt,
    "<=": pl.Expr.le,
    ">": pl.Expr.gt,
    ">=": pl.Expr.ge,
}


def compare_numbers(
    lowering: Lowering, operator: nodes.Comparison, left: Numeric, right: Numeric, *, nullable: bool = True
) -> pl.Expr:
    """Return the exact comparison of two numbers; where floats leave doubt, the row is noted."""
    if isinstance(left, Ratio) and isinstance(right, Ratio):
        try:
            (first, second), denominator, _scale = values.aligned([left, right])
        except TooWide:
            pass
        else:
            outcome = integers.compare(operator, first, second)
            # A value without its denominator is null: where one may be missing, it is asked for by name.
            own = [
                side.denominator.expr.is_null() for side in (left, right) if side.denominator.constant is None
            ]
            if denominator.constant is not None or not nullable:
                return outcome
            return pl.when(~pl.any_horizontal(own)).then(outcome)
    one, other = values.guarded(left), values.guarded(right)
    difference = lowering.bind(one.value - other.value)
    worst = one.worst + other.worst + (values.size(one.most) + values.size(other.most)) * ROUNDOFF
    if worst < FINE:
        lowering.doubt((difference.abs() <= worst * 1.01 + TINY).fill_null(False))
        return _PLAIN[operator](difference, 0.0)
    error = one.error() + other.error() + difference.abs() * ROUNDOFF + TINY
    lowering.doubt((~(difference.abs() > error)).fill_null(False) | difference.is_nan().fill_null(False))
    return _PLAIN[operator](difference, 0.0)


@lowers(nodes.IsIn)
def _is_in(lowering: Lowering, node: nodes.IsIn) -> Column:
    """Compare with each choice; what is not applicable is not applicable, also beside an empty list."""
    type_ = lowering.type_of(node.operand)
    if isinstance(type_, NumberType):
        number = lowering.bind_number(lowering.number(node.operand))
        tests = [
            compare_numbers(lowering, "==", number, lowering.number(item)) for item in node.choices.items
        ]
        present = ~null_of(number)
    else:
        value = lowering.bind_column(lowering.plain(node.operand, FlagType()))
        tests = [value == lowering.plain(item, type_) for item in node.choices.items]
        present = value.is_not_null()
    return pl.when(present).then(pl.any_horizontal(tests) if tests else pl.lit(value=False))


@lowers(nodes.And)
def _and(lowering: Lowering, node: nodes.And) -> Column:
    return _junction(lowering, node.operands, deciding=False)


@lowers(nodes.Or)
def _or(lowering: Lowering, node: nodes.Or) -> Column:
    return _junction(lowering, node.operands, deciding=True)


def _junction(lowering: Lowering, operands: Sequence[nodes.Node], *, deciding: bool) -> pl.Expr:
    result = lowering.plain(operands[0], lowering.type_of(nodes.And(tuple(operands))))
    for operand in operands[1:]:
        if can_be_noted(operand):
            result = lowering.bind(result)
            open_ = result.ne_missing(pl.lit(deciding))
            with lowering.only_where(open_):
                other = lowering.plain(operand, lowering.type_of(nodes.Not(operand)))
        else:
            other = lowering.plain(operand, lowering.type_of(nodes.Not(operand)))
        result = (result | other) if deciding else (result & other)
    return result


_NOTED = (
    nodes.Divide,
    nodes.Undecided,
    nodes.NaturalLogarithm,
    nodes.Exponential,
    nodes.NormalProbability,
    nodes.ShiftDate,
    nodes.ShiftWorkdays,
    nodes.Power,
    nodes.Round,
    nodes.Compare,
    nodes.IsIn,
    nodes.ReadNumber,
)


def can_be_noted(node: nodes.Node) -> bool:
    """Return whether a node can raise an issue or a doubt, so that it matters where it is reached."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, _NOTED):
            return True
        if id(part) not in seen:
            seen.add(id(part))
            if not isinstance(part, nodes.CohortRef):
                waiting += part.children()
    return False


@lowers(nodes.Not)
def _not(lowering: Lowering, node: nodes.Not) -> Column:
    return ~lowering.plain(node.operand, lowering.type_of(node))


@lowers(nodes.IsApplicable)
def _is_applicable(lowering: Lowering, node: nodes.IsApplicable) -> Column:
    return ~lowering.absent(node.operand)


@lowers(nodes.Conditional)
def _conditional(lowering: Lowering, node: nodes.Conditional) -> Column:
    conditions: list[pl.Expr] = []
    choices: list[Column] = []
    number = isinstance(lowering.type_of(node), NumberType)
    open_ = pl.lit(True)
    for branch in node.branches:
        with lowering.only_where(open_):
            condition = lowering.bind(
                lowering.plain(branch.condition, lowering.type_of(nodes.Not(branch.condition)))
            )
        with lowering.only_where(open_ & condition.fill_null(False)):
            choices.append(_branch_value(lowering, branch.value, node, number=number))
        if lowering.type_of(branch.condition).nullable:
            conditions.append(condition.is_null())
            choices.insert(-1, _absent(lowering, node, number=number))
        conditions.append(condition)
        open_ = open_ & condition.eq_missing(pl.lit(False))
    with lowering.only_where(open_):
        otherwise = _branch_value(lowering, node.otherwise, node, number=number)
    chosen = _chosen(conditions, choices, otherwise, nullable=lowering.type_of(node).nullable)
    return _signed(lowering, node, chosen) if isinstance(chosen, Ratio) else chosen


def _signed(lowering: Lowering, node: nodes.Conditional, value: Ratio) -> Ratio:
    """Return a number whose sign is known, where the conditions of its branches tell it."""
    top = value.numerator
    if top.wide or not top.low < 0 < top.high:
        return value
    at_least, at_most = signs(lowering.names, node)
    if at_least:
        return evolve(value, numerator=evolve(top, low=0))
    return evolve(value, numerator=evolve(top, high=0)) if at_most else value


def _branch_value(lowering: Lowering, value: nodes.Node, node: nodes.Conditional, *, number: bool) -> Column:
    return lowering.number(value) if number else lowering.plain(value, lowering.type_of(node))


def _absent(lowering: Lowering, node: nodes.Conditional, *, number: bool) -> Column:
    return _branch_value(lowering, nodes.NotApplicable(), node, number=number)


def _chosen(conditions: list[pl.Expr], choices: list[Column], otherwise: Column, *, nullable: bool) -> Column:
    if isinstance(otherwise, pl.Expr):
        return select(conditions, [choice for choice in choices if isinstance(choice, pl.Expr)], otherwise)
    numbers = [choice for choice in choices if not isinstance(choice, pl.Expr)]
    return chosen_number(conditions, numbers, otherwise, nullable=nullable)


def chosen_number(
    conditions: list[pl.Expr], choices: Sequence[Numeric], otherwise: Numeric, *, nullable: bool = True
) -> Numeric:
    """Return the number of the first condition that is true, else ``otherwise``."""
    every = [*choices, otherwise]
    ratios = [value for value in every if isinstance(value, Ratio)]
    if len(ratios) == len(every):
        try:
            return _chosen_ratio(conditions, ratios, nullable=nullable)
        except TooWide:
            pass
    return _chosen_guarded(conditions, [values.guarded(value) for value in every])


def _chosen_ratio(conditions: list[pl.Expr], every: list[Ratio], *, nullable: bool) -> Ratio:
    varying = {values.identity(value.denominator) for value in every if value.denominator.constant is None}
    # Over one denominator, unless the one not chosen may be missing: it would take the others with it.
    if not varying or (len(varying) == 1 and not nullable):
        numerators, denominator, scale = values.aligned(every)
        return Ratio(_chosen_integer(conditions, numerators), denominator, scale)
    scale = max(value.scale for value in every)
    same = [values.with_scale(value, scale) for value in every]
    return Ratio(
        _chosen_integer(conditions, [value.numerator for value in same]),
        _chosen_integer(conditions, [value.denominator for value in same]),
        scale,
    )


def _chosen_integer(conditions: list[pl.Expr], every: list[Integer]) -> Integer:
    low, high = min(value.low for value in every), max(value.high for value in every)
    columns = [integers.as_width_of(value, low, high) for value in every]
    return Integer(select(conditions, columns[:-1], columns[-1]), low, high)


def _chosen_guarded(conditions: list[pl.Expr], every: list[Guarded]) -> Guarded:
    value = select(conditions, [item.value for item in every[:-1]], every[-1].value)
    relative, worst = max(item.relative for item in every), max(item.worst for item in every)
    least, most = min(item.least for item in every), max(item.most for item in every)
    constant = [item.absolute for item in every if isinstance(item.absolute, float)]
    if len(constant) == len(every):
        return Guarded(value, relative, max(constant), least, most, worst)
    parts = [pl.lit(item.absolute) if isinstance(item.absolute, float) else item.absolute for item in every]
    return Guarded(value, relative, select(conditions, parts[:-1], parts[-1]), least, most, worst)
