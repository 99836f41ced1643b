"""Values of parts of a rule, exactly and each once for a record: also of parts the rule itself did not look at."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from rulecore.engines.exact import MAKERS, Environment, Evaluate, ExactValue
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.constants import constant_value
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import NumberType
from rulecore.ledger.quick import quick

_PLAIN = (nodes.Literal, nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, nodes.ParameterRef, SuppliedRef)

_OPERATORS: Final[dict[type[Node], Callable[[Fraction, Fraction], Fraction]]] = {
    nodes.Add: operator.add,
    nodes.Subtract: operator.sub,
    nodes.Multiply: operator.mul,
}


class Evaluator:
    """Compiles parts of expressions; a part that is asked for twice is computed once for each record.

    ``types`` tells which parts are exact numbers: sums and products of these need not be asked, each time, what they
    are made of. All else is left to the exact engine.
    """

    def __init__(self, types: Inference) -> None:
        self._types = types
        self._known: dict[int, tuple[Node, Evaluate]] = {}

    def of(self, node: Node) -> Evaluate:
        """Return the function that gives a part's value in a record's environment."""
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        maker = MAKERS.get(type(node))
        if maker is None:
            raise InternalError(f"the exact engine does not know the node {type(node).__name__}")
        evaluate = self._quickly(node) or maker(node, self.of)
        if not isinstance(node, _PLAIN):
            evaluate = _once(evaluate, id(node))
        # The node is kept, so that its id stays its own.
        self._known[id(node)] = (node, evaluate)
        return evaluate

    def _quickly(self, node: Node) -> Evaluate | None:
        match node:
            case nodes.Literal(value=Fraction()) | nodes.ParameterRef():
                constant = constant_value(node)
                if isinstance(constant, Fraction):
                    number = quick(constant)
                    return lambda _environment: number
                return None
            case nodes.Add() | nodes.Subtract() | nodes.Multiply() if all(
                map(self._is_exact, (node.left, node.right))
            ):
                return _applied(_OPERATORS[type(node)], self.of(node.left), self.of(node.right))
            case nodes.Divide() if self._is_exact(node.left) and self._is_exact(node.right):
                return _divided(self.of(node.left), self.of(node.right))
            case nodes.Minimum() | nodes.Maximum() if all(map(self._is_exact, node.operands)):
                return _chosen(tuple(map(self.of, node.operands)), largest=isinstance(node, nodes.Maximum))
            case nodes.Step():
                # A step only names what it holds.
                return self.of(node.operand)
            case _:
                return None

    def _is_exact(self, node: Node) -> bool:
        found = self._types.type_of(node)
        return isinstance(found, NumberType) and found.exact


def _applied(function: Callable[[Fraction, Fraction], Fraction], left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> ExactValue:
        first, second = left(environment), right(environment)
        return None if first is None or second is None else function(first, second)  # type: ignore[arg-type]

    return evaluate


def _divided(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(environment: Environment) -> ExactValue:
        first, second = left(environment), right(environment)
        if first is None or second is None:
            return None
        if not second:
            environment.issues.add("division_by_zero")
            return None
        return first / second  # type: ignore[operator,return-value] # exact numbers

    return evaluate


def _chosen(operands: tuple[Evaluate, ...], *, largest: bool) -> Evaluate:
    def evaluate(environment: Environment) -> ExactValue:
        found = None
        for operand in operands:
            value = operand(environment)
            if value is None:
                return None
            if found is None or (found < value if largest else value < found):  # type: ignore[operator] # numbers
                found = value
        return found

    return evaluate


def _once(evaluate: Evaluate, key: int) -> Evaluate:
    def remembered(environment: Environment) -> ExactValue:
        shared = environment.shared
        if key in shared:
            return shared[key]
        value = shared[key] = evaluate(environment)
        return value

    return remembered
