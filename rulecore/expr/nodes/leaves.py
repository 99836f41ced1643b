"""Leaves: constants, names as written and what they name; and the named step of an explanation."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from rulecore.expr.nodes.base import Node


@frozen
class Literal(Node):
    """A constant: an exact number, a text, a flag or a date."""

    value: Fraction | str | bool | date


@frozen
class NotApplicable(Node):
    """The value *not applicable* (不适用)."""


@frozen
class Undecided(Node):
    """Not applicable, with an issue on the record; ``reason`` is a short stable word such as ``no_row``."""

    reason: str


@frozen
class Name(Node):
    """A name as written, before it is known what it names.

    ``quoted`` for ``「列名」``, ``of`` the table in ``votes.points``.
    """

    name: str
    quoted: bool = False
    of: str = ""


@frozen
class Call(Node):
    """A call as written, before it is known which function it names; ``named`` are its ``name = value`` arguments."""

    name: str
    arguments: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()


@frozen
class FieldRef(Node):
    """The value of a record's field."""

    name: str


@frozen
class RuleRef(Node):
    """The value of another rule of the same record."""

    name: str


@frozen
class ParameterRef(Node):
    """A parameter of the policy; ``value`` is the constant it stands for."""

    name: str
    value: Literal


@frozen
class ListLiteral(Node):
    """A list of constants, for the right side of ``in``; ``name`` is the parameter it came from, if any."""

    items: tuple[Node, ...]
    name: str = ""


@frozen
class Step(Node):
    """A named part of a calculation, shown by its label in the explanation; its value is its operand's."""

    label: str
    operand: Node
