"""The records of a case as exact values, each under the policy it was routed to.

What coverage and mutation run on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, field, frozen

from rulecore.contracts import Value
from rulecore.engines.decode import decode
from rulecore.engines.reference import Computed, compute
from rulecore.errors import Fault
from rulecore.planned import Plan
from rulecore.records.identity import ROW, written
from rulecore.records.outcome import CellValue
from rulecore.records.typed import type_tables
from rulecore.routing import route
from rulecore.testing.bind import BoundCase, Suite

Record = dict[str, Value]


@frozen(kw_only=True)
class Scope:
    """The records of a case that one policy applies to, in input order.

    ``typed`` are all records that could be read; ``refusals`` for each of them the reasons for which the
    policy refuses it; ``kept`` the positions in ``typed`` of the others. ``positions`` number them in the
    case, from 1.
    """

    number: int
    plan: Plan = field(repr=False)
    typed: tuple[Record, ...] = field(repr=False)
    positions: tuple[int, ...]
    entities: tuple[str, ...]
    periods: tuple[str, ...]
    refusals: tuple[tuple[str, ...], ...] = ()

    @property
    def kept(self) -> tuple[int, ...]:
        """The positions in ``typed`` of the records that are scored."""
        return tuple(index for index, reasons in enumerate(self.refusals) if not reasons)

    @property
    def records(self) -> list[Record]:
        """The records that are scored."""
        return [self.typed[index] for index in self.kept]

    def computed(self) -> Computed:
        """Return every step of the policy for the records that are scored."""
        return compute(self.plan, self.records)


def scopes(suite: Suite, case: BoundCase) -> tuple[tuple[Scope, ...], tuple[Fault, ...]]:
    """Return the scopes of a case, one for each policy that has records, and the notes on its columns.

    Raises :class:`rulecore.errors.InputError` where columns are missing.
    """
    plans = [suite.policies.plans[number] for number in case.plans]
    routed = route([case.table], plans, case.case.as_of)
    rows = {row: position for position, row in enumerate(case.table.rows.to_list(), start=1)}
    found: list[Scope] = []
    notes: list[Fault] = []
    for number, plan, share in zip(case.plans, plans, routed.tables, strict=True):
        if not share:
            continue
        record = plan.policy.record
        typed = type_tables(share, plan.fields, record.entity, record.period, record.key)
        notes += typed.notes
        columns = {item.name: decode(typed.frame[item.name], item.type) for item in plan.fields}
        records = tuple(
            dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
        )
        scope = Scope(
            number=number,
            plan=plan,
            typed=records,
            positions=tuple(rows[row] for row in typed.frame[ROW].to_list()),
            entities=_written(plan, record.entity, typed.frame[record.entity].to_list()),
            periods=_written(plan, record.period, typed.frame[record.period].to_list())
            if record.period
            else ("",) * len(records),
        )
        found.append(evolve(scope, refusals=refusals(plan, records)))
    return tuple(found), tuple(notes)


def refusals(plan: Plan, records: Sequence[Mapping[str, Value]]) -> tuple[tuple[str, ...], ...]:
    """Return for each record the reasons of ``[record] refuse`` that hold for it."""
    conditions = evolve(plan, steps=plan.refusal_rules, columns=())
    found = compute(conditions, records)
    return tuple(
        tuple(refusal.reason for refusal in plan.refusals if values[refusal.step] is True)
        for values in found.values
    )


def _written(plan: Plan, name: str, cells: Sequence[CellValue]) -> tuple[str, ...]:
    planned = next(item for item in plan.fields if item.name == name)
    return tuple(written(cell, planned) for cell in cells)
