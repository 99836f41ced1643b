"""What is unwaivable stays: no decision lifts it, neither by itself nor by way of another rule.

Two things are looked at. The grounds that hold without any decision must hold with all of them, and the same ground
(or another unwaivable one that held too) must still decide, so that a result which was there does not become not
applicable. And while such a ground holds for a record, or nobody can
say that it does not, neither its rule nor anything that comes from it may be set for that record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from rulecore.engines.schedule import needed_tasks, schedule
from rulecore.levels import Computed
from rulecore.plan.adjusted import DECIDES, GROUND
from rulecore.planned import Plan, PlannedRule
from rulecore.records.details import OWNER

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class Grounded:
    """A rule with unwaivable grounds: its level, its name, and the numbers of these grounds, from 1."""

    level: str
    rule: str
    grounds: tuple[int, ...]
    decides: bool


def grounded(plan: Plan) -> Iterator[Grounded]:
    """Yield the rules of a plan that have unwaivable grounds."""
    for level in ("", *(table.name for table in plan.tables)):
        found: dict[str, list[int]] = {}
        names = {step.name for step in plan.level(level).steps if isinstance(step, PlannedRule)}
        for name in sorted(names):
            rule, mark, number = name.partition(f"@{GROUND}:")
            if mark:
                found.setdefault(rule, []).append(int(number))
        for rule, grounds in found.items():
            decides = f"{rule}@{DECIDES}" in names
            yield Grounded(level=level, rule=rule, grounds=tuple(sorted(grounds)), decides=decides)


def holding(rule: Grounded, number: int, computed: Mapping[str, Computed]) -> pl.Series:
    """Return for each row of the rule's level whether a ground holds, or may hold for all that is known."""
    return computed[rule.level].steps[f"{rule.rule}@{GROUND}:{number}"].fill_null(value=True)


def lifted(
    rule: Grounded, base: Mapping[str, Computed], adjusted: Mapping[str, Computed]
) -> Iterator[tuple[int, int]]:
    """Yield each row of the rule's level that decisions took an unwaivable ground from, and the ground's number."""
    import polars as pl

    before, after = base[rule.level].steps, adjusted[rule.level].steps
    gone: dict[int, int] = {}
    for number in rule.grounds:
        name = f"{rule.rule}@{GROUND}:{number}"
        # True must stay true, and what nobody knows must not become false.
        weaker = pl.lit(before[name].fill_null(value=False)) & ~pl.lit(after[name].fill_null(value=False))
        weaker |= pl.lit(before[name].is_null()) & (pl.lit(after[name]).eq_missing(pl.lit(value=False)))
        for row in pl.select(weaker.alias("gone")).to_series().arg_true().to_list():
            gone.setdefault(row, number)
    held = pl.lit(value=False)
    for number in rule.grounds:
        held |= pl.lit(holding(rule, number, base))
    lost = pl.lit(value=False)
    if rule.rule in before.columns and rule.rule in after.columns:
        # A veto that still holds but has nothing left to lower decides nothing.
        lost = pl.lit(before[rule.rule]).is_not_null() & pl.lit(after[rule.rule]).is_null()
    if rule.decides:
        name = f"{rule.rule}@{DECIDES}"
        kept = pl.lit(before[name]).eq_missing(pl.lit(after[name]))
        for number in rule.grounds:
            holds = pl.lit(holding(rule, number, base))
            kept |= holds & pl.lit(after[name]).eq_missing(pl.lit(number, dtype=after[name].dtype))
        lost |= ~kept
    for row in pl.select((held & lost).alias("gone")).to_series().arg_true().to_list():
        number = next(one for one in rule.grounds if holding(rule, one, base)[row])
        gone.setdefault(row, number)
    yield from sorted(gone.items())


def comes_from(plan: Plan, level: str, rule: str) -> set[tuple[str, str]]:
    """Return the rules, by level and name, that a rule comes from, itself included."""
    tasks = schedule(plan)
    return {task.key for task in needed_tasks(plan, tasks, {(level, rule)})}


def record_of(plan: Plan, level: str, row: int, tables: Mapping[str, pl.DataFrame]) -> int:
    """Return the position of the record that a row belongs to."""
    while level:
        declared = next(table.declaration for table in plan.tables if table.name == level)
        row, level = int(tables[level][OWNER][row]), declared.parent
    return row


def records_held(
    rule: Grounded, plan: Plan, base: Mapping[str, Computed], records: Sequence[int]
) -> dict[int, int]:
    """Return of some records those for which an unwaivable ground of a rule holds, with its number."""
    tables = {name: computed.inputs for name, computed in base.items() if name}
    wanted = set(records)
    found: dict[int, int] = {}
    for number in rule.grounds:
        holds = holding(rule, number, base)
        if not rule.level:
            rows = [row for row in wanted if holds[row]]
        else:
            rows = [
                record
                for row in holds.arg_true().to_list()
                if (record := record_of(plan, rule.level, row, tables)) in wanted
            ]
        for row in rows:
            found.setdefault(row, number)
    return found
