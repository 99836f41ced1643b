"""Pools: an amount shared by weights, between floors and caps, in whole cents that add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from attrs import frozen

from rulecore.cohort.operands import (
    DECIMALS,
    TIE,
    Options,
    bounded,
    common,
    complete,
    number_types,
    numbers,
    units,
    whole,
)
from rulecore.cohort.sharing import at_level, level, units_by_weight, whole_units
from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.expr.types import FlagType, NumberType, Type
from rulecore.language import N_

_OPERANDS = ("weight", "amount", "cap_share", "floor")
_PARAMETERS = (
    FunctionParameter(name="weight"),
    FunctionParameter(name="amount"),
    FunctionParameter(name="cap_share", default=Fraction(1)),
    FunctionParameter(name="floor", default=Fraction(0)),
    FunctionParameter(name="cut_off", kind="text", default="re_share", choices=("re_share", "keep")),
    DECIMALS,
    TIE,
)

BY_WEIGHT = N_("share by weight")
CUT_OFF = N_("cut off at the cap")
RE_SHARED = N_("shared again: floors and caps of all")
WHOLE_UNITS = N_("made whole units, so that all parts add up")

Parts = tuple[tuple[str, Fraction], ...] | None
"""The named amounts that a record's part adds up from; None for a record without one."""


@frozen(kw_only=True)
class _Shared:
    """What a pool came to, for the rows of the cohort that take part, in whole units."""

    rows: tuple[int, ...]
    units: tuple[int | None, ...]
    capped: tuple[bool, ...]
    amount: Fraction
    by_weight: tuple[Fraction, ...]
    """What each would have by weight alone, without floors and caps, in units."""
    exact: tuple[Fraction, ...]
    """What each has once floors and caps are kept, before whole units are made of it."""
    caps: tuple[Fraction, ...]


def _shared(cohort: Cohort) -> _Shared | None:
    """Share the pool, or return None where nothing can be shared (see the page of share_pool)."""
    weight_column, amounts, cap_shares, floors = cohort.arguments
    all_weights = numbers(weight_column)
    rows = tuple(row for row, weight in enumerate(all_weights) if weight is not None)
    weights = [weight for weight in all_weights if weight is not None]
    amount = common([amounts[row] for row in rows])
    cap_parts = complete([cap_shares[row] for row in rows])
    lows = complete([floors[row] for row in rows])
    if amount is None or cap_parts is None or lows is None or amount < 0:
        return None
    together = sum(weights, Fraction(0))
    if min(weights) < 0 or together == 0 or min(*cap_parts, *lows) < 0:
        return None
    decimals = whole(cohort.options["decimals"])
    total = units(amount, decimals)
    caps = [Fraction(units(part * amount, decimals)) for part in cap_parts]
    least = [
        Fraction(ceil(low * 10**decimals)) if weight > 0 else Fraction(0)
        for low, weight in zip(lows, weights, strict=True)
    ]
    if sum(least) > total or any(low > cap for low, cap in zip(least, caps, strict=True)):
        return None
    # Without re-sharing the pool is shared as if there were no caps, and what they cut off stays in it.
    keeps = cohort.options["cut_off"] == "keep"
    limits = [Fraction(total)] * len(rows) if keeps else caps
    reached = level(Fraction(total), weights, least, limits)
    exact = at_level(reached, weights, least, limits)
    undecided = cohort.options["tie"] == "undecided"
    found = whole_units(exact, int(sum(exact, Fraction(0))), weights, undecided=undecided)
    return _Shared(
        rows=rows,
        units=tuple(
            None if value is None else min(value, int(cap)) for value, cap in zip(found, caps, strict=True)
        ),
        capped=tuple(
            weight > 0 and (reached is None or weight * reached > cap)
            for weight, cap in zip(weights, caps, strict=True)
        ),
        amount=amount,
        by_weight=tuple(weight * total / together for weight in weights),
        exact=tuple(exact),
        caps=tuple(caps),
    )


def _spread(cohort: Cohort, rows: Sequence[int], values: Sequence[Value]) -> list[Value]:
    found: list[Value] = [None] * cohort.size
    for row, value in zip(rows, values, strict=True):
        found[row] = value
    return found


