"""What there is to reach in a policy.

Its rules, branches, caps and refusals, each with its place and its words.

Left out is what the inferred types prove can never happen (``check`` reports that), and what a scorer guards
against without the policy having written it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from attrs import field, frozen

from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Node
from rulecore.expr.types import FlagType, NumberType, TextType, Type
from rulecore.plan.references import walk
from rulecore.planned import CohortStep, Plan, PlannedRule
from rulecore.source import Span

Kind = Literal["value", "branch", "otherwise", "choice", "flag", "refusal"]

GUARDS: Final = frozenset(
    {
        *("no_row", "several_rows", "rows_disagree", "not_in_order"),
        *("merged_entity", "refused_before", "needs_history", "unknown_state"),
    }
)
"""Reasons for which a scorer gives up on what the policy did not write."""


@frozen(kw_only=True, eq=False)
class Item:
    """One thing that a case can reach.

    ``value``: a rule gave a value. ``branch`` and ``otherwise``: a conditional chose it (bands, rows,
    vetoes, quotas).
    ``choice``: an operand alone decided a minimum, a maximum or a first applicable value (caps). ``flag``: a
    rule of flags was true (index 1) or false (0). ``refusal``: a condition of ``[record] refuse`` held
    (index in the list).
    ``part`` is what is chosen, ``condition`` what it is chosen by. ``table`` is the detail table whose rows the
    step is computed of, ``owner`` the one that the rule belongs to: a rule of the records may hold expressions over
    rows. Two items are the same only if they are one object.
    """

    number: int
    kind: Kind
    rule: PlannedRule
    step: str
    table: str = ""
    owner: str = ""
    node: Node | None = None
    index: int = 0
    part: Node | None = None
    condition: Node | None = None

    @property
    def name(self) -> str:
        """The rule's name, with that of its table before it: ``nodes.points``."""
        return f"{self.owner}.{self.rule.name}" if self.owner else self.rule.name

    @property
    def span(self) -> Span | None:
        """Where it is written, or None where only the rule is known."""
        for node in (self.part, self.condition):
            span = written_span(node) if node is not None else None
            if span is not None:
                return span
        return self.node.span if self.node is not None else None


@frozen(kw_only=True)
class Items:
    """The items of one policy in its order.

    ``watched`` are those of each node, by the step the node stands in.
    """

    plan: Plan = field(repr=False)
    all: tuple[Item, ...]
    watched: dict[int, tuple[Item, ...]] = field(repr=False, eq=False)


def written_span(node: Node) -> Span | None:
    """Return the span of a node, or of the first constant in it that the policy writes."""
    if node.span is not None and node.span.key:
        return node.span
    for part in walk(node):
        if isinstance(part, nodes.Literal | nodes.ParameterRef) and part.span is not None and part.span.key:
            return part.span
    return None


def items_of(plan: Plan, number: int = 0) -> Items:
    """Return everything that cases can reach in a policy; ``number`` is its place in the set."""
    parents = {table.name: table.declaration.parent for table in plan.tables}
    found = [_Finder(plan, number).find()]
    for table in plan.tables:
        chain = [table.name]
        while chain[-1]:
            chain.append(parents[chain[-1]])
        found.append(
            _Finder(table.plan, number, table.name, [(name, plan.level(name)) for name in chain]).find()
        )
    return Items(
        plan=plan,
        all=tuple(item for items in found for item in items.all),
        watched={key: watched for items in found for key, watched in items.watched.items()},
    )


