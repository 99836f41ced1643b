"""The small changes to a policy that its cases should notice.

One number, comparison, cap, rounding or branch at a time.

Changes are made in the compiled tree, where a number is what the policy wrote: the same written number is
changed wherever a scorer put it. Texts (labels of grades, remarks) and what scorers add of their own are
left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final, Literal

from attrs import evolve, field, frozen

from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Node
from rulecore.expr.transform import transform
from rulecore.expr.types import NumberType, Type
from rulecore.language import N_
from rulecore.numbers import Rounding, decimal_scale, format_number
from rulecore.planned import CohortStep, Plan, PlannedRule
from rulecore.source import Span
from rulecore.testing.items import can_decide, written_span

Key = tuple[object, ...]
"""What makes two nodes the same written thing."""

What = Literal["number", "comparison", "rounding", "cap", "branch", "logic", "order", "tie"]

Change = tuple[What, str | Node, str | Node, Callable[[Node], Node]]
"""What is changed, from what, to what, and the function that changes it in a tree."""

WORDS: Final[dict[What, str]] = {
    "number": N_("{old} changed to {new}"),
    "comparison": N_("{old} changed to {new}"),
    "rounding": N_("rounding {old} changed to {new}"),
    "cap": N_("{old} left out of {new}"),
    "branch": N_("the branch {old} left out"),
    "logic": N_("{old} changed to {new}"),
    "order": N_("the order by {old} turned round"),
    "tie": N_("the tie key {old} left out"),
}


@frozen(kw_only=True)
class Mutant:
    """One change: what it is, in which rule, where, and the plan with it.

    ``targets`` are the steps that differ, each with the detail table it is computed of ("" for the records); ``owner``
    is the table that the rule belongs to.
    """

    what: What
    rule: PlannedRule
    span: Span | None
    old: str | Node
    new: str | Node
    change: Callable[[Node], Node] = field(eq=False, repr=False)
    targets: frozenset[tuple[str, str]] = frozenset()
    owner: str = ""

    def applied(self, plan: Plan) -> Plan:
        """Return the policy with the change."""
        refusing = tuple(
            evolve(rule, node=transform(rule.node, self.change)) if ("", rule.name) in self.targets else rule
            for rule in plan.refusal_rules
        )
        tables = tuple(
            evolve(table, plan=evolve(table.plan, steps=self._steps(table.plan, table.name)))
            for table in plan.tables
        )
        return evolve(plan, steps=self._steps(plan, ""), refusal_rules=refusing, tables=tables)

    def _steps(self, plan: Plan, table: str) -> tuple[PlannedRule | CohortStep, ...]:
        return tuple(self._step(step) if (table, step.name) in self.targets else step for step in plan.steps)

    def _step(self, step: PlannedRule | CohortStep) -> PlannedRule | CohortStep:
        node = transform(step.node, self.change)
        if isinstance(step, PlannedRule):
            return evolve(step, node=node)
        assert isinstance(node, nodes.COHORT_NODES)  # noqa: S101 - changes keep the kind of cohort nodes
        return evolve(step, node=node)


def mutants_of(plan: Plan) -> tuple[Mutant, ...]:
    """Return every mutant of a policy, in the order of its steps.

    The same policy always gives the same ones.
    """
    return _Finder(plan).find()


class _Finder:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.tables = ("", *(table.name for table in plan.tables))
        self.inferences = {name: _inference(plan.level(name)) for name in self.tables}
        self.inference = self.inferences[""]
        self.steps_of: dict[tuple[str, Key], set[tuple[str, str]]] = {}
        self.ranked: dict[Key, list[tuple[nodes.SortKey, ...]]] = {}
        self.compared: dict[Key, set[Fraction]] = {}
        self.idle: dict[Key, bool] = {}
        self.places: dict[tuple[str, Key], tuple[Node, str, str, PlannedRule]] = {}

    def find(self) -> tuple[Mutant, ...]:
        for table in self.tables:
            self.inference = self.inferences[table]
            level = self.plan.level(table)
            for step in {step.name: step for step in (*level.refusal_rules, *level.steps)}.values():
                self.note(table, step)
        found: list[Mutant] = []
        for written, (node, table, owner, rule) in self.places.items():
            key = written[1]
            self.inference = self.inferences[table]
            for what, old, new, change in self.changes(node, key):
                span = written_span(node)
                targets = frozenset(self.steps_of[written])
                found.append(
                    Mutant(
                        what=what, rule=rule, span=span, old=old, new=new, change=change, targets=targets,
                        owner=owner,
                    )
                )  # fmt: skip
        return tuple(found)

    def note(self, table: str, step: PlannedRule | CohortStep) -> None:
        """Note what is written in a step."""
        owner, rule = self.owner(table, step)
        for node in _parts(step.node):
            key = _key(node)
            if key is not None:
                # A parameter is the same at every level; what else is written stands in one.
                written = ("" if key[0] == "parameter" else owner, key)
                self.steps_of.setdefault(written, set()).add((table, step.name))
                self.places.setdefault(written, (node, table, owner, rule))
            if isinstance(node, nodes.Compare):
                self.note_units(node)
            if isinstance(node, nodes.Minimum | nodes.Maximum):
                self.note_idle(node)
            if isinstance(node, nodes.Rank):
                for sort in node.keys:
                    self.ranked.setdefault(_sort_key(sort), []).append(node.keys)

    def owner(self, table: str, step: PlannedRule | CohortStep) -> tuple[str, PlannedRule]:
        """Return the rule that a step was written in, with its table: rules of records hold expressions over rows."""
        name = step.rule if isinstance(step, CohortStep) else step.name
        # Of a refusal's condition the number belongs to the name: refuse@0@1.where.1
        head = name.split("@")[0] if not name.startswith("refuse@") else "@".join(name.split("@")[:2])
        for level in self.chain(table):
            found = self.plan.level(level).rule(head)
            if found is not None:
                return level, found
        own = self.plan.level(table)
        rules = [rule for rule in (*own.refusal_rules, *own.steps) if isinstance(rule, PlannedRule)]
        return table, own.rule(name) or next(rule for rule in rules if rule.name.startswith(name))

    def chain(self, table: str) -> list[str]:
        """Return a table, those that its rows belong to, and the records."""
        parents = {found.name: found.declaration.parent for found in self.plan.tables}
        found = [table]
        while found[-1]:
            found.append(parents[found[-1]])
        return found

    def note_idle(self, node: nodes.Minimum | nodes.Maximum) -> None:
        """Note the constants that, for all that ranges say, never decide: changing them changes nothing."""
        for index, operand in enumerate(node.operands):
            key = _key(operand) if isinstance(operand, nodes.Literal) else None
            if key is not None:
                self.idle[key] = self.idle.get(key, True) and not can_decide(node, index, self.inference)

    def note_units(self, node: nodes.Compare) -> None:
        """Note by which unit a compared number is one step away.

        The last decimal of what it is compared with.
        """
        for one, other in ((node.left, node.right), (node.right, node.left)):
            key, type_ = _key(other), self.inference.type_of(one)
            if key is not None and isinstance(type_, NumberType) and type_.scale is not None:
                self.compared.setdefault(key, set()).add(Fraction(1, 10**type_.scale))

    def changes(self, node: Node, key: Key) -> Iterator[Change]:
        match node:
            case nodes.Literal(value=Fraction() as value) if not self.idle.get(key):
                yield from self.numbers(value, key, lambda new: nodes.Literal(new, span=node.span), node)
            case nodes.ParameterRef(value=nodes.Literal(value=Fraction() as value)):
                yield from self.numbers(value, key, lambda new: evolve(node, value=nodes.Literal(new)), node)
            case nodes.Compare():
                new = evolve(node, operator=_OTHER_COMPARISON[node.operator])
                yield "comparison", node, new, _replace(key, _with_operator(new.operator))
            case nodes.Round() if self.rounding_matters(node):
                for rounding in _OTHER_ROUNDINGS[node.rounding]:
                    yield (
                        "rounding",
                        str(node.rounding),
                        str(rounding),
                        _replace(key, _with_rounding(rounding)),
                    )
            case nodes.SortKey():
                yield "order", node.operand, node, _replace(key, _turned)
                if any(len(keys) > 1 for keys in self.ranked[key]):
                    yield "tie", node.operand, node, _without_key(key)
            case nodes.Minimum() | nodes.Maximum():
                for index, operand in enumerate(node.operands):
                    if can_decide(node, index, self.inference):
                        yield "cap", operand, node, _replace(key, _without_operand(index))
            case _:
                yield from _part_changes(node, key)

    def numbers(
        self, value: Fraction, key: Key, make: Callable[[Fraction], Node], node: Node
    ) -> Iterator[Change]:
        scale = decimal_scale(value)
        units = self.compared.get(key) or {Fraction(1, 10**scale) if scale is not None else abs(value) / 100}
        unit = min(units)
        name = f"{node.name} = " if isinstance(node, nodes.ParameterRef) else ""
        for new in (value + unit, value - unit):
            yield (
                "number",
                f"{name}{format_number(value)}",
                format_number(new),
                _replace(key, _always(make(new))),
            )

    def rounding_matters(self, node: nodes.Round) -> bool:
        """Whether the rounded value can need rounding at all."""
        type_ = self.inference.type_of(node.operand)
        if not isinstance(type_, NumberType) or type_.scale is None:
            return True
        return (Fraction(1, 10**type_.scale) / node.unit).denominator != 1


def _inference(plan: Plan) -> Inference:
    types: dict[str, Type] = {item.name: item.type for item in plan.inputs}
    return Inference(types | {step.name: step.type for step in (*plan.refusal_rules, *plan.steps)})


def _part_changes(node: Node, key: Key) -> Iterator[Change]:
    """Yield the changes that leave a part of a node out, or join its parts otherwise."""
    match node:
        case nodes.Conditional():
            for index, branch in enumerate(node.branches):
                yield "branch", branch, node, _replace(key, _without_branch(index))
        case nodes.And():
            yield "logic", node, nodes.Or(node.operands), _replace(key, _as_or)
        case nodes.Or():
            yield "logic", node, nodes.And(node.operands), _replace(key, _as_and)


def _as_or(node: Node) -> Node:
    assert isinstance(node, nodes.And)  # noqa: S101 - found by that type
    return nodes.Or(node.operands, span=node.span)


def _as_and(node: Node) -> Node:
    assert isinstance(node, nodes.Or)  # noqa: S101 - found by that type
    return nodes.And(node.operands, span=node.span)


def _parts(node: Node) -> Iterator[Node]:
    """Yield a node and all below it but cohort steps, which stand for themselves, and parameters' values."""
    yield node
    if not isinstance(node, nodes.CohortRef | nodes.ParameterRef):
        for child in node.children():
            yield from _parts(child)


