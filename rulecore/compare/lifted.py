"""A plan whose varied numbers are columns: many draws are then computed at once, each on a copy of the records.

Where the numbers stand is found by compiling the policy at a few draws: a constant that is at each of them what one of
the varied numbers is, is that number. Whatever else differs between the compiled policies (a scorer that computes with
a number while it is compiled, a text that holds it) means that it cannot be done: draws are then compiled one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, cast

from attrs import evolve, field, fields, frozen

from rulecore.declarations import FieldDeclaration
from rulecore.engines.decode import is_ratio
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import FieldRef, Literal, Node, ParameterRef, Rank, RuleRef
from rulecore.expr.types import NumberType, Type
from rulecore.numbers import decimal_scale
from rulecore.plan.structure_keys import StructureKeys
from rulecore.planned import CohortStep, Plan, PlannedField, PlannedRule
from rulecore.source import Place

SHOWN: Final = "output@"
"""How the names of hidden rules begin that round an output column."""
DRAW: Final = "#draw"
"""The column that says which draw a copy of a record belongs to."""


class NotColumnsError(Exception):
    """The numbers cannot become columns of this plan."""


@frozen(kw_only=True)
class Lifted:
    """A plan with columns for varied numbers: for each the number of its factor, and the draws that must be within."""

    plan: Plan
    columns: Mapping[str, int]


def lifted(
    base: Plan,
    probes: Sequence[Plan],
    at_base: Sequence[Fraction],
    at_probes: Sequence[Sequence[Fraction]],
    ends: Sequence[tuple[Fraction, Fraction, int]],
    shown: Sequence[str] = (),
) -> Lifted:
    """Return a plan with the numbers in columns; ``probes`` are its compilations at some draws.

    ``at_base`` and ``at_probes`` are the values of the factors in each of them, ``ends`` the least and the most that
    each factor is in any draw, and its decimals; ``shown`` are the rules whose values are wanted, exactly, whatever
    holds them. Raises :class:`NotColumnsError`.
    """
    pairing = _Pairing(at_base=at_base, at_probes=at_probes)
    keys = StructureKeys()
    if any(_around(probe, keys) != _around(base, keys) for probe in probes):
        raise NotColumnsError
    # What only rounds a column to be shown is no result, and is there or not as the numbers have decimals.
    wanted = [step for step in base.steps if not step.name.startswith(SHOWN)]
    by_name = [{step.name: step for step in probe.steps} for probe in probes]
    if any(step.name not in known for known in by_name for step in wanted):
        raise NotColumnsError
    steps = [pairing.step(step, [known[step.name] for known in by_name]) for step in wanted]
    columns = {f"#varied:{factor}": factor for factor in sorted(pairing.found)}
    planned = [_column(DRAW, NumberType(scale=0, low=Fraction(0), high=Fraction(10**6)))]
    for name, factor in columns.items():
        low, high, scale = ends[factor]
        planned.append(_column(name, NumberType(scale=scale, low=low, high=high)))
    typed = _typed(base, steps, (*base.fields, *planned))
    plan = evolve(
        base,
        fields=(*base.fields, *planned),
        steps=tuple(typed),
        tables=(),
        columns=(),
        refusals=(),
        refusal_rules=(),
        ratios=base.ratios | _ratios(typed, shown),
    )
    return Lifted(plan=plan, columns=columns)


def _column(name: str, type_: NumberType) -> PlannedField:
    return PlannedField(
        name=name,
        header=name,
        label=name,
        type=type_,
        declaration=FieldDeclaration(type="decimal"),
        place=Place(file=""),
    )


@frozen(kw_only=True)
class _Pairing:
    """Goes through a tree and those of the probes together."""

    at_base: Sequence[Fraction]
    at_probes: Sequence[Sequence[Fraction]]
    found: set[int] = field(factory=set)
    _done: dict[tuple[int, ...], Node] = field(factory=dict)

    def step(
        self, step: PlannedRule | CohortStep, others: Sequence[PlannedRule | CohortStep]
    ) -> PlannedRule | CohortStep:
        if any(type(other) is not type(step) or other.name != step.name for other in others):
            raise NotColumnsError
        node = self.node(step.node, [other.node for other in others])
        if isinstance(step, PlannedRule):
            return evolve(step, node=node)
        own = cast("Rank", node)  # or one of the other two kinds, which have the same attribute
        return evolve(step, node=evolve(own, by=(FieldRef(DRAW), *own.by)))

    def node(self, node: Node, others: Sequence[Node]) -> Node:
        known = (id(node), *map(id, others))
        if known not in self._done:
            self._done[known] = self._made(node, others)
        return self._done[known]

    def _made(self, node: Node, others: Sequence[Node]) -> Node:
        if any(type(other) is not type(node) for other in others):
            raise NotColumnsError
        if isinstance(node, Literal | ParameterRef):
            return self._constant(node, others)
        changes: dict[str, Any] = {}
        for attribute in fields(type(node)):
            if attribute.eq:
                value = getattr(node, attribute.name)
                made = self._part(value, [getattr(other, attribute.name) for other in others])
                if made is not value:
                    changes[attribute.name] = made
        return evolve(node, **changes) if changes else node

    def _part(self, value: object, others: Sequence[object]) -> object:
        if isinstance(value, Node):
            if not all(isinstance(other, Node) for other in others):
                raise NotColumnsError
            return self.node(value, cast("Sequence[Node]", others))
        if isinstance(value, tuple):
            if not all(isinstance(other, tuple) and len(other) == len(value) for other in others):
                raise NotColumnsError
            tuples = cast("Sequence[tuple[object, ...]]", others)
            made = tuple(
                self._part(item, [other[index] for other in tuples]) for index, item in enumerate(value)
            )
            return made if any(one is not item for one, item in zip(made, value, strict=True)) else value
        if any(type(other) is not type(value) or other != value for other in others):
            raise NotColumnsError
        return value

    def _constant(self, node: Literal | ParameterRef, others: Sequence[Node]) -> Node:
        value, values = _value(node), [_value(other) for other in others]
        if all(other == value and type(other) is type(value) for other in values):
            return node
        for factor, base in enumerate(self.at_base):
            at_probes = [probe[factor] for probe in self.at_probes]
            if value == base and values == at_probes:
                self.found.add(factor)
                return FieldRef(f"#varied:{factor}", span=node.span)
        raise NotColumnsError


def _value(node: Node) -> object:
    inner = node.value if isinstance(node, ParameterRef) else node
    return inner.value if isinstance(inner, Literal) else None


def _around(plan: Plan, keys: StructureKeys) -> tuple[object, ...]:
    """Return what must not depend on the numbers: fields, refusals, what records are given, and all of their rows."""
    levels = (plan, *(table.plan for table in plan.tables))
    return (
        tuple((rule.name, keys.key(rule.node)) for rule in plan.refusal_rules),
        tuple(
            (level.fields, *((value.name, keys.key(value.node)) for value in level.supplied))
            for level in levels
        ),
        tuple((step.name, keys.key(step.node)) for level in levels[1:] for step in level.steps),
    )


def _typed(
    plan: Plan, steps: Sequence[PlannedRule | CohortStep], known: Sequence[PlannedField]
) -> list[PlannedRule | CohortStep]:
    """Return the steps with the types that they have for all draws."""
    types: dict[str, Type] = {item.name: item.type for item in known}
    types |= {value.name: value.type for value in plan.supplied}
    functions = {name: function.result_type for name, function in plan.cohort_functions.items()}
    inference = Inference(types, functions)
    found: list[PlannedRule | CohortStep] = []
    for step in steps:
        type_ = inference.type_of(step.node)
        types[step.name] = type_
        found.append(evolve(step, type=type_))
    if inference.faults:
        raise NotColumnsError
    return found


def _ratios(steps: Sequence[PlannedRule | CohortStep], shown: Sequence[str]) -> frozenset[str]:
    """Return the rules that are wanted, or compared by ranks and cohort functions, and that no integer holds."""
    types = {step.name: step.type for step in steps}
    compared = {
        part.name
        for step in steps
        if isinstance(step, CohortStep)
        for part in step.node.children()
        if isinstance(part, RuleRef)
    }
    return frozenset(name for name in {*compared, *shown} if name in types and is_ratio(types[name]))


def decimals_of(values: Sequence[Fraction]) -> int:
    """Return the decimals that the longest of some numbers has."""
    found = [decimal_scale(value) for value in values]
    if None in found:
        raise NotColumnsError
    return max((scale or 0 for scale in found), default=0)
