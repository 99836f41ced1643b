"""For the tests of scorers: a rule in TOML, structured as in a policy, evaluated by the exact engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import tomli

from rulecore.contracts import Problem, Scorer, Value
from rulecore.engines.exact import evaluate_node
from rulecore.engines.groups import count_rows, grouped, rank_rows
from rulecore.expr.nodes import CohortCount, FieldRef, Node, Rank
from rulecore.expr.transform import transform
from rulecore.plan.scorer_parameters import parameter_nodes, scorer_converter
from rulecore.policy.located import located
from rulecore.scorers import SCORERS

BY_NAME = {scorer.name: scorer for scorer in SCORERS}

Record = Mapping[str, object]


def scorer(toml: str, **parameters: object) -> Scorer:
    """Return the scorer that a rule's keys describe; ``parameters`` are the policy's."""
    settings = tomli.loads(toml, parse_float=Decimal)
    cls = BY_NAME[settings.pop("scorer")]
    converter = scorer_converter(parameter_nodes(parameters))
    found: Scorer = converter.structure(located(settings, ()), cls)
    return found


def codes(toml: str, **parameters: object) -> list[str]:
    """Return the codes of the faults a rule's scorer finds in its parameters."""
    return [problem.code.id for problem in scorer(toml, **parameters).problems()]


def only_problem(toml: str) -> Problem:
    """Return the one fault of a rule."""
    (problem,) = scorer(toml).problems()
    return problem


def sentence(problem: Problem) -> str:
    """Return a fault's English sentence; every place in it must be filled."""
    problem.code.hint.format_map(problem.values)
    return problem.code.message.format_map(problem.values)


def value(toml: str, **record: object) -> Value:
    """Return the rule's value for one record; it must raise no issue."""
    found, issues = outcome(toml, **record)
    assert not issues
    return found


def outcome(toml: str, **record: object) -> tuple[Value, frozenset[str]]:
    """Return the rule's value for one record, and the issues."""
    (found,) = outcomes(toml, [record])
    return found


def values(toml: str, records: Sequence[Record]) -> list[Value]:
    """Return the rule's value for every record of a cohort."""
    return [found for found, _ in outcomes(toml, records)]


def outcomes(
    toml: str, records: Sequence[Record], **parameters: object
) -> list[tuple[Value, frozenset[str]]]:
    """Return the rule's value and issues for every record of a cohort."""
    rule = scorer(toml, **parameters)
    assert [sentence(problem) for problem in rule.problems()] == []
    columns = [{name: exact(cell) for name, cell in record.items()} for record in records]
    node = transform(rule.expression(), lambda part: _lifted(part, columns))
    return [evaluate_node(node, cells) for cells in columns]


def exact(cell: object) -> Value:
    """Return a cell as an exact value: numbers are written as ints or as decimal text in a Decimal."""
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return Fraction(cell)
    assert cell is None or isinstance(cell, str | bool | Fraction)
    return cell


def _lifted(node: Node, columns: list[dict[str, Value]]) -> Node:
    """Compute a rank or a count for all records, and return a reference to it."""
    if not isinstance(node, Rank | CohortCount):
        return node
    groups = grouped([_column(part, columns) for part in node.by], len(columns))
    met = [node.where is None or evaluate_node(node.where, cells)[0] is True for cells in columns]
    if isinstance(node, Rank):
        keys = [_column(key.operand, columns) for key in node.keys]
        result, _ = rank_rows(node, keys, groups, met, len(columns))
    else:
        result = count_rows(node, groups, met, len(columns))
    name = f"#{len(columns[0])}"
    for cells, found in zip(columns, result, strict=True):
        cells[name] = found
    return FieldRef(name)


def _column(node: Node, columns: list[dict[str, Value]]) -> list[Value]:
    return [evaluate_node(node, cells)[0] for cells in columns]
