"""What a policy does against the guardrails of its bases: each breach with both places and values, and why.

A guardrail compares the policy's effective value with the value that the guardrail's own document gives,
with its bases: the group's value is the group's, however many policies lie between. Nothing is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rulecore.codes import families as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.comparison import Comparison
from rulecore.policy.document import Document
from rulecore.policy.guardrails import Guardrail, SetGuardrail, stated
from rulecore.policy.keys import ANY, is_known_key, matches, parents
from rulecore.policy.limit_checks import CHECKS
from rulecore.policy.suggest import suggestion
from rulecore.source import KeyPath, format_key

ADJUSTMENTS: Final = ("adjustments",)
"""What a committee may decide: a base that allows nothing may lock that it stays so."""
_RELATIVE: Final = ("locked", "only_raise", "only_lower", "only_add")
"""Limits that compare with the base's value, which must then be there."""


def check_guardrail(guardrail: SetGuardrail, base: Document, policy: Document) -> Iterator[Fault]:
    """Yield every breach of one guardrail; ``policy`` is ``base`` itself where that is what is loaded."""
    limits = guardrail.limits
    if not isinstance(limits, Guardrail):
        return
    unmatched = _about_nothing(guardrail, base, policy)
    if unmatched is not None:
        yield unmatched
        return
    comparison = Comparison(guardrail=guardrail, base=base, policy=policy)
    keys = _keys(guardrail, base, policy)
    for limit in stated(limits):
        for key in keys:
            yield from CHECKS[limit](comparison, key)


def _about_nothing(guardrail: SetGuardrail, base: Document, policy: Document) -> Fault | None:
    """Return a fault if a guardrail's key is nowhere: a misspelt key would guard nothing."""
    pattern = guardrail.pattern
    if next(matches(pattern, base.data), None) is not None:
        return None
    if any(is_known_key(key) for key in parents(pattern, base.data)) or pattern == ADJUSTMENTS:
        return None
    relative = next((limit for limit in stated(guardrail.limits) if limit in _RELATIVE), "")
    if not relative and (next(matches(pattern, policy.data), None) is not None or policy is base):
        return None
    near = suggestion(guardrail.key, _every_key(base.data)) if ANY not in pattern else None
    reason = phrase(N_("{file} has no such key"), file=base.name)
    if relative and near is None and ANY not in pattern:
        reason = phrase(
            N_("{limit} compares with the base's value, and {file} has none"), limit=relative, file=base.name
        )
    values = {"key": guardrail.key, "reason": reason, "suggestion": near or ""}
    hint = N_("did you mean {suggestion}?") if near is not None else None
    return Fault(code=codes.GUARDRAIL_ON_NOTHING, values=values, place=guardrail.place(), hint=hint)


def _every_key(data: object, before: KeyPath = ()) -> list[str]:
    found = [format_key(before)] if before else []
    if isinstance(data, Mapping):
        for name, inner in data.items():
            if before or name not in ("guardrails", "policy"):
                found += _every_key(inner, (*before, name))
    return found


def _keys(guardrail: SetGuardrail, base: Document, policy: Document) -> list[KeyPath]:
    """Return the keys a guardrail is about: those of the base first, then those only the policy has."""
    pattern = guardrail.pattern
    found = [*matches(pattern, base.data), *matches(pattern, policy.data)]
    return list(dict.fromkeys(found))
