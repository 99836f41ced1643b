"""Leaves: constants, references and what stands for them."""

from __future__ import annotations

from rulecore.engines.exact.kernel import (
    Compile,
    Environment,
    Evaluate,
    MakerTable,
)
from rulecore.expr import nodes
from rulecore.expr.supplied import SuppliedRef


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
    node: nodes.FieldRef | nodes.RuleRef | nodes.CohortRef | nodes.Name | SuppliedRef, _compile: Compile
) -> Evaluate:
    name = node.name
    return lambda environment: environment.values[name]


def _parameter(node: nodes.ParameterRef, compile_one: Compile) -> Evaluate:
    return compile_one(node.value)


def _step(node: nodes.Step, compile_one: Compile) -> Evaluate:
    return compile_one(node.operand)


LEAVES: MakerTable = {
    nodes.Literal: _literal,
    nodes.NotApplicable: _not_applicable,
    nodes.Undecided: _undecided,
    nodes.Name: _reference,
    nodes.FieldRef: _reference,
    nodes.RuleRef: _reference,
    nodes.CohortRef: _reference,
    SuppliedRef: _reference,
    nodes.ParameterRef: _parameter,
    nodes.Step: _step,
}
