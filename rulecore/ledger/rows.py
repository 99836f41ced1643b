"""Sums and means over a record's detail rows taken apart: a line for each row that counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from attrs import evolve

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
from rulecore.records.details import OWNER
from rulecore.results import PolicyResults

ROWS: Final = "#rows:"
"""Stands before the name of a supplied value: under that name a record's values hold what its rows gave."""
TAKEN_APART: Final = ("sum", "mean")
NUMBERED: Final = N_("{table} no. {number}")
_NAMES: Final = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)


class RowValue(NamedTuple):
    """What one row gave that counted: what it is called (or its number among the record's rows), and its value."""

    name: str
    number: int
    value: Fraction


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
    label = next(table.label for table in scope.known.plan.tables if table.name == call.table)
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
            known[called] = evolve(line, label=words)
        return known[called]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        rows = _rows_of(environment.values, key)
        if not rows:
            value = whole(environment)
            return [Entry(line, value * factor, value, factor)]
        share = factor / len(rows) if call.function == "mean" else factor
        return [Entry(line_of(row), row.value * share, row.value, share) for row in rows]

    return write


def _rows_of(values: Mapping[str, ExactValue], key: str) -> tuple[RowValue, ...]:
    return values[key]  # type: ignore[return-value] # rows are kept beside values, under a name no value has


def given_rows(part: PolicyResults, first: int, count: int) -> dict[str, list[ExactValue]]:
    """Return what the rows of ``count`` records from ``first`` on gave to sums and means, by :data:`ROWS` names."""
    found: dict[str, list[ExactValue]] = {}
    for value in part.plan.supplied:
        if isinstance(value.node, TableCall) and value.node.function in TAKEN_APART:
            column = _given(part, value.node, first, count)
            found[f"{ROWS}{value.name}"] = [tuple(rows) for rows in column]  # type: ignore[misc]
    return found


def _given(part: PolicyResults, call: TableCall, first: int, count: int) -> list[list[RowValue]]:
    level = part.tables[call.table].part
    owners = level.records[OWNER].to_list()
    operand = _values(level, call.argument.node) if call.argument is not None else None
    met = _values(level, call.where.node) if call.where is not None else None
    named = level.plan.policy.record.entity
    names = _values(level, nodes.FieldRef(named)) if named else None
    found: list[list[RowValue]] = [[] for _ in range(count)]
    numbers = [0] * count
    for row, owner in enumerate(owners):
        at = owner - first
        if not 0 <= at < count:
            continue
        numbers[at] += 1
        value = operand(row) if operand is not None else None
        if isinstance(value, Fraction) and (met is None or met(row) is True):
            name = names(row) if names is not None else ""
            found[at].append(RowValue(name if isinstance(name, str) else str(name), numbers[at], value))
    return found


def _values(level: PolicyResults, node: Node) -> Callable[[int], Value]:
    """Return the function that gives an operand's value on a row."""
    if not isinstance(node, _NAMES):
        constant = constant_value(node)
        return lambda _row: constant
    types = {item.name: item.type for item in level.plan.inputs} | {
        step.name: step.type for step in level.plan.steps
    }
    frame = level.records if node.name in level.records.columns else level.steps
    return decode(frame[node.name], types[node.name]).__getitem__
