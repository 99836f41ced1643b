"""Budget envelopes filled in order: who is funded, and what was left when a record's turn came."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from rulecore.cohort.operands import TIE, Options, bounded, common, number_types, numbers
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import FlagType, NumberType, Type
from rulecore.language import N_

_OPERANDS = ("cost", "order", "envelope")
_PARAMETERS = (
    FunctionParameter(name="cost"),
    FunctionParameter(name="order"),
    FunctionParameter(name="envelope"),
    FunctionParameter(name="mode", kind="text", default="skip", choices=("skip", "stop")),
    TIE,
)

Turn = tuple[int, bool | None, Fraction | None]
"""A row, whether it is funded, and what was left before it; None where it cannot be decided."""


def _turns(cohort: Cohort) -> list[Turn]:
    """Return the turns of the rows that take part, in their order; none where the envelope is not one number."""
    costs, orders, envelopes = cohort.arguments
    known = [
        (order, row, cost)
        for row, (cost, order) in enumerate(zip(numbers(costs), numbers(orders), strict=True))
        if cost is not None and order is not None
    ]
    left = common([envelopes[row] for _order, row, _cost in known])
    if left is None or left < 0 or any(cost < 0 for _order, _row, cost in known):
        return []
    filling = _Filling(left, stop=cohort.options["mode"] == "stop")
    first = cohort.options["tie"] == "first"
    for _key, tied in groupby(sorted(known), key=lambda turn: turn[:2] if first else turn[:1]):
        filling.take([(row, cost) for _order, row, cost in tied])
    return filling.turns


class _Filling:
    """An envelope while it is filled."""

    def __init__(self, left: Fraction, *, stop: bool) -> None:
        self.left: Fraction | None = left
        self.stop = stop
        self.stopped = False
        self.turns: list[Turn] = []

    def take(self, tied: Sequence[tuple[int, Fraction]]) -> None:
        """Take the turn of the rows that stand at one place: usually one, several where the order left a tie."""
        left = self.left
        if left is None:
            self.turns += [(row, None, None) for row, _cost in tied]
            return
        fitting = [cost for _row, cost in tied if cost <= left]
        total = sum(fitting, Fraction(0))
        in_any_order = len(fitting) == len(tied) or not self.stop  # who does not fit ends it where it stops
        if self.stopped or not fitting:
            self.stopped = self.stopped or self.stop
            self.turns += [(row, False, left) for row, _cost in tied]
        elif total <= left and in_any_order:
            for row, cost in tied:
                others = total - cost if cost <= left else total
                self.turns.append((row, cost <= left, left if others == 0 else None))
            self.left = left - total
        else:  # which of them is funded, and so what is left for the others, nobody said
            self.turns += [(row, None, None) for row, _cost in tied]
            self.left = None


def funded(cohort: Cohort) -> list[Value]:
    """Return whether each record is funded."""
    found: list[Value] = [None] * cohort.size
    for row, given, _before in _turns(cohort):
        found[row] = given
    return found


def left(cohort: Cohort) -> list[Value]:
    """Return what was left of the envelope before each record's turn."""
    found: list[Value] = [None] * cohort.size
    for row, _given, before in _turns(cohort):
        found[row] = before
    return found


def funded_type(types: tuple[Type, ...], _options: Options) -> Type:
    """Return the type of a flag that may be not applicable."""
    number_types(_OPERANDS, types)
    return FlagType(nullable=True)


def left_type(types: tuple[Type, ...], _options: Options) -> Type:
    """Return the type of the rest: as fine as the envelope and the costs, at most the envelope."""
    cost, _order, envelope = number_types(_OPERANDS, types)
    if cost.scale is None:
        raise ValueError("cost has no known number of decimals; round it first")
    scale, high = bounded("envelope", envelope)
    return NumberType(
        scale=max(scale, cost.scale), low=Fraction(0), high=max(high, Fraction(0)), nullable=True
    )


FILL_ENVELOPE = CohortFunction(
    name="fill_envelope",
    aliases=("额度内入选",),
    summary=N_("Whether a record is funded when an envelope is filled in order."),
    parameters=_PARAMETERS,
    compute=funded,
    result_type=funded_type,
)
ENVELOPE_LEFT = CohortFunction(
    name="envelope_left",
    aliases=("剩余额度",),
    summary=N_("What is left of an envelope when a record's turn comes."),
    parameters=_PARAMETERS,
    compute=left,
    result_type=left_type,
)
