"""The scorer ``vote``: whether a vote carries, compared in whole numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Compare, Comparison, Conditional, Multiply, Not, Step, Undecided
from rulecore.language import N_
from rulecore.scorers.building import number, written


@frozen(kw_only=True)
class Vote(Scorer):
    """Whether those in favour are enough of those who count, and enough were there at all.

    "At least two thirds" is 3 × in favour ≥ 2 × of, in whole numbers, never a decimal such as 0.667. ``at_least``
    counts an exact tie as carried, ``more_than`` (过半数) does not. With a ``quorum`` the vote also needs so large a
    part of those ``entitled``: short of it, it has not carried. Without anybody who counts (``of`` is 0) there is
    no outcome: not applicable, with the issue ``no_votes``. Source: 到会人数达到应到人数的三分之二方可开会. Example::

        [rules.carried]
        scorer = "vote"
        in_favour = "votes_for"
        of = "present"
        at_least = "2/3"
        quorum = "2/3"
        entitled = "members"
    """

    name: ClassVar[str] = "vote"

    in_favour: Node = parameter(N_("How many voted in favour."))
    of: Node = parameter(N_("How many count: those present, or those who voted."))
    at_least: Constant | None = parameter(N_("The part that carries, itself included."), default=None)
    more_than: Constant | None = parameter(N_("The part that must be exceeded."), default=None)
    quorum: Constant | None = parameter(
        N_("The part of those entitled that must be there, itself included."), default=None
    )
    entitled: Node | None = parameter(N_("How many could have been there."), default=None)

    def problems(self) -> Iterator[Problem]:
        """Yield two majorities or none, parts that are none, and half a quorum."""
        if self.at_least is not None and self.more_than is not None:
            values = {"first": "at_least", "second": "more_than"}
            yield Problem(code=codes.KEYS_EXCLUDE, key=("more_than",), values=values)
        if self.at_least is None and self.more_than is None:
            yield _needed("at_least", "more_than")
        if (self.quorum is None) != (self.entitled is None):
            yield _needed(*(("entitled", "quorum") if self.entitled is None else ("quorum", "entitled")))
        if self.more_than is not None and not 0 <= self.more_than.value < 1:
            yield _out_of_range("more_than", self.more_than, "≥ 0, < 1")
        for key, part in (("at_least", self.at_least), ("quorum", self.quorum)):
            if part is not None and not 0 < part.value <= 1:
                yield _out_of_range(key, part, "> 0, ≤ 1")

    def expression(self) -> Node:
        """Return the comparisons in whole numbers."""
        nobody = Branch(Compare("<=", self.of, number(0)), Undecided("no_votes"))
        if self.more_than is not None:
            carried = _compared(self.in_favour, ">", self.of, self.more_than)
        else:
            assert self.at_least is not None  # noqa: S101 - problems() has refused neither
            carried = _compared(self.in_favour, ">=", self.of, self.at_least)
        branches = [nobody]
        if self.quorum is not None and self.entitled is not None:
            enough = Step(N_("quorum"), _compared(self.of, ">=", self.entitled, self.quorum))
            branches.insert(0, Branch(Not(enough), LiteralNode(False)))
        return Conditional(tuple(branches), Step(N_("majority"), carried))


def _compared(part: Node, operator: Comparison, whole: Node, share: Constant) -> Node:
    """Return ``denominator × part ≥ numerator × whole`` for a share of numerator / denominator."""
    return Compare(operator, _times(part, share.value.denominator), _times(whole, share.value.numerator))


def _times(node: Node, factor: int) -> Node:
    return node if factor == 1 else Multiply(number(factor), node)


def _needed(key: str, reason: str) -> Problem:
    values = {"parameter": key, "reason": reason}
    return Problem(code=codes.KEY_NEEDED, key=(), values=values)


def _out_of_range(key: str, value: Constant, wanted: str) -> Problem:
    values = {"parameter": key, "value": written(value.value), "wanted": wanted}
    return Problem(code=codes.OUT_OF_RANGE, key=(key,), values=values)
