"""A policy compiled to be adjusted: what its adjustments make of the rules, before these are typed.

Nothing but ``[adjustments]`` makes a difference: where no decision is given every rule has the value it would have
without the section (a property test holds this).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rulecore.codes import adjustments as codes
from rulecore.declarations import AdjustmentDeclaration, Policy, rule_key
from rulecore.errors import Fault
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import (
    And,
    Branch,
    CohortCall,
    CohortCount,
    Conditional,
    IsApplicable,
    Literal,
    Node,
    Not,
    NotApplicable,
    Rank,
    RuleRef,
    SortKey,
)
from rulecore.expr.supplied import RowPart, SuppliedRef, TableCall
from rulecore.expr.transform import transform
from rulecore.expr.types import FlagType, NumberType, Type
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.plan.assemble import Assembly, Draft
from rulecore.plan.decisions import exact
from rulecore.plan.references import Rule
from rulecore.plan.resolve import resolve
from rulecore.planned import PlannedRule
from rulecore.records.storage import storage

if TYPE_CHECKING:
    from rulecore.plan.level import Level

MOST_TIED: Final = 1_000_000
"""The largest place that an order among tied records may give."""

DECIDES: Final = "decides"
"""The hidden rule ``NAME@decides`` gives the number of the ground that decides a rule with unwaivable ones, 0: none."""
GROUND: Final = "ground"
"""The hidden rules ``NAME@ground:N`` say whether the unwaivable ground N holds."""


def set_waivers(policy: Policy, levels: Mapping[str, Level]) -> Iterator[Fault]:
    """Tell the levels which grounds of their rules may be waived; yield what cannot be."""
    for section, declared in policy.adjustments.items():
        if not declared.vetoes or not declared.rules:
            continue
        table, rule = rule_key(declared.rules[0])
        level = levels.get(table)
        scorer = level.scorer_of(rule) if level is not None else None
        if level is None or scorer is None:  # told by others
            continue
        grounds = {ground.reason: ground for ground in scorer.grounds()}
        waived: list[tuple[str, AdjustedValue]] = []
        for index, reason in enumerate(declared.vetoes):
            place = levels[""].loaded.document.place(("adjustments", section, "vetoes", index))
            if reason not in grounds:
                known = ", ".join(grounds) or "—"
                why = phrase(N_("it has no veto of that reason; it has: {known}"), known=known)
                values: dict[str, object] = {"name": section, "rule": declared.rules[0], "reason": why}
                yield Fault(code=codes.UNFIT_RULE, values=values, place=place)
            elif grounds[reason].unwaivable:
                values = {"name": section, "reason": f'"{reason}"'}
                yield Fault(code=codes.UNWAIVABLE_NAMED, values=values, place=place)
            else:
                waived.append((reason, AdjustedValue(section, declared.label or section, FlagType(), index)))
        level.waivers[rule] = (*level.waivers.get(rule, ()), *waived)


def ground_drafts(levels: Mapping[str, Level]) -> dict[Rule, Draft]:
    """Return hidden rules that say which grounds of rules with unwaivable ones hold, and which of them decides."""
    found: dict[Rule, Draft] = {}
    for table, level in levels.items():
        for name, rule in level.policy.rules.items():
            scorer = level.scorer_of(name)
            grounds = scorer.grounds() if scorer is not None else ()
            if not any(ground.unwaivable for ground in grounds):
                continue
            wanted: dict[str, Node] = {
                f"{name}@{GROUND}:{index}": ground.when
                for index, ground in enumerate(grounds, start=1)
                if ground.unwaivable
            }
            if all(ground.decides for ground in grounds):
                branches = (
                    Branch(ground.when, Literal(Fraction(index)))
                    for index, ground in enumerate(grounds, start=1)
                )
                wanted[f"{name}@{DECIDES}"] = Conditional(tuple(branches), Literal(Fraction(0)))
            for hidden, node in wanted.items():
                try:
                    resolved = resolve(node, level.scope)
                except ExpressionError:  # told where the rule itself is resolved
                    continue
                number = int(hidden.rpartition(":")[2]) if ":" in hidden else 0
                label = grounds[number - 1].reason if number else rule.label
                plain = evolve(rule, decimals=None, step=None, label=label)
                origin = level.registry.scorers[rule.scorer].origin
                found[table, hidden] = Draft(
                    name=hidden, rule=plain, node=resolved, origin=origin, hidden=True
                )
    return found


def adjusted_drafts(
    policy: Policy, drafts: Mapping[Rule, Draft], levels: Mapping[str, Level]
) -> tuple[dict[Rule, Draft], list[Fault]]:
    """Return the drafts of rules as they are where decisions may be given, and what cannot be adjusted as declared."""
    found, faults = dict(drafts), list[Fault]()
    for section, declared in policy.adjustments.items():
        for index, name in enumerate(declared.rules):
            draft = found.get(rule_key(name))
            if draft is None:  # unknown or faulty: told by others
                continue
            made = _adjusted(section, declared, draft)
            if isinstance(made, Draft):
                found[rule_key(name)] = made
                continue
            at = ("rule",) if isinstance(declared.rule, str) else ("rule", index)
            place = levels[""].loaded.document.place(("adjustments", section, *at))
            values = {"name": section, "rule": name, "reason": made}
            faults.append(Fault(code=codes.UNFIT_RULE, values=values, place=place))
    return found, faults


def kept_exactly(policy: Policy, assembly: Assembly) -> set[str]:
    """Return the rules of a level that no integer column holds but whose values are looked at with the decisions.

    They are those that are adjusted, whose computed values stand in the results, and those that decide ties.
    """
    wanted = {
        rule
        for declared in policy.adjustments.values()
        for table, rule in map(rule_key, declared.rules)
        if table == assembly.name
    }
    for step in assembly.steps:
        if isinstance(step.node, Rank) and any(_is_decided(key.operand) for key in step.node.keys):
            wanted |= {key.operand.name for key in step.node.keys if isinstance(key.operand, RuleRef)}
    return {
        step.name
        for step in assembly.steps
        if isinstance(step, PlannedRule) and step.name in wanted and _needs_ratio(step.type)
    }


def _is_decided(node: Node) -> bool:
    return isinstance(node, SuppliedRef) and isinstance(node.node, AdjustedValue)


def _needs_ratio(type_: Type) -> bool:
    return isinstance(type_, NumberType) and type_.exact and storage(type_) is None


def _adjusted(section: str, declared: AdjustmentDeclaration, draft: Draft) -> Draft | Phrase:
    """Return a rule's draft with one adjustment, or why the rule cannot have it."""
    label = declared.label or section
    taken_out = AdjustedValue(section, label, FlagType())
    match declared.kind:
        case "override":
            return evolve(draft, decisions=(*draft.decisions, (section, declared)))
        case "exemption" if not declared.vetoes:
            return evolve(draft, decisions=(*draft.decisions, (section, declared)))
        case "exemption":
            return draft
        case "tie":
            type_ = NumberType(scale=0, low=Fraction(1), high=Fraction(MOST_TIED))
            node = transform(draft.node, _with_last_key(AdjustedValue(section, label, type_)))
            refusal = N_("it ranks nothing")
        case _ if declared.table:
            node = transform(draft.node, _without_rows(declared.table, taken_out))
            refusal = N_("it makes nothing of the rows of that table")
        case _:
            node = transform(draft.node, _outside(taken_out))
            refusal = N_("it compares no records")
    if node is draft.node:
        return phrase(refusal)
    if declared.kind == "recusal" and not declared.table:
        becomes = Literal(exact(declared.becomes)) if declared.becomes is not None else NotApplicable()
        node = Conditional((Branch(IsApplicable(taken_out), becomes, label),), node)
        draft = evolve(draft, recusals=(*draft.recusals, (section, declared)))
    return evolve(draft, node=node)


