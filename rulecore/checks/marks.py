"""A lint: full marks that cannot be reached, or can be exceeded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.checks.places import place_of_key
from rulecore.checks.wording import shown
from rulecore.checks.world import World, written
from rulecore.codes.checks import FULL_MARKS_EXCEEDED, FULL_MARKS_UNREACHED
from rulecore.contracts import Check, Fault, FullMarks
from rulecore.expr.types import NumberType, Type
from rulecore.planned import Plan, PlannedRule
from rulecore.source import KeyPath, Place

_SAID: Final = re.compile(
    r"满分(?:为|是|：|:)?\s*(\d+(?:\.\d+)?)|full marks:?\s*(\d+(?:\.\d+)?)", re.IGNORECASE
)
"""满分100, 满分为 120 分, full marks 100: what labels and headers say."""


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning where a value's greatest possible number is not the full marks stated for it.

    Stated are the full marks that a scorer's parameters claim, and those that a label, header or note names
    (满分100).
    """
    world = World.of(plan)
    rules = [step for step in plan.steps if isinstance(step, PlannedRule) and not step.hidden]
    for rule in rules:
        for claim in rule.claims:
            if isinstance(claim, FullMarks):
                place = place_of_key(plan, claim.key)
                yield from _compared(shown(claim.of), world.type_of(claim.of), claim.marks, place)
        key: KeyPath = ("rules", rule.name)
        said: dict[KeyPath, str] = {(*key, "label"): rule.label, (*key, "note"): rule.note}
        yield from _said(plan, rule.name, rule.type, said)
    for planned in plan.fields:
        key = ("fields", planned.name)
        said = {(*key, "label"): planned.declaration.label, (*key, "column"): planned.declaration.column}
        yield from _said(plan, planned.name, planned.type, said)


def _said(plan: Plan, name: str, type_: Type, texts: Mapping[KeyPath, str]) -> Iterator[Fault]:
    for key, text in texts.items():
        found = _SAID.search(text)
        if found is not None:
            marks = Fraction(found[1] or found[2])
            yield from _compared(name, type_, marks, place_of_key(plan, key))
            return


def _compared(name: str, type_: Type, marks: Fraction, place: Place) -> Iterator[Fault]:
    if not isinstance(type_, NumberType) or type_.high is None or type_.high == marks:
        return
    code = FULL_MARKS_EXCEEDED if type_.high > marks else FULL_MARKS_UNREACHED
    values = {"of": name, "highest": _short(type_.high), "marks": written(marks)}
    yield Fault(code=code, values=values, place=place)


def _short(value: Fraction) -> str:
    text = written(value)
    return text if "/" not in text else f"{float(value):.6g}"


MARKS: Final = Check(
    name="full_marks", codes=(FULL_MARKS_EXCEEDED, FULL_MARKS_UNREACHED), inspect=every_level(inspect)
)
