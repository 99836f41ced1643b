"""The base of every node."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, fields, frozen

from rulecore.source import Span


@frozen(kw_only=True)
class Node:
    """The base of every node."""

    span: Span | None = field(default=None, eq=False, repr=False)

    def children(self) -> Iterator[Node]:
        """Yield the nodes this one is computed from, in order."""
        for attribute in fields(type(self)):
            yield from _nodes_in(getattr(self, attribute.name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
