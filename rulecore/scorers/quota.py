"""The scorer ``quota``: a forced distribution, where only so many may keep a grade (强制分布)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import And, Branch, Compare, Conditional, Rank, SortKey, Step, Undecided
from rulecore.language import N_
from rulecore.numbers import Rounding
from rulecore.scorers.building import certainly, either, kind_of, same, word, written
from rulecore.scorers.places import places_of, places_problems


@frozen(kw_only=True)
class Limit:
    """How many may keep one grade, and what the others get."""

    grade: LiteralNode = parameter(N_("The grade that is limited."))
    share: Node | None = parameter(N_("The share of the records counted, between 0 and 1."), default=None)
    places: Node | None = parameter(N_("The number of places, instead of a share."), default=None)
    rounding: Rounding = parameter(N_("How a part of a place is rounded."), default=Rounding.FLOOR)
    surplus: LiteralNode = parameter(N_("The grade of those beyond the quota."))


@frozen
class _Waiting:
    """Records that an earlier limit leaves undecided, and the lower grades the committee may give them."""

    condition: Node
    may_get: list[LiteralNode]


@frozen(kw_only=True)
class Quota(Scorer):
    """The grade, of which only so many may be given; those ranked beyond the quota get the surplus grade.

    Places = share × records counted, rounded down unless stated. Among the records with the grade, r⁻ and r⁺
    are the smallest and largest place one may hold by ``by`` and then ``ties``: r⁺ ≤ places keeps the grade,
    r⁻ > places gets the surplus grade. A full tie across the edge is ``undecided``, never silently picked:
    not applicable, with the issue ``full_tie``, or the text stated. Limits apply in order, each on the
    outcome of the one before. Source: S01 step 5, S03 step 7, S14. Example::

        [rules.grade]
        scorer = "quota"
        of = "band_after_veto"
        by = "score"
        ties = ["operations", "party"]
        limits = [{ grade = "A", share = "30%", surplus = "B" }]
        undecided = "待评审"
    """

    name: ClassVar[str] = "quota"

    of: Node = parameter(N_("The grade before the quota."))
    by: SortKey = parameter(N_("The score that decides who keeps the grade, highest first."))
    ties: tuple[SortKey, ...] = parameter(N_("What decides between equal scores, in order."), default=())
    limits: tuple[Limit, ...] = parameter(N_("The limits, in the order in which they apply."))
    within: tuple[Node, ...] = parameter(
        N_("The quota holds separately for each value of these."), default=()
    )
    population: Node | None = parameter(
        N_("Which records are counted for a share; all of them if left out, vetoed ones too."), default=None
    )
    undecided: LiteralNode | None = parameter(
        N_(
            "What those get whom a full tie leaves on both sides of the edge; left out, not applicable "
            "with an issue."
        ),
        default=None,
    )

    def problems(self) -> Iterator[Problem]:
        """Yield limits that contradict each other or cannot take effect."""
        if not self.limits:
            yield Problem(
                code=codes.TOO_FEW, key=("limits",), values={"parameter": "limits", "count": 0, "least": 1}
            )
        for index, limit in enumerate(self.limits):
            key = ("limits", index)
            yield from places_problems(key, limit.share, limit.places)
            names = {"grade": written(limit.grade), "surplus": written(limit.surplus)}
            earlier = [other.grade for other in self.limits[:index]]
            if any(same(limit.grade, grade) for grade in earlier):
                yield Problem(
                    code=codes.GIVEN_TWICE, key=key, values={"value": names["grade"], "parameter": "limits"}
                )
            if same(limit.grade, limit.surplus):
                yield Problem(code=codes.SURPLUS_IS_GRADE, key=(*key, "surplus"), values=names)
            elif any(same(limit.surplus, grade) for grade in earlier):
                yield Problem(code=codes.SURPLUS_ALREADY_LIMITED, key=(*key, "surplus"), values=names)
            if kind_of(limit.surplus) != kind_of(limit.grade):
                values = {
                    "value": names["surplus"],
                    "kind": word(kind_of(limit.surplus)),
                    "parameter": "limits",
                    "expected": word(kind_of(limit.grade)),
                }
                yield Problem(code=codes.MIXED_KINDS, key=(*key, "surplus"), values=values)

    def expression(self) -> Node:
        """Return the outcome of the last limit."""
        outcome, waiting = self.of, list[_Waiting]()
        for limit in self.limits:
            competing = [
                record for record in waiting if any(same(limit.grade, grade) for grade in record.may_get)
            ]
            outcome, undecided = self._limited(outcome, limit, [record.condition for record in competing])
            for record in competing:
                record.may_get.append(limit.surplus)
            waiting.append(_Waiting(undecided, [limit.surplus]))
        return outcome

    def _limited(self, grade: Node, limit: Limit, waiting: list[Node]) -> tuple[Node, Node]:
        """Return the grades after one limit, and the condition under which it leaves a record undecided.

        ``waiting`` are the records that wait for the committee and may yet get this grade: they take a place
        where that is the safe assumption, and none where that is.
        """
        has_grade = Compare("==", grade, limit.grade)
        places = places_of(limit.share, limit.places, limit.rounding, self.within, self.population)
        keys = (self.by, *self.ties)
        best = Step(N_("best possible rank"), Rank(keys, "min", self.within, certainly(has_grade)))
        worst = Step(
            N_("worst possible rank"),
            Rank(keys, "max", self.within, certainly(either((has_grade, *waiting)))),
        )
        inside, outside = Compare("<=", worst, places), Compare(">", best, places)
        outcome = Conditional(
            (
                Branch(Compare("!=", grade, limit.grade), grade),
                Branch(inside, limit.grade, N_("within the quota")),
                Branch(outside, limit.surplus, N_("beyond the quota")),
            ),
            self.undecided or Undecided("full_tie"),
        )
        undecided = And((has_grade, Compare(">", worst, places), Compare("<=", best, places)))
        return outcome, undecided
