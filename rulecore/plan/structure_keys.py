"""Which expressions are the same: numbers that are equal where trees are, found in linear time."""

from __future__ import annotations

from attrs import define, field, fields

from rulecore.expr.nodes import Node


@define
class StructureKeys:
    """Numbers the trees of one plan: equal trees have equal numbers, wherever they were written.

    Comparing trees themselves takes as long as they are large, again and again, and large ones are drawn from
    small graphs: here a node is looked at once. Unlike ``==``, true and 1 are not the same.
    """

    _numbers: dict[tuple[object, ...], int] = field(factory=dict)
    _known: dict[int, tuple[Node, int]] = field(factory=dict)

    def key(self, node: Node) -> int:
        """Return the number of a tree."""
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        parts = tuple(self._part(getattr(node, item.name)) for item in fields(type(node)) if item.eq)
        number = self._numbers.setdefault((type(node), *parts), len(self._numbers))
        self._known[id(node)] = (node, number)  # the node is kept, so that its id stays its own
        return number

    def _part(self, value: object) -> object:
        if isinstance(value, Node):
            return (Node, self.key(value))
        if isinstance(value, tuple):
            return tuple(self._part(item) for item in value)
        return (type(value), value)
