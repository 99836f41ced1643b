"""A guardrail between a base and a policy: what is compared, and how a breach is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import frozen

from rulecore.codes import families as codes
from rulecore.errors import Code, Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.policy.amounts import Amount, steps_of
from rulecore.policy.document import Document
from rulecore.policy.guardrails import SetGuardrail
from rulecore.policy.keys import ANY
from rulecore.policy.words import shown_value
from rulecore.source import KeyPath, format_key


@frozen(kw_only=True)
class Comparison:
    """A guardrail between two documents: the base that holds it and the policy, both effective."""

    guardrail: SetGuardrail
    base: Document
    policy: Document

    def fault(
        self, code: Code, key: KeyPath, limit: str, values: Mapping[str, object], *, shows_base: bool = True
    ) -> Fault:
        """Return a breach at ``key`` of the policy, with the guardrail's place and the base's value's."""
        related = [(N_("the base's limit is here"), self.guardrail.place(limit))]
        if shows_base and self.policy is not self.base and self.base.value_at(key) is not None:
            related.append((N_("the base's value is here"), self.base.place(key)))
        limits = self.guardrail.limits
        every = {"key": format_key(key), "why": limits.why, "reference": limits.reference, **values}
        return Fault(
            code=code,
            values=every,
            place=self.policy.place(key),
            hint=reason_hint(code, limits.why, limits.reference),
            related=tuple(related),
        )

    def steps(self, document: Document, key: KeyPath) -> tuple[tuple[date, Amount], ...] | None:
        """Return the amounts at ``key`` over time; texts in rules are expressions of parameters."""
        parameters = document.value_at(("parameters",))
        known = parameters if isinstance(parameters, Mapping) else {}
        return steps_of(document.value_at(key), known, text=key[0] == "rules")


def effective_days(document: Document) -> tuple[date, date]:
    """Return a policy's first and last day; what is no day is left to the structuring of ``[policy]``."""
    days = [document.value_at(("policy", "effective", part)) for part in ("from", "until")]
    first, last = (day if isinstance(day, date) and not isinstance(day, datetime) else None for day in days)
    return first or date.min, last or date.max


def reason_hint(code: Code, why: str, reference: str) -> str | None:
    """Return the advice of a breach with the base's reason; None where it gives none."""
    if why and reference:
        return N_("the reason: {why} ({reference})")
    if why:
        return N_("the reason: {why}")
    return N_("see {reference}") if reference else None


def is_new(comparison: Comparison, key: KeyPath) -> bool:
    """Return whether a key belongs to a thing that the base does not have at all, such as an added rule.

    A key that the base merely leaves unwritten is not new, nor is a list's item: it has no counterpart to
    be compared with, and a longer list must not lead around a guardrail.
    """
    missing = next(
        (number for number in range(len(key)) if comparison.base.value_at(key[: number + 1]) is None), None
    )
    if missing is None or isinstance(key[missing], int):
        return False
    return missing < len(key) - 1 or comparison.guardrail.pattern[-1] == ANY


def gone(comparison: Comparison, key: KeyPath, limit: str) -> Fault:
    """Return the breach of a policy that no longer has a value its base guards."""
    return comparison.fault(
        codes.GUARDED_VALUE_GONE, key, limit, {"base": shown_value(comparison.base.value_at(key))}
    )


def not_comparable(comparison: Comparison, key: KeyPath, limit: str, against: object) -> Fault:
    """Return the breach of a policy whose value cannot be held against a limit."""
    value = comparison.policy.value_at(key)
    reason: Phrase = phrase(N_("it is not an amount of the same kind"))
    if limit in ("only_raise", "only_lower") and comparison.base.value_at(key) is None:
        reason = phrase(N_("the base has nothing there to compare with"))
    values = {"found": shown_value(value), "limit": against, "reason": reason}
    return comparison.fault(codes.NOT_COMPARABLE, key, limit, values)
