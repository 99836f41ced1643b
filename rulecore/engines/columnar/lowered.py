"""What the steps of a plan are lowered to, worked out once for a plan and kept for its further runs."""

from __future__ import annotations

from collections import OrderedDict
from fractions import Fraction
from threading import RLock
from typing import Final

import polars as pl
from attrs import define, field, frozen

from rulecore.engines.columnar import cohorts, values
from rulecore.engines.columnar.cohorts import Coded
from rulecore.engines.columnar.lower import Lowering, any_of
from rulecore.engines.columnar.rounding import round_value
from rulecore.engines.columnar.values import Numeric, Ratio
from rulecore.engines.decode import issue_column
from rulecore.expr import nodes
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.types import NumberType, Type
from rulecore.numbers import Rounding
from rulecore.planned import Plan, PlannedRule
from rulecore.records.storage import storage

NAMED: Final = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef)
"""What reads a column by its name."""

MOST_PLANS: Final = 32
"""How many plans are kept."""

NamedExpr = tuple[str, pl.Expr]


@frozen
class LoweredRule:
    """The columns of a rule: all in order, those of the result, and the one that says where it is in doubt."""

    statements: tuple[NamedExpr, ...]
    kept: tuple[str, ...]
    doubt: str = ""


@frozen
class LoweredCohort:
    """The columns that a rank or a count is made from: groups, keys and who takes part."""

    statements: tuple[NamedExpr, ...]
    groups: tuple[pl.Expr | Coded, ...]
    keys: tuple[pl.Expr | Coded, ...]
    holds: pl.Expr | None


@define
class LoweredPlan:
    """A plan's steps lowered so far; ``last_use`` is the number of the last step that reads a name."""

    plan: Plan
    types: dict[str, Type]
    lowering: Lowering
    last_use: dict[str, int]
    _rules: dict[int, LoweredRule] = field(factory=dict)
    _cohorts: dict[int, LoweredCohort] = field(factory=dict)
    _lock: RLock = field(factory=RLock)

    def rule(self, number: int, rule: PlannedRule) -> LoweredRule:
        """Return the columns of a rule; all steps before it have been asked for."""
        with self._lock:
            if number not in self._rules:
                self._rules[number] = self._lower_rule(rule)
            return self._rules[number]

    def cohort(self, number: int, node: nodes.Rank | nodes.CohortCount) -> LoweredCohort:
        """Return the columns that a rank or a count is made from; all steps before it have been asked for."""
        with self._lock:
            if number not in self._cohorts:
                self._cohorts[number] = self._lower_cohort(node)
            return self._cohorts[number]

    def _lower_rule(self, rule: PlannedRule) -> LoweredRule:
        lowering, columns = self.lowering, list[NamedExpr]()
        lowering.statements.clear()
        lowering.begin(rule.node)
        kept = storage(rule.type)
        if not isinstance(rule.type, NumberType):
            columns.append((rule.name, lowering.plain(rule.node, rule.type)))
        elif kept is None:
            lowering.unstored[rule.name] = lowering.bind_number(lowering.number(rule.node))
        else:
            scaled = _scaled(lowering, rule.node, kept.scale, rule.type)
            columns.append((rule.name, scaled.cast(kept.dtype())))
        for reason in rule.issues:
            places = lowering.issues.get(reason, [])
            flag = any_of(places) if places else pl.lit(value=False)
            columns.append((issue_column(rule.name, reason), flag))
        doubt = f"#doubt:{rule.name}" if lowering.suspects else ""
        found = [*lowering.statements, *columns]
        if doubt:
            found.append((doubt, any_of(lowering.suspects)))
            if kept is None and isinstance(rule.type, NumberType):
                lowering.doubtful[rule.name] = doubt
        lowering.statements.clear()
        return LoweredRule(tuple(found), tuple(name for name, _expr in columns), doubt)

    def _lower_cohort(self, node: nodes.Rank | nodes.CohortCount) -> LoweredCohort:
        lowering = self.lowering
        lowering.statements.clear()
        lowering.begin(node)
        groups = tuple(cohorts.grouping(lowering, part) for part in node.by)
        ranked = node.keys if isinstance(node, nodes.Rank) else ()
        keys = tuple(cohorts.comparable(lowering, key.operand) for key in ranked)
        holds = None if node.where is None else lowering.bind_column(lowering.plain(node.where))
        statements = tuple(lowering.statements)
        lowering.statements.clear()
        return LoweredCohort(statements, groups, keys, holds)

    def reused(self, step: int) -> set[str]:
        """Return the columns of rules without one of their own that steps after one read."""
        return {
            root
            for name, value in self.lowering.unstored.items()
            if self.last_use.get(name, -1) > step
            for expr in _parts(value)
            for root in expr.meta.root_names()
        }


_KNOWN: Final[OrderedDict[int, LoweredPlan]] = OrderedDict()
_KNOWN_LOCK: Final = RLock()


def lowered_plan(plan: Plan) -> LoweredPlan:
    """Return what a plan is lowered to, the same for the same steps and inputs (not for equal ones)."""
    with _KNOWN_LOCK:
        known = _KNOWN.get(id(plan.steps))
        if (
            known is not None
            and known.plan.steps is plan.steps
            and known.plan.fields is plan.fields
            and known.plan.supplied is plan.supplied
        ):
            _KNOWN.move_to_end(id(plan.steps))
            return known
        types = {item.name: item.type for item in plan.inputs} | {step.name: step.type for step in plan.steps}
        made = LoweredPlan(plan, types, Lowering(types), _last_uses(plan))
        _KNOWN[id(plan.steps)] = made
        if len(_KNOWN) > MOST_PLANS:
            _KNOWN.popitem(last=False)
        return made


def _scaled(lowering: Lowering, node: nodes.Node, scale: int, type_: NumberType) -> pl.Expr:
    """Return a number as a column of integers scaled by ``10 ** scale``."""
    value = lowering.number(node)
    if isinstance(value, Ratio) and value.whole and value.scale <= scale:
        return values.with_scale(value, scale).numerator.expr
    # The number has no more than these decimals: rounding only brings it into the form of an integer.
    return round_value(lowering, value, Fraction(1, 10**scale), Rounding.HALF_EVEN, type_).numerator.expr


def _last_uses(plan: Plan) -> dict[str, int]:
    """Return the number of the last step that reads each name."""
    found: dict[str, int] = {}
    for number, step in enumerate(plan.steps):
        seen: set[int] = set()
        waiting: list[nodes.Node] = [step.node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, NAMED):
                found[part.name] = number
            elif id(part) not in seen:
                seen.add(id(part))
                waiting += part.children()
    return found


def _parts(value: Numeric) -> tuple[pl.Expr, ...]:
    """Return the columns that a number is made of."""
    if isinstance(value, Ratio):
        return value.numerator.expr, value.denominator.expr
    return (value.value,) if isinstance(value.absolute, float) else (value.value, value.absolute)
