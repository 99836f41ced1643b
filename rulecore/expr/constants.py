"""Constant expressions: what can be known without any record."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TypeGuard

from rulecore.expr.nodes import Add, Divide, Literal, Multiply, Negate, Node, ParameterRef, Subtract

Constant = Fraction | str | bool | date


def _is_number(value: Constant | None) -> TypeGuard[Fraction]:
    return isinstance(value, Fraction)


def constant_value(node: Node) -> Constant | None:
    """Return the value of a constant expression, or None if it is not constant (or divides by zero).

    Constant are literals, parameters, and sums, differences, products and quotients of numbers among them.
    """
    match node:
        case Literal():
            return node.value
        case ParameterRef():
            return node.value.value
        case Negate():
            operand = constant_value(node.operand)
            return -operand if _is_number(operand) else None
        case Add() | Subtract() | Multiply() | Divide():
            left, right = constant_value(node.left), constant_value(node.right)
            return _combined(node, left, right) if _is_number(left) and _is_number(right) else None
        case _:
            return None


def _combined(node: Add | Subtract | Multiply | Divide, left: Fraction, right: Fraction) -> Fraction | None:
    match node:
        case Add():
            return left + right
        case Subtract():
            return left - right
        case Multiply():
            return left * right
        case Divide():
            return left / right if right else None
