"""Values among the others taken apart as their cohort functions say it: shares of pools, scaled amounts, seats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from attrs import evolve

from rulecore.contracts import Cohort, CohortFunction
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.engines.groups import call_rows, grouped
from rulecore.explain.wording import translated
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.ledger.rows import values_of
from rulecore.ledger.scope import Scope, Writer, bare, walk_once
from rulecore.ledger.sums import leaf
from rulecore.ledger.values import Entry, Line
from rulecore.plan.references import parts
from rulecore.planned import CohortStep
from rulecore.results import PolicyResults

PARTS: Final = "#parts:"
"""Stands before the name of a cohort step: under that name a record's values hold the parts of its value."""

Split = Callable[[Node], Writer]
"""Gives the lines of an argument."""

Parts = tuple[tuple[str, Fraction], ...]
"""What a value consists of: names of arguments, or words, with amounts that add up to it."""


def pool_split(scope: Scope, node: Node, split: Split) -> Writer:
    """Return the lines of a value among the others: one, or those that its function takes it apart into.

    ``split`` gives the lines of an argument that is a part of the value.
    """
    reference = bare(node)
    whole = leaf(scope, node, "cohort")
    called = reference.node if isinstance(reference, nodes.CohortRef) else None
    function = _function(scope, called)
    if function is None or not isinstance(reference, nodes.CohortRef):
        return whole
    assert isinstance(called, nodes.CohortCall)  # noqa: S101 - _function() found one
    if any(isinstance(inner, nodes.COHORT_NODES) for one in called.arguments for inner in walk_once(one)):
        return whole  # what is compared in it stands in steps of its own
    key = f"{PARTS}{reference.name}"
    line = scope.line("pool", node)
    arguments = {
        parameter.name: split(argument)
        for parameter, argument in zip(
            (one for one in function.parameters if one.kind == "expression"), called.arguments, strict=False
        )
    }
    known: dict[str, Line] = {}

    def line_of(words: str) -> Line:
        if words not in known:
            known[words] = evolve(line, label=translated(words))
        return known[words]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        found: list[Entry] = []
        parts = _parts_of(environment.values, key)
        if not parts:
            return whole(environment, factor)
        for name, amount in parts:
            if name in arguments:
                found += arguments[name](environment, factor)
            elif amount:
                found.append(Entry(line_of(name), amount * factor, amount, factor))
        return found

    return write


def _function(scope: Scope, called: Node | None) -> CohortFunction | None:
    if not isinstance(called, nodes.CohortCall):
        return None
    function = scope.known.plan.cohort_functions.get(called.function)
    return function if function is not None and function.parts is not None else None


def _parts_of(values: Mapping[str, ExactValue], key: str) -> Parts:
    return values.get(key) or ()  # type: ignore[return-value] # parts are kept beside values


def given_parts(part: PolicyResults) -> dict[str, list[ExactValue]]:
    """Return what all values of cohort steps consist of, where their functions say so, by :data:`PARTS` names."""
    found: dict[str, list[ExactValue]] = {}
    for step in part.plan.steps:
        function = (
            part.plan.cohort_functions.get(step.node.function)
            if isinstance(step, CohortStep) and isinstance(step.node, nodes.CohortCall)
            else None
        )
        if isinstance(step, CohortStep) and function is not None and function.parts is not None:
            found[f"{PARTS}{step.name}"] = _of_step(part, step, function)
    return found


def _of_step(part: PolicyResults, step: CohortStep, function: CohortFunction) -> list[ExactValue]:
    node, size = step.node, part.records.height
    assert isinstance(node, nodes.CohortCall) and function.parts is not None  # noqa: S101, PT018 - given_parts() found it

    def column(operand: Node) -> list[ExactValue]:
        return column_of(part, operand)

    groups = grouped([column(operand) for operand in node.by], size)  # type: ignore[misc] # exact
    met = [True] * size if node.where is None else [value is True for value in column(node.where)]
    parts_of: Callable[[Cohort], Sequence[object]] = function.parts
    asked = {node.function: evolve(function, compute=parts_of, issues=())}  # type: ignore[arg-type] # kept beside values
    arguments = [column(one) for one in node.arguments]
    values, _reasons = call_rows(node, asked, arguments, groups, met, size)  # type: ignore[arg-type] # exact
    return [*values]


def column_of(part: PolicyResults, operand: Node) -> list[ExactValue]:
    """Return an operand of a cohort step for all records; a rule that has no column is computed of what it reads."""
    rule = part.plan.rule(operand.name) if isinstance(operand, nodes.RuleRef) else None
    if rule is None or rule.name in part.steps.columns:
        value = values_of(part, operand)
        return [value(row) for row in range(part.records.height)]
    references = {
        inner.name: inner
        for inner in parts(rule.node)
        if isinstance(inner, nodes.FieldRef | nodes.RuleRef | nodes.CohortRef | SuppliedRef)
    }
    columns = [column_of(part, inner) for inner in references.values()]
    evaluate = compile_node(rule.node)
    rows = zip(*columns, strict=True) if columns else [()] * part.records.height
    return [evaluate(Environment(dict(zip(references, row, strict=True)))) for row in rows]
