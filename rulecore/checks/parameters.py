"""A lint: parameters that change nothing, and numbers written as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from rulecore.checks.layers import is_own
from rulecore.checks.places import place_of_key
from rulecore.codes.checks import NUMBER_AS_TEXT, UNUSED_PARAMETER
from rulecore.contracts import Check, Fault
from rulecore.planned import Plan

_NUMBER: Final = re.compile(r"\s*([+-]?\d[\d,，]*(?:\.\d+)?)\s*([%％]?)\s*分?\s*")


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each parameter that no rule names, or whose text is a number."""
    texts = [refusal.when for refusal in plan.policy.record.refuse]
    for level in (plan, *(table.plan for table in plan.tables)):
        for rule in level.policy.rules.values():
            texts += texts_in(rule.settings)
    for name, value in plan.policy.parameters.items():
        key = ("parameters", name)
        named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        if is_own(plan, key) and not any(named.search(text) for text in texts):
            place = place_of_key(plan, key, value=False)
            yield Fault(code=UNUSED_PARAMETER, values={"parameter": name}, place=place)
        number = _NUMBER.fullmatch(value) if isinstance(value, str) else None
        if number is not None:
            values = {"parameter": name, "written": f'"{value}"', "number": _as_number(number)}
            yield Fault(code=NUMBER_AS_TEXT, values=values, place=place_of_key(plan, key))


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in a rule's settings, keys included: weights name what they weigh as keys."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, item in value.items():
                yield str(key)
                yield from texts_in(item)
        case list() | tuple():
            for item in value:
                yield from texts_in(item)


def _as_number(match: re.Match[str]) -> str:
    digits = Decimal(match[1].replace(",", "").replace("，", ""))
    return f"{digits / 100 if match[2] else digits:f}"


PARAMETERS: Final = Check(name="parameters", codes=(UNUSED_PARAMETER, NUMBER_AS_TEXT), inspect=inspect)
