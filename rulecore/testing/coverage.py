"""What the records of the cases reach, watched while the exact engine computes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from attrs import define, field, frozen

from rulecore.codes import cases as codes
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.engines.nested import Levels, LevelValues, exact_step, flattened, run
from rulecore.engines.schedule import Task, schedule
from rulecore.errors import Fault, PolicyError, ordered
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.words import unparse
from rulecore.planned import Plan, PlannedRule
from rulecore.policy.words import listed
from rulecore.records.nested import Nested
from rulecore.source import KeyPath, Place
from rulecore.testing.bind import Suite
from rulecore.testing.cases import Unreachable
from rulecore.testing.guards import GuardItem, Side, guard_items, guards_reached
from rulecore.testing.items import Item, Items, items_of
from rulecore.testing.scopes import Scope
from rulecore.testing.trials import OverrideResult, run_overrides


@frozen(kw_only=True)
class Coverage:
    """The items of the policies, in order, and those that were reached.

    ``unreachable`` are those that the cases say no record can reach; they are not among ``items``.
    ``guards`` are the sides of the limits of guardrails, ``guards_reached`` those that overrides reach.
    """

    items: tuple[Item, ...]
    reached: frozenset[Item]
    unreachable: tuple[Item, ...] = ()
    guards: tuple[GuardItem, ...] = ()
    guards_reached: frozenset[tuple[Place, Side]] = frozenset()

    @property
    def unreached(self) -> tuple[Item, ...]:
        """The items that no case reaches, in order."""
        return tuple(item for item in self.items if item not in self.reached)

    @property
    def unreached_guards(self) -> tuple[GuardItem, ...]:
        """The sides of limits that no override reaches, in order."""
        return tuple(item for item in self.guards if (item.place, item.side) not in self.guards_reached)

    @property
    def count(self) -> int:
        """How many things there are to reach."""
        return len(self.items) + len(self.guards)

    @property
    def missing(self) -> int:
        """How many of them nothing reaches."""
        return len(self.unreached) + len(self.unreached_guards)

    @property
    def percent(self) -> float:
        """How much of it is reached, in per cent; 100 only if everything is."""
        return 100.0 * (self.count - self.missing) / self.count if self.count else 100.0


def measure(
    suite: Suite, scopes: Iterable[Scope], overrides: Iterable[OverrideResult] | None = None
) -> Coverage:
    """Return what the scopes of all cases, and the overrides, reach of the policies asked for.

    Without ``overrides`` those of the suite are laid over their policies here.

    Raises :class:`rulecore.errors.PolicyError` for entries of ``[[unreachable]]`` that name nothing or are
    reached.
    """
    watchers = {number: Watcher(items_of(suite.policies.plans[number], number)) for number in suite.wanted}
    for scope in scopes:
        if scope.number in watchers:
            watcher = watchers[scope.number]
            watcher.refusals(scope)
            watcher.watch(scope.records)
    items = tuple(item for watcher in watchers.values() for item in watcher.items.all)
    reached = frozenset(item for watcher in watchers.values() for item in watcher.reached)
    excluded = _unreachable(suite, items, reached)
    kept = tuple(item for item in items if item not in excluded)
    if overrides is None:
        overrides = run_overrides(suite.overrides, suite.document, suite.policies.registry)
    return Coverage(
        items=kept,
        reached=reached,
        unreachable=tuple(excluded),
        guards=guard_items(suite.members),
        guards_reached=guards_reached(overrides),
    )


def _unreachable(suite: Suite, items: tuple[Item, ...], reached: frozenset[Item]) -> dict[Item, None]:
    found: dict[Item, None] = {}
    faults: list[Fault] = []
    for number, entry in suite.unreachable:
        of_rule = [item for item in items if item.number == number and item.name == entry.rule]
        of_rule = [item for item in of_rule if item.part is not None or item.kind == "flag"]
        if number not in suite.wanted or (not of_rule and not entry.policy):
            continue
        named = [item for item in of_rule if item.part is not None and unparse(item.part) == entry.part]
        # A flag written out as a part comes first: that part is what the entry was written for.
        named = named or [item for item in of_rule if item.kind == "flag" and _part(item) == entry.part]
        values = {"rule": entry.rule, "part": entry.part}
        place = suite.document.place(_entry_path(suite, entry))
        if not named:
            known = listed(_part(item) for item in of_rule)
            fault = Fault(
                code=codes.UNREACHABLE_UNKNOWN, values={**values, "known": known or "—"}, place=place
            )
            faults.append(fault)
        elif any(item in reached for item in named):
            faults.append(Fault(code=codes.UNREACHABLE_REACHED, values=values, place=place))
        found |= dict.fromkeys(named)
    if faults:
        raise PolicyError(ordered(faults))
    return found


def _part(item: Item) -> str:
    """Return how ``[[unreachable]]`` names an item: as it is written, or the flag that the whole rule gives."""
    if item.part is not None:
        return unparse(item.part)
    return "true" if item.index else "false"


def _entry_path(suite: Suite, entry: Unreachable) -> KeyPath:
    index = list(dict.fromkeys(one for _number, one in suite.unreachable)).index(entry)
    return ("unreachable", index)


@define(slots=False)
class Watcher:
    """Computes the records of one policy and notes which of its items are reached.

    ``trace`` is what the node of the item ``traced`` gave, for every record (or row) it was computed of.
    """

    items: Items
    reached: set[Item] = field(factory=set)
    traced: Item | None = None
    trace: list[object] = field(factory=list)
    _last: dict[int, ExactValue] = field(factory=dict)

    @property
    def plan(self) -> Plan:
        """The policy that is watched."""
        return self.items.plan

    def refusals(self, scope: Scope) -> None:
        """Note the conditions of ``[record] refuse`` that hold for a scope's records."""
        for item in self.items.all:
            if item.kind == "refusal":
                reason = self.plan.refusals[item.index].reason
                if any(reason in reasons for reasons in scope.refusals):
                    self.reached.add(item)

    def watch(self, records: Sequence[Nested], tasks: Sequence[Task] | None = None) -> Levels:
        """Compute the records with their rows, all of the policy or the tasks named; return what was computed."""
        levels = flattened(self.plan, records)
        run(self.tasks if tasks is None else tasks, levels, self._do)
        return levels

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """All that there is to compute."""
        return schedule(self.plan)

    def _do(self, task: Task, level: LevelValues) -> None:
        if isinstance(task.item, PlannedRule):
            self._rule(task.item, task.level, level)
        else:
            exact_step(task, level)

    def _rule(self, rule: PlannedRule, table: str, level: LevelValues) -> None:
        own = self._own.get((table, rule.name), ())
        evaluate = compile_node(rule.node, self._observe)
        traced = self.traced if self.traced is not None and self.traced.step == rule.name else None
        for values, issues in zip(level.computed.values, level.computed.issues, strict=True):
            self._last.clear()
            environment = Environment(values)
            value = evaluate(environment)
            values[rule.name] = value
            if environment.issues:
                issues[rule.name] = environment.issues
            for item in own:
                if (value is not None) if item.kind == "value" else (value is bool(item.index)):
                    self.reached.add(item)
            if traced is not None and traced.table == table:
                self.trace.append(self.outcome(traced))

    @cached_property
    def _own(self) -> dict[tuple[str, str], list[Item]]:
        found: dict[tuple[str, str], list[Item]] = {}
        for item in self.items.all:
            if item.kind in ("value", "flag"):
                found.setdefault((item.table, item.step), []).append(item)
        return found

    def _observe(self, node: Node, value: ExactValue) -> None:
        self._last[id(node)] = value
        for item in self.items.watched.get(id(node), ()):
            if item not in self.reached and self._chosen(node, item, value):
                self.reached.add(item)

    def _chosen(self, node: Node, item: Item, value: ExactValue) -> bool:
        match node:
            case nodes.Conditional():
                return self._outcome(node) == item.index
            case nodes.Coalesce():
                values = [self._last.get(id(operand)) for operand in node.operands[: item.index + 1]]
                return values[-1] is not None and all(one is None for one in values[:-1])
            case nodes.Minimum() | nodes.Maximum():
                # Strictly: at the very cap the cap has not yet decided anything.
                values = [self._last.get(id(operand)) for operand in node.operands]
                return value is not None and [index for index, one in enumerate(values) if one == value] == [
                    item.index
                ]
            case _:
                return False

    def _outcome(self, node: nodes.Conditional) -> int | None:
        for index, branch in enumerate(node.branches):
            met = self._last[id(branch.condition)]
            if met is not False:
                return index if met is True else None
        return len(node.branches)

    def outcome(self, item: Item) -> object:
        """Return what the item's node gave for the record computed last.

        It tells neighbouring records apart.
        """
        node = item.node
        if node is None or id(node) not in self._last:
            return None
        if isinstance(node, nodes.Conditional):
            return self._outcome(node)
        if isinstance(node, nodes.Minimum | nodes.Maximum | nodes.Coalesce):
            value = self._last[id(node)]
            return tuple(self._last.get(id(operand)) == value for operand in node.operands)
        return None
