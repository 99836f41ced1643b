"""Records so near a boundary that one unit of their last decimal decides: how far exactly, and from which line."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from rulecore.compare.side import Key, Side
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedValue
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.types import NumberType, Type
from rulecore.plan.references import names_read, parts
from rulecore.planned import Plan, PlannedRule


@frozen(kw_only=True)
class NearMiss:
    """A record whose value lies within one unit of a boundary: ``distance`` is the value less the boundary.

    ``before_rounding`` is the exact value that was rounded, where the rule rounds. ``parameter`` names the boundary.
    """

    entity: str
    period: str
    rule: str
    label: str
    of: str
    of_label: str
    value: Fraction
    boundary: Fraction
    unit: Fraction
    parameter: str = ""
    before_rounding: ExplainedValue = None

    @property
    def distance(self) -> Fraction:
        """How far the value is above the boundary; below 0 for one that misses it."""
        return self.value - self.boundary


@frozen(kw_only=True)
class Boundary:
    """A comparison of a value with a constant, in a rule."""

    rule: str
    label: str
    of: str
    of_label: str
    at: Fraction
    unit: Fraction
    parameter: str = ""


def boundaries(plan: Plan) -> Iterator[Boundary]:
    """Yield where rules compare a number of finite decimals with a constant for order (≥, >, ≤, <), each once."""
    types: dict[str, tuple[Type, str]] = {item.name: (item.type, item.label) for item in plan.fields}
    types |= {step.name: (step.type, step.label) for step in plan.steps if isinstance(step, PlannedRule)}
    seen = set()
    for step in plan.steps:
        if not isinstance(step, PlannedRule) or step.hidden:
            continue
        for part in parts(step.node):
            if not isinstance(part, nodes.Compare) or part.operator in ("==", "!="):
                continue
            for value, constant in ((part.left, part.right), (part.right, part.left)):
                at, parameter = _constant(constant)
                if (
                    at is None
                    or not isinstance(value, nodes.RuleRef | nodes.FieldRef)
                    or value.name not in types
                ):
                    continue
                type_, label = types[value.name]
                if not isinstance(type_, NumberType) or type_.scale is None:
                    continue
                found = Boundary(
                    rule=step.name,
                    label=step.label,
                    of=value.name,
                    of_label=label,
                    at=at,
                    unit=_unit(plan.rule(value.name), type_.scale),
                    parameter=parameter,
                )
                if found not in seen:
                    seen.add(found)
                    yield found


def _unit(rule: PlannedRule | None, scale: int) -> Fraction:
    """Return what a rule rounds to, else one in its last decimal."""
    if rule is not None and isinstance(rule.node, nodes.Round):
        return rule.node.unit
    return Fraction(1, 10**scale)


def _constant(node: Node) -> tuple[Fraction | None, str]:
    match node:
        case nodes.Literal(value=Fraction() as value):
            return value, ""
        case nodes.ParameterRef(name=name, value=nodes.Literal(value=Fraction() as value)):
            return value, name
        case _:
            return None, ""


def near_misses(side: Side) -> Iterator[NearMiss]:
    """Yield the records within one unit of the last decimal of a boundary, the nearest first within each rule."""
    for part in side.results.parts:
        keys = [key for key, (owner, _row) in side.places.items() if owner is part]
        for boundary in boundaries(part.plan):
            found = [item for key in keys for item in _near(side, key, boundary)]
            yield from sorted(found, key=lambda item: (abs(item.distance), item.entity, item.period))


def _near(side: Side, key: Key, boundary: Boundary) -> Iterator[NearMiss]:
    value = side.value(key, boundary.of)
    if isinstance(value, Fraction) and abs(value - boundary.at) <= boundary.unit:
        yield NearMiss(
            entity=key[0],
            period=key[1],
            rule=boundary.rule,
            label=boundary.label,
            of=boundary.of,
            of_label=boundary.of_label,
            value=value,
            boundary=boundary.at,
            unit=boundary.unit,
            parameter=boundary.parameter,
            before_rounding=explained(_before_rounding(side, key, boundary.of)),
        )


def _before_rounding(side: Side, key: Key, name: str) -> ExactValue:
    """Return what a rule rounds, as it is for one record; None where it does not round."""
    rule = side.plan(key).rule(name)
    if rule is None or not isinstance(rule.node, nodes.Round):
        return None
    operand = rule.node.operand
    values = {read: side.value(key, read) for read in sorted(set(names_read(operand)))}
    return compile_node(operand)(Environment(values))
