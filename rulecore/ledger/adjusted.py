"""What a committee decided on top, in ledgers: the lines of the computed value, and what the decision changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rulecore.engines.exact import Environment, Evaluate, ExactValue
from rulecore.explain.values import Words
from rulecore.expr import nodes
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.ledger.values import Entry, Line
from rulecore.plan.decisions import COMPUTED

if TYPE_CHECKING:
    from rulecore.adjustments.decision import Applied
    from rulecore.planned import PlannedRule
    from rulecore.results import PolicyResults

DECIDED: Final = "#decided:"
"""Stands before the name of a rule: under that name a record's values hold what was decided about it."""

Write = Callable[[Environment], list[Entry]]


def computed_of(node: Node) -> tuple[str, nodes.RuleRef] | None:
    """Return, of a rule that may be decided otherwise, what the decision is called and the hidden computed rule."""
    label, rest = "", node
    while True:
        match rest:
            case nodes.Coalesce(operands=(SuppliedRef(node=AdjustedValue(label=found)), inner)):
                label, rest = label or found, inner
            case nodes.Conditional(
                branches=(
                    nodes.Branch(
                        condition=nodes.IsApplicable(operand=SuppliedRef(node=AdjustedValue(label=found)))
                    ),
                ),
                otherwise=inner,
            ):
                label, rest = label or found, inner
            case nodes.RuleRef(name=name) if label and name.endswith(f"@{COMPUTED}"):
                return label, rest
            case _:
                return None


def without_recusal(node: Node) -> Node:
    """Return a rule's expression for records that take part: a recusal decides the value of those that do not."""
    match node:
        case nodes.Conditional(
            branches=(nodes.Branch(condition=nodes.IsApplicable(operand=SuppliedRef(node=AdjustedValue()))),),
            otherwise=inner,
        ):
            return inner
        case _:
            return node


def with_decision(rule: PlannedRule, label: str, computed: Evaluate, write: Write) -> Write:
    """Return the lines of the computed value and, where the value was decided otherwise, the line of that decision."""
    # One line for each decision: it says who decided, and where that is written down.
    known: dict[str, Line] = {}
    key = f"{DECIDED}{rule.name}"

    def line_of(decided: Applied | None) -> Line:
        number = decided.decision.number if decided is not None else ""
        if number not in known:
            known[number] = _line(rule, label, decided)
        return known[number]

    def write_adjusted(environment: Environment) -> list[Entry]:
        value, before = environment.values[rule.name], computed(environment)
        assert isinstance(value, Fraction)  # noqa: S101 - only exact numbers are decided, and asked for where there is one
        found = write(environment) if isinstance(before, Fraction) else []
        decided = environment.values.get(key)
        start = before if isinstance(before, Fraction) else Fraction(0)
        if value != start or before is None:
            found.append(Entry(line_of(decided), value - start, value))  # type: ignore[arg-type] # kept beside values
        return found

    return write_adjusted


def _line(rule: PlannedRule, label: str, decided: Applied | None) -> Line:
    if decided is None:
        return Line(kind="adjusted", label=Words(zh=label, en=label), declared=rule.place)
    decision = decided.decision
    day = decision.decided_on.isoformat() if decision.decided_on is not None else ""
    said = " ".join(part for part in (decision.decided_by, day) if part)
    called = f"{decided.label or label} {decision.number}"
    return Line(
        kind="adjusted",
        label=Words(zh=f"{called}：{said}", en=f"{called}: {said}"),
        declared=decision.place,
        reference=decision.reference,
    )


def given_decisions(root: PolicyResults, table: str, positions: Sequence[int]) -> dict[str, list[ExactValue]]:
    """Return what was decided about the rules of some records (or rows of a table), by :data:`DECIDED` names."""
    found: dict[str, list[ExactValue]] = {}
    place = {position: at for at, position in enumerate(positions)} if root.adjusted.applied else {}
    for one in root.adjusted.applied:
        at = place.get(one.row if table else one.record)
        if one.table != table or at is None:
            continue
        rule = one.rule.removeprefix(f"{table}.") if table else one.rule
        column = found.setdefault(f"{DECIDED}{rule}", [None] * len(positions))
        column[at] = one  # type: ignore[call-overload] # kept beside values, under a name no value has
    return found
