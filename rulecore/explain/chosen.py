"""Which rows decided what a function made of them: all it added up, or the one that was the largest."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key

from rulecore.contracts import Value
from rulecore.engines.groups import compare
from rulecore.explain.values import RowState
from rulecore.expr.supplied import TableCall


def states(
    call: TableCall, values: Sequence[Value] | None, kept: Sequence[int], count: int
) -> list[RowState]:
    """Return the state of each of ``count`` rows; ``kept`` are those that meet the condition, in their order."""
    found: list[RowState] = ["left_out"] * count
    for row in kept:
        found[row] = "not_chosen"
        if values is not None and values[row] is None:
            found[row] = "not_applicable"
    for row in kept if values is None else _chosen(call, values, kept):
        found[row] = "counted"
    return found


def _chosen(call: TableCall, values: Sequence[Value], kept: Sequence[int]) -> Sequence[int]:
    options = dict(call.options)
    known = [row for row in kept if values[row] is not None]

    def by_value(*, largest: bool) -> list[int]:
        def order(first: int, second: int) -> int:
            return compare(values[first], values[second], descending=largest)

        return sorted(known, key=cmp_to_key(order))

    match call.function:
        case "first" | "last":
            return kept[:1] if call.function == "first" else kept[-1:]
        case "count":
            return [row for row in known if values[row] is not False]
        case "join":
            return [row for row in known if values[row] != ""]
        case "min" | "max":
            ranked = by_value(largest=call.function == "max")
            return [row for row in ranked if values[row] == values[ranked[0]]]
        case "nth_largest":
            nth = int(Fraction(options["n"]))
            return by_value(largest=True)[nth - 1 : nth]
        case "sum_largest":
            return by_value(largest=True)[: int(Fraction(options["n"]))]
        case "median":
            ranked = by_value(largest=False)
            return ranked[(len(ranked) - 1) // 2 : len(ranked) // 2 + 1] if ranked else []
        case "trimmed_mean":
            ranked = by_value(largest=False)
            return ranked[int(Fraction(options["low"])) : len(ranked) - int(Fraction(options["high"]))]
        case _:
            return known
