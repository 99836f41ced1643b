"""How a tree is written: brackets, names, lists, calls and constants, and the function that each kind of node joins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import singledispatch

from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.levels import ATOM, CHOICE, SIGN
from rulecore.expr.nodes import Node
from rulecore.expr.tokens import is_plain_name
from rulecore.numbers import decimal_scale, format_number

Written = tuple[str, int]
"""A text and how tightly it binds."""


def write_name(name: str) -> str:
    """Return a name as it stands in an expression, in 「」 where it must be."""
    return name if is_plain_name(name) else f"「{name}」"


def write_text(text: str) -> str:
    """Return a text constant in quotes."""
    return '"' + text.replace('"', '""') + '"'


def at_level(node: Node, level: int) -> str:
    """Return a node as it is written within something that binds as tightly as ``level``."""
    text, own = write(node)
    return text if own >= level else f"({text})"


def listed(items: Iterable[Node]) -> str:
    """Return nodes with commas between them."""
    return ", ".join(at_level(item, CHOICE) for item in items)


def call(name: str, *arguments: str) -> Written:
    """Return a call; arguments that are empty are left out."""
    return f"{name}({', '.join(argument for argument in arguments if argument)})", ATOM


def number(value: Fraction) -> Written:
    """Return a number as a constant."""
    if decimal_scale(value) is None:
        return f"({value.numerator} / {value.denominator})", ATOM
    return format_number(value), SIGN if value < 0 else ATOM


def constant(value: Fraction | str | bool | date) -> Written:
    """Return a constant of any type."""
    if isinstance(value, bool):
        return ("true" if value else "false"), ATOM
    if isinstance(value, Fraction):
        return number(value)
    return (write_text(value) if isinstance(value, str) else value.isoformat()), ATOM


@singledispatch
def write(node: Node) -> Written:
    """Return the text of a node and how tightly it binds."""
    raise InternalError(f"unparse has no way to write {type(node).__name__}")


@write.register
def _(node: nodes.Literal) -> Written:
    return constant(node.value)


@write.register(nodes.NotApplicable)
@write.register(nodes.Undecided)
def _(node: Node) -> Written:
    return "not_applicable", ATOM


@write.register
def _(node: nodes.Name) -> Written:
    name = f"「{node.name}」" if node.quoted else write_name(node.name)
    return (f"{write_name(node.of)}.{name}" if node.of else name), ATOM


@write.register(nodes.FieldRef)
@write.register(nodes.RuleRef)
@write.register(nodes.ParameterRef)
def _(node: nodes.FieldRef | nodes.RuleRef | nodes.ParameterRef) -> Written:
    return write_name(node.name), ATOM


@write.register
def _(node: nodes.ListLiteral) -> Written:
    return (write_name(node.name) if node.name else f"[{listed(node.items)}]"), ATOM


@write.register
def _(node: nodes.Call) -> Written:
    named = (f"{name} = {at_level(value, CHOICE)}" for name, value in node.named)
    return call(node.name, listed(node.arguments), *named)
