"""Which way the columnar engine computes each rule: 64-bit or 128-bit integers, or guarded floats.

The rules are lowered as for a run, and what their numbers come to on the way is noted; nothing is computed.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from rulecore.engines.columnar import distributions as _distributions  # noqa: F401 - fills the table of lowerings
from rulecore.engines.columnar import lists as _lists  # noqa: F401
from rulecore.engines.columnar import logic as _logic  # noqa: F401
from rulecore.engines.columnar import powers as _powers  # noqa: F401
from rulecore.engines.columnar import rounding as _rounding  # noqa: F401
from rulecore.engines.columnar import texts as _texts  # noqa: F401
from rulecore.engines.columnar import workdays as _workdays  # noqa: F401
from rulecore.engines.columnar.integers import Integer
from rulecore.engines.columnar.lower import Column, Lowering
from rulecore.engines.columnar.values import Guarded, Ratio
from rulecore.expr import nodes
from rulecore.expr.types import NumberType
from rulecore.planned import CohortStep, Plan, PlannedRule
from rulecore.records.storage import INT64_BOUND, storage


class Way(StrEnum):
    """How a rule is computed; all of them give the exact result.

    ``none``: it has no numbers in it. ``cohort``: ranks and counts, and cohort functions over exact values.
    """

    NONE = "none"
    INT64 = "int64"
    INT128 = "int128"
    GUARDED = "guarded float"
    COHORT = "cohort"


_ORDER = (Way.NONE, Way.INT64, Way.INT128, Way.GUARDED)


@frozen(kw_only=True)
class RuleWidth:
    """The widest way that computing a rule takes, and whether it has quotients kept as exact ratios."""

    rule: str
    way: Way
    ratio: bool


class _Watched(Lowering):
    """A lowering that notes what the numbers of a rule come to."""

    way: Way = Way.NONE
    ratio: bool = False

    def lower(self, node: nodes.Node) -> Column:
        """Lower a node, and note how."""
        value = super().lower(node)
        if isinstance(value, Guarded):
            self.note(Way.GUARDED)
        elif isinstance(value, Ratio):
            self.note(max(_width(value.numerator), _width(value.denominator), key=_ORDER.index))
            self.ratio = self.ratio or not value.whole
        return value

    def note(self, way: Way) -> None:
        """Keep the widest way met."""
        self.way = max(self.way, way, key=_ORDER.index)


def rule_widths(plan: Plan) -> tuple[RuleWidth, ...]:
    """Return for each rule of a plan that is shown to people how it is computed, in the order computed."""
    types = {field.name: field.type for field in plan.inputs} | {step.name: step.type for step in plan.steps}
    lowering = _Watched(types)
    found = []
    for step in plan.steps:
        if isinstance(step, CohortStep):
            continue
        lowering.way, lowering.ratio, lowering.issues, lowering.suspects = Way.NONE, False, {}, []
        _lower(step, lowering)
        way = Way.COHORT if lowering.way is Way.NONE and _has_cohort(step.node) else lowering.way
        if not step.hidden:
            found.append(RuleWidth(rule=step.name, way=way, ratio=lowering.ratio))
    return tuple(found)


def _lower(rule: PlannedRule, lowering: Lowering) -> None:
    if not isinstance(rule.type, NumberType):
        lowering.plain(rule.node, rule.type)
        return
    value = lowering.number(rule.node)
    kept = storage(rule.type)
    if kept is None:
        lowering.unstored[rule.name] = lowering.bind_number(value)
    elif isinstance(value, Ratio) and not value.whole:
        lowering.lower(nodes.Round(rule.node, Fraction(1, 10**kept.scale)))


def _width(value: Integer) -> Way:
    return Way.INT64 if max(abs(value.low), abs(value.high)) <= INT64_BOUND else Way.INT128


def _has_cohort(node: nodes.Node) -> bool:
    waiting, seen = [node], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, nodes.CohortRef):
            return True
        if id(part) not in seen:
            seen.add(id(part))
            waiting += part.children()
    return False
