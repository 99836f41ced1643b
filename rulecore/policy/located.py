"""TOML values that know their key path, so that a fault found anywhere in structuring can say where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from rulecore.source import KeyPath


@frozen
class Scalar:
    """A single value and its key path in the document."""

    value: object
    key: KeyPath


class Table(dict[str, Any]):
    """A table whose values are located; ``key`` is its own path."""

    def __init__(self, items: Mapping[str, object], key: KeyPath) -> None:
        super().__init__(items)
        self.key = key


class Array(list[Any]):
    """An array whose elements are located; ``key`` is its own path."""

    def __init__(self, items: list[object], key: KeyPath) -> None:
        super().__init__(items)
        self.key = key


Located = Scalar | Table | Array


def located(value: object, key: KeyPath) -> Located:
    """Return a TOML value with the key path of every part of it; ``key`` is the path of the whole.

    Recursion is bounded by the depth that :func:`rulecore.policy.document.read_document` lets through.
    """
    if isinstance(value, Mapping):
        return Table({name: located(inner, (*key, name)) for name, inner in value.items()}, key)
    if isinstance(value, list | tuple):
        return Array([located(inner, (*key, index)) for index, inner in enumerate(value)], key)
    return Scalar(value, key)


def plain(value: Located) -> object:
    """Return the value without its locations, as tomli gave it."""
    match value:
        case Table():
            return {name: plain(inner) for name, inner in value.items()}
        case Array():
            return [plain(inner) for inner in value]
        case Scalar():
            return value.value
