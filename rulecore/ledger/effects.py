"""What vetoes and quotas on a grade did to a number that follows from it: a coefficient, points, money.

A table that gives 1.2 for A and 1.0 for B is read with the grade as it would have been without the quota, and
what the quota took is a line of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.engines.exact import Environment, Evaluate, ExactValue
from rulecore.explain.values import Words
from rulecore.explain.wording import translated
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.language import N_
from rulecore.ledger.adjusted import computed_of, without_recusal
from rulecore.ledger.scope import Scope, Writer, bare, walk_once
from rulecore.ledger.values import KINDS, Entry, Line, LineKind
from rulecore.planned import PlannedRule

BECAUSE: Final = N_("{rule}: {reason}")
BEYOND: Final = N_("beyond the quota")


@frozen(kw_only=True)
class Stage:
    """A rule that replaces a grade: what stood before it, and the line of what replacing it changed.

    ``lines`` are those of its branches, each with its condition: the first that holds says why.
    """

    name: str
    before: Evaluate
    lines: tuple[tuple[Evaluate, Line], ...]
    otherwise: Line

    def line(self, environment: Environment) -> Line:
        """Return the line that names why the grade was replaced."""
        return next((line for met, line in self.lines if met(environment) is True), self.otherwise)


def stages_of(scope: Scope, node: nodes.Conditional) -> tuple[Stage, ...]:
    """Return the vetoes and quotas behind the one grade that a choice depends on, the last one first."""
    names = {
        part.name
        for branch in node.branches
        for part in walk_once(branch.condition)
        if isinstance(part, nodes.RuleRef)
    }
    chains = [chain for name in sorted(names) if (chain := _chain(scope, name))]
    return tuple(chains[0]) if len(chains) == 1 else ()


def _chain(scope: Scope, name: str) -> list[Stage]:
    found: list[Stage] = []
    while True:
        rule = scope.known.plan.rule(name)
        decided = computed_of(rule.node) if rule is not None else None
        if rule is not None and decided is not None:
            label, computed = decided
            found.append(_decided_stage(scope, rule, label, computed))
            name = computed.name
            continue
        node = bare(without_recusal(bare(rule.node))) if rule is not None else None
        before = _before(rule, node) if rule is not None and isinstance(node, nodes.Conditional) else None
        if rule is None or before is None or not isinstance(node, nodes.Conditional):
            return found
        found.append(_stage(scope, rule, node, before))
        if not isinstance(before, nodes.RuleRef):
            return found
        name = before.name


def _before(rule: PlannedRule, node: nodes.Conditional) -> Node | None:
    """Return what a veto or quota replaces, or None where the rule is neither."""
    if rule.scorer == "veto":
        return bare(node.otherwise)
    if rule.scorer != "quota":
        return None
    inner: Node = node
    while isinstance(inner, nodes.Conditional):
        # Each limit passes on, in its first branch, the grades it does not limit.
        inner = bare(inner.branches[0].value)
    return inner


def _decided_stage(scope: Scope, rule: PlannedRule, label: str, computed: nodes.RuleRef) -> Stage:
    words = _because(rule.label, Words(zh=label, en=label))
    line = Line(kind="adjusted", label=words, declared=rule.place, reference=rule.reference)
    return Stage(name=rule.name, before=scope.known.evaluator.of(computed), lines=(), otherwise=line)


def _because(rule: str, reason: Words) -> Words:
    zh = translated(BECAUSE, rule=rule, reason=reason.zh).zh
    return Words(zh=zh, en=translated(BECAUSE, rule=rule, reason=reason.en).en)


def _stage(scope: Scope, rule: PlannedRule, node: nodes.Conditional, before: Node) -> Stage:
    kind: LineKind = "quota" if rule.scorer == "quota" else "veto"

    def line(reason: Words) -> Line:
        label = _because(rule.label, reason)
        return Line(kind=kind, label=label, declared=rule.place, reference=rule.reference)

    evaluator = scope.known.evaluator
    reasons = [
        (branch.condition, Words(zh=branch.label, en=branch.label))
        for branch in node.branches
        if branch.label
    ]
    return Stage(
        name=rule.name,
        before=evaluator.of(before),
        lines=tuple((evaluator.of(met), line(reason)) for met, reason in reasons) if kind == "veto" else (),
        otherwise=line(translated(BEYOND if kind == "quota" else KINDS[kind])),
    )


def with_effects(scope: Scope, node: nodes.Conditional, plain: Writer) -> Writer:
    """Return the lines of a choice as the grade stood before vetoes and quotas, and a line for each that changed it."""
    stages = stages_of(scope, node)
    if not stages:
        return plain
    whole = scope.known.evaluator.of(node)
    name = stages[0].name

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        # Under another grade the rule's own value is another one too.
        values = {one: value for one, value in environment.values.items() if one != scope.rule.name}
        known_stages, before = [], []
        for stage in stages:
            grade = stage.before(environment)
            if grade is None:
                break
            known_stages.append(stage)
            before.append(grade)
        if not before or before[-1] == values[name]:
            return plain(environment, factor)
        # What each stage left, from the first to the last; the last one left what is.
        left = [*reversed(before), values[name]]
        numbers = [_under(whole, values, name, grade) for grade in left]
        known = [number for number in numbers if isinstance(number, Fraction)]
        if len(known) != len(numbers):
            return plain(environment, factor)
        found = plain(_with(values, name, left[0]), factor)
        for stage, one, after in zip(reversed(known_stages), known, known[1:], strict=False):
            if after != one:
                found.append(Entry(stage.line(environment), (after - one) * factor, after))
        return found

    return write


def _with(values: Mapping[str, ExactValue], name: str, grade: ExactValue) -> Environment:
    return Environment({**values, name: grade})


def _under(whole: Evaluate, values: Mapping[str, ExactValue], name: str, grade: ExactValue) -> ExactValue:
    return None if grade is None else whole(_with(values, name, grade))
