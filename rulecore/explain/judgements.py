"""Which branch, band, veto or row of a table applied: every conditional looked at, condition by condition."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.explain.numbers import explained
from rulecore.explain.values import Alternative, Decision, Judgement, Words
from rulecore.explain.wording import Wording, translated
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef


def judgements_of(root: Node, wording: Wording) -> Iterator[Judgement]:
    """Yield a judgement for each conditional that decided something: outer ones first, then named parts'."""
    done: set[int] = set()
    yield from _judgements(root, Words(), wording, done)
    for part in wording.trace.order:
        name = wording.name_of(part)
        # A named part that is a single question says it all in its formula.
        if name is not None and not (isinstance(part, nodes.Conditional) and len(part.branches) == 1):
            yield from _judgements(part, name, wording, done)


def _judgements(node: Node, of: Words, wording: Wording, done: set[int]) -> Iterator[Judgement]:
    """Yield the judgements of a part, but not those of parts below it that have a name."""
    if isinstance(node, nodes.Conditional) and wording.trace.saw(node) and id(node) not in done:
        done.add(id(node))
        if not _is_guard(node):
            yield _judgement(node, of, wording)
    if isinstance(node, nodes.CohortRef | SuppliedRef):
        return
    for child in node.children():
        if wording.name_of(child) is None:
            yield from _judgements(child, of, wording, done)


def _is_guard(node: nodes.Conditional) -> bool:
    """Whether a conditional only passes a value on if something is applicable: not worth telling."""
    return (
        len(node.branches) == 1
        and isinstance(node.branches[0].condition, nodes.IsApplicable | nodes.And)
        and isinstance(node.otherwise, nodes.NotApplicable)
    )


def _judgement(node: nodes.Conditional, of: Words, wording: Wording) -> Judgement:
    found: list[Alternative] = []
    open_ = True
    for branch in node.branches:
        met = wording.trace.value_of(branch.condition)
        decision: Decision = "not_reached"
        if open_:
            decision = "unknown" if met is None else ("taken" if met is True else "not_met")
        open_ = open_ and met is False
        found.append(
            Alternative(
                condition=wording.short(branch.condition),
                substituted=wording.reduced(branch.condition),
                gives=wording.short(branch.value),
                nested=isinstance(branch.value, nodes.Conditional),
                label=translated(branch.label) if branch.label else Words(),
                decision=decision,
            )
        )
    otherwise: Decision = "taken" if open_ else "not_reached"
    found.append(
        Alternative(
            condition=Words(),
            substituted=Words(),
            gives=wording.short(node.otherwise),
            nested=isinstance(node.otherwise, nodes.Conditional),
            decision=otherwise,
        )
    )
    return Judgement(of=of, alternatives=tuple(found), value=explained(wording.trace.value_of(node)))
