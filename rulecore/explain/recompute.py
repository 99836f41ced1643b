"""A record computed once more by the exact engine, watched, and compared with its stored result.

An explanation must never show a number other than the result: whatever differs is a broken promise, and
raises.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, fields, frozen

from rulecore.engines.decode import issue_column
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.errors import InternalError
from rulecore.expr.nodes import Node
from rulecore.expr.transform import transform
from rulecore.planned import PlannedRule
from rulecore.results import PolicyResults, Results


@frozen(kw_only=True)
class Trace:
    """A rule as it was computed: the value of every node that was looked at, in the order seen.

    ``node`` is the rule's tree with equal parts made one object, so that values are found by identity:
    scorers share parts freely, and hashing such a tree could take longer than computing it. What a
    conditional or an ``and`` did not need has no value.
    """

    rule: PlannedRule
    node: Node
    value: ExactValue
    values: Mapping[int, ExactValue] = field(repr=False)
    order: tuple[Node, ...] = field(repr=False, default=())
    issues: frozenset[str] = frozenset()

    def saw(self, node: Node) -> bool:
        """Return whether a node of the tree was looked at."""
        return id(node) in self.values

    def value_of(self, node: Node) -> ExactValue:
        """Return the value of a node that was looked at; None (not applicable) for one that was not."""
        return self.values.get(id(node))


@frozen(kw_only=True)
class Recomputed:
    """A record's exact values by the names of fields, rules and cohort steps, and the traces of its rules."""

    values: Mapping[str, ExactValue]
    traces: Mapping[str, Trace]


def recompute(results: Results, part: PolicyResults, row: int) -> Recomputed:
    """Return one record computed once more, from its typed fields and the stored values of its cohort steps.

    Raises :class:`rulecore.errors.InternalError` if any rule's value or issues differ from the stored ones.
    """
    stored = results.values_of(part, row)
    values: dict[str, ExactValue] = {item.name: _exact(stored[item.name]) for item in part.plan.inputs}
    traces: dict[str, Trace] = {}
    for step in part.plan.steps:
        if not isinstance(step, PlannedRule):
            values[step.name] = _exact(stored[step.name])
            continue
        trace = _traced(step, values)
        if step.name in stored and stored[step.name] != trace.value:
            raise InternalError(
                f"{step.name}: explained as {trace.value!r}, but the result is {stored[step.name]!r}"
            )
        _check_issues(part, row, trace)
        values[step.name] = trace.value
        traces[step.name] = trace
    return Recomputed(values=values, traces=traces)


def _traced(rule: PlannedRule, values: Mapping[str, ExactValue]) -> Trace:
    node = interned(rule.node)
    seen: dict[int, ExactValue] = {}
    order: list[Node] = []

    def observe(part: Node, value: ExactValue) -> None:
        if id(part) not in seen:
            seen[id(part)] = value
            order.append(part)

    environment = Environment(values)
    value = compile_node(node, observe)(environment)
    return Trace(
        rule=rule,
        node=node,
        value=value,
        values=seen,
        order=tuple(order),
        issues=frozenset(environment.issues),
    )


def interned(node: Node) -> Node:
    """Return an equal tree in which equal parts are one and the same object."""
    known: dict[object, Node] = {}
    return transform(node, lambda part: known.setdefault(_key(part), part))


def _key(node: Node) -> object:
    """Return what equal nodes have in common, their parts being one object already."""
    parts = [getattr(node, attribute.name) for attribute in fields(type(node)) if attribute.name != "span"]
    return (type(node), *(_part_key(part) for part in parts))


def _part_key(part: object) -> object:
    if isinstance(part, Node):
        return id(part)
    if isinstance(part, tuple):
        return tuple(_part_key(item) for item in part)
    return (type(part), part)


def _check_issues(part: PolicyResults, row: int, trace: Trace) -> None:
    for reason in trace.rule.issues:
        column = issue_column(trace.rule.name, reason)
        if part.steps[column][row] is not (reason in trace.issues):
            raise InternalError(f"{trace.rule.name}: the issue {reason} differs from the result's")


def _exact(value: object) -> ExactValue:
    return value  # type: ignore[return-value] # decode() gives exact values only
