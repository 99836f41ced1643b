"""Types of constants, references and what stands for them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rulecore.expr import nodes
from rulecore.expr.infer.core import TYPES, Inference
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import (
    DateType,
    FlagType,
    NothingType,
    NumberType,
    TextType,
    Type,
)
from rulecore.numbers import decimal_scale


def _literal(_inference: Inference, node: nodes.Literal) -> Type:
    match node.value:
        case bool():
            return FlagType(always=node.value)
        case Fraction():
            return NumberType(scale=decimal_scale(node.value), low=node.value, high=node.value)
        case str():
            return TextType(values=frozenset((node.value,)))
        case date():
            return DateType(low=node.value, high=node.value)


def _nothing(_inference: Inference, _node: nodes.NotApplicable | nodes.Undecided) -> Type:
    return NothingType()


def _reference(
    inference: Inference, node: nodes.FieldRef | nodes.RuleRef | nodes.CohortRef | SuppliedRef
) -> Type:
    return inference.names[node.name]


def _parameter(inference: Inference, node: nodes.ParameterRef) -> Type:
    return inference.type_of(node.value)


def _step(inference: Inference, node: nodes.Step) -> Type:
    return inference.type_of(node.operand)


TYPES.update(
    {
        nodes.Literal: _literal,
        nodes.NotApplicable: _nothing,
        nodes.Undecided: _nothing,
        nodes.FieldRef: _reference,
        nodes.RuleRef: _reference,
        nodes.CohortRef: _reference,
        SuppliedRef: _reference,
        nodes.ParameterRef: _parameter,
        nodes.Step: _step,
    }
)
