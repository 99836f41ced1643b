"""The scorer ``formula``: a rule written as one expression."""

from typing import ClassVar

from attrs import frozen

from rulecore.contracts import Node, Scorer, parameter
from rulecore.language import N_


@frozen(kw_only=True)
class Formula(Scorer):
    """The value of an expression over fields, parameters and other rules.

    Source: rulecore's expression language (``docs/expressions.md``). Example::

        [rules.party]
        scorer = "formula"
        value = "clip(party_basic + min(party_bonus, bonus_cap) - party_deduction, 0, 100)"
    """

    name: ClassVar[str] = "formula"

    value: Node = parameter(N_("The expression that gives the rule's value."))

    def expression(self) -> Node:
        """Return the expression as written."""
        return self.value
