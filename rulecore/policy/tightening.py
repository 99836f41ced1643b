"""Guardrails on the way down: what a base limits, those who extend it may limit further, never less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import cast

from rulecore.codes import families as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.policy.amounts import amount_of
from rulecore.policy.guardrails import SetGuardrail, stated
from rulecore.policy.words import shown_value
from rulecore.source import KeyPath


def check_tightening(guardrails: Sequence[SetGuardrail]) -> Iterator[Fault]:
    """Yield a fault for every limit that a nearer document states looser than a base with the same key."""
    for own in guardrails:
        for base in guardrails:
            if base.layer > own.layer and base.key == own.key:
                yield from _loosened(own, base)


def _loosened(own: SetGuardrail, base: SetGuardrail) -> Iterator[Fault]:
    for limit, value in stated(base.limits).items():
        key: KeyPath = ("guardrails", own.key, limit)
        written = own.document.value_at(key)
        if written is not None and _is_looser(limit, written, own, base):
            values = {
                "limit": limit,
                "key": own.key,
                "base": shown_value(value),
                "found": shown_value(written),
            }
            yield Fault(
                code=codes.GUARDRAIL_LOOSENED,
                values=values,
                place=own.place(limit),
                related=((N_("the base's limit is here"), base.place(limit)),),
            )


def _is_looser(limit: str, written: object, own: SetGuardrail, base: SetGuardrail) -> bool:
    before = stated(base.limits)[limit]
    match limit:
        case "max" | "weight_at_most":
            return not _at_most(written, before)
        case "min":
            return not _at_most(before, written)
        case "sum":
            return not (_at_most(written, before) and _at_most(before, written))
        case "may_add_rules":
            return written is True
        case "allowed_scorers":
            return isinstance(written, list) and not set(written) <= set(cast("tuple[str, ...]", before))
    return written is False


def _at_most(one: object, other: object) -> bool:
    """Return whether a limit is not above another; limits of two kinds never are."""
    low, high = amount_of(one, {}), amount_of(other, {})
    if low is None or high is None or isinstance(low, Fraction) != isinstance(high, Fraction):
        return False
    return cast("Fraction", low) <= cast("Fraction", high)
