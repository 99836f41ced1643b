"""The ledgers of a plan, compiled once: for each numeric rule a function that gives a record's lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from attrs import evolve, field, frozen

from rulecore.engines.exact import Environment, Evaluate
from rulecore.explain.labels import label_words, labels_of
from rulecore.explain.values import Words
from rulecore.explain.wording import Labels, translated
from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Node
from rulecore.expr.types import DateType, NumberType, Type
from rulecore.language import N_
from rulecore.ledger.adjusted import computed_of, with_decision
from rulecore.ledger.evaluator import Evaluator
from rulecore.ledger.marks import adjusts, claimed_marks, from_marks
from rulecore.ledger.scope import ONE, Known, Scope, Writer, walk_once
from rulecore.ledger.split import split
from rulecore.ledger.values import Entry, Line
from rulecore.planned import Plan, PlannedRule

FULL_MARKS = N_("full marks (the most that is possible)")


@frozen(kw_only=True)
class RuleWriter:
    """How the ledger of one rule is written; ``reads`` are the names it refers to, in order."""

    rule: PlannedRule
    label: Words
    formula: Words
    value: Evaluate
    write: Callable[[Environment], list[Entry]]
    reads: tuple[str, ...] = ()
    shown: bool = True


@frozen(kw_only=True)
class PlanLedgers:
    """The writers of a plan's numeric rules, in the order they are computed."""

    plan: Plan
    labels: Labels = field(repr=False)
    rules: tuple[RuleWriter, ...]
    evaluator: Evaluator = field(repr=False)


def compile_ledgers(plan: Plan, whole: Plan | None = None, table: str = "") -> PlanLedgers:
    """Return the ledgers of a plan, compiled: all rules that are numbers and not hidden.

    Of the plan of a detail table's rows, ``whole`` is the plan of the policy and ``table`` the table.
    """
    known = _known(plan, whole or plan, table)
    writers = [
        _writer(known, step)
        for step in plan.steps
        if isinstance(step, PlannedRule) and not step.hidden
        if isinstance(step.type, NumberType)
    ]
    return PlanLedgers(plan=plan, labels=known.labels, rules=tuple(writers), evaluator=known.evaluator)


def _known(plan: Plan, whole: Plan, table: str) -> Known:
    cohort_types = {name: function.result_type for name, function in plan.cohort_functions.items()}
    types: dict[str, Type] = {item.name: item.type for item in plan.inputs}
    types |= {step.name: step.type for step in plan.steps}
    opened: dict[str, Type] = {name: _open(type_) for name, type_ in types.items()}
    open_types = Inference(opened, cohort_types)
    for step in plan.steps:
        if isinstance(step, PlannedRule):
            opened[step.name] = open_types.type_of(step.node)
    settings = plan.policy.rules
    adjustments = {
        step.name
        for step in plan.steps
        if isinstance(step, PlannedRule)
        and step.name in settings
        and adjusts(step, settings[step.name].settings)
    }
    exact_types = Inference(types, cohort_types)
    return Known(
        plan=plan,
        labels=labels_of(whole, table),
        table_labels={item.name: item.label for item in whole.tables},
        types=exact_types,
        open_types=open_types,
        evaluator=Evaluator(exact_types),
        marks=claimed_marks(plan),
        adjustments=adjustments,
    )


def _open(type_: Type) -> Type:
    """Return a type without bounds: those of an input are not the policy's own."""
    match type_:
        case NumberType():
            return evolve(type_, low=None, high=None)
        case DateType():
            return evolve(type_, low=None, high=None)
        case _:
            return type_


def _writer(known: Known, rule: PlannedRule) -> RuleWriter:
    decided = computed_of(rule.node)
    if decided is None:
        return _plain_writer(known, rule)
    label, computed = decided
    hidden = evolve(known.rule(computed.name), name=rule.name, claims=rule.claims)
    plain = _plain_writer(known, hidden)
    write = with_decision(rule, label, known.evaluator.of(computed), plain.write)
    return evolve(plain, rule=rule, write=write)


def _plain_writer(known: Known, rule: PlannedRule) -> RuleWriter:
    scope = Scope.of(known, rule)
    claimed = known.marks.get(rule.name)
    wanted = claimed or scope.bound(rule.node)
    full = None
    if rule.name not in known.adjustments:
        full = from_marks(scope, rule.node, wanted, claimed=claimed is not None)
        marks = full.marks if full is not None else wanted
        # A bound that is no whole number is a bound of the analysis, not one that somebody wrote.
        if marks is not None and (full is not None or marks.denominator == 1):
            known.marks.setdefault(rule.name, marks)
    return RuleWriter(
        rule=rule,
        label=label_words(known.labels, rule.name),
        formula=scope.words(rule.node),
        value=known.evaluator.of(rule.node),
        write=_from_zero(split(scope, rule.node)) if full is None else _from_full(full.write, scope),
        reads=tuple(dict.fromkeys(_reads(known.plan, rule.node))),
    )


def _reads(plan: Plan, node: Node) -> Iterator[str]:
    """Yield the fields and rules that a policy's author wrote in an expression, also what it compares records by."""
    for part in walk_once(node):
        if isinstance(part, nodes.CohortRef):
            yield from _reads(plan, part.node)
        elif isinstance(part, nodes.FieldRef | nodes.RuleRef):
            rule = plan.rule(part.name)
            if rule is not None and rule.hidden:
                yield from _reads(plan, rule.node)
            else:
                yield part.name


def _from_zero(writer: Writer) -> Callable[[Environment], list[Entry]]:
    return lambda environment: writer(environment, ONE)


def _from_full(
    write: Callable[[Environment, Fraction], tuple[Fraction, list[Entry]]], scope: Scope
) -> Callable[[Environment], list[Entry]]:
    rule = scope.rule
    line = Line(
        kind="full_marks", label=translated(FULL_MARKS), declared=rule.place, reference=rule.reference
    )

    def from_full(environment: Environment) -> list[Entry]:
        start, entries = write(environment, ONE)
        return [Entry(line, start), *entries]

    return from_full