def _key(node: Node) -> Key | None:
    """Return what tells a written node from others: its place, or for a scorer's own node the node itself."""
    match node:
        case nodes.ParameterRef(name=name):
            return ("parameter", name)
        case nodes.Literal():
            return _span_key(node)
        case nodes.Compare():
            return _span_key(node) or (("compare", node) if _compares_written_number(node) else None)
        case nodes.SortKey():
            return _sort_key(node)
        case nodes.Round():
            return _span_key(node) or (type(node).__name__, node)
        case nodes.Minimum() | nodes.Maximum():
            if node.span is None and not any(
                written_span(part) for part in node.operands if isinstance(part, _CONSTANTS)
            ):
                return None
            return _span_key(node) or (type(node).__name__, node)
        case nodes.And() | nodes.Or() | nodes.Conditional():
            if isinstance(node, nodes.Conditional) and node.span is None and _is_written_choice(node):
                return ("conditional", node)
            return _span_key(node)
        case _:
            return None


_CONSTANTS = (nodes.Literal, nodes.ParameterRef)


def _span_key(node: Node) -> Key | None:
    span = node.span
    return None if span is None or not span.key else (type(node).__name__, span.key, span.start, span.end)


def _compares_written_number(node: nodes.Compare) -> bool:
    return any(
        isinstance(part, nodes.ParameterRef)
        or (
            isinstance(part, nodes.Literal)
            and isinstance(part.value, Fraction)
            and _span_key(part) is not None
        )
        for part in (node.left, node.right)
    )


