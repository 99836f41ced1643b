"""The scorer ``veto_reason``: the reason that applies, as a text of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import evolve, frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Ground, LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Concatenate, Conditional, IsApplicable, NotApplicable
from rulecore.language import N_
from rulecore.scorers.building import both, either, unless


@frozen(kw_only=True)
class Reason:
    """A condition and the text that names it."""

    when: Node = parameter(N_("The condition."))
    reason: str = parameter(N_("The text if it holds."))
    reference: str = parameter(N_("The article that says so."), default="")
    unwaivable: bool = parameter(N_("Whether no adjustment may ever lift it."), default=False)


@frozen(kw_only=True)
class VetoReason(Scorer):
    """The reason of the first condition that holds, else the text ``none`` (empty unless stated).

    Write the conditions here once, and let ``veto`` look at this rule: ``when = 'reason != ""'``. A condition
    that is not applicable, met before a true one, makes the reason not applicable. With ``every`` the texts of all
    conditions that hold are joined; then any condition that is not applicable does. Source: S03 (说明), S11
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
    every: bool = parameter(
        N_("Whether the texts of all conditions that hold are given, not of the first only."), default=False
    )
    separator: str = parameter(N_("What stands between several texts."), default=";")

    def problems(self) -> Iterator[Problem]:
        """Yield an empty list of reasons."""
        if not self.reasons:
            yield Problem(
                code=codes.TOO_FEW, key=("reasons",), values={"parameter": "reasons", "count": 0, "least": 1}
            )

    def grounds(self) -> tuple[Ground, ...]:
        """Return the conditions: exemptions name them by their reasons."""
        return tuple(
            Ground(
                reason=reason.reason,
                when=reason.when,
                unwaivable=reason.unwaivable,
                decides=not self.every,
            )
            for reason in self.reasons
        )

    def without(self, reason: str, waived: Node) -> VetoReason:
        """Return the rule with the conditions of that reason out of force where ``waived`` is true."""
        return evolve(
            self,
            reasons=tuple(
                evolve(one, when=unless(waived, one.when)) if one.reason == reason else one
                for one in self.reasons
            ),
        )

    def expression(self) -> Node:
        """Return one branch for each reason."""
        texts = [(reason.when, LiteralNode(reason.reason), reason.reason) for reason in self.reasons]
        if not self.every:
            return Conditional(tuple(Branch(*text) for text in texts), LiteralNode(self.none))
        blank = LiteralNode("")
        joined = Concatenate(tuple(Conditional((Branch(*text),), blank) for text in texts), self.separator)
        known = both(IsApplicable(reason.when) for reason in self.reasons)
        some = either(reason.when for reason in self.reasons)
        found = Conditional((Branch(some, joined),), LiteralNode(self.none))
        return Conditional((Branch(known, found),), NotApplicable())
