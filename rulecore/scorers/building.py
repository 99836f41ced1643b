"""Short ways to write nodes, shared by the built-in scorers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from typing import Final

from rulecore.contracts import Constant, LiteralNode, Problem
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import (
    Add,
    And,
    Branch,
    Coalesce,
    Conditional,
    IsApplicable,
    Maximum,
    Minimum,
    Multiply,
    Node,
    NotApplicable,
    Or,
    Step,
    Total,
)
from rulecore.expr.parser import parse_expression
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import Phrase
from rulecore.source import KeyPath

SMALLEST: Final = N_("smallest")
LARGEST: Final = N_("largest")


def number(value: Fraction | int) -> LiteralNode:
    """Return the literal of an exact number."""
    return LiteralNode(Fraction(value))


def constant(value: int) -> Constant:
    """Return a whole number as the constant it would be in a policy: for defaults of scorer parameters."""
    return Constant(value=Fraction(value), node=number(value))


def written(value: object) -> str:
    """Return a literal or an exact number as a policy writes it: ``"A"``, ``89.5``, ``true``."""
    match value:
        case LiteralNode(value=inner):
            return written(inner)
        case bool():
            return "true" if value else "false"
        case Fraction():
            return format_number(value)
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def kind_of(literal: LiteralNode) -> str:
    """Return the plain word for a literal's kind: number, text, flag or date."""
    match literal.value:
        case bool():
            return N_("flag")
        case Fraction():
            return N_("number")
        case str():
            return N_("text")
        case _:
            return N_("date")


def word(*alternatives: str) -> Phrase:
    """Return words marked with ``N_`` as a value of a message, translated when the message is shown."""
    return Phrase(alternatives=alternatives)


def same(first: LiteralNode, second: LiteralNode) -> bool:
    """Return whether two literals are the same constant; ``true`` and ``1`` are not."""
    return kind_of(first) == kind_of(second) and first.value == second.value


def items_of(weights: Mapping[str, Constant]) -> tuple[tuple[Node, Constant], ...]:
    """Return the entries of a table ``{ expression = weight }`` with their keys as expressions."""
    return tuple(
        (parse_expression(text, key_of(weight.node, text)), weight) for text, weight in weights.items()
    )


def expression_problems(error: ExpressionError, key: KeyPath) -> Iterator[Problem]:
    """Yield the faults of a text that is not an expression as problems of the parameter it stands in."""
    for fault in error.problems:
        yield Problem(code=fault.code, key=key, values=fault.values, hint=fault.hint, span=fault.span)


def key_of(node: Node, *otherwise: str | int) -> KeyPath:
    """Return the key path of the text a node was written as, or the one given where it is not known."""
    return otherwise if node.span is None else node.span.key


def added(terms: Iterable[Node]) -> Node:
    """Return the sum of one or more terms; it is not applicable if any of them is."""
    return reduce(Add, terms)


def multiplied(factors: Iterable[Node]) -> Node:
    """Return the product of one or more factors."""
    return reduce(Multiply, factors)


def certainly(condition: Node) -> Node:
    """Return the condition, false where it is not applicable: for who takes part in a cohort only."""
    return Coalesce((condition, LiteralNode(False)))


def either(conditions: Iterable[Node]) -> Node:
    """Return the condition that one or more of the conditions hold."""
    flags = tuple(conditions)
    return flags[0] if len(flags) == 1 else Or(flags)


def both(conditions: Iterable[Node]) -> Node:
    """Return the condition that all conditions hold; always true for none."""
    flags = tuple(conditions)
    if not flags:
        return LiteralNode(True)
    return flags[0] if len(flags) == 1 else And(flags)


def when_applicable(operand: Node, value: Node) -> Node:
    """Return ``value`` where ``operand`` is applicable, else not applicable."""
    return Conditional((Branch(IsApplicable(operand), value),), NotApplicable())


def largest_applicable(operands: tuple[Node, ...]) -> Node:
    """Return the largest of the applicable operands; not applicable if none is.

    ``Maximum`` is not applicable as soon as one operand is, so each operand that is not is replaced by one
    that is.
    """
    if len(operands) == 1:
        return operands[0]
    any_of_them = Coalesce(operands)
    return Maximum(tuple(Coalesce((operand, any_of_them)) for operand in operands))


def limited(operand: Node, *, low: Node | None = None, high: Node | None = None) -> Node:
    """Return the number, at least ``low`` and at most ``high`` where those are given."""
    if high is not None:
        operand = Minimum((operand, high))
    return operand if low is None else Maximum((operand, low))


def points_of(items: tuple[Node, ...], highest_only: bool, sum_label: str, highest_label: str) -> Node:
    """Return the sum of the applicable items, or with ``highest_only`` (就高不累计) the largest of them."""
    if highest_only:
        return Step(highest_label, largest_applicable(items))
    return Step(sum_label, Total(items))


def unless(waived: Node, condition: Node) -> Node:
    """Return a condition that does not hold where ``waived`` is true."""
    return Conditional((Branch(waived, LiteralNode(value=False)),), condition)
