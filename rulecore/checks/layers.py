"""What a policy says itself, and what it only inherits."""

from __future__ import annotations

from rulecore.planned import Plan
from rulecore.source import KeyPath


def is_own(plan: Plan, key: KeyPath) -> bool:
    """Whether a policy has a word of its own at a key; what it inherits may be there for its siblings."""
    if plan.document is None or len(plan.document.layers) < 2:
        return True
    return plan.document.layers[0].value_at(key) is not None
