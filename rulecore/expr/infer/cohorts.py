"""Types of ranks, counts and cohort functions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rulecore.codes import types as codes
from rulecore.codes.expressions import FUNCTION_FAILED
from rulecore.expr import nodes
from rulecore.expr.infer.core import COHORT_LIMIT, TYPES, Inference
from rulecore.expr.types import (
    DateType,
    NothingType,
    NumberType,
    TextType,
    Type,
    as_nullable,
    kind,
)
from rulecore.language import N_


def _groups(inference: Inference, by: Sequence[nodes.Node], where: nodes.Node | None) -> bool:
    """Check grouping and condition; return whether a record may belong to no group."""
    types = [inference.type_of(part) for part in by]
    for part, type_ in zip(by, types, strict=True):
        if isinstance(type_, NumberType):
            inference.number(part, N_("'by'"), exact=True)
    inference.certain(where, N_("the condition of 'where'"))
    return any(type_.nullable for type_ in types)


def _rank(inference: Inference, node: nodes.Rank) -> Type:
    nullable = _groups(inference, node.by, node.where) or node.where is not None or node.method == "ordinal"
    for index, key in enumerate(node.keys):
        type_ = inference.type_of(key.operand)
        if isinstance(type_, NumberType):
            inference.number(key.operand, N_("a rank"), exact=True)
        elif not isinstance(type_, DateType | TextType):
            inference.fault(
                codes.WRONG_KIND, key.operand, what=N_("a rank"), expected=N_("number"), found=kind(type_)
            )
        nullable = nullable or (index == 0 and type_.nullable)
    return NumberType(scale=0, low=Fraction(1), high=Fraction(COHORT_LIMIT), nullable=nullable)


def _cohort_count(inference: Inference, node: nodes.CohortCount) -> Type:
    nullable = _groups(inference, node.by, node.where)
    return NumberType(scale=0, low=Fraction(0), high=Fraction(COHORT_LIMIT), nullable=nullable)


def _cohort_call(inference: Inference, node: nodes.CohortCall) -> Type:
    nullable = _groups(inference, node.by, node.where) or node.where is not None
    types = []
    for argument in node.arguments:
        found = inference.type_of(argument)
        if isinstance(found, NumberType):
            inference.number(argument, node.function, exact=True)
        types.append(found)
    try:
        result = inference.cohort_types[node.function](tuple(types), dict(node.options))
    except ValueError as refusal:  # the arguments do not fit; said by the function in a sentence
        inference.fault(FUNCTION_FAILED, node, function=node.function, reason=refusal)
        return NothingType()
    return as_nullable(result, result.nullable or nullable)


TYPES.update(
    {
        nodes.Rank: _rank,
        nodes.CohortCount: _cohort_count,
        nodes.CohortCall: _cohort_call,
    }
)
