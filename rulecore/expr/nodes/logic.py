"""Conditions and choices."""

from __future__ import annotations

from typing import Literal as OneOf

from attrs import frozen

from rulecore.expr.nodes.base import Node
from rulecore.expr.nodes.leaves import ListLiteral

Comparison = OneOf["==", "!=", "<", "<=", ">", ">="]


@frozen
class Compare(Node):
    """A comparison of two numbers, texts, dates or flags (texts and flags only for equality)."""

    operator: Comparison
    left: Node
    right: Node


@frozen
class IsIn(Node):
    """Whether a value is one of a list of constants."""

    operand: Node
    choices: ListLiteral


@frozen
class And(Node):
    """All of the flags, read from left to right; once one is false the rest is not evaluated."""

    operands: tuple[Node, ...]


@frozen
class Or(Node):
    """Any of the flags, read from left to right; once one is true the rest is not evaluated."""

    operands: tuple[Node, ...]


@frozen
class Not(Node):
    """The flag turned; not applicable stays not applicable."""

    operand: Node


@frozen
class IsApplicable(Node):
    """Whether a value is applicable: the one flag that is never itself not applicable."""

    operand: Node


@frozen
class Branch(Node):
    """One ``if condition then value`` of a :class:`Conditional`."""

    condition: Node
    value: Node
    label: str = ""


@frozen
class Conditional(Node):
    """The value of the first branch whose condition is true, else ``otherwise``; only the chosen value is evaluated.

    A condition that is not applicable, met before a true one, makes the whole not applicable.
    """

    branches: tuple[Branch, ...]
    otherwise: Node
