"""Values that a level of a plan is given from elsewhere: from the record above, and from the rows below."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rulecore.codes import types as type_codes
from rulecore.expr.nodes import Node, RuleRef
from rulecore.expr.supplied import (
    OWN_RECORD,
    PARENT_MARK,
    RECORD_NUMBER,
    ParentValue,
    RowOrder,
    RowPart,
    SuppliedRef,
    TableCall,
)
from rulecore.expr.types import FlagType, NothingType, NumberType, Type
from rulecore.language import N_
from rulecore.plan.references import parts, row_parts
from rulecore.plan.row_types import Rows, row_call_type
from rulecore.planned import CohortStep, SuppliedValue
from rulecore.records.storage import storage

if TYPE_CHECKING:
    from rulecore.plan.assemble import Assembly, Draft

_NUMBER_OF_RECORDS: Final = NumberType(scale=0, low=Fraction(0), high=Fraction(10**12))


def supply_from_above(assembly: Assembly, reference: SuppliedRef, rule: str) -> Node:
    """Return the reference, once the value of the record above is among those that rows are given."""
    assert isinstance(reference.node, ParentValue)  # noqa: S101 - the only values named before they are supplied
    given = given_from_above(assembly, reference.node.name, rule, reference)
    return evolve(given, span=reference.span)


def given_from_above(
    assembly: Assembly, name: str, rule: str, reference: SuppliedRef | None = None
) -> SuppliedRef:
    """Return a value of the record above (its field, rule or own supplied value) as rows are given it."""
    above = assembly.above
    assert above is not None  # noqa: S101 - only rows of tables have a record above
    if name == RECORD_NUMBER:
        type_: Type = _NUMBER_OF_RECORDS
    else:
        if name.startswith(PARENT_MARK):
            given_from_above(above, name[len(PARENT_MARK) :], rule)
        type_ = above.types.get(name, NothingType())
    is_field = any(planned.name == name for planned in above.fields)
    node = ParentValue(name, is_field)
    column = f"{PARENT_MARK}{name}"
    if column not in assembly.types:
        assembly.types[column] = type_
        assembly.supplied.append(SuppliedValue(name=column, node=node, type=type_, rule=rule))
        _keep(above, name, type_)
    if isinstance(type_, NumberType) and not type_.exact and reference is not None:
        assembly.inference.fault(type_codes.INEXACT_VALUE, reference, what=N_("a value that detail rows use"))
    return SuppliedRef(column, node)


def _keep(level: Assembly, name: str, type_: Type) -> None:
    """See to it that the exact value of a rule is kept, if no integer column can hold it."""
    if isinstance(type_, NumberType) and storage(type_) is None and level.is_rule(name):
        level.ratios.add(name)


def supply_from_rows(assembly: Assembly, call: TableCall, name: str, draft: Draft) -> None:
    """Add the value of a call over rows to those that the record is given, its operands as rules of the table."""
    below = assembly.levels[call.table]
    assert below.declaration is not None  # noqa: S101 - only tables are below anything
    before = len(below.inference.faults)
    plain = _Operands(assembly, below, name, draft)
    argument = None if call.argument is None else RowPart(plain(call.argument.node, "value"))
    where = None if call.where is None else RowPart(plain(call.where.node, "where"))
    order = tuple(
        RowOrder(plain(key.node, f"order{index}"), key.descending) for index, key in enumerate(call.order)
    )
    made = evolve(call, argument=argument, where=where, order=order)
    if where is not None:
        below.inference.certain(where.node, N_("the condition of 'where'"))
    for key in order:
        if isinstance(below.inference.type_of(key.node), FlagType):
            below.inference.expect(key.node, N_("an order"), NumberType, N_("number"))
        below.inference.number(key.node, N_("an order"), exact=True) if isinstance(
            below.inference.type_of(key.node), NumberType
        ) else None
    rows = Rows(least=0 if where is not None else below.declaration.at_least, most=below.declaration.at_most)
    type_ = row_call_type(made, below.inference, rows)
    for part in row_parts(made):
        if isinstance(part, RuleRef):
            _keep(below, part.name, below.inference.type_of(part))
    # What is wrong was written in the record's rule: it is told at its place there.
    assembly.inference.faults += below.inference.faults[before:]
    del below.inference.faults[before:]
    assembly.types[name] = type_
    assembly.supplied.append(SuppliedValue(name=name, node=made, type=type_, rule=draft.name))


class _Operands:
    """Makes each expression over rows that is more than a name a hidden rule of the table."""

    def __init__(self, assembly: Assembly, below: Assembly, name: str, draft: Draft) -> None:
        self.assembly = assembly
        self.below = below
        self.name = name
        self.draft = draft

    def __call__(self, node: Node, what: str) -> Node:
        below, size = self.below, len(self.below.steps)
        draft = evolve(self.draft, name=f"{self.name}.{what}", node=node)
        lifted = below.lifted(draft)
        operand = below.plain(lifted, draft.name, draft, [])
        place = self.assembly.document.place(self.assembly.current, value=False)
        for index in range(size, len(below.steps)):
            step = below.steps[index]
            below.steps[index] = step if isinstance(step, CohortStep) else evolve(step, place=place)
        return operand


def looks_at_other_records(assembly: Assembly, node: Node) -> bool:
    """Whether an expression over rows compares those of one record with those of others."""
    pending = [(assembly, node)]
    seen: set[tuple[str, str]] = set()
    while pending:
        level, current = pending.pop()
        for part in parts(current):
            if isinstance(part, SuppliedRef) and isinstance(part.node, TableCall):
                below = level.levels[part.node.table]
                supplied = next(item for item in level.supplied if item.name == part.name)
                assert isinstance(supplied.node, TableCall)  # noqa: S101 - supplied as it was written
                for inner in row_parts(supplied.node):
                    pending.append((below, inner))
                    if any(_crosses(below, step) for step in below.needed(inner)):
                        return True
            elif isinstance(part, RuleRef) and (level.name, part.name) not in seen:
                seen.add((level.name, part.name))
                pending += [(level, step.node) for step in level.steps if step.name == part.name]
    return False


def _crosses(level: Assembly, step: object) -> bool:
    if not isinstance(step, CohortStep):
        return False
    return level.above is None or OWN_RECORD not in step.node.by
