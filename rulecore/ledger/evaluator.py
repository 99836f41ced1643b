"""Values of parts of a rule, exactly and each once for a record: also of parts the rule itself did not look at."""

from __future__ import annotations

from rulecore.engines.exact import MAKERS, Environment, Evaluate, ExactValue
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef

_PLAIN = (nodes.Literal, nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, nodes.ParameterRef, SuppliedRef)


class Evaluator:
    """Compiles parts of expressions; a part that is asked for twice is computed once for each record."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Node, Evaluate]] = {}

    def of(self, node: Node) -> Evaluate:
        """Return the function that gives a part's value in a record's environment."""
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        maker = MAKERS.get(type(node))
        if maker is None:
            raise InternalError(f"the exact engine does not know the node {type(node).__name__}")
        evaluate = maker(node, self.of)
        if not isinstance(node, _PLAIN):
            evaluate = _once(evaluate, id(node))
        # The node is kept, so that its id stays its own.
        self._known[id(node)] = (node, evaluate)
        return evaluate


def _once(evaluate: Evaluate, key: int) -> Evaluate:
    def remembered(environment: Environment) -> ExactValue:
        shared = environment.shared
        if key in shared:
            return shared[key]
        value = shared[key] = evaluate(environment)
        return value

    return remembered
