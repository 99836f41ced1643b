"""Ties that a decision puts in order: only records that are tied, and all of them, each at a place of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rulecore.adjustments.matching import Match, named
from rulecore.codes import adjustments as codes
from rulecore.errors import Fault
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.nodes import Node, Rank
from rulecore.expr.supplied import SuppliedRef
from rulecore.language import N_
from rulecore.levels import Computed
from rulecore.phrase import phrase
from rulecore.planned import CohortStep, Plan
from rulecore.policy.words import listed

if TYPE_CHECKING:
    import polars as pl

KEY = "#key"


def tie_faults(
    plan: Plan, section: str, matches: Sequence[Match], computed: Computed, name_of: Callable[[int], str]
) -> Iterator[Fault]:
    """Yield what is wrong with the order that decisions of one section give to records of a level.

    ``computed`` is the level with the decisions applied, ``name_of`` gives what a record (or row) is called.
    """
    by_row = {match.row: match for match in matches}
    tied: set[int] = set()
    told: set[tuple[str, tuple[int, ...]]] = set()
    for step in tied_steps(plan, section):
        for group in _groups(step.node, computed, [*by_row]):
            tied |= set(group)
            decided = [by_row[row] for row in group if row in by_row]
            lacking = [name_of(row) for row in group if row not in by_row]
            reason = None
            if lacking:
                reason = phrase(
                    N_("these are tied with it and have no place: {names}"), names=listed(lacking)
                )
            elif len({_place(computed, section, match.row) for match in decided}) < len(decided):
                names = listed(name_of(row) for row in group)
                reason = phrase(N_("two of those tied have the same place: {names}"), names=names)
            key = (str(reason), tuple(sorted(group)))
            if reason is not None and key not in told:
                told.add(key)
                yield _fault(decided[0], reason)
    for match in matches:
        if match.row not in tied:
            yield _fault(match, phrase(N_("it is tied with no other record")))


def tied_steps(plan: Plan, section: str) -> Iterator[CohortStep]:
    """Yield the ranks of a plan that a section's decisions take part in."""
    for step in plan.steps:
        node = step.node
        if isinstance(node, Rank) and any(_section(key.operand) == section for key in node.keys):
            assert isinstance(step, CohortStep)  # noqa: S101 - ranks are steps of their own
            yield step


def _section(node: Node) -> str:
    if isinstance(node, SuppliedRef) and isinstance(node.node, AdjustedValue):
        return node.node.section
    return ""


def _place(computed: Computed, section: str, row: int) -> object:
    column = next(name for name in computed.inputs.columns if name.startswith(f"adjusted:{section}:"))
    return computed.inputs[column][row]


def _fault(match: Match, reason: object) -> Fault:
    values = {"number": match.decision.number, "entity": named(match.decision), "reason": reason}
    return Fault(code=codes.TIE, values=values, place=match.decision.place)


def _groups(node: object, computed: Computed, rows: Sequence[int]) -> Iterator[list[int]]:
    """Yield the records that are equal in all but the decided order, of those groups that have any of some rows."""
    import polars as pl

    assert isinstance(node, Rank)  # noqa: S101 - asked for ranks only
    keys = [key.operand for key in node.keys if not _section(key.operand)]
    columns: dict[str, pl.Series] = {}
    for index, operand in enumerate((*keys, *node.by)):
        column = _column(operand, computed)
        if column is not None:
            columns[f"{KEY}{index}"] = column
    frame = pl.DataFrame([column.alias(name) for name, column in columns.items()]).with_row_index("#row")
    first, where = columns.get(f"{KEY}0"), _column(node.where, computed) if node.where is not None else None
    takes_part = pl.lit(value=True)
    if first is not None:
        takes_part &= pl.lit(first.is_not_null())
    if where is not None:
        takes_part &= pl.lit(where)
    frame = frame.filter(takes_part)
    chosen = frame.filter(pl.col("#row").is_in([*rows])).select(*columns).unique()
    if not columns or not chosen.height:
        return
    alike = frame.join(chosen, on=[*columns], how="semi", nulls_equal=True)
    for group in alike.group_by([*columns], maintain_order=True).agg("#row")["#row"].to_list():
        if len(group) > 1:
            yield group


def _column(operand: Node, computed: Computed) -> pl.Series | None:
    """Return the column of an operand; None for a constant, which tells no records apart."""
    name = getattr(operand, "name", "")
    for frame in (computed.inputs, computed.steps):
        if name in frame.columns:
            return frame[name]
    return None
