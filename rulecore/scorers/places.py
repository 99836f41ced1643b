"""How many places a quota has: what ``quota`` and ``quota_places`` share."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rulecore.codes import scorers as codes
from rulecore.contracts import LiteralNode, Node, Problem
from rulecore.expr.nodes import CohortCount, Multiply, Round, Step
from rulecore.language import N_
from rulecore.numbers import Rounding
from rulecore.scorers.building import written
from rulecore.source import KeyPath


def places_of(
    share: Node | None,
    places: Node | None,
    rounding: Rounding,
    within: tuple[Node, ...],
    population: Node | None,
) -> Node:
    """Return the number of places: as stated, or the share of the population, rounded to a whole number."""
    if share is None:
        assert places is not None  # noqa: S101 - places_problems() refuses neither
        return Step(N_("places"), places)
    population_size = Step(N_("records counted"), CohortCount(within, population))
    return Step(N_("places"), Round(Multiply(share, population_size), Fraction(1), rounding))


def places_problems(key: KeyPath, share: Node | None, places: Node | None) -> Iterator[Problem]:
    """Yield neither or both of share and places, and a share that is not between 0 and 1."""
    if share is not None and places is not None:
        yield Problem(code=codes.KEYS_EXCLUDE, key=key, values={"first": "share", "second": "places"})
    if share is None and places is None:
        yield Problem(
            code=codes.KEY_NEEDED, key=key, values={"parameter": "share / places", "reason": "quota"}
        )
    if isinstance(share, LiteralNode) and not (isinstance(share.value, Fraction) and 0 <= share.value <= 1):
        yield _out_of_range((*key, "share"), share, "0 … 1")
    if isinstance(places, LiteralNode) and not (
        isinstance(places.value, Fraction) and places.value >= 0 and places.value.denominator == 1
    ):
        yield _out_of_range((*key, "places"), places, "0, 1, 2 …")


def _out_of_range(key: KeyPath, value: LiteralNode, wanted: str) -> Problem:
    values = {"parameter": str(key[-1]), "value": written(value), "wanted": wanted}
    return Problem(code=codes.OUT_OF_RANGE, key=key, values=values)
