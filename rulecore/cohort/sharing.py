"""Shares by weight between floors and caps, and whole units by largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import floor, lcm
from typing import TypeVar

Rest = TypeVar("Rest", int, Fraction)


def level(
    amount: Fraction, weights: Sequence[Fraction], floors: Sequence[Fraction], caps: Sequence[Fraction]
) -> Fraction | None:
    """Return the level at which the shares ``weight × level``, between floor and cap, add up to the amount.

    It is what repeated re-sharing comes to: who is cut off at the cap stays there, and the others' level rises. None
    where the caps hold less than the amount: then everybody is at the cap. ``floors`` must fit into the amount and
    below the caps, and be 0 for a weight of 0.
    """
    points = [(low / weight, weight, low) for weight, low in _weighted(weights, floors)]
    points += [(high / weight, -weight, -high) for weight, high in _weighted(weights, caps)]
    points.sort(key=lambda point: point[0])
    fixed, moving = sum(floors, Fraction(0)), Fraction(0)  # below every point all stand on their floors
    highest = Fraction(0)
    for point, weight, bound in points:
        if moving > 0 and fixed + moving * point >= amount:
            return (amount - fixed) / moving
        fixed -= bound
        moving += weight
        highest = point
    return None if fixed < amount else highest


def at_level(
    reached: Fraction | None,
    weights: Sequence[Fraction],
    floors: Sequence[Fraction],
    caps: Sequence[Fraction],
) -> list[Fraction]:
    """Return each share at a level, None being above every cap; a weight of 0 has none."""
    return [
        Fraction(0) if weight == 0 else high if reached is None else min(max(weight * reached, low), high)
        for weight, low, high in zip(weights, floors, caps, strict=True)
    ]


def _weighted(weights: Sequence[Fraction], bounds: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
    return [(weight, bound) for weight, bound in zip(weights, bounds, strict=True) if weight > 0]


def whole_units(
    exact: Sequence[Fraction], total: int, larger: Sequence[Fraction], *, undecided: bool
) -> list[int | None]:
    """Return whole numbers that add up to ``total``: each rounded down, the rest one each by largest remainder.

    Equal remainders: the ``larger`` first, then the earlier one; or None for those still tied if ``undecided``
    and there is not one for each of them.
    """
    down = [floor(value) for value in exact]
    rests = [value - whole for value, whole in zip(exact, down, strict=True)]
    return by_remainders(down, rests, total, larger, undecided=undecided)


def units_by_weight(weights: Sequence[Fraction], total: int, *, undecided: bool) -> list[int | None]:
    """Return what :func:`whole_units` gives for shares by weights alone, in whole numbers and so several times faster.

    No weight is below 0, and one is above.
    """
    scale = lcm(*(weight.denominator for weight in weights))
    sizes = [weight.numerator * (scale // weight.denominator) for weight in weights]
    together = sum(sizes)
    down = [size * total // together for size in sizes]
    rests = [size * total % together for size in sizes]
    return by_remainders(down, rests, total, sizes, undecided=undecided)


def by_remainders(
    down: Sequence[int],
    rests: Sequence[Rest],
    total: int,
    larger: Sequence[Rest],
    *,
    undecided: bool,
) -> list[int | None]:
    """Return numbers rounded ``down`` with what is missing to ``total`` added, one each by largest remainder."""
    found: list[int | None] = [*down]
    left = total - sum(down)
    standings = list(zip(rests, larger, strict=True))
    rows = [row for row, rest in enumerate(rests) if rest > 0]
    rows.sort(key=standings.__getitem__, reverse=True)
    for _standing, tied in groupby(rows, key=standings.__getitem__):
        group = list(tied)
        split = undecided and 0 < left < len(group)
        for position, row in enumerate(group):
            if split:
                found[row] = None
            elif position < left:
                found[row] = down[row] + 1
        left = max(left - len(group), 0)
    return found
