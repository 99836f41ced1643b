"""The scorer ``veto_reason``: the reason that applies, as a text of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Conditional
from rulecore.language import N_


@frozen(kw_only=True)
class Reason:
    """A condition and the text that names it."""

    when: Node = parameter(N_("The condition."))
    reason: str = parameter(N_("The text if it holds."))
    reference: str = parameter(N_("The article that says so."), default="")


@frozen(kw_only=True)
class VetoReason(Scorer):
    """The reason of the first condition that holds, else the text ``none`` (empty unless stated).

    Write the conditions here once, and let ``veto`` look at this rule: ``when = 'reason != ""'``. A condition
    that is not applicable, met before a true one, makes the reason not applicable. Source: S03 (说明), S11
    (理由). Example::

        [rules.reason]
        scorer = "veto_reason"
        reasons = [
            { when = "safety_accident", reason = "发生生产安全责任事故" },
            { when = "party_discipline", reason = "党员受到党纪处分" },
        ]
    """

    name: ClassVar[str] = "veto_reason"

    reasons: tuple[Reason, ...] = parameter(
        N_("The conditions with their texts, in order; the first that holds decides.")
    )
    none: str = parameter(N_("The text where no condition holds."), default="")

    def problems(self) -> Iterator[Problem]:
        """Yield an empty list of reasons."""
        if not self.reasons:
            yield Problem(
                code=codes.TOO_FEW, key=("reasons",), values={"parameter": "reasons", "count": 0, "least": 1}
            )

    def expression(self) -> Node:
        """Return one branch for each reason."""
        branches = tuple(
            Branch(reason.when, LiteralNode(reason.reason), reason.reason) for reason in self.reasons
        )
        return Conditional(branches, LiteralNode(self.none))
