"""The scorer ``bands``: a label for each interval of a score."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Constant, LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Compare, Comparison, Conditional, Undecided
from rulecore.language import N_
from rulecore.scorers.building import LARGEST, SMALLEST, word, written
from rulecore.scorers.intervals import Bound, Interval, before, between, common

_OPERATORS: dict[str, Comparison] = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


@frozen(kw_only=True)
class Band:
    """One band: its bounds, as far as they are stated, and the label it gives."""

    at_least: Constant | None = parameter(
        N_("The lower bound, belonging to the band (含本数)."), default=None
    )
    above: Constant | None = parameter(N_("The lower bound, not belonging to the band."), default=None)
    at_most: Constant | None = parameter(N_("The upper bound, belonging to the band (含本数)."), default=None)
    below: Constant | None = parameter(N_("The upper bound, not belonging to the band."), default=None)
    is_: LiteralNode = parameter(N_("The text or number the band gives."))

    def stated(self) -> dict[str, Constant]:
        """Return the bounds that are written, by their keys."""
        bounds = {
            "at_least": self.at_least,
            "above": self.above,
            "at_most": self.at_most,
            "below": self.below,
        }
        return {key: bound for key, bound in bounds.items() if bound is not None}

    def low(self) -> Bound | None:
        """Return the lower bound, if one is written."""
        return _bound(self.at_least, self.above)

    def high(self) -> Bound | None:
        """Return the upper bound, if one is written."""
        return _bound(self.at_most, self.below)

    def conditions(self, value: Node, keys: tuple[str, ...]) -> list[Node]:
        """Return the written bounds among ``keys`` as conditions of a value."""
        return [
            Compare(_OPERATORS[key], value, bound.node) for key, bound in self.stated().items() if key in keys
        ]


@frozen(kw_only=True)
class Bands(Scorer):
    """The label of the band that a score lies in; bands must leave no gap and must not overlap.

    Bands go from the highest to the lowest and state their lower bound; each reaches up to the one before it,
    and the last may leave its bound out and takes the rest. Upper bounds may be stated too, and are then
    checked; bands that state upper bounds only go from the lowest to the highest. A score outside stated
    outer bounds has no band: it is not applicable, with the issue ``outside_bands``. A score of a rule is
    compared as rounded by that rule. Source: S01 step 3 (下限含本数). Example::

        [rules.band]
        scorer = "bands"
        of = "score"
        bands = [{ at_least = 90, is = "A" }, { at_least = 80, is = "B" }, { is = "C" }]
    """

    name: ClassVar[str] = "bands"

    of: Node = parameter(N_("The score that is banded."))
    bands: tuple[Band, ...] = parameter(N_("The bands, from the highest to the lowest."))

    def problems(self) -> Iterator[Problem]:
        """Yield gaps, overlaps, and bands in the wrong order or without bounds."""
        found = [*self._shape_problems()]
        yield from found
        if not found:
            yield from self._interval_problems()

    def expression(self) -> Node:
        """Return one branch for each band; the outer bounds, where stated, come first and last."""
        far, near = ("at_most", "below"), ("at_least", "above")
        if self._ascending():
            far, near = near, far
        beyond = self.bands[0].conditions(self.of, far)
        branches = [Branch(_opposite(condition), Undecided("outside_bands")) for condition in beyond]
        branches += [
            Branch(condition, band.is_) for band in self.bands for condition in band.conditions(self.of, near)
        ]
        last = self.bands[-1]
        takes_rest = not last.conditions(self.of, near)
        return Conditional(tuple(branches), last.is_ if takes_rest else Undecided("outside_bands"))

    def _ascending(self) -> bool:
        """Whether the bands state upper bounds only, and so go from the lowest to the highest."""
        return all(band.low() is None for band in self.bands) and any(band.high() for band in self.bands)

    def _shape_problems(self) -> Iterator[Problem]:
        if not self.bands:
            yield Problem(
                code=codes.TOO_FEW, key=("bands",), values={"parameter": "bands", "count": 0, "least": 1}
            )
        for index, band in enumerate(self.bands):
            key, last = ("bands", index), index == len(self.bands) - 1
            for first, second in (("at_least", "above"), ("at_most", "below")):
                if first in band.stated() and second in band.stated():
                    yield Problem(
                        code=codes.KEYS_EXCLUDE, key=(*key, second), values={"first": first, "second": second}
                    )
            if not band.stated() and (not last or len(self.bands) == 1):
                yield Problem(code=codes.BAND_WITHOUT_BOUND, key=key, values={"band": written(band.is_)})
            elif band.stated() and not last and not self._ascending() and band.low() is None:
                values = {"band": written(band.is_), "bound": "at_least"}
                yield Problem(code=codes.BANDS_MIXED, key=key, values=values)
            interval = Interval(band.low(), band.high())
            if interval.empty:
                values = {"band": written(band.is_), "interval": str(interval)}
                yield Problem(code=codes.BAND_EMPTY, key=key, values=values)

    def _interval_problems(self) -> Iterator[Problem]:
        ascending = self._ascending()
        for index, (one, other) in enumerate(pairwise(self.bands), start=1):
            key = ("bands", index)
            first, second = (one.high(), other.high()) if ascending else (one.low(), other.low())
            if first is not None and second is not None and not _in_order(first, second, ascending):
                yield _out_of_order(key, first, second, ascending)
                continue
            lower, upper = (one, other) if ascending else (other, one)
            yield from _seam_problems(key, lower, upper)


def _seam_problems(key: tuple[str, int], lower: Band, upper: Band) -> Iterator[Problem]:
    """Yield the gap or the overlap of two neighbours that both state the bound between them."""
    high, low = lower.high(), upper.low()
    if high is None and low is None:
        return
    # A bound that only one of the two states is the bound of both.
    below = Interval(lower.low(), high or (before(low) if low else None))
    above = Interval(low or (before(high) if high else None), upper.high())
    names: dict[str, object] = {"lower": written(lower.is_), "higher": written(upper.is_)}
    gap, overlap = between(below, above), common(below, above)
    if not gap.empty:
        values = {**names, "gap": str(gap), "example": written(gap.example())}
        yield Problem(code=codes.BAND_GAP, key=key, values=values)
    elif not overlap.empty:
        yield Problem(code=codes.BAND_OVERLAP, key=key, values={**names, "overlap": str(overlap)})


def _in_order(first: Bound, second: Bound, ascending: bool) -> bool:
    """Whether upper bounds ascend, or lower bounds descend.

    At the same number the one that includes it reaches further.
    """
    if ascending:
        return (first.value, first.included) < (second.value, second.included)
    return (first.value, not first.included) > (second.value, not second.included)


def _out_of_order(key: tuple[str, int], first: Bound, second: Bound, ascending: bool) -> Problem:
    ends = (SMALLEST, LARGEST) if ascending else (LARGEST, SMALLEST)
    values = {
        "previous": written(first.value),
        "value": written(second.value),
        "parameter": "bands",
        "first": word(ends[0]),
        "last": word(ends[1]),
    }
    return Problem(code=codes.BAND_ORDER, key=key, values=values)


def _bound(included: Constant | None, excluded: Constant | None) -> Bound | None:
    if included is not None:
        return Bound(included.value, True)
    return None if excluded is None else Bound(excluded.value, False)


def _opposite(condition: Node) -> Node:
    """Return the comparison that holds exactly where ``condition`` does not."""
    assert isinstance(condition, Compare)  # noqa: S101 - conditions() returns nothing else
    opposites: dict[Comparison, Comparison] = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}
    return Compare(opposites[condition.operator], condition.left, condition.right)
