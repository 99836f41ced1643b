"""Rewriting of trees: a function is applied to every node, from the leaves up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve, fields

from rulecore.expr.nodes import Node


def transform(node: Node, function: Callable[[Node], Node]) -> Node:
    """Return the tree with ``function`` applied to every node, children first.

    A node none of whose children changed is handed to ``function`` as the same object, so a rewrite that
    changes nothing returns the very tree it was given. A node that stands at several places of the tree is
    rewritten once. Spans are kept.
    """
    return _transformed(node, function, {})


def _transformed(node: Node, function: Callable[[Node], Node], done: dict[int, Node]) -> Node:
    if id(node) in done:
        return done[id(node)]
    changes: dict[str, Any] = {}
    for attribute in fields(type(node)):
        value = getattr(node, attribute.name)
        rewritten = _rewritten(value, function, done)
        if rewritten is not value:
            changes[attribute.name] = rewritten
    result = function(evolve(node, **changes) if changes else node)
    done[id(node)] = result
    return result


def _rewritten(value: object, function: Callable[[Node], Node], done: dict[int, Node]) -> object:
    if isinstance(value, Node):
        return _transformed(value, function, done)
    if isinstance(value, tuple):
        items = tuple(_rewritten(item, function, done) for item in value)
        if any(new is not old for new, old in zip(items, value, strict=True)):
            return items
    return value


def repeated(node: Node) -> frozenset[int]:
    """Return the ids of the nodes, leaves aside, that stand (as one object) at several places of a tree."""
    seen: set[int] = set()
    several: set[int] = set()
    waiting = [node]
    while waiting:
        for child in waiting.pop().children():
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)
            elif next(child.children(), None) is not None:
                several.add(id(child))
    return frozenset(several)


def depth(node: Node) -> int:
    """Return how many nodes stand one inside the other, at most; without recursion, so for any tree."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        current, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += ((child, level + 1) for child in current.children())
    return deepest
