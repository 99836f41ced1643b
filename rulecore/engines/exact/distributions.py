"""Probability distributions."""

from __future__ import annotations

from rulecore.engines.exact.kernel import Compile, Environment, Evaluate, ExactValue, MakerTable, number
from rulecore.expr import nodes
from rulecore.reals import normal_probability


def _normal_probability(node: nodes.NormalProbability, compile_one: Compile) -> Evaluate:
    operand = compile_one(node.operand)

    def evaluate(environment: Environment) -> ExactValue:
        value = operand(environment)
        return None if value is None else normal_probability(number(value))

    return evaluate


DISTRIBUTIONS: MakerTable = {nodes.NormalProbability: _normal_probability}
