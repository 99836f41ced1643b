"""The smallest change that reaches the target: bounds exclude whole intervals, what is left is split, points are tried.

An interval of changes is excluded only if the bounds of the target over all of it hold no value that counts. So the
change that is found is the smallest, and "cannot" is shown for every value the field allows; where that would take
too long, it says how far it got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

MOST_INTERVALS: Final = 4_000
"""How many intervals are looked at for one direction of one input: a second or two."""


@frozen(kw_only=True)
class Found:
    """What a search found: the smallest distance that reaches, or None; all up to ``searched`` are decided."""

    distance: int | None
    searched: int
    complete: bool


def nearest(
    limit: int,
    excluded: Callable[[int, int], bool],
    reached: Callable[[int], bool],
    most_points: int,
) -> Found:
    """Return the smallest distance from 1 to ``limit`` that reaches the target.

    ``excluded(low, high)`` may only be true if no distance from ``low`` to ``high`` reaches it; ``reached`` is
    exact. At most ``most_points`` distances are tried exactly.
    """
    looked = points = 0
    for low, high in _doubling(limit):
        waiting = [(low, high)]
        while waiting:
            first, last = waiting.pop()
            if looked >= MOST_INTERVALS or (first == last and points >= most_points):
                return Found(distance=None, searched=first - 1, complete=False)
            looked += 1
            if excluded(first, last):
                continue
            if first == last:
                points += 1
                if reached(first):
                    return Found(distance=first, searched=first, complete=True)
                continue
            middle = (first + last) // 2
            waiting += [(middle + 1, last), (first, middle)]
    return Found(distance=None, searched=limit, complete=True)


def _doubling(limit: int) -> Iterator[tuple[int, int]]:
    """Yield intervals that cover 1 to ``limit``, each twice as long: most changes that reach are small."""
    low, length = 1, 1
    while low <= limit:
        high = min(low + length - 1, limit)
        yield low, high
        low, length = high + 1, length * 2
