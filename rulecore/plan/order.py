"""The order in which rules are computed, across the records and their detail tables."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from rulecore.codes import plan as codes
from rulecore.errors import Fault
from rulecore.plan.assemble import Draft
from rulecore.plan.level import Level
from rulecore.plan.references import Rule, rules_read


def in_order(
    drafts: Mapping[Rule, Draft], levels: Mapping[str, Level], broken: frozenset[str]
) -> tuple[list[Rule], set[Rule], list[Fault]]:
    """Return the rules, each after those it needs, those that cannot be put in order, and the circles as faults.

    Rules that could stand in any order keep the policy's. Those that cannot be ordered have a fault of their own,
    stand in a circle, or need one that does.
    """
    needs = {rule: set(rules_read(draft.node, levels[rule[0]], levels)) for rule, draft in drafts.items()}
    declared = {(name, rule) for name, level in levels.items() for rule in level.policy.rules}
    blocked = _needing(needs, (declared - set(drafts)) | {("", name) for name in broken})
    faults: list[Fault] = []
    while True:
        graph = {rule: sorted(needs[rule]) for rule in drafts if rule not in blocked}
        sorter = TopologicalSorter(graph)
        try:
            sorter.prepare()
            break
        except CycleError as error:
            circle: list[Rule] = list(reversed(error.args[1]))
            first = min(circle[:-1], key=list(drafts).index)
            start = circle.index(first)
            turned = [*circle[start:-1], *circle[: start + 1]]
            shown = " → ".join(".".join(part for part in rule if part) for rule in turned)
            place = levels[first[0]].place(("rules", first[1]))
            faults.append(Fault(code=codes.CYCLE, values={"circle": shown}, place=place))
            blocked = _needing(needs, blocked | set(circle))
    place_of = {rule: index for index, rule in enumerate(drafts)}
    found: list[Rule] = []
    ready = sorted(sorter.get_ready(), key=place_of.__getitem__)
    while ready:
        found += ready
        sorter.done(*ready)
        ready = sorted(sorter.get_ready(), key=place_of.__getitem__)
    return found, blocked, faults


def _needing(needs: Mapping[Rule, set[Rule]], wrong: set[Rule]) -> set[Rule]:
    """Return the rules in ``wrong`` and all that need one of them, directly or not."""
    found = set(wrong)
    while more := {rule for rule, read in needs.items() if rule not in found and read & found}:
        found |= more
    return found
