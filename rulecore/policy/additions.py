"""``[guardrails.rules]``: what a policy adds to the rules of its base, and how much weight that carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from rulecore.codes import families as codes
from rulecore.errors import Fault
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import Name, Node
from rulecore.expr.parser import parse_expression
from rulecore.numbers import format_number
from rulecore.policy.amounts import amount_of
from rulecore.policy.comparison import Comparison
from rulecore.policy.document import Document
from rulecore.policy.guardrails import RulesGuardrail, SetGuardrail
from rulecore.policy.words import listed
from rulecore.source import KeyPath, format_key


def check_additions(guardrail: SetGuardrail, base: Document, policy: Document) -> Iterator[Fault]:
    """Yield every breach of what a base says about added rules."""
    limits = guardrail.limits
    if not isinstance(limits, RulesGuardrail) or policy is base:
        return
    comparison = Comparison(guardrail=guardrail, base=base, policy=policy)
    known, own = _table(base, "rules"), _table(policy, "rules")
    if not limits.may_add_rules:
        for name in own:
            if name not in known:
                values = {"name": name}
                yield comparison.fault(codes.RULE_ADDED, ("rules", name), "may_add_rules", values)
    if limits.allowed_scorers is not None:
        for name, rule in own.items():
            yield from _scorer(comparison, name, rule, known.get(name), limits.allowed_scorers)
    if limits.weight_at_most is not None:
        for name, rule in own.items():
            yield from _weight(comparison, name, rule, Fraction(limits.weight_at_most))


def _scorer(
    comparison: Comparison, name: str, rule: object, known: object, allowed: tuple[str, ...]
) -> Iterator[Fault]:
    scorer = rule.get("scorer") if isinstance(rule, Mapping) else None
    before = known.get("scorer") if isinstance(known, Mapping) else None
    if isinstance(scorer, str) and scorer != before and scorer not in allowed:
        values = {"name": name, "scorer": scorer, "known": listed(allowed)}
        key: KeyPath = ("rules", name, "scorer")
        yield comparison.fault(codes.SCORER_NOT_ALLOWED, key, "allowed_scorers", values)


def _weight(comparison: Comparison, name: str, rule: object, limit: Fraction) -> Iterator[Fault]:
    """Yield a breach if what is added carries more than its share in one table of weights."""
    added, share = added_share(comparison, rule)
    if added and share > limit:
        key: KeyPath = ("rules", name, "of")
        values = {
            "key": format_key(key),
            "names": listed(added),
            "found": format_number(share),
            "limit": format_number(limit),
        }
        yield comparison.fault(
            codes.ADDED_WEIGHT, (*key, added[0]), "weight_at_most", values, shows_base=False
        )


def added_share(comparison: Comparison, rule: object) -> tuple[list[str], Fraction]:
    """Return what a policy adds to a rule's table of weights, and the share of the weight it carries."""
    weights = rule.get("of") if isinstance(rule, Mapping) else None
    if not isinstance(weights, Mapping) or not weights:
        return [], Fraction(0)
    added = [item for item in weights if _is_added(item, comparison)]
    parameters = _table(comparison.policy, "parameters")
    amounts = {item: amount_of(weight, parameters, text=True) for item, weight in weights.items()}
    numbers = {item: amount for item, amount in amounts.items() if isinstance(amount, Fraction)}
    total = sum(numbers.values(), Fraction(0))
    if len(numbers) < len(weights) or total <= 0:
        return [], Fraction(0)  # the scorer itself refuses weights that are no numbers or sum to nothing
    return added, sum((numbers[item] for item in added), Fraction(0)) / total


def _is_added(item: str, comparison: Comparison) -> bool:
    """Return whether a weighted value, a name or an expression, uses something the base does not have."""
    names = _names(item)
    if not names:
        return all(comparison.base.value_at((section, item)) is None for section in ("rules", "fields"))
    return any(
        comparison.base.value_at((section, name)) is None
        and comparison.policy.value_at((section, name)) is not None
        for name in names
        for section in ("rules", "fields")
    )


def _names(text: str) -> set[str]:
    try:
        waiting: list[Node] = [parse_expression(text)]
    except ExpressionError:
        return set()
    found = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            found.add(node.name)
        waiting += node.children()
    return found


def _table(document: Document, section: str) -> Mapping[str, object]:
    table = document.value_at((section,))
    return table if isinstance(table, Mapping) else {}
