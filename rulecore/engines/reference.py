"""The exact engine: a plan step by step over Python fractions. Slow, plain, and always right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import define, field

from rulecore.contracts import Value
from rulecore.engines.decode import decode, encode, encode_any, issue_column
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.engines.exact.kernel import Evaluate
from rulecore.engines.groups import call_rows, count_rows, grouped, rank_rows
from rulecore.errors import InternalError
from rulecore.expr.nodes import CohortCall, CohortCount, Node, Rank
from rulecore.planned import CohortStep, Plan, PlannedRule
from rulecore.reals import Real

if TYPE_CHECKING:
    import polars as pl


@define
class Computed:
    """The steps of a plan computed for some records.

    ``values`` holds, for each record, its exact values by the names of fields, rules and cohort steps;
    ``issues`` for each record the reasons by step.
    """

    values: list[dict[str, ExactValue]]
    issues: list[dict[str, set[str]]] = field(factory=list)


def compute(plan: Plan, records: Sequence[Mapping[str, Value]]) -> Computed:
    """Return every step of a plan for the records of one cohort scope: exact values, None not applicable."""
    found = Computed([dict(record) for record in records], [{} for _ in records])
    for step in plan.steps:
        if isinstance(step, PlannedRule):
            add_rule(step, found)
        else:
            add_cohort_step(step, plan, found)
    return found


def add_rule(rule: PlannedRule, found: Computed, compiled: Evaluate | None = None) -> None:
    """Compute a rule of every record; ``compiled`` is its node as a function, where that is known already."""
    evaluate_one = compiled or compile_node(rule.node)
    for values, issues in zip(found.values, found.issues, strict=True):
        environment = Environment(values)
        values[rule.name] = evaluate_one(environment)
        if environment.issues:
            issues[rule.name] = environment.issues


def add_cohort_step(step: CohortStep, plan: Plan, found: Computed) -> None:
    """Compute a cohort step of every record."""
    node, size = step.node, len(found.values)
    groups = grouped([_column(part, found) for part in node.by], size)
    met = [True] * size if node.where is None else [value is True for value in _column(node.where, found)]
    results = cohort_values(node, plan, lambda part: _column(part, found), groups, met, size)
    for row, (value, reason) in enumerate(zip(*results, strict=True)):
        found.values[row][step.name] = value
        if reason:
            found.issues[row][step.name] = {reason}


def cohort_values(
    node: Rank | CohortCount | CohortCall,
    plan: Plan,
    column: Callable[[Node], list[Value]],
    groups: dict[tuple[Value, ...], list[int]],
    met: Sequence[bool],
    size: int,
) -> tuple[list[Value], list[str]]:
    """Return a cohort step's values, and for each row the reason why it has none that is settled ("" if not)."""
    match node:
        case Rank():
            ranks, tied = rank_rows(node, [column(key.operand) for key in node.keys], groups, met, size)
            return ranks, ["full_tie" if undecided else "" for undecided in tied]
        case CohortCount():
            return count_rows(node, groups, met, size), [""] * size
        case CohortCall():
            arguments = [column(argument) for argument in node.arguments]
            return call_rows(node, plan.cohort_functions, arguments, groups, met, size)


def _column(node: Node, found: Computed) -> list[Value]:
    evaluate_one = compile_node(node)
    return [_settled(evaluate_one(Environment(values))) for values in found.values]


def _settled(value: ExactValue) -> Value:
    if isinstance(value, Real):
        raise InternalError("an inexact value reached a comparison of records")
    return value


def evaluate(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the values of every step of a plan for typed records; see :class:`rulecore.contracts.Engine`."""
    import polars as pl

    columns = {planned.name: decode(frame[planned.name], planned.type) for planned in plan.inputs}
    names = list(columns)
    rows = zip(*columns.values(), strict=True) if names else [()] * frame.height
    found = compute(plan, [dict(zip(names, row, strict=True)) for row in rows])
    series: list[pl.Series] = []
    for step in plan.steps:
        exact = [values[step.name] for values in found.values]
        encoded = (
            encode_any(step.name, exact, step.type)
            if isinstance(step, CohortStep) or step.name in plan.ratios
            else encode(step.name, exact, step.type)
        )
        if encoded is not None:
            series.append(encoded)
        for reason in step.issues:
            flags = [reason in issues.get(step.name, ()) for issues in found.issues]
            series.append(pl.Series(issue_column(step.name, reason), flags, dtype=pl.Boolean()))
    return pl.DataFrame(series)
