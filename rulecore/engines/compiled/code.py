"""Python's own syntax tree, made piece by piece: constants, local names, products, choices.

Operands are *atoms*, a local name or a constant, so that using one twice computes nothing twice. No text ever becomes
code: names are made here (``v0``, ``v1`` …), constants are Python values.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

NONE: Final = ast.Constant(None)
ONE: Final = ast.Constant(1)


def name(local: str) -> ast.expr:
    """Return a local (or global) name to be read."""
    return ast.Name(local, ast.Load())


def whole(value: int) -> ast.expr:
    """Return a whole constant."""
    return ast.Constant(value)


def constant_of(atom: ast.expr) -> int | None:
    """Return the whole number that an atom is, or None if it is a name (or no number)."""
    if isinstance(atom, ast.Constant) and type(atom.value) is int:
        return atom.value
    return None


def same(left: ast.expr, right: ast.expr) -> bool:
    """Return whether two atoms are the same name or constant."""
    if isinstance(left, ast.Name) and isinstance(right, ast.Name):
        return left.id == right.id
    return constant_of(left) is not None and constant_of(left) == constant_of(right)


def product(factor: int, parts: Sequence[ast.expr]) -> ast.expr:
    """Return a constant times some atoms, constants multiplied at once and factors of one left out."""
    found: ast.expr | None = None
    for part in parts:
        known = constant_of(part)
        if known is not None:
            factor *= known
        else:
            found = part if found is None else ast.BinOp(found, ast.Mult(), part)
    if found is None or factor == 0:
        return whole(factor)
    if factor == 1:
        return found
    return ast.UnaryOp(ast.USub(), found) if factor == -1 else ast.BinOp(whole(factor), ast.Mult(), found)


def total(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return a sum."""
    first, second = constant_of(left), constant_of(right)
    if first is not None and second is not None:
        return whole(first + second)
    return ast.BinOp(left, ast.Add(), right)


def quotient(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return a quotient rounded down."""
    return ast.BinOp(left, ast.FloorDiv(), right)


def compared(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """Return a comparison."""
    return ast.Compare(left, [operator], [right])


def is_none(atom: ast.expr) -> ast.expr:
    """Return whether an atom is None."""
    return compared(atom, ast.Is(), NONE)


def is_not_none(atom: ast.expr) -> ast.expr:
    """Return whether an atom is not None."""
    return compared(atom, ast.IsNot(), NONE)


def every(conditions: Sequence[ast.expr]) -> ast.expr:
    """Return whether all conditions hold."""
    return conditions[0] if len(conditions) == 1 else ast.BoolOp(ast.And(), list(conditions))


def any_of(conditions: Sequence[ast.expr]) -> ast.expr:
    """Return whether one of the conditions holds."""
    return conditions[0] if len(conditions) == 1 else ast.BoolOp(ast.Or(), list(conditions))


def either(condition: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """Return a choice."""
    return ast.IfExp(condition, then, otherwise)


def call(function: str, arguments: Sequence[ast.expr]) -> ast.expr:
    """Return the call of a function known by a global name."""
    return ast.Call(name(function), list(arguments), [])
