"""Detail rows in ledgers: a line for each row that counted, and which rows belong to some records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from attrs import evolve, field, frozen

from rulecore.contracts import Value
from rulecore.engines.decode import decode
from rulecore.engines.exact import Environment, ExactValue
from rulecore.explain.values import Words
from rulecore.explain.wording import translated
from rulecore.expr import nodes
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef, TableCall
from rulecore.language import N_
from rulecore.ledger.scope import Scope, Writer, bare
from rulecore.ledger.values import Entry, Line, LineKind
from rulecore.policy_results import ORDER, ROWS_OF_A_TABLE
from rulecore.records.details import OWNER
from rulecore.results import PolicyResults

ROWS: Final = "#rows:"
"""Stands before the name of a supplied value: under that name a record's values hold what its rows gave."""
TAKEN_APART: Final = ("sum", "mean")
NUMBERED: Final = N_("{table} no. {number}")
_NAMES: Final = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)


class RowValue(NamedTuple):
    """What one row gave that counted: what it is called, its number among the record's rows, its line, its value."""

    name: str
    number: int
    line: int | None
    value: Fraction


@frozen(kw_only=True)
class RowsBelow:
    """The rows of a detail table that belong to some records (or rows), as results of their own.

    ``owners`` has for each row the place, among those records, of the one it belongs to; ``positions`` where it stands
    among all rows of the table, ``lines`` where it was read, ``numbers`` its number among the rows of its record.
    """

    part: PolicyResults
    owners: Sequence[int] = field(repr=False)
    positions: Sequence[int] = field(repr=False)
    lines: Sequence[int] = field(repr=False)
    numbers: Sequence[int] = field(repr=False)

    def names(self) -> Sequence[str]:
        """Return what the policy calls each row (its ``row`` field); empty texts where it names none."""
        named = self.part.plan.policy.record.entity
        if not named:
            return [""] * len(self.owners)
        values = values_of(self.part, nodes.FieldRef(named))
        texts = (values(row) for row in range(len(self.owners)))
        return [text if isinstance(text, str) else "" if text is None else str(text) for text in texts]


def rows_below(root: PolicyResults, table: str, positions: Sequence[int]) -> RowsBelow:
    """Return the rows of a table that belong to the records (or rows) at these positions, in the input's order."""
    import polars as pl

    whole = root.tables[table]
    wanted = pl.Series(OWNER, positions, dtype=whole.records.schema[OWNER])
    own = whole.records[OWNER].is_in(wanted.implode()).arg_true()
    part = PolicyResults(plan=whole.table.plan, records=whole.records[own], steps=whole.steps[own])
    place = {position: at for at, position in enumerate(positions)}
    owners = [place[owner] for owner in part.records[OWNER].to_list()]
    counted: dict[int, int] = {}
    numbers = []
    for owner in owners:
        counted[owner] = counted.get(owner, 0) + 1
        numbers.append(counted[owner])
    return RowsBelow(
        part=part,
        owners=owners,
        positions=own.to_list(),
        lines=[order % ROWS_OF_A_TABLE for order in part.records[ORDER].to_list()],
        numbers=numbers,
    )


# --- what rows gave


def over_rows(node: Node) -> TableCall | None:
    """Return the call if a part is a sum or mean over detail rows, which has a line for each row."""
    match bare(node):
        case SuppliedRef(node=TableCall(function=function) as call) if function in TAKEN_APART:
            return call
        case _:
            return None


def rows_split(scope: Scope, node: Node, call: TableCall, kind: LineKind) -> Writer:
    """Return the lines of a sum or mean over detail rows; a mean's rows count with their share."""
    reference = bare(node)
    assert isinstance(reference, SuppliedRef)  # noqa: S101 - over_rows() found it
    line, key = scope.line(kind, node), f"{ROWS}{reference.name}"
    label = scope.known.table_labels[call.table]
    # A line is made once for all records whose rows are called alike.
    known: dict[str | int, Line] = {}
    whole = scope.number(node)

    def line_of(row: RowValue) -> Line:
        called: str | int = row.name or row.number
        if called not in known:
            words = (
                Words(zh=f"{label} {row.name}", en=f"{label} {row.name}")
                if row.name
                else translated(NUMBERED, table=label, number=str(row.number))
            )
            known[called] = evolve(line, label=words, table=call.table)
        return known[called]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        rows = _rows_of(environment.values, key)
        if not rows:
            value = whole(environment)
            return [Entry(line, value * factor, value, factor)]
        share = factor / len(rows) if call.function == "mean" else factor
        return [Entry(line_of(row), row.value * share, row.value, share, None, row.line) for row in rows]

    return write


def _rows_of(values: Mapping[str, ExactValue], key: str) -> tuple[RowValue, ...]:
    return values[key]  # type: ignore[return-value] # rows are kept beside values, under a name no value has


def given_rows(
    part: PolicyResults, count: int, below: Callable[[str], RowsBelow]
) -> dict[str, list[ExactValue]]:
    """Return what the rows of ``count`` records gave to their sums and means, by :data:`ROWS` names.

    ``below`` gives the rows of a table that belong to them.
    """
    found: dict[str, list[ExactValue]] = {}
    for value in part.plan.supplied:
        if isinstance(value.node, TableCall) and value.node.function in TAKEN_APART:
            column = _given(value.node, below(value.node.table), count)
            found[f"{ROWS}{value.name}"] = [tuple(rows) for rows in column]  # type: ignore[misc]
    return found


def _given(call: TableCall, below: RowsBelow, count: int) -> list[list[RowValue]]:
    operand = values_of(below.part, call.argument.node) if call.argument is not None else None
    met = values_of(below.part, call.where.node) if call.where is not None else None
    found: list[list[RowValue]] = [[] for _ in range(count)]
    named = zip(below.owners, below.names(), below.numbers, below.lines, strict=True)
    for row, (owner, name, number, line) in enumerate(named):
        value = operand(row) if operand is not None else None
        if isinstance(value, Fraction) and (met is None or met(row) is True):
            found[owner].append(RowValue(name, number, line, value))
    return found


def values_of(level: PolicyResults, node: Node) -> Callable[[int], Value]:
    """Return the function that gives an operand's value on a row."""
    if not isinstance(node, _NAMES):
        constant = constant_value(node)
        return lambda _row: constant
    types = {item.name: item.type for item in level.plan.inputs} | {
        step.name: step.type for step in level.plan.steps
    }
    frame = level.records if node.name in level.records.columns else level.steps
    return decode(frame[node.name], types[node.name]).__getitem__