def _is_written_choice(node: nodes.Conditional) -> bool:
    """Whether a scorer's conditional has branches of the policy's own: vetoes, whose conditions it writes."""
    return any(branch.label and branch.condition.span is not None for branch in node.branches)


_OTHER_COMPARISON: Final[dict[nodes.Comparison, nodes.Comparison]] = {
    ">=": ">",
    ">": ">=",
    "<=": "<",
    "<": "<=",
    "==": "!=",
    "!=": "==",
}
_OTHER_ROUNDINGS: Final = {
    Rounding.HALF_UP: (Rounding.HALF_EVEN, Rounding.FLOOR, Rounding.CEIL),
    Rounding.HALF_EVEN: (Rounding.HALF_UP, Rounding.FLOOR, Rounding.CEIL),
    Rounding.FLOOR: (Rounding.HALF_UP, Rounding.CEIL),
    Rounding.CEIL: (Rounding.HALF_UP, Rounding.FLOOR),
    Rounding.TRUNCATE: (Rounding.HALF_UP, Rounding.UP),
    Rounding.UP: (Rounding.HALF_UP, Rounding.TRUNCATE),
}


def _replace(key: Key, make: Callable[[Node], Node]) -> Callable[[Node], Node]:
    return lambda node: make(node) if _key(node) == key else node