def _with_last_key(decided: AdjustedValue) -> Callable[[Node], Node]:
    """Return what puts the decided order behind all other keys of a rank."""

    def with_last_key(node: Node) -> Node:
        if not isinstance(node, Rank):
            return node
        return evolve(node, keys=(*node.keys, SortKey(decided, descending=False)))

    return with_last_key


def _outside(taken_out: AdjustedValue) -> Callable[[Node], Node]:
    """Return what leaves the records that are taken out aside wherever records are compared."""
    takes_part = Not(IsApplicable(taken_out))

    def outside(node: Node) -> Node:
        if not isinstance(node, Rank | CohortCount | CohortCall):
            return node
        return evolve(node, where=_both(node.where, takes_part))

    return outside


def _without_rows(table: str, taken_out: AdjustedValue) -> Callable[[Node], Node]:
    """Return what leaves the rows that are taken out aside wherever something is made of a table's rows."""
    takes_part = Not(IsApplicable(taken_out))

    def without_rows(node: Node) -> Node:
        if not isinstance(node, TableCall) or node.table != table:
            return node
        where = node.where.node if node.where is not None else None
        return evolve(node, where=RowPart(_both(where, takes_part)))

    return without_rows


def _both(where: Node | None, takes_part: Node) -> Node:
    return takes_part if where is None else And((where, takes_part))
