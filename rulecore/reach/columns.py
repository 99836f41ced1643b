"""Exact values of all records of a policy, column by column, also of rules whose values no column can hold."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from rulecore.engines.decode import decode
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.plan.references import names_read
from rulecore.planned import PlannedRule
from rulecore.results import PolicyResults


@frozen(kw_only=True)
class Columns:
    """The columns of one policy's results; each is decoded, or computed, when it is first asked for."""

    part: PolicyResults
    _known: dict[str, Sequence[ExactValue]] = field(factory=dict, init=False, repr=False)

    def named(self, name: str) -> Sequence[ExactValue]:
        """Return a field, rule or step for all records."""
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str) -> Sequence[ExactValue]:
        plan = self.part.plan
        step = next((item for item in (*plan.inputs, *plan.steps) if item.name == name), None)
        if step is None:
            raise InternalError(f"the plan has nothing called {name}")
        for frame in (self.part.records, self.part.steps):
            if name in frame.columns:
                return decode(frame[name], step.type)
        if not isinstance(step, PlannedRule):
            raise InternalError(f"{name} has no column")
        evaluate = compile_node(step.node)
        read = {other: self.named(other) for other in sorted(names_read(step.node))}
        rows = range(self.part.records.height)
        return [evaluate(Environment({other: column[row] for other, column in read.items()})) for row in rows]

    def of(self, operand: Node) -> Sequence[ExactValue]:
        """Return an operand of a cohort step for all records."""
        match operand:
            case nodes.Literal(value=value) | nodes.ParameterRef(value=nodes.Literal(value=value)):
                return [value] * self.part.records.height
            case (
                nodes.FieldRef(name=name)
                | nodes.RuleRef(name=name)
                | nodes.CohortRef(name=name)
                | SuppliedRef(name=name)
            ):
                return self.named(name)
            case _:
                raise InternalError(f"a cohort step has the operand {type(operand).__name__}")
