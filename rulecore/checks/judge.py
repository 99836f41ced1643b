"""What a condition comes to when some values are known and others are still open.

A :class:`Judge` reads conditions over *subjects*: expressions whose inside is not looked at (a field, a rule
that is a number, the difference of two numbers that are compared). Subjects are taken to be independent of each
other, so what is found impossible here is impossible for every record; what is found possible may still not
occur.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final

from attrs import define, field

from rulecore.expr import nodes
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Node
from rulecore.expr.unparse import unparse

Known = Fraction | str | bool | date | None
"""A value a subject may have; None is not applicable."""


class Unknown(Enum):
    """The one value of what is not known yet."""

    OPEN = "open"


OPEN: Final = Unknown.OPEN
Verdict = Known | Unknown

_FLIPPED: Final[dict[str, nodes.Comparison]] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=",
}  # fmt: skip


def compare(operator: nodes.Comparison, left: Known, right: Known) -> bool | None:
    """Return the outcome of a comparison of two known values; of kinds that do not fit, not applicable."""
    if left is None or right is None:
        return None
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _ordered(operator, left < right, left == right)
    if isinstance(left, date) and isinstance(right, date):
        return _ordered(operator, left < right, left == right)
    return None


def _ordered(operator: nodes.Comparison, less: bool, equal: bool) -> bool:
    match operator:
        case "<":
            return less
        case "<=":
            return less or equal
        case ">":
            return not less and not equal
        case _:
            return not less


@define
class Judge:
    """Judges conditions.

    ``values`` holds what is known of the subjects, ``asked`` is the first one that was not,
    ``work`` how many parts have been judged.

    ``definition`` gives the expression of a rule that is worth looking into, ``is_number`` says whether an
    expression is a number (two numbers that are compared are one subject, their difference). With
    ``constants`` given, the constants each subject is compared with are noted in it.
    """

    definition: Callable[[str], Node | None]
    is_number: Callable[[Node], bool]
    values: Mapping[Node, Known] = field(factory=dict)
    asked: Node | None = None
    constants: dict[Node, list[Known]] | None = None
    work: int = 0
    _seen: dict[int, tuple[Verdict]] = field(factory=dict)

    def judge(self, node: Node) -> Verdict:
        """Return what an expression comes to, or OPEN."""
        self._seen.clear()
        return self._judge(node)

    def _judge(self, node: Node, against: Sequence[Known] = ()) -> Verdict:
        """Return what an expression comes to; ``against`` are the constants it is then compared with."""
        constant = constant_value(node)
        if constant is not None:
            return constant
        # Parts that stand at several places are judged once: a tree can be many times the size of its graph.
        known = None if against else self._seen.get(id(node))
        if known is not None:
            return known[0]
        found = self._judged(node, against)
        if not against:
            self._seen[id(node)] = (found,)
        return found

    def _judged(self, node: Node, against: Sequence[Known]) -> Verdict:
        self.work += 1
        match node:
            case nodes.Step():
                return self._judge(node.operand, against)
            case nodes.NotApplicable() | nodes.Undecided():
                return None
            case nodes.And():
                return self._junction(node.operands, deciding=False)
            case nodes.Or():
                return self._junction(node.operands, deciding=True)
            case nodes.Not():
                found = self._judge(node.operand)
                return (not found) if isinstance(found, bool) else found
            case nodes.Compare():
                return self._comparison(node)
            case nodes.IsIn():
                return self._is_in(node)
            case nodes.IsApplicable():
                found = self._judge(node.operand)
                return OPEN if found is OPEN else found is not None
            case nodes.Coalesce():
                return self._coalesce(node.operands, against)
            case nodes.Conditional():
                return self._conditional(node, against)
            case nodes.RuleRef():
                inside = self.definition(node.name)
                return self._judge(inside, against) if inside is not None else self._subject(node, against)
            case _:
                return self._subject(node, against)

    def _subject(self, node: Node, against: Sequence[Known] = ()) -> Verdict:
        if self.constants is not None:
            self.constants.setdefault(node, []).extend(against)
        if node in self.values:
            return self.values[node]
        if self.asked is None:
            self.asked = node
        return OPEN

    def _junction(self, operands: Sequence[Node], *, deciding: bool) -> Verdict:
        verdicts = []
        for operand in operands:
            found = self._judge(operand)
            if found is deciding and self.constants is None:
                return deciding
            verdicts.append(found)
        if deciding in verdicts:
            return deciding
        if OPEN in verdicts:
            return OPEN
        return None if None in verdicts else not deciding

    def _coalesce(self, operands: Sequence[Node], against: Sequence[Known]) -> Verdict:
        found: Verdict = None
        for operand in operands:
            found = self._judge(operand, against)
            if found is not None and self.constants is None:
                return found
        return found

    def _conditional(self, node: nodes.Conditional, against: Sequence[Known]) -> Verdict:
        for branch in node.branches:
            condition = self._judge(branch.condition)
            if self.constants is not None:
                self._judge(branch.value, against)
            elif condition is not False:
                return self._judge(branch.value, against) if condition is True else condition
        return self._judge(node.otherwise, against)

    def _comparison(self, node: nodes.Compare) -> Verdict:
        left, right = constant_value(node.left), constant_value(node.right)
        if right is not None:
            return self._against(node.operator, node.left, right)
        if left is not None:
            return self._against(_FLIPPED[node.operator], node.right, left)
        if not self.is_number(node.left):
            return self._subject(node)
        # The difference of two numbers, always the same way round, so that a > b and b >= a speak of one
        # subject.
        first, second, operator = node.left, node.right, node.operator
        if unparse(first) > unparse(second):
            first, second, operator = second, first, _FLIPPED[operator]
        return self._against(operator, nodes.Subtract(first, second), Fraction(0))

    def _against(self, operator: nodes.Comparison, subject: Node, constant: Known) -> Verdict:
        found = self._judge(subject, (constant,))
        return found if isinstance(found, Unknown) else compare(operator, found, constant)

    def _is_in(self, node: nodes.IsIn) -> Verdict:
        choices = [constant_value(item) for item in node.choices.items]
        found = self._judge(node.operand, choices)
        return found if isinstance(found, Unknown) or found is None else found in choices
