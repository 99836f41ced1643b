"""Nodes for values from outside a record's own row: its detail rows, its parent, earlier periods, other policies.

A plan lifts each of them out of the rule it was written in: the value becomes a column that the record is given before
its rules are computed (:class:`rulecore.planned.SuppliedValue`), and the rule holds a :class:`SuppliedRef` to it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.expr.nodes import Node

PARENT_MARK: Final = "^"
"""Stands before the name of a value that the rows of a table are given from the record above."""


RECORD_NUMBER: Final = "#record"
"""The number of a record; a table's rows are given that of the record (or row) they belong to."""


@frozen
class RowPart:
    """An expression over the rows of a detail table. Not a node: the names in it are the table's, not the record's."""

    node: Node


@frozen
class RowOrder:
    """An expression over rows to put them in order by."""

    node: Node
    descending: bool = False


@frozen
class TableCall(Node):
    """What a function makes of a record's rows in a detail table: ``sum(votes.points where votes.valid)``.

    ``table`` is the table's name, ``argument`` the expression over its rows (None where only rows are counted),
    ``where`` the condition that rows must meet, ``order`` what puts the rows in order (else they stand as in the
    input), ``options`` the function's constants.
    """

    function: str
    table: str
    argument: RowPart | None = None
    where: RowPart | None = None
    order: tuple[RowOrder, ...] = ()
    options: tuple[tuple[str, Fraction | str | bool], ...] = ()


@frozen
class ParentValue(Node):
    """In a detail table: a value of the record (or row) that the row belongs to; ``is_field`` or a rule."""

    name: str
    is_field: bool = True


@frozen
class SuppliedRef(Node):
    """A value supplied from elsewhere, by the name of its column; ``node`` says what it is."""

    name: str
    node: Node


OWN_RECORD: Final = SuppliedRef(f"{PARENT_MARK}{RECORD_NUMBER}", ParentValue(RECORD_NUMBER, is_field=False))
"""In a detail table: the number of the record that a row belongs to."""
