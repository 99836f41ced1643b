"""One side of a comparison: the records of a run by who they are, and the exact values of their rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import field, frozen

from rulecore.compare.values import ComparedRule, Kind
from rulecore.engines.exact import ExactValue
from rulecore.expr.types import DateType, FlagType, NumberType
from rulecore.planned import Plan, PlannedRule
from rulecore.reach.columns import Columns
from rulecore.reach.targets import order_of
from rulecore.records.details import OWNER
from rulecore.results import PolicyResults, Results, field_column

Key = tuple[str, str, str]
"""A record: its entity, its period, and the policy's name where the entity stands in one period several times."""


@frozen(kw_only=True, slots=False)
class Side:
    """The results of one run, looked up by record. Iterating gives the records in input order."""

    results: Results
    several: frozenset[tuple[str, str]] = frozenset()
    """The entities and periods that stand there several times, on this side or another."""
    _columns: dict[int, Columns] = field(factory=dict, init=False, repr=False, eq=False)
    _rows: dict[tuple[int, str], dict[int, list[tuple[object, ...]]]] = field(
        factory=dict, init=False, repr=False, eq=False
    )
    _names: dict[int, frozenset[str]] = field(factory=dict, init=False, repr=False, eq=False)

    @cached_property
    def places(self) -> Mapping[Key, tuple[PolicyResults, int]]:
        """The policy's results and the row of each record."""
        return {
            (key if key[:2] in self.several else (*key[:2], "")): (part, row)
            for key, part, row in self.named()
        }

    def named(self) -> Iterator[tuple[Key, PolicyResults, int]]:
        """Yield the records with the names of their policies."""
        for part in self.results.parts:
            record = part.plan.policy.record
            names = part.entities().to_list()
            periods: Sequence[str] = [""] * len(names)
            if record.period:
                periods = part.text(field_column(part.plan, record.period)).to_list()
            policy = part.plan.policy.policy.name
            for row, (name, period) in enumerate(zip(names, periods, strict=True)):
                yield (name, period, policy), part, row

    @property
    def keys(self) -> Sequence[Key]:
        """The records in input order, policy by policy."""
        return tuple(self.places)

    def has(self, key: Key, name: str) -> bool:
        """Return whether the record is there and its policy has an input or step of that name."""
        if key not in self.places:
            return False
        part, _row = self.places[key]
        if id(part) not in self._names:
            self._names[id(part)] = frozenset(item.name for item in (*part.plan.inputs, *part.plan.steps))
        return name in self._names[id(part)]

    @cached_property
    def quarantined(self) -> frozenset[str]:
        """The entities of the rows that were refused."""
        return frozenset(item.entity for item in self.results.quarantined if item.entity)

    def plan(self, key: Key) -> Plan:
        """Return the policy of a record."""
        return self.places[key][0].plan

    def value(self, key: Key, name: str) -> ExactValue:
        """Return an exact value of a record: of a field, of what it is given, of a rule or of a step."""
        part, row = self.places[key]
        return self.columns(part).named(name)[row]

    def rows(self, key: Key, table: str) -> Sequence[tuple[object, ...]]:
        """Return a record's rows of a detail table as they were read."""
        part, row = self.places[key]
        if (id(part), table) not in self._rows:
            found = part.tables[table]
            names = [item.name for item in found.table.plan.fields]
            by_record: dict[int, list[tuple[object, ...]]] = {}
            for owner, *cells in found.records.select(OWNER, *names).rows():
                by_record.setdefault(int(owner), []).append(tuple(cells))
            self._rows[id(part), table] = by_record
        return self._rows[id(part), table].get(row, [])

    def columns(self, part: PolicyResults) -> Columns:
        """Return the columns of one policy's results."""
        if id(part) not in self._columns:
            self._columns[id(part)] = Columns(part=part)
        return self._columns[id(part)]

    @cached_property
    def rules(self) -> Mapping[str, ComparedRule]:
        """The rules that people see, of all policies, by name; of one name the first policy's stands."""
        found: dict[str, ComparedRule] = {}
        for part in self.results.parts:
            for rule in compared_rules(part.plan):
                found.setdefault(rule.name, rule)
        return found


def sides_of(*runs: Results) -> tuple[Side, ...]:
    """Return runs as sides whose records are told apart in the same way."""
    several = {
        key
        for run in runs
        for key, times in Counter(name[:2] for name, _part, _row in Side(results=run).named()).items()
        if times > 1
    }
    return tuple(Side(results=run, several=frozenset(several)) for run in runs)


def compared_rules(plan: Plan) -> Iterator[ComparedRule]:
    """Yield the rules of a policy that people see, and the output columns that are computed beside them."""
    shown = {column.of: column for column in plan.columns if isinstance(column.type, NumberType)}
    known = {item.name for item in plan.fields} | {step.name for step in plan.steps}
    # A column that only rounds a field or rule anew is no result of its own.
    headers = {column.step: column.header for column in plan.columns if column.of not in known}
    for step in plan.steps:
        if not isinstance(step, PlannedRule) or (step.hidden and step.name not in headers):
            continue
        column = shown.get(step.name)
        scale = column.scale if column is not None else None
        if scale is None and isinstance(step.type, NumberType):
            scale = step.type.scale
        yield ComparedRule(
            name=step.name,
            label=headers[step.name] if step.hidden else step.label,
            kind=_kind(step),
            scale=scale,
            scorer=step.scorer,
            order=order_of(plan, step.name),
        )


def _kind(step: PlannedRule) -> Kind:
    match step.type:
        case NumberType():
            return "number"
        case FlagType():
            return "flag"
        case DateType():
            return "date"
        case _:
            return "text"
