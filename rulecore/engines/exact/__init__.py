"""The exact engine's kernel, the reference for every engine: expressions as closures over fractions.

An expression becomes a function of an :class:`Environment`, which holds a record's values by name and
collects the issues met. Each node has one small function in the table; ``observe`` lets an explanation watch
every value go by.
"""

from __future__ import annotations

from collections.abc import Mapping

from rulecore.engines.exact import arithmetic, distributions, leaves, lists, logic, texts, workdays
from rulecore.engines.exact.kernel import (
    Environment,
    Evaluate,
    ExactValue,
    MakerTable,
    Observe,
    compile_with,
)
from rulecore.expr import nodes

MAKERS: MakerTable = {
    **leaves.LEAVES,
    **arithmetic.ARITHMETIC,
    **distributions.DISTRIBUTIONS,
    **lists.LISTS,
    **logic.LOGIC,
    **texts.TEXTS,
    **workdays.WORKDAYS,
}
"""The function that compiles each type of node."""


def compile_node(node: nodes.Node, observe: Observe | None = None) -> Evaluate:
    """Return a function that evaluates ``node`` in an environment; ``observe`` is told every node's value."""
    return compile_with(MAKERS, node, observe)


def evaluate_node(node: nodes.Node, values: Mapping[str, ExactValue]) -> tuple[ExactValue, frozenset[str]]:
    """Return the value of an expression for one record, and the reasons of the issues met."""
    environment = Environment(values)
    return compile_node(node)(environment), frozenset(environment.issues)


__all__ = ["MAKERS", "Environment", "Evaluate", "ExactValue", "Observe", "compile_node", "evaluate_node"]
