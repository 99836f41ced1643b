"""A lint: texts that a rule looks for and that can never be there, most often misspelt grades."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rulecore.checks.levels import every_level
from rulecore.checks.uses import parts
from rulecore.codes.lints import NEVER_EQUAL
from rulecore.contracts import Check, Fault
from rulecore.expr.constants import constant_value
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Compare, IsIn, Literal, Node
from rulecore.expr.types import TextType
from rulecore.planned import Plan

MOST_SHOWN: Final = 12


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each text compared with a value whose texts are all known and others."""
    types = {field.name: field.type for field in plan.inputs} | {step.name: step.type for step in plan.steps}
    inference = Inference(types)
    told: set[tuple[str, str]] = set()
    for step in plan.steps:
        # Hidden rules and cohort steps of a rule are named after it: what they look for, the rule does.
        rule = plan.rule(step.name.split("@")[0])
        for text, known in _impossible(step.node, inference):
            if rule is not None and (rule.name, text) not in told:
                told.add((rule.name, text))
                yield Fault(
                    code=NEVER_EQUAL,
                    values={"rule": rule.name, "text": text, "known": known},
                    place=rule.place,
                )


def _impossible(node: Node, inference: Inference) -> Iterator[tuple[str, str]]:
    """Yield each text that is looked for in vain, with those there can be."""
    tests = [test for part in parts([node]) for test in _tests(part)]
    for operand, literal in tests:
        if constant_value(operand) is not None:
            continue  # a parameter decides it: that is what a switch is for
        type_ = inference.type_of(operand)
        known = type_.values if isinstance(type_, TextType) else None
        text = literal.value
        # A blank text is looked for to be on the safe side; that is no mistake.
        if known is not None and isinstance(text, str) and text and text not in known:
            more = ", …" if len(known) > MOST_SHOWN else ""
            yield text, ", ".join(sorted(known)[:MOST_SHOWN]) + more


def _tests(node: Node) -> Iterator[tuple[Node, Literal]]:
    match node:
        case Compare(operator="==" | "!=", left=left, right=Literal() as literal):
            yield left, literal
        case Compare(operator="==" | "!=", left=Literal() as literal, right=right):
            yield right, literal
        case IsIn(operand=operand, choices=choices):
            for item in choices.items:
                if isinstance(item, Literal):
                    yield operand, item


KNOWN_TEXTS: Final = Check(name="known_texts", codes=(NEVER_EQUAL,), inspect=every_level(inspect))