def _always(new: Node) -> Callable[[Node], Node]:
    return lambda _node: new


def _with_operator(operator: nodes.Comparison) -> Callable[[Node], Node]:
    return lambda node: evolve(node, operator=operator)  # type: ignore[call-arg]


def _with_rounding(rounding: Rounding) -> Callable[[Node], Node]:
    return lambda node: evolve(node, rounding=rounding)  # type: ignore[call-arg]


def _without_operand(index: int) -> Callable[[Node], Node]:
    def change(node: Node) -> Node:
        assert isinstance(node, nodes.Minimum | nodes.Maximum)  # noqa: S101 - found by that type
        rest = (*node.operands[:index], *node.operands[index + 1 :])
        return rest[0] if len(rest) == 1 else evolve(node, operands=rest)

    return change


def _without_branch(index: int) -> Callable[[Node], Node]:
    def change(node: Node) -> Node:
        assert isinstance(node, nodes.Conditional)  # noqa: S101 - found by that type
        rest = (*node.branches[:index], *node.branches[index + 1 :])
        return evolve(node, branches=rest) if rest else node.otherwise

    return change


def _sort_key(node: nodes.SortKey) -> Key:
    """Return what a sort key is written as: a quota puts it into two ranks, and both change together."""
    written = _span_key(node) or _span_key(node.operand)
    return ("sort key", node) if written is None else ("sort key", *written[1:])


def _turned(node: Node) -> Node:
    assert isinstance(node, nodes.SortKey)  # noqa: S101 - found by that type
    return evolve(node, descending=not node.descending)


def _without_key(key: Key) -> Callable[[Node], Node]:
    def change(node: Node) -> Node:
        if not isinstance(node, nodes.Rank):
            return node
        kept = tuple(sort for sort in node.keys if _sort_key(sort) != key)
        return evolve(node, keys=kept) if kept and len(kept) < len(node.keys) else node

    return change
