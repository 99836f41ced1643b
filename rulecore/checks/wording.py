"""Why something cannot be, in words: what a value can be, or that what stands before takes every case."""

from __future__ import annotations

from fractions import Fraction

from rulecore.checks.judge import Judge, Known
from rulecore.checks.world import World, written
from rulecore.expr.nodes import And, Node, Or
from rulecore.expr.types import DateType, FlagType, NumberType, TextType, Type
from rulecore.expr.unparse import unparse
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import Phrase, phrase

LONGEST = 60
MOST_TEXTS = 8


def shown(node: Node) -> str:
    """Return an expression as a policy writes it, cut where it is long."""
    text = unparse(node)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def range_text(type_: Type) -> str:
    """Return the values of a type in short: ``0 … 100``, ``"A", "B"``."""
    match type_:
        case NumberType():
            return f"{_end(type_.low, '−∞')} … {_end(type_.high, '+∞')}"
        case TextType(values=values) if values is not None:
            texts = [f'"{text}"' for text in sorted(values)]
            return ", ".join(texts[:MOST_TEXTS]) + (", …" if len(texts) > MOST_TEXTS else "")
        case DateType():
            return f"{type_.low or '…'} … {type_.high or '…'}"
        case FlagType(always=always) if always is not None:
            return written(always)
        case _:
            return "…"


def _end(bound: Fraction | None, unknown: str) -> str:
    if bound is None:
        return unknown
    text = format_number(bound)
    return text if "/" not in text else f"{float(bound):.4g}"


def why(world: World, condition: Node) -> Phrase:
    """Return why a condition always comes out the same: what its only value can be, if it has one."""
    constants: dict[Node, list[Known]] = {}
    Judge(world.definition, world.is_number, constants=constants).judge(condition)
    if len(constants) == 1 and not isinstance(condition, And | Or):
        subject = next(iter(constants))
        type_ = world.type_of(subject)
        if not type_.nullable and all(not values for values in constants.values()):
            return phrase(N_("{subject} is never 不适用"), subject=shown(subject))
        return phrase(N_("{subject} is {range}"), subject=shown(subject), range=range_text(type_))
    return phrase(N_("its parts exclude each other, or leave no other case"))


def covered() -> Phrase:
    """Return that the conditions before take every case."""
    return phrase(N_("what stands before it takes every case"))
