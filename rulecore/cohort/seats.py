"""Whole seats by votes: divisor methods compared exactly, and the largest remainder.

Sources: Huntington-Hill, 2 U.S.C. § 2a(a) with p ÷ √(n(n+1)); Webster (Sainte-Laguë) v ÷ (n + ½); D'Hondt (Jefferson)
v ÷ (n + 1); Hamilton (Hare-Niemeyer) is the largest remainder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heapreplace

from rulecore.cohort.operands import TIE, Options, bounded, common, number_types, numbers
from rulecore.cohort.sharing import whole_units
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_

_OPERANDS = ("votes", "seats", "minimum", "threshold")

# The square of the divisor of the seat after n; squares, so that the root of Huntington-Hill is never taken.
_SQUARED_DIVISORS: dict[str, Callable[[int], Fraction]] = {
    "huntington_hill": lambda held: Fraction(held * (held + 1)),
    "webster": lambda held: (held + Fraction(1, 2)) ** 2,
    "dhondt": lambda held: Fraction((held + 1) ** 2),
}

QUOTA = N_("exact share of the seats by votes")
METHOD = N_("made whole seats by the method")


def seats(cohort: Cohort) -> list[Value]:
    """Return each record's seats."""
    columns = [numbers(column) for column in cohort.arguments]
    rows = [row for row, votes in enumerate(columns[0]) if votes is not None]
    votes = [value for value in columns[0] if value is not None]
    total, least, threshold = (common([column[row] for row in rows]) for column in columns[1:])
    found: list[Value] = [None] * cohort.size
    if total is None or least is None or threshold is None or min(votes) < 0 or sum(votes) == 0:
        return found
    if any(value < 0 or value.denominator != 1 for value in (total, least)):
        return found
    needed = threshold * sum(votes)
    inside = [place for place, value in enumerate(votes) if value >= needed]
    if not inside or least * len(inside) > total or sum(votes[place] for place in inside) == 0:
        return found
    given = _given([votes[place] for place in inside], int(total), int(least), cohort.options)
    for row in rows:
        found[row] = Fraction(0)
    for place, seats_of in zip(inside, given, strict=True):
        found[rows[place]] = None if seats_of is None else Fraction(seats_of)
    return found


def _given(votes: Sequence[Fraction], total: int, least: int, options: Options) -> list[int | None]:
    undecided = options["tie"] == "undecided"
    if options["method"] == "hamilton":
        # The minimum comes first; what is left of the seats is shared by the votes.
        left = total - least * len(votes)
        a_vote = Fraction(left) / sum(votes)
        quotas = [value * a_vote for value in votes]
        found = whole_units(quotas, left, [Fraction(0)] * len(votes), undecided=undecided)
        return [None if extra is None else least + extra for extra in found]
    return _by_divisors(votes, total, least, _SQUARED_DIVISORS[str(options["method"])], undecided=undecided)


def _by_divisors(
    votes: Sequence[Fraction], total: int, least: int, squared: Callable[[int], Fraction], *, undecided: bool
) -> list[int | None]:
    """Give the seats one after the other to the highest quotient; a divisor of 0 comes before all others."""

    def priority(row: int) -> tuple[bool, Fraction]:
        divisor = squared(held[row])
        return divisor != 0, -votes[row] if divisor == 0 else -(votes[row] ** 2) / divisor

    held = [least] * len(votes)
    waiting = [(priority(row), row) for row, value in enumerate(votes) if value > 0]
    heapify(waiting)
    last: tuple[bool, Fraction] | None = None
    receivers: list[int] = []
    for _seat in range(total - least * len(votes)):
        standing, row = waiting[0]
        receivers = [*receivers, row] if standing == last else [row]
        last = standing
        held[row] += 1
        heapreplace(waiting, (priority(row), row))
    found: list[int | None] = list(held)
    while undecided and waiting and waiting[0][0] == last:
        receivers.append(heappop(waiting)[1])
        for row in receivers:
            found[row] = None
    return found


def seats_parts(cohort: Cohort) -> list[tuple[tuple[str, Fraction], ...] | None]:
    """Return for each record its exact share of the seats by votes, and what the method made of it."""
    votes, totals = numbers(cohort.arguments[0]), numbers(cohort.arguments[1])
    every = sum((value for value in votes if value is not None), Fraction(0))
    found: list[tuple[tuple[str, Fraction], ...] | None] = []
    for value, cast, total in zip(seats(cohort), votes, totals, strict=True):
        if isinstance(value, Fraction) and cast is not None and total is not None:
            quota = total * cast / every
            found.append(((QUOTA, quota), (METHOD, value - quota)))
        else:
            found.append(None)
    return found


def seats_type(types: tuple[Type, ...], _options: Options) -> Type:
    """Return the type of seats: whole, at most all of them."""
    _votes, total, least, threshold = number_types(_OPERANDS, types)
    _scale, high = bounded("seats", total)
    if least.low is not None and least.low < 0:
        raise ValueError("minimum must not be negative")
    if threshold.high is None or threshold.high > 1:
        raise ValueError("threshold must be a part of the votes, at most 1 (5% is 0.05)")
    return NumberType(scale=0, low=Fraction(0), high=max(high, Fraction(0)), nullable=True)


APPORTION = CohortFunction(
    name="apportion",
    aliases=("席位分配", "名额分配"),
    summary=N_("Whole seats by votes: Huntington-Hill, Webster, D'Hondt or Hamilton."),
    parameters=(
        FunctionParameter(name="votes"),
        FunctionParameter(name="seats"),
        FunctionParameter(
            name="method",
            kind="text",
            default="hamilton",
            choices=("hamilton", "dhondt", "webster", "huntington_hill"),
        ),
        FunctionParameter(name="minimum", default=Fraction(0)),
        FunctionParameter(name="threshold", default=Fraction(0)),
        TIE,
    ),
    compute=seats,
    result_type=seats_type,
    parts=seats_parts,
)
