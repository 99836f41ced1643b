"""What functions make of the rows of a record, over exact values in plain Python: the reference for every engine.

Rows that do not meet the condition are left out, and so are values that are not applicable. Without any row left a sum
is 0 and a count 0 (there is nothing to add), ``any`` is false, ``all`` true and a joined text empty; whatever needs a
value is not applicable. Where rows are left but none of their values is applicable, nothing is known: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cmp_to_key
from math import prod
from typing import Final

from rulecore.contracts import Value
from rulecore.engines.groups import compare
from rulecore.errors import InternalError
from rulecore.expr.supplied import TableCall

Options = Mapping[str, Fraction | str | bool]


def over_rows(
    call: TableCall,
    values: Sequence[Value] | None,
    met: Sequence[bool] | None,
    order: Sequence[Sequence[Value]],
    owners: Sequence[int],
    size: int,
) -> list[Value]:
    """Return what a call over rows gives each of ``size`` records.

    ``values`` are the rows' values of its argument, ``met`` whether each meets the condition (None: all do), ``order``
    the values of each key of its order, ``owners`` the record that each row belongs to.
    """
    rows: list[list[int]] = [[] for _ in range(size)]
    for row, owner in enumerate(owners):
        if met is None or met[row]:
            rows[owner].append(row)
    if call.function == "count" and values is None:
        return [Fraction(len(mine)) for mine in rows]
    if values is None:
        raise InternalError(f"{call.function} needs a value of each row")
    options, function = dict(call.options), _FUNCTIONS[call.function]
    found: list[Value] = []
    for mine in rows:
        if order and len(mine) > 1:
            mine = in_order(mine, order)
        found.append(function([values[row] for row in mine], options))
    return found


def in_order(rows: Sequence[int], order: Sequence[Sequence[Value]]) -> list[int]:
    """Return rows in the order of some keys, smallest first; what is not applicable comes last, equal rows stay."""

    def by_keys(first: int, second: int) -> int:
        for column in order:
            decided = compare(column[first], column[second], descending=False)
            if decided:
                return decided
        return 0

    return sorted(rows, key=cmp_to_key(by_keys))


def _numbers(values: Sequence[Value]) -> list[Fraction]:
    return [value for value in values if isinstance(value, Fraction)]


def _sum(values: Sequence[Value], _options: Options) -> Value:
    numbers = _numbers(values)
    return sum(numbers, Fraction(0)) if numbers or not values else None


def _product(values: Sequence[Value], _options: Options) -> Value:
    numbers = _numbers(values)
    return prod(numbers, start=Fraction(1)) if numbers or not values else None


def _count(values: Sequence[Value], _options: Options) -> Value:
    return Fraction(sum(1 for value in values if value is not None and value is not False))


def _count_distinct(values: Sequence[Value], _options: Options) -> Value:
    return Fraction(len({value for value in values if value is not None}))


def _mean(values: Sequence[Value], _options: Options) -> Value:
    numbers = _numbers(values)
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def _trimmed_mean(values: Sequence[Value], options: Options) -> Value:
    numbers = sorted(_numbers(values))
    kept = numbers[int(Fraction(options["low"])) : len(numbers) - int(Fraction(options["high"]))]
    return sum(kept, Fraction(0)) / len(kept) if kept else None


def _median(values: Sequence[Value], _options: Options) -> Value:
    numbers = sorted(_numbers(values))
    if not numbers:
        return None
    return (numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2


def _extreme(values: Sequence[Value], *, largest: bool) -> Value:
    best: Value = None
    for value in values:
        if value is not None and (best is None or compare(value, best, descending=largest) < 0):
            best = value
    return best


def _min(values: Sequence[Value], _options: Options) -> Value:
    return _extreme(values, largest=False)


def _max(values: Sequence[Value], _options: Options) -> Value:
    return _extreme(values, largest=True)


def _nth_largest(values: Sequence[Value], options: Options) -> Value:
    numbers, wanted = sorted(_numbers(values), reverse=True), int(Fraction(options["n"]))
    return numbers[wanted - 1] if len(numbers) >= wanted else None


def _sum_largest(values: Sequence[Value], options: Options) -> Value:
    numbers = sorted(_numbers(values), reverse=True)[: int(Fraction(options["n"]))]
    return sum(numbers, Fraction(0)) if numbers or not values else None


def _first(values: Sequence[Value], _options: Options) -> Value:
    return values[0] if values else None


def _last(values: Sequence[Value], _options: Options) -> Value:
    return values[-1] if values else None


def _join(values: Sequence[Value], options: Options) -> Value:
    return str(options["separator"]).join(value for value in values if isinstance(value, str) and value)


def _any(values: Sequence[Value], _options: Options) -> Value:
    return True if True in values else None if None in values else False


def _all(values: Sequence[Value], _options: Options) -> Value:
    return False if False in values else None if None in values else True


_FUNCTIONS: Final[Mapping[str, Callable[[Sequence[Value], Options], Value]]] = {
    "sum": _sum,
    "product": _product,
    "count": _count,
    "count_distinct": _count_distinct,
    "mean": _mean,
    "trimmed_mean": _trimmed_mean,
    "median": _median,
    "min": _min,
    "max": _max,
    "nth_largest": _nth_largest,
    "sum_largest": _sum_largest,
    "first": _first,
    "last": _last,
    "join": _join,
    "any": _any,
    "all": _all,
}
