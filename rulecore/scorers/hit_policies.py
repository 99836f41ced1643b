"""The hit policies of decision tables: what one, several or no rows hit give (DMN, section 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final, Literal

from attrs import frozen

from rulecore.contracts import LiteralNode
from rulecore.expr.nodes import (
    Branch,
    Compare,
    Concatenate,
    Conditional,
    Count,
    IsApplicable,
    Node,
    NotApplicable,
    Step,
    Total,
    Undecided,
)
from rulecore.language import N_
from rulecore.scorers.building import both, either, number, same

HitPolicy = Literal["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"]

NEEDS_PRIORITIES: Final = ("P", "O")
WANTED_KINDS: Final[dict[HitPolicy, str]] = {
    "R": N_("text"),
    "O": N_("text"),
    "C": N_("text"),
    "C+": N_("number"),
    "C<": N_("number"),
    "C>": N_("number"),
}
"""The kind of output that a hit policy can join or compute with; the others take any."""

Hits = Literal["one", "agreeing", "first", "several"]
HITS: Final[dict[HitPolicy, Hits]] = {
    "U": "one",
    "A": "agreeing",
    "F": "first",
    "P": "several",
    "R": "several",
    "O": "several",
    "C": "several",
    "C+": "several",
    "C<": "several",
    "C>": "several",
    "C#": "several",
}
"""How many rows a hit policy means to be hit; gaps and overlaps are faults or not accordingly."""


@frozen
class Row:
    """One row: the condition under which it is hit, and its output."""

    hit: Node
    output: LiteralNode


@frozen
class Table:
    """The rows, what no hit gives, the outputs from the highest priority down, the separator of texts."""

    rows: tuple[Row, ...]
    none: Node
    priorities: tuple[LiteralNode, ...]
    separator: str

    def priority(self, row: Row) -> int:
        """Return the place of the row's output among the priorities."""
        return next(place for place, output in enumerate(self.priorities) if same(output, row.output))


def first(table: Table) -> Node:
    """F: the output of the first row that is hit, unless it is not known whether an earlier one is."""
    return _chosen(table.rows, table.none)


def unique(table: Table) -> Node:
    """U: the output of the only row that is hit; several are the issue ``several_rows``."""
    several = Branch(_more_than(row.hit for row in table.rows), Undecided("several_rows"))
    return _known(table.rows, _chosen(table.rows, table.none, several))


def any_of(table: Table) -> Node:
    """Return, for A, the output that all rows hit agree on; else the issue is ``rows_disagree``."""
    merged = _merged(table.rows)
    disagree = Branch(_more_than(row.hit for row in merged), Undecided("rows_disagree"))
    return _known(table.rows, _chosen(merged, table.none, disagree))


def priority(table: Table) -> Node:
    """P: the output of highest priority among the rows that are hit."""
    return _known(table.rows, _chosen(sorted(table.rows, key=table.priority), table.none))


def rule_order(table: Table) -> Node:
    """R and C: the outputs of all rows hit, in the order of the rows, joined."""
    return _known(table.rows, _joined(table.rows, table))


def output_order(table: Table) -> Node:
    """O: the outputs of all rows hit, from the highest priority down, joined."""
    return _known(table.rows, _joined(sorted(table.rows, key=table.priority), table))


def total(table: Table) -> Node:
    """C+: the sum of the outputs of all rows hit."""
    terms = tuple(Conditional((Branch(row.hit, row.output),), NotApplicable()) for row in table.rows)
    return _known(table.rows, _if_any(table, Step(N_("sum of the outputs"), Total(terms))))


def smallest(table: Table) -> Node:
    """C<: the smallest output among the rows hit."""
    return _known(table.rows, _chosen(sorted(table.rows, key=_number), table.none))


def largest(table: Table) -> Node:
    """C>: the largest output among the rows hit."""
    return _known(table.rows, _chosen(sorted(table.rows, key=_number, reverse=True), table.none))


def count(table: Table) -> Node:
    """C#: how many rows are hit; 0 for none."""
    return _known(table.rows, Step(N_("rows hit"), Count(tuple(row.hit for row in table.rows))))


HIT_POLICIES: Final[dict[HitPolicy, Callable[[Table], Node]]] = {
    "U": unique,
    "A": any_of,
    "P": priority,
    "F": first,
    "R": rule_order,
    "O": output_order,
    "C": rule_order,
    "C+": total,
    "C<": smallest,
    "C>": largest,
    "C#": count,
}


def _chosen(rows: Iterable[Row], none: Node, *before: Branch) -> Node:
    """Return the output of the first of the rows that is hit."""
    return Conditional((*before, *(Branch(row.hit, row.output) for row in rows)), none)


def _known(rows: tuple[Row, ...], value: Node) -> Node:
    """Return ``value`` where every row is known to be hit or not: not applicable is never "not hit"."""
    decided = [IsApplicable(row.hit) for row in rows if not isinstance(row.hit, LiteralNode)]
    return Conditional((Branch(both(decided), value),), NotApplicable()) if decided else value


def _more_than(hits: Iterable[Node]) -> Node:
    return Compare(">", Step(N_("rows hit"), Count(tuple(hits))), number(1))


def _merged(rows: Iterable[Row]) -> list[Row]:
    """Return one row for each output, hit where any of its rows is."""
    outputs: list[tuple[LiteralNode, list[Node]]] = []
    for row in rows:
        hits = next((hits for output, hits in outputs if same(output, row.output)), None)
        if hits is None:
            outputs.append((row.output, [row.hit]))
        else:
            hits.append(row.hit)
    return [Row(either(hits), output) for output, hits in outputs]


def _joined(rows: Iterable[Row], table: Table) -> Node:
    texts = tuple(Conditional((Branch(row.hit, row.output),), NotApplicable()) for row in rows)
    return _if_any(table, Concatenate(texts, table.separator))


def _if_any(table: Table, value: Node) -> Node:
    return Conditional((Branch(either(row.hit for row in table.rows), value),), table.none)


def _number(row: Row) -> Fraction:
    assert isinstance(row.output.value, Fraction)  # noqa: S101 - the scorer refuses other outputs
    return row.output.value
