"""Dated parameters in expressions: the value in force in the record's period."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from rulecore.declarations import DatedValue, FieldDeclaration, ParameterValue
from rulecore.expr.nodes import Branch, Compare, Conditional, FieldRef, Literal, Node, ParameterRef
from rulecore.plan.scorer_parameters import literal
from rulecore.policy.dated import is_dated_value


def split_dated(
    parameters: Mapping[str, ParameterValue],
) -> tuple[dict[str, ParameterValue], dict[str, tuple[DatedValue, ...]]]:
    """Return the parameters that are one value, and those whose value depends on the record's period."""
    dated = {name: value for name, value in parameters.items() if is_dated_value(value)}
    return {name: value for name, value in parameters.items() if name not in dated}, dated


def dated_node(name: str, values: tuple[DatedValue, ...], period: str, declaration: FieldDeclaration) -> Node:
    """Return a dated parameter as a choice by the record's period, a date or a year."""
    branches = tuple(
        Branch(_is_before(following, period, declaration), _reference(name, one))
        for one, following in pairwise(values)
    )
    return Conditional(branches, _reference(name, values[-1]))


def _is_before(following: DatedValue, period: str, declaration: FieldDeclaration) -> Node:
    day = following.from_
    assert day is not None  # noqa: S101 - only the first value may go without
    limit = Literal(day) if declaration.type == "date" else Literal(Fraction(day.year))
    return Compare("<", FieldRef(period), limit)


def _reference(name: str, value: DatedValue) -> Node:
    return ParameterRef(name, literal(value.value))
