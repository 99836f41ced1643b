"""Which rows of a table fit a policy: its conditions and its effective days, tested on whole columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import field as attribute
from attrs import frozen

from rulecore.contracts import RawTable
from rulecore.declarations import Scalar
from rulecore.errors import Fault
from rulecore.planned import Plan, PlannedField
from rulecore.records.cells import cell_rules, read_declared
from rulecore.records.columns import BadCell, type_column
from rulecore.records.headers import match_headers
from rulecore.records.outcome import CellValue
from rulecore.records.periods import Days, period_days
from rulecore.records.storage import storage

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class Candidate:
    """A plan beside a table: for each row whether it applies, is in force, and both (``fits``).

    ``period_known`` is None where the plan's effective days do not depend on the record. ``conditions`` are
    the fields of ``applies_to``, ``bad`` their refused cells by position; ``positions`` the columns of
    these, of the entity and of the period (``period`` is its field, empty if it does not matter).
    ``faults``: deciding columns that are missing.
    """

    plan: Plan
    conditions: tuple[str, ...]
    period: str
    positions: Mapping[str, int | None]
    applies: pl.Series = attribute(eq=False)
    period_known: pl.Series | None = attribute(eq=False)
    fits: pl.Series = attribute(eq=False)
    bad: Mapping[str, Mapping[int, BadCell]] = attribute(eq=False)
    faults: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        """Return the policy's name and version."""
        header = self.plan.policy.policy
        return f"{header.name} {header.version}"


def limited(plan: Plan) -> bool:
    """Return whether a plan holds on certain days only."""
    effective = plan.policy.policy.effective
    return effective.from_ is not None or effective.until is not None


def covers(plan: Plan, days: Days) -> bool:
    """Return whether a plan is in force on all the days of a period."""
    effective = plan.policy.policy.effective
    first, last = days
    return (effective.from_ is None or effective.from_ <= first) and (
        effective.until is None or last <= effective.until
    )


def candidate_for(table: RawTable, plan: Plan, as_of: date | None) -> Candidate:
    """Return which rows of a table fit a plan."""
    import polars as pl

    conditions = plan.policy.policy.applies_to
    record = plan.policy.record
    period = record.period if limited(plan) else ""
    deciding = {*conditions, period}
    fields = {field.name: field for field in plan.fields if field.name in {*deciding, record.entity}}
    match = match_headers(table.headers, list(fields.values()), table.file, table.sheet)
    faults = tuple(fault for fault in match.faults if fault.values.get("field") in deciding)
    height = table.rows.len()
    applies = pl.repeat(not faults, height, dtype=pl.Boolean, eager=True)
    bad: dict[str, dict[int, BadCell]] = {}
    for name, allowed in conditions.items():
        typed = type_column(_cells(table, match.positions.get(name)), fields[name])
        bad[name] = {cell.position: cell for cell in typed.bad}
        applies = applies & _is_one_of(typed.values, allowed, fields[name])
    known, in_force = None, pl.repeat(True, height, dtype=pl.Boolean, eager=True)
    if period:
        values = type_column(_cells(table, match.positions[period]), fields[period]).values
        known, in_force = _in_force(values, plan, fields[period])
    elif limited(plan) and as_of is not None:
        in_force = pl.repeat(covers(plan, (as_of, as_of)), height, dtype=pl.Boolean, eager=True)
    return Candidate(
        plan=plan,
        conditions=tuple(conditions),
        period=period,
        positions=match.positions,
        applies=applies,
        period_known=known,
        fits=applies & in_force,
        bad=bad,
        faults=faults,
    )


def _cells(table: RawTable, position: int | None) -> pl.Series:
    import polars as pl

    if position is None:
        return pl.repeat(None, table.rows.len(), dtype=pl.String, eager=True)
    return table.frame.to_series(position)


def _is_one_of(values: pl.Series, allowed: Sequence[Scalar], field: PlannedField) -> pl.Series:
    """Return which typed values are among those the policy names; not applicable never is."""
    import polars as pl

    rules, held = cell_rules(field), storage(field.type)
    read = [read_declared(value, rules) for value in allowed]
    wanted = [value for value, fault in read if fault is None and value is not None]
    if not wanted or held is None:
        return pl.repeat(False, values.len(), dtype=pl.Boolean, eager=True)
    return values.is_in(pl.Series(wanted, dtype=held.dtype()).implode()).fill_null(False)


def _in_force(values: pl.Series, plan: Plan, field: PlannedField) -> tuple[pl.Series, pl.Series]:
    """Return for which rows the period can be read, and for which of them the plan is in force."""
    import polars as pl

    distinct = values.unique().alias("value")
    days = [_days_of(value, field) for value in distinct]
    table = pl.DataFrame(
        {
            "value": distinct,
            "known": pl.Series([period is not None for period in days], dtype=pl.Boolean),
            "inside": pl.Series(
                [period is not None and covers(plan, period) for period in days], dtype=pl.Boolean
            ),
        }
    )
    joined = (
        values.alias("value")
        .to_frame()
        .join(table, on="value", how="left", nulls_equal=True, maintain_order="left")
    )
    return joined["known"], joined["inside"]


def _days_of(value: CellValue, field: PlannedField) -> Days | None:
    held = storage(field.type)
    if isinstance(value, int) and not isinstance(value, bool) and held is not None:
        whole, rest = divmod(value, 10**held.scale)
        return None if rest else period_days(whole)
    return period_days(value)
