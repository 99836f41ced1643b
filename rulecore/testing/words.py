"""Items, differences and places in the words of the reader."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.expr.words import formula
from rulecore.language import N_, Language, _, current_language
from rulecore.plan.labels import level_labels
from rulecore.planned import Locator, Plan, PlannedRule
from rulecore.policy.guardrails import RULES, stated
from rulecore.policy.keys import matches
from rulecore.policy.words import shown_value
from rulecore.source import KeyPath, Place, Span
from rulecore.testing.bind import Suite
from rulecore.testing.cases import Override
from rulecore.testing.guards import GuardItem
from rulecore.testing.items import Item
from rulecore.testing.run import Difference, What
from rulecore.testing.trials import Problem, Trial

LONGEST_FORMULA = 100

PROBLEMS: dict[Problem, str] = {
    "accepted": N_("over {policy}: expected to be refused with {expected}, but it was accepted"),
    "refused": N_("over {policy}: expected to be accepted, but it was refused"),
    "codes": N_("over {policy}: expected to be refused with {expected}, but it was refused with {actual}"),
    "guardrail": N_(
        "over {policy}: expected to be refused by the guardrail {key}, but it was refused by others"
    ),
}

DIFFERENCES: dict[What, str] = {
    "value": N_("{record} · {key}: expected {expected}, got {actual}"),
    "issues": N_("{record}: expected the issues [{expected}], got [{actual}]"),
    "refusal": N_("{record} was refused: {actual}"),
    "unrefused": N_("{record} should have been refused ({expected}), but {actual}"),
    "absent": N_("{record} is not in the result. {actual}"),
    "several": N_("{record} is in the result {actual} times: name the period, or record = its number"),
    "engine": N_("{record} · {key}: exact arithmetic gives {expected}, the engine {actual}"),
    "cell": N_('row {record} · {key}: expected "{expected}", got "{actual}"'),
    "header": N_("{key}: expected the columns {expected}; got {actual}"),
    "adjustments": N_("the decisions should have been refused with {expected}, and were with {actual}"),
    "rows": N_("{key}: expected {expected} rows, got {actual}"),
}


def labels_of(plan: Plan) -> dict[str, str]:
    """Return the labels of a policy's fields and rules by name, those of its tables as ``table.name``."""
    return level_labels(plan, _own_labels, current_language())


def _own_labels(plan: Plan) -> dict[str, str]:
    labels: dict[str, str] = {}
    for level in (*(table.plan for table in plan.tables), plan):
        labels |= {planned.name: planned.label for planned in level.fields}
        labels |= {step.name: step.label for step in level.steps if isinstance(step, PlannedRule)}
    return labels


def short_formula(node: object, plan: Plan, language: Language | None = None) -> str:
    """Return an expression in words, shortened if it is long."""
    from rulecore.expr.nodes import Node

    assert isinstance(node, Node)  # noqa: S101 - callers hand over nodes
    text = formula(node, language or current_language(), labels_of(plan))
    return text if len(text) <= LONGEST_FORMULA else f"{text[: LONGEST_FORMULA - 1]}…"


def item_words(item: Item, plan: Plan) -> str:
    """Return what an item is, in one sentence."""
    values = {"rule": rule_words(item.owner, item.rule, plan)}
    if item.part is not None:
        values["part"] = short_formula(item.part, plan)
    if item.condition is not None:
        values["condition"] = short_formula(item.condition, plan)
    if item.kind == "choice" and item.node is not None:
        values["whole"] = short_formula(item.node, plan)
    template = {
        "value": N_("{rule}: a value"),
        "branch": N_("{rule}: {part}, where {condition}"),
        "otherwise": N_("{rule}: {part}, where nothing else holds"),
        "choice": N_("{rule}: {part} decides in {whole}"),
        "flag": N_("{rule}: true") if item.index else N_("{rule}: false"),
        "refusal": N_("a record that is refused: {rule}"),
    }[item.kind]
    return _(template).format(**values)


def rule_words(table: str, rule: PlannedRule, plan: Plan) -> str:
    """Return what a rule is called, with the label of its detail table before it."""
    found = next((one for one in plan.tables if one.name == table), None)
    return rule.label if found is None else f"{found.label}.{rule.label}"


def difference_words(difference: Difference) -> str:
    """Return a difference in one sentence."""
    actual = difference.actual
    if difference.what == "unrefused":
        actual = _("it was refused for {reason}").format(reason=actual) if actual else _("it was scored")
    return _(DIFFERENCES[difference.what]).format(
        record=difference.record, key=difference.key, expected=difference.expected, actual=actual
    )


def guard_words(item: GuardItem) -> str:
    """Return a side of a guardrail's limit, in one sentence."""
    template = (
        N_("the guardrail {key}: a policy that {limit} refuses")
        if item.side == "refused"
        else N_("the guardrail {key}: a policy that goes as far as {limit} allows")
    )
    value = stated(item.guardrail.limits)[item.limit]
    return _(template).format(key=item.key, limit=f"{item.limit} = {shown_value(value)}")


def problem_words(trial: Trial, problem: Problem, override: Override) -> str:
    """Return how an override came out otherwise than it says, in one sentence."""
    values = {
        "policy": trial.member.name,
        "expected": ", ".join(override.codes),
        "actual": ", ".join(trial.codes),
        "key": override.guardrail,
    }
    return _(PROBLEMS[problem]).format(**values)


def places_of(trial: Trial) -> Iterator[Place]:
    """Yield where an override sets its values, and the limits about them."""
    for key, _inside in trial.document.written:
        yield trial.document.place(key)
    for guardrail in trial.member.guardrails:
        about: KeyPath = guardrail.pattern if guardrail.key != RULES else (RULES,)
        if next(matches(about, trial.document.data), None) is not None:
            yield from (guardrail.place(limit) for limit in stated(guardrail.limits))


def place_of(document: Locator, span: Span | None, rule: PlannedRule) -> Place:
    """Return where something stands in a policy: its own place, or that of its rule."""
    if span is None or not span.key:
        return rule.place
    if span.start == span.end == 0:
        return document.place(span.key)
    return document.place(span.key, start=span.start, end=span.end)


def document_of(suite: Suite, number: int, table: str) -> Locator:
    """Return where the keys of a policy, or of one of its detail tables, stand."""
    found = suite.policies.plans[number].level(table).document if table else None
    return found or suite.policies.loaded[number].document


def item_place(item: Item, suite: Suite) -> Place:
    """Return where an item stands in its policy."""
    return place_of(document_of(suite, item.number, item.owner), item.span, item.rule)
