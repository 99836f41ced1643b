"""A lint: rules that a policy inherits and that its own changes leave without any use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rulecore.checks.layers import is_own
from rulecore.checks.parameters import texts_in
from rulecore.checks.uses import unused_rules, used_elsewhere
from rulecore.codes.checks import BASE_RULE_DEAD
from rulecore.contracts import Check, Fault
from rulecore.language import N_
from rulecore.planned import Locator, Plan, PlannedRule
from rulecore.source import KeyPath, Place


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each inherited rule without use, at the change that took its last use away."""
    used = used_elsewhere(plan)
    for name, level in (("", plan), *((table.name, table.plan) for table in plan.tables)):
        for rule in unused_rules(level, used[name]):
            if not is_own(level, ("rules", rule.name)):
                values = {"rule": rule.name, "policy": plan.policy.policy.name}
                related = ((N_("the rule"), rule.place),)
                yield Fault(code=BASE_RULE_DEAD, values=values, place=_change(plan, rule), related=related)


def _change(plan: Plan, rule: PlannedRule) -> Place:
    """Return where the policy replaces a text of a base that names the rule; else its ``extends``."""
    assert plan.document is not None  # noqa: S101 - is_own() asks for it
    own = plan.document.layers[0]
    named = re.compile(rf"(?<!\w){re.escape(rule.name)}(?!\w)")
    for key in _leaves(own, ()):
        below = [layer.value_at(key) for layer in plan.document.layers[1:]]
        used = any(named.search(text) for value in below for text in texts_in(value))
        if used and not any(named.search(text) for text in texts_in(own.value_at(key))):
            return own.place(key)
    return own.place(("policy", "extends"))


def _leaves(document: Locator, key: KeyPath) -> Iterator[KeyPath]:
    """Yield the key paths of a document's rules, conditions and output, down to single values."""
    value = document.value_at(key) if key else {"rules": 0, "output": 0, "record": 0, "tables": 0}
    if not isinstance(value, dict):
        yield key
        return
    for name in value:
        if document.value_at((*key, name)) is not None:
            yield from _leaves(document, (*key, name))


INHERITED: Final = Check(name="inherited_rules", codes=(BASE_RULE_DEAD,), inspect=inspect)
