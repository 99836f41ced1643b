"""Texts."""

from __future__ import annotations

from typing import Literal as OneOf

from attrs import frozen

from rulecore.expr.nodes.base import Node


@frozen
class Concatenate(Node):
    """Texts joined; ``separator`` stands between those that are not empty. Not applicable operands are left out.

    Not applicable only if every operand is.
    """

    operands: tuple[Node, ...]
    separator: str = ""


@frozen
class FormatNumber(Node):
    """A number as text with exactly ``decimals`` decimals, rounded half up."""

    operand: Node
    decimals: int


@frozen
class ReadNumber(Node):
    """The number a text is, with at most so many decimals; anything else is not applicable, with ``not_a_number``."""

    operand: Node
    decimals: int


@frozen
class MissingItems(Node):
    """Of two lists written as texts, the items of ``wanted`` that ``given`` lacks, joined; empty if it lacks none."""

    wanted: Node
    given: Node
    separator: str = "|"
    joiner: str = "、"


@frozen
class TextTest(Node):
    """Whether a text contains, starts with or ends with another."""

    test: OneOf["contains", "starts_with", "ends_with"]
    operand: Node
    part: Node
