"""Functions of several operands, of which those that are applicable count."""

from __future__ import annotations

from attrs import frozen

from rulecore.expr.nodes.base import Node


@frozen
class Total(Node):
    """Sum of the applicable operands; not applicable if none is."""

    operands: tuple[Node, ...]


@frozen
class Mean(Node):
    """Arithmetic mean of the applicable operands; not applicable if none is."""

    operands: tuple[Node, ...]


@frozen
class TrimmedMean(Node):
    """Mean of the applicable operands without the ``low`` smallest and ``high`` largest ones.

    Of tied extremes one is dropped. Not applicable if no operand is left.
    """

    operands: tuple[Node, ...]
    low: int = 1
    high: int = 1


@frozen
class Count(Node):
    """How many operands are applicable (flags count where true)."""

    operands: tuple[Node, ...]


@frozen
class Coalesce(Node):
    """The first applicable operand."""

    operands: tuple[Node, ...]