class _Finder:
    """Finds the items of one level; ``chain`` are the levels from it up to the records, each with its plan."""

    def __init__(
        self, plan: Plan, number: int, table: str = "", chain: Sequence[tuple[str, Plan]] = ()
    ) -> None:
        self.plan = plan
        self.number = number
        self.table = table
        self.chain = chain or [("", plan)]
        steps = (*plan.refusal_rules, *plan.steps)
        self.types: dict[str, Type] = {item.name: item.type for item in plan.inputs}
        self.types |= {step.name: step.type for step in steps}
        self.inference = Inference(self.types)
        self.found: dict[tuple[str, str, Node | None, Kind, int], Item] = {}
        self.watched: dict[int, dict[Item, None]] = {}

    def find(self) -> Items:
        reasons = {refusal.step: index for index, refusal in enumerate(self.plan.refusals)}
        for rule in self.plan.refusal_rules:
            if rule.name in reasons:
                self.add(
                    None,
                    Item(
                        number=self.number,
                        kind="refusal",
                        rule=rule,
                        step=rule.name,
                        index=reasons[rule.name],
                    ),
                )
        for step in self.plan.steps:
            # What only a refusal needs of the rows is no item, as with the condition itself.
            if isinstance(step, CohortStep) or step.name.startswith("refuse@"):
                continue
            owner, rule = self.owner(step)
            if not step.hidden:
                self.rule(step)
            for node in walk(step.node):
                self.node(node, rule, step.name, owner)
        watched = {key: tuple(items) for key, items in self.watched.items()}
        return Items(plan=self.plan, all=tuple(self.found.values()), watched=watched)

    def owner(self, step: PlannedRule) -> tuple[str, PlannedRule]:
        """Return the rule that a step was written in, with its table: for a hidden one of rows, that of the record."""
        name = step.name.split("@")[0]
        found = ((table, rule) for table, plan in self.chain if (rule := plan.rule(name)) is not None)
        return next(found, (self.table, step))

    def add(self, node: Node | None, item: Item) -> None:
        """Note an item, once for equal nodes of one rule; each of those nodes is watched."""
        key = (item.owner, item.rule.name, item.node, item.kind, item.index)
        kept = self.found.setdefault(key, item)
        if node is not None:
            self.watched.setdefault(id(node), {})[kept] = None

    def rule(self, rule: PlannedRule) -> None:
        def item(kind: Kind, index: int = 0) -> Item:
            return Item(
                number=self.number, kind=kind, rule=rule, step=rule.name, index=index,
                table=self.table, owner=self.table,
            )  # fmt: skip

        self.add(None, item("value"))
        if isinstance(rule.type, FlagType) and rule.type.always is None:
            for index in (1, 0):
                self.add(None, item("flag", index))

    def node(self, node: Node, rule: PlannedRule, step: str, owner: str) -> None:
        match node:
            case nodes.Conditional():
                for kind, index, part, condition in self.outcomes(node):
                    item = Item(
                        number=self.number, kind=kind, rule=rule, step=step, node=node, index=index,
                        part=part, condition=condition, table=self.table, owner=owner,
                    )  # fmt: skip
                    self.add(node, item)
            case nodes.Minimum() | nodes.Maximum() | nodes.Coalesce():
                for index in self.choices(node):
                    part = node.operands[index]
                    item = Item(
                        number=self.number,
                        kind="choice",
                        rule=rule,
                        step=step,
                        node=node,
                        index=index,
                        part=part,
                        table=self.table,
                        owner=owner,
                    )
                    self.add(node, item)

    # --- conditionals -------------------------------------------------------------------------------------

    def outcomes(self, node: nodes.Conditional) -> Iterator[tuple[Kind, int, Node, Node | None]]:
        """Yield the outcomes of a conditional that can happen, but for a scorer's guards."""
        if node.span is None and len(node.branches) == 1 and node.otherwise == nodes.NotApplicable():
            return
        left = self.subject_values(node)
        for index, branch in enumerate(node.branches):
            always = self.always(branch.condition)
            reachable = always is not False and not _is_guard(branch.value)
            if left is not None:
                subject, values = left
                holds = _holds_for(branch.condition, subject, values)
                if holds is not None:
                    reachable = reachable and bool(holds)
                    left = (subject, values - holds)
            if reachable:
                yield "branch", index, branch.value, branch.condition
            if always is True or (left is not None and not left[1]):
                return
        if not _is_guard(node.otherwise):
            yield "otherwise", len(node.branches), node.otherwise, None

    def always(self, condition: Node) -> bool | None:
        """Return the only outcome a condition can have, if its type says so."""
        type_ = self.inference.type_of(condition)
        return type_.always if isinstance(type_, FlagType) and not type_.nullable else None

    def subject_values(self, node: nodes.Conditional) -> tuple[Node, frozenset[str]] | None:
        """Return the text that the branches compare, and everything it can be, where that is known."""
        for branch in node.branches:
            match branch.condition:
                case nodes.Compare(left=left) | nodes.IsIn(operand=left):
                    type_ = self.inference.type_of(left)
                    if isinstance(type_, TextType) and type_.values is not None:
                        return left, type_.values
        return None

    # --- minima, maxima, first applicable values ----------------------------------------------------------

    def choices(self, node: nodes.Minimum | nodes.Maximum | nodes.Coalesce) -> list[int]:
        """Return the operands that alone can decide, but for constants a scorer put in."""
        constants = (nodes.Literal, nodes.ParameterRef)
        mine = [
            index
            for index, operand in enumerate(node.operands)
            if not (isinstance(operand, constants) and operand.span is None)
        ]
        if len(mine) < 2:
            return []
        if isinstance(node, nodes.Coalesce):
            written = node.span is not None or isinstance(node.operands[-1], constants)
            return [index for index in mine if self.reached(node, index)] if written else []
        return [index for index in mine if can_decide(node, index, self.inference)]

    def reached(self, node: nodes.Coalesce, index: int) -> bool:
        """Whether every operand before can be not applicable."""
        return all(self.inference.type_of(operand).nullable for operand in node.operands[:index])


def can_decide(node: nodes.Minimum | nodes.Maximum, index: int, inference: Inference) -> bool:
    """Return whether an operand can lie strictly beyond all the others, as far as ranges are known."""
    types = [inference.type_of(operand) for operand in node.operands]
    mine = types[index]
    if not isinstance(mine, NumberType):
        return True
    for other_index, other in enumerate(types):
        if other_index == index or not isinstance(other, NumberType):
            continue
        lowest = isinstance(node, nodes.Minimum)
        best, worst = (mine.low, other.high) if lowest else (mine.high, other.low)
        if best is not None and worst is not None and not (best < worst if lowest else best > worst):
            return False
    return True


def _is_guard(node: Node) -> bool:
    return isinstance(node, nodes.Undecided) and node.reason in GUARDS


def _holds_for(condition: Node, subject: Node, values: frozenset[str]) -> frozenset[str] | None:
    """Return for which of the texts a condition on the subject holds, or None if it is no such condition."""
    match condition:
        case nodes.Compare(operator="==", left=left, right=nodes.Literal(value=str() as text)) if (
            left == subject
        ):
            return values & {text}
        case nodes.Compare(operator="!=", left=left, right=nodes.Literal(value=str() as text)) if (
            left == subject
        ):
            return values - {text}
        case nodes.IsIn(operand=operand, choices=choices) if operand == subject:
            return values & {str(item.value) for item in choices.items if isinstance(item, nodes.Literal)}
        case _:
            return None
