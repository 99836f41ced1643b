"""Sums taken apart: each addend is a line, what is subtracted is a deduction, lists give a line each."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rulecore.engines.exact import Environment, Evaluate
from rulecore.engines.exact.kernel import number
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.ledger.scope import ONE, Scope, Writer, bare
from rulecore.ledger.values import Entry, Line, LineKind
from rulecore.reals import product

Addend = tuple[int, Node]
"""A part of a sum with its sign."""


def addends(node: Node, sign: int = 1) -> Iterator[Addend]:
    """Yield the parts of a sum, however it is nested, in the order they are written."""
    inner = bare(node)
    match inner:
        case nodes.Add(left=left, right=right):
            yield from addends(left, sign)
            yield from addends(right, sign)
        case nodes.Subtract(left=left, right=right):
            yield from addends(left, sign)
            yield from addends(right, -sign)
        case nodes.Negate(operand=operand):
            yield from addends(operand, -sign)
        case _:
            yield sign, node


def added(writers: list[tuple[int, Writer]]) -> Writer:
    """Return the lines of a sum's parts, one after the other."""
    pairs = [(sign, writer) for sign, writer in writers]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        found: list[Entry] = []
        opposite = -factor
        for sign, writer in pairs:
            found += writer(environment, factor if sign > 0 else opposite)
        return found

    return write


def leaf(scope: Scope, node: Node, kind: LineKind) -> Writer:
    """Return the one line of a part that is not taken apart: its value times the factor."""
    line, value_of = scope.line(kind, node), scope.number(node)
    if not scope.is_exact(node):
        return _inexact(line, scope.known.evaluator.of(node))

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        value = value_of(environment)
        # Most lines count in full; multiplying by 1 would take half the time of a ledger.
        return [Entry(line, value if factor is ONE else value * factor, value, factor)]

    return write


def _inexact(line: Line, value_of: Evaluate) -> Writer:
    """Return the one line of a part with logarithms or roots that are not rounded."""

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        value = number(value_of(environment))
        return [Entry(line, product(value, factor), value, factor)]

    return write


def total(scope: Scope, operands: tuple[Node, ...], writers: list[Writer], *, mean: bool) -> Writer:
    """Return the lines of the applicable operands of a list; of a mean, each with its share."""
    values = [scope.known.evaluator.of(operand) for operand in operands]
    pairs = list(zip(values, writers, strict=True))

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        present = [writer for value, writer in pairs if value(environment) is not None]
        share = factor / len(present) if mean else factor
        return [entry for writer in present for entry in writer(environment, share)]

    return write


def trimmed(scope: Scope, node: nodes.TrimmedMean) -> Writer:
    """Return the lines of the operands a trimmed mean keeps, and of those it drops, whose amount is 0."""
    kept_lines = [scope.line("contribution", operand) for operand in node.operands]
    dropped_lines = [scope.line("dropped", operand) for operand in node.operands]
    values = [scope.number(operand) for operand in node.operands]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        found = [
            (value, index) for index, one in enumerate(values) if (value := one(environment)) is not None
        ]
        ordered = sorted(found)
        kept = {index for _value, index in ordered[node.low : len(ordered) - node.high]}
        share = factor / len(kept)
        nothing = Fraction(0)
        return [
            Entry(kept_lines[index], value * share, value, share)
            if index in kept
            else Entry(dropped_lines[index], nothing, value, nothing)
            for value, index in found
        ]

    return write
