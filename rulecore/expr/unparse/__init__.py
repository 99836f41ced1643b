"""From tree to text: what :func:`unparse` writes, the parser reads back as an equal tree."""

from __future__ import annotations

from rulecore.expr.nodes import Node
from rulecore.expr.unparse import logic, records, values  # noqa: F401 - how their nodes are written
from rulecore.expr.unparse.values import decimal_places
from rulecore.expr.unparse.writing import write, write_name, write_text

__all__ = ["decimal_places", "unparse", "write_name", "write_text"]


def unparse(node: Node) -> str:
    """Return the expression-language text of a tree, with as few brackets as it needs.

    Parsing the text gives an equal tree; for a resolved tree, parsing and resolving does. Some kinds of nodes are
    not part of the language: a step is written as its operand, a reference to a cohort step or to a supplied value
    as what it stands for, and an undecided value as ``not_applicable``.
    """
    return write(node)[0]
