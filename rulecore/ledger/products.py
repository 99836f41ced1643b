"""Products taken apart: a base, what it is scaled by, and coefficients, whose effect is a line each.

A factor after the first counts as a coefficient if it is proven to lie between 0 and 2: its line says what the
product of the factors before it gained or lost by it. Everything else scales the base (a weight, a divisor, a
quantity): a sum in the base stays a sum, line by line.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Final

from attrs import define, field

from rulecore.engines.exact import Environment
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.ledger.scope import ONE, Scope, Writer, bare, constant_value
from rulecore.ledger.sums import leaf
from rulecore.ledger.values import Entry, LineKind

LARGEST_COEFFICIENT: Final = 2


@define
class Product:
    """A product as its factors: a constant, what is multiplied, and what it is divided by."""

    constant: Fraction = ONE
    factors: list[Node] = field(factory=list)
    divisors: list[Node] = field(factory=list)


def product_of(node: Node) -> Product:
    """Return the factors of a product or quotient, however it is nested."""
    found = Product()
    _collect(node, found, up=True)
    return found


def _collect(node: Node, found: Product, *, up: bool) -> None:
    inner = bare(node)
    value = constant_value(inner)
    if value is not None and (up or value != 0):
        found.constant = found.constant * value if up else found.constant / value
        return
    match inner:
        case nodes.Multiply(left=left, right=right):
            _collect(left, found, up=up)
            _collect(right, found, up=up)
        case nodes.Divide(left=left, right=right):
            _collect(left, found, up=up)
            _collect(right, found, up=not up)
        case nodes.Negate(operand=operand):
            found.constant = -found.constant
            _collect(operand, found, up=up)
        case _:
            (found.factors if up else found.divisors).append(node)


def is_coefficient(scope: Scope, node: Node) -> bool:
    """Return whether a factor is proven to lie between 0 and 2."""
    found = scope.range_of(node)
    if found is None or found.low is None or found.high is None:
        return False
    return found.low >= 0 and found.high <= LARGEST_COEFFICIENT


@define
class Parts:
    """A product sorted out: the base, what scales it, and the coefficients."""

    constant: Fraction
    base: Node
    scalers: list[Node]
    divisors: list[Node]
    coefficients: list[Node]


def sorted_out(scope: Scope, node: Node) -> Parts | None:
    """Return the parts of a product, or None if nothing is multiplied but constants."""
    product = product_of(node)
    if not product.factors:
        return None
    base = next((one for one in product.factors if not is_coefficient(scope, one)), product.factors[0])
    others = [one for one in product.factors if one is not base]
    # The same factor twice (x × x) is one object twice: only one of them is the base.
    others += [base] * (sum(one is base for one in product.factors) - 1)
    coefficients = [one for one in others if is_coefficient(scope, one)]
    scalers = [one for one in others if not is_coefficient(scope, one)]
    return Parts(
        constant=product.constant,
        base=base,
        scalers=scalers,
        divisors=product.divisors,
        coefficients=coefficients,
    )


def product(
    scope: Scope, node: Node, parts: Parts, base: Writer | None, kind: LineKind, *, whole: bool
) -> Writer:
    """Return the lines of a product; ``base`` gives those of its base, None for one that is no sum.

    ``whole``: a base that is no sum makes one line with what scales it, constants too.
    """
    scaled = _scaled(scope, node, parts, base, kind, whole=whole)
    if not parts.coefficients:
        return scaled
    coefficients = [(scope.line("factor", one), scope.number(one)) for one in parts.coefficients]
    before = scope.number(_without_coefficients(parts))

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        found = scaled(environment, factor)
        value = before(environment) * factor
        for line, value_of in coefficients:
            coefficient = value_of(environment)
            found.append(Entry(line, value * (coefficient - 1), coefficient))
            value *= coefficient
        return found

    return write


def _scaled(
    scope: Scope, node: Node, parts: Parts, base: Writer | None, kind: LineKind, *, whole: bool
) -> Writer:
    """Return the lines of a product without its coefficients."""
    variable = bool(parts.scalers or parts.divisors)
    if base is None and (variable or whole):
        return leaf(scope, _without_coefficients(parts) if parts.coefficients else node, kind)
    inner = base or leaf(scope, parts.base, kind)
    constant = parts.constant
    if not variable:
        return inner if constant == 1 else lambda environment, factor: inner(environment, factor * constant)
    scalers = [scope.number(one) for one in parts.scalers]
    divisors = [scope.number(one) for one in parts.divisors]

    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        factor *= constant
        for one in scalers:
            factor *= one(environment)
        for one in divisors:
            factor /= one(environment)
        return inner(environment, factor)

    return write


def _without_coefficients(parts: Parts) -> Node:
    """Return the product of the base and what scales it, as an expression to be worded and computed."""
    factors = [parts.base, *parts.scalers]
    constant = parts.constant
    if constant.denominator == 1 and constant != 1:
        factors.append(nodes.Literal(constant))
    found = reduce(nodes.Multiply, factors)
    for divisor in parts.divisors:
        found = nodes.Divide(found, divisor)
    if constant.denominator != 1 and constant.numerator == 1:
        return nodes.Divide(found, nodes.Literal(Fraction(constant.denominator)))
    return found if constant.denominator == 1 else nodes.Multiply(found, nodes.Literal(constant))
