"""Ranks, counts and cohort functions over exact values in plain Python: the reference for every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cmp_to_key

from rulecore.contracts import Cohort, CohortFunction, Unsettled, Value
from rulecore.errors import InternalError
from rulecore.expr.nodes import CohortCall, CohortCount, Rank

Groups = dict[tuple[Value, ...], list[int]]


def grouped(by: Sequence[Sequence[Value]], size: int) -> Groups:
    """Return the row numbers of each group; a row with a part that is not applicable belongs to none."""
    groups: Groups = {}
    for row in range(size):
        key = tuple(column[row] for column in by)
        if None not in key:
            groups.setdefault(key, []).append(row)
    return groups


def rank_rows(
    node: Rank, keys: Sequence[Sequence[Value]], groups: Groups, met: Sequence[bool], size: int
) -> tuple[list[Value], list[bool]]:
    """Return each row's rank (None without one) and whether an ordinal rank failed on a full tie."""
    ranks: list[Value] = [None] * size
    tied = [False] * size
    directions = [key.descending for key in node.keys]
    for rows in groups.values():
        taking_part = [row for row in rows if met[row] and keys[0][row] is not None]
        _rank_group(node.method, taking_part, keys, directions, ranks, tied)
    return ranks, tied


def _rank_group(
    method: str,
    rows: list[int],
    keys: Sequence[Sequence[Value]],
    directions: Sequence[bool],
    ranks: list[Value],
    tied: list[bool],
) -> None:
    def order(first: int, second: int) -> int:
        for column, descending in zip(keys, directions, strict=True):
            decided = compare(column[first], column[second], descending=descending)
            if decided:
                return decided
        return 0

    ordered = sorted(rows, key=cmp_to_key(order))
    position = dense = 0
    while position < len(ordered):
        end = position + 1
        while end < len(ordered) and order(ordered[position], ordered[end]) == 0:
            end += 1
        dense += 1
        rank = {"min": position + 1, "max": end, "dense": dense, "ordinal": position + 1}[method]
        for row in ordered[position:end]:
            tied[row] = method == "ordinal" and end - position > 1
            ranks[row] = None if tied[row] else Fraction(rank)
        position = end


def compare(first: Value, second: Value, *, descending: bool) -> int:
    """Return −1 if ``first`` comes before ``second``; what is not applicable comes last."""
    if first is None or second is None:
        return (first is None) - (second is None)
    if first == second:
        return 0
    return -1 if _less(second, first) == descending else 1


def _less(first: Value, second: Value) -> bool:
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        return first < second
    if isinstance(first, str) and isinstance(second, str):
        return first < second
    if isinstance(first, date) and isinstance(second, date):
        return first < second
    raise InternalError(f"{first!r} and {second!r} have no order")


def count_rows(_node: CohortCount, groups: Groups, met: Sequence[bool], size: int) -> list[Value]:
    """Return for each row how many rows of its group meet the condition."""
    counts: list[Value] = [None] * size
    for rows in groups.values():
        count = Fraction(sum(met[row] for row in rows))
        for row in rows:
            counts[row] = count
    return counts


def call_rows(
    node: CohortCall,
    functions: Mapping[str, CohortFunction],
    arguments: Sequence[Sequence[Value]],
    groups: Groups,
    met: Sequence[bool],
    size: int,
) -> tuple[list[Value], list[str]]:
    """Return what a cohort function gives each row, and the reason why it left a row unsettled ("" if not).

    Rows that do not meet the condition get None.
    """
    function = functions[node.function]
    results: list[Value] = [None] * size
    reasons = [""] * size
    for rows in groups.values():
        taking_part = [row for row in rows if met[row]]
        if not taking_part:
            continue
        cohort = Cohort(
            arguments=tuple(tuple(column[row] for row in taking_part) for column in arguments),
            options=dict(node.options),
            size=len(taking_part),
        )
        values = function.compute(cohort)
        if len(values) != len(taking_part):
            raise InternalError(f"{node.function} gave {len(values)} values for {len(taking_part)} records")
        for row, value in zip(taking_part, values, strict=True):
            if isinstance(value, Unsettled):
                reasons[row] = value.reason
            else:
                results[row] = value
    undeclared = {reason for reason in reasons if reason} - set(function.issues)
    if undeclared:
        raise InternalError(f"{node.function} does not list its issues {sorted(undeclared)}")
    return results, reasons
