"""The scorer ``quota_places``: the number of places of a quota, as a rule of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.contracts import Node, Problem, Scorer, parameter
from rulecore.language import N_
from rulecore.numbers import Rounding
from rulecore.scorers.places import places_of, places_problems


@frozen(kw_only=True)
class QuotaPlaces(Scorer):
    """How many places a share of the cohort makes: share × number of records, rounded to a whole number.

    A text or a report can then name the number (五星名额1个已满), and ``quota`` take it as
    ``places = "five_star_places"``, so that it is stated once. Source: S01 step 5 (floor(30% × 单位数)),
    S03 step 7. Example::

        [rules.five_star_places]
        scorer = "quota_places"
        share = "30%"
    """

    name: ClassVar[str] = "quota_places"

    share: Node = parameter(N_("The share of the records counted, between 0 and 1."))
    places_rounding: Rounding = parameter(N_("How a part of a place is rounded."), default=Rounding.FLOOR)
    within: tuple[Node, ...] = parameter(
        N_("Records are counted separately for each value of these."), default=()
    )
    population: Node | None = parameter(
        N_("Which records are counted; all of them if left out."), default=None
    )

    def problems(self) -> Iterator[Problem]:
        """Yield a share that is not between 0 and 1."""
        yield from places_problems((), self.share, None)

    def expression(self) -> Node:
        """Return the rounded product."""
        return places_of(self.share, None, self.places_rounding, self.within, self.population)
