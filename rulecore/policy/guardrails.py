"""Guardrails as a base writes them: each a key, its limits, why, and the article it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from rulecore.codes import families as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.amounts import amount_of
from rulecore.policy.document import Document
from rulecore.policy.keys import key_pattern
from rulecore.policy.sections import policy_converter
from rulecore.policy.structure import structure
from rulecore.source import KeyPath, Place

RULES: Final = "rules"
"""The reserved key of ``[guardrails]`` that is about rules as such, not about a value."""
LIMITS: Final = ("locked", "min", "max", "only_raise", "only_lower", "only_add", "sum")


@frozen(kw_only=True)
class Guardrail:
    """``[guardrails."KEY"]``: what those who extend this policy may write at ``KEY``.

    ``locked``: nothing at the key or below it may change. ``min``, ``max``: inclusive. ``only_raise``,
    ``only_lower``: compared with the value of the policy that holds the guardrail. ``only_add``: a list
    must keep all its items. ``sum``: what the values of a table must sum to, exactly.
    """

    locked: bool = False
    min: Decimal | int | date | None = None
    max: Decimal | int | date | None = None
    only_raise: bool = False
    only_lower: bool = False
    only_add: bool = False
    sum: Decimal | int | None = None
    why: str = ""
    reference: str = ""


@frozen(kw_only=True)
class RulesGuardrail:
    """``[guardrails.rules]``: what those who extend this policy may add to its rules.

    ``weight_at_most``: the share of the weight, from 0 to 1, that added rules and fields may carry together
    in any weighted rule. ``allowed_scorers``: the scorers of added rules, and of rules that are given
    another one.
    """

    may_add_rules: bool = True
    weight_at_most: Decimal | int | None = None
    allowed_scorers: tuple[str, ...] | None = None
    why: str = ""
    reference: str = ""


@frozen(kw_only=True)
class SetGuardrail:
    """A guardrail and the document that sets it; ``pattern`` are the parts of its key, ``*`` for any.

    ``layer`` is the number of the document in its chain: 0 for the policy itself, 1 for its base, and so on.
    """

    key: str
    pattern: KeyPath
    limits: Guardrail | RulesGuardrail
    document: Document = field(repr=False, eq=False)
    layer: int = 0

    def place(self, limit: str = "") -> Place:
        """Return where a limit of the guardrail stands, or the guardrail itself."""
        key: KeyPath = ("guardrails", self.key)
        return self.document.place((*key, limit)) if limit else self.document.place(key, value=False)


def read_guardrails(document: Document, layer: int = 0) -> tuple[tuple[SetGuardrail, ...], list[Fault]]:
    """Return the guardrails that one document sets, and what is wrong with how they are written."""
    table = document.data.get("guardrails")
    if table is None:
        return (), []
    if not isinstance(table, Mapping):
        whole = structure(table, dict[str, object], document=document, key=("guardrails",))
        return (), list(whole.faults)
    read: list[SetGuardrail] = []
    faults: list[Fault] = []
    for key, value in table.items():
        inner = value if isinstance(value, Mapping) else {}
        nested = [name for name, part in inner.items() if isinstance(part, Mapping)]
        pattern = key_pattern(key)
        if nested or pattern is None:
            faults.append(_badly_written(document, key, nested))
            continue
        limits, wrong = _limits(document, key, value)
        faults += wrong
        if limits is not None:
            guardrail = SetGuardrail(key=key, pattern=pattern, limits=limits, document=document, layer=layer)
            faults += _unusable(guardrail)
            read.append(guardrail)
    return tuple(read), faults


def _limits(
    document: Document, key: str, value: object
) -> tuple[Guardrail | RulesGuardrail | None, tuple[Fault, ...]]:
    cls: type[Guardrail | RulesGuardrail] = RulesGuardrail if key == RULES else Guardrail
    result = structure(value, cls, document=document, key=("guardrails", key), converter=policy_converter())
    return result.value, result.faults


def stated(limits: Guardrail | RulesGuardrail) -> dict[str, object]:
    """Return the limits that a guardrail states, by their key."""
    if isinstance(limits, Guardrail):
        every: dict[str, object] = {name: getattr(limits, name) for name in LIMITS}
        return {name: value for name, value in every.items() if value is not None and value is not False}
    every = {"weight_at_most": limits.weight_at_most, "allowed_scorers": limits.allowed_scorers}
    kept = {name: value for name, value in every.items() if value is not None}
    return kept if limits.may_add_rules else {"may_add_rules": False, **kept}


def _badly_written(document: Document, key: str, nested: list[str]) -> Fault:
    place = document.place(("guardrails", key), value=False)
    if nested:
        values = {
            "key": key,
            "reason": phrase(N_("it holds tables of its own")),
            "whole": f"{key}.{nested[0]}",
        }
        hint = N_('the whole key stands in quotes: [guardrails."{whole}"]')
        return Fault(code=codes.GUARDRAIL_UNUSABLE, values=values, place=place, hint=hint)
    values = {"key": key, "reason": phrase(N_("this is not a key"))}
    return Fault(code=codes.GUARDRAIL_ON_NOTHING, values=values, place=place)


def _unusable(guardrail: SetGuardrail) -> Iterator[Fault]:
    """Yield what is wrong with a guardrail in itself: no limit, limits that contradict each other."""
    limits = guardrail.limits
    if isinstance(limits, RulesGuardrail):
        weight = limits.weight_at_most
        if weight is not None and not 0 <= weight <= 1:
            values = {"key": guardrail.key, "reason": phrase(N_("weight_at_most is a share from 0 to 1"))}
            place = guardrail.place("weight_at_most")
            yield Fault(
                code=codes.GUARDRAIL_UNUSABLE, values=values, place=place, hint=N_("write 0.2 for 20%")
            )
        return
    if not stated(limits):
        values = {"key": guardrail.key, "reason": phrase(N_("it states no limit"))}
        yield Fault(code=codes.GUARDRAIL_UNUSABLE, values=values, place=guardrail.place())
    low, high = amount_of(limits.min, {}), amount_of(limits.max, {})
    if low is None or high is None:
        return
    if isinstance(low, date) != isinstance(high, date):
        values = {"key": guardrail.key, "reason": phrase(N_("min and max are not of one kind"))}
        yield Fault(code=codes.GUARDRAIL_UNUSABLE, values=values, place=guardrail.place("min"))
    elif low > high:  # type: ignore[operator]
        place = guardrail.place("min")
        related = ((N_("max is here"), guardrail.place("max")),)
        values = {"key": guardrail.key, "reason": phrase(N_("min is above max"))}
        yield Fault(code=codes.GUARDRAIL_UNUSABLE, values=values, place=place, related=related)