def _by_weight_alone(cohort: Cohort) -> list[Value] | None:
    """Return each record's part of a pool that is shared without floors and caps; None leaves it to :func:`_shared`."""
    weight_column, amounts, cap_shares, floors = cohort.arguments
    if not (_all_are(cap_shares, 1) and _all_are(floors, 0)):
        return None
    rows = [row for row, weight in enumerate(weight_column) if weight is not None]
    known = complete([weight_column[row] for row in rows]) or [Fraction(0)]
    amount = common([amounts[row] for row in rows])
    if amount is None or amount < 0 or min(known) < 0 or not any(known):
        return None
    decimals = whole(cohort.options["decimals"])
    undecided = cohort.options["tie"] == "undecided"
    found, factor = units_by_weight(known, units(amount, decimals), undecided=undecided), 10**decimals
    return _spread(cohort, rows, [None if part is None else Fraction(part, factor) for part in found])


def _all_are(values: Sequence[Value], number: int) -> bool:
    # Mostly one constant for all, which is one object.
    first = values[0] if values else None
    return first == number and all(value is first or value == number for value in values)


def share(cohort: Cohort) -> list[Value]:
    """Return each record's part of the pool."""
    plain = _by_weight_alone(cohort)
    if plain is not None:
        return plain
    shared = _shared(cohort)
    if shared is None:
        return [None] * cohort.size
    factor = 10 ** whole(cohort.options["decimals"])
    parts = [None if part is None else Fraction(part, factor) for part in shared.units]
    return _spread(cohort, shared.rows, parts)


def share_parts(cohort: Cohort) -> list[Parts]:
    """Return what each record's part of the pool consists of: its share by weight, and what changed that."""
    shared = _shared(cohort)
    found: list[Parts] = [None] * cohort.size
    if shared is None:
        return found
    factor = 10 ** whole(cohort.options["decimals"])
    columns = zip(shared.rows, shared.units, shared.by_weight, shared.exact, shared.caps, strict=True)
    for row, units_, by_weight, exact, cap in columns:
        if units_ is None:
            continue
        inside = min(exact, cap)
        change = CUT_OFF if inside == cap and inside < by_weight else RE_SHARED
        parts = ((BY_WEIGHT, by_weight), (change, inside - by_weight), (WHOLE_UNITS, units_ - inside))
        found[row] = tuple((name, Fraction(amount) / factor) for name, amount in parts)
    return found


def capped(cohort: Cohort) -> list[Value]:
    """Return whether a record's part was cut off at its cap."""
    shared = _shared(cohort)
    return [None] * cohort.size if shared is None else _spread(cohort, shared.rows, shared.capped)


def left(cohort: Cohort) -> list[Value]:
    """Return what stays in the pool, the same for every record that takes part."""
    shared = _shared(cohort)
    if shared is None:
        return [None] * cohort.size
    decided = [part for part in shared.units if part is not None]
    if len(decided) < len(shared.units):
        return [None] * cohort.size
    rest = shared.amount - Fraction(sum(decided), 10 ** whole(cohort.options["decimals"]))
    return _spread(cohort, shared.rows, [rest] * len(shared.rows))


def share_type(types: tuple[Type, ...], options: Options) -> Type:
    """Return the type of a part of the pool."""
    amount = number_types(_OPERANDS, types)[1]
    _scale, high = bounded("amount", amount)
    return NumberType(
        scale=whole(options["decimals"]), low=Fraction(0), high=max(high, Fraction(0)), nullable=True
    )


def capped_type(types: tuple[Type, ...], _options: Options) -> Type:
    """Return the type of a flag that may be not applicable."""
    bounded("amount", number_types(_OPERANDS, types)[1])
    return FlagType(nullable=True)


def left_type(types: tuple[Type, ...], options: Options) -> Type:
    """Return the type of what is left: as fine as the amount or the parts, whichever is finer."""
    scale, high = bounded("amount", number_types(_OPERANDS, types)[1])
    scale = max(scale, whole(options["decimals"]))
    return NumberType(scale=scale, low=Fraction(0), high=max(high, Fraction(0)), nullable=True)


SHARE_POOL = CohortFunction(
    name="share_pool",
    aliases=("按权重分配",),
    summary=N_(
        "A record's part of an amount shared by weights, between floors and caps, in units that add up."
    ),
    parameters=_PARAMETERS,
    compute=share,
    result_type=share_type,
    parts=share_parts,
)
POOL_CAPPED = CohortFunction(
    name="pool_capped",
    aliases=("是否封顶",),
    summary=N_("Whether a record's part of a pool was cut off at its cap."),
    parameters=_PARAMETERS,
    compute=capped,
    result_type=capped_type,
)
POOL_LEFT = CohortFunction(
    name="pool_left",
    aliases=("分配余额",),
    summary=N_("What stays in a pool once everybody has their part."),
    parameters=_PARAMETERS,
    compute=left,
    result_type=left_type,
)
