"""Functions of composite indices: values between two posts, distances to a target, other means than the usual one.

Sources: goalposts as in UNDP, Human Development Report, Technical note 1; distances to a reference and means as in
OECD/JRC, Handbook on Constructing Composite Indicators (2008), part 1, steps 5 and 6.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from rulecore.contracts import Function, FunctionParameter, LiteralNode
from rulecore.expr.constants import constant_value
from rulecore.expr.nodes import (
    Absolute,
    Add,
    Divide,
    Maximum,
    Minimum,
    Multiply,
    NaturalLogarithm,
    Node,
    Power,
    Subtract,
)
from rulecore.functions.parameters import VALUE, VALUES
from rulecore.language import N_

ZERO, ONE = LiteralNode(Fraction(0)), LiteralNode(Fraction(1))

WORST = FunctionParameter(name="worst")
BEST = FunctionParameter(name="best")
FULL = FunctionParameter(name="full", kind="number", default=Fraction(1), above=Fraction(0))
OUTSIDE = FunctionParameter(name="outside", kind="text", default="clamp", choices=("clamp", "extend"))


def _goalposts(value: Node, worst: Node, best: Node, full: Fraction, outside: str) -> Node:
    share: Node = Divide(Subtract(value, worst), Subtract(best, worst))
    return _times(full, _between(share) if outside == "clamp" else share)


def _log_goalposts(value: Node, worst: Node, best: Node, full: Fraction) -> Node:
    # The value is held rather than the quotient: at the posts it is then exactly 0, or of two equal logarithms.
    low, high = _in_order(worst, best)
    held = Minimum((Maximum((value, low)), high))
    come, whole = (NaturalLogarithm(Divide(place, worst)) for place in (held, best))
    return _times(full, Divide(come, whole))


def _in_order(worst: Node, best: Node) -> tuple[Node, Node]:
    """Return the lower and the higher of two posts: one of them, where both are constant."""
    first, second = constant_value(worst), constant_value(best)
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        return (worst, best) if first <= second else (best, worst)
    return Minimum((worst, best)), Maximum((worst, best))


def _between(share: Node) -> Node:
    return Minimum((Maximum((share, ZERO)), ONE))


def _times(full: Fraction, share: Node) -> Node:
    return share if full == 1 else Multiply(share, LiteralNode(full))


def _distance_to_target(value: Node, target: Node, better: str, unit: Node | None) -> Node:
    short: dict[str, Node] = {
        "higher": Maximum((Subtract(target, value), ZERO)),
        "lower": Maximum((Subtract(value, target), ZERO)),
        "neither": Absolute(Subtract(value, target)),
    }
    return Divide(short[better], Absolute(target) if unit is None else unit)


def _geometric_mean(values: tuple[Node, ...]) -> Node:
    # A root of each rather than of the product: of two negative numbers the product has one.
    roots: list[Node] = [Power(value, Fraction(1, len(values))) for value in values]
    return reduce(Multiply, roots)


def _harmonic_mean(values: tuple[Node, ...]) -> Node:
    inverses: list[Node] = [Divide(ONE, value) for value in values]
    return Divide(LiteralNode(Fraction(len(values))), reduce(Add, inverses))


FUNCTIONS = (
    Function(
        name="goalposts",
        summary=N_("How far a value has come from the worst post to the best one, from 0 to full."),
        parameters=(VALUE, WORST, BEST, FULL, OUTSIDE),
        build=_goalposts,
        aliases=("标杆归一",),
        example="goalposts(72, 20, 85, full = 100)",
        result="80",
    ),
    Function(
        name="log_goalposts",
        summary=N_(
            "How far a value has come from the worst post to the best one in logarithms; inexact, from 0 to full."
        ),
        parameters=(VALUE, WORST, BEST, FULL),
        build=_log_goalposts,
        aliases=("对数标杆归一",),
        example="round(log_goalposts(7500, 100, 75000), 4)",
        result="0.6522",
    ),
    Function(
        name="distance_to_target",
        summary=N_("How far a value is from its target on the worse side, as a share of the target."),
        parameters=(
            VALUE,
            FunctionParameter(name="target"),
            FunctionParameter(
                name="better", kind="text", default="higher", choices=("higher", "lower", "neither")
            ),
            FunctionParameter(name="unit", required=False),
        ),
        build=_distance_to_target,
        aliases=("目标差距",),
        example="distance_to_target(90, 120)",
        result="0.25",
    ),
    Function(
        name="geometric_mean",
        summary=N_("Geometric mean of some values; inexact, and not applicable if any of them is."),
        parameters=(VALUES,),
        build=_geometric_mean,
        aliases=("几何平均",),
        example="round(geometric_mean(0.9, 0.8, 0.7), 3)",
        result="0.796",
    ),
    Function(
        name="harmonic_mean",
        summary=N_("Harmonic mean of some values; not applicable if any of them is."),
        parameters=(VALUES,),
        build=_harmonic_mean,
        aliases=("调和平均",),
        example="harmonic_mean(60, 30)",
        result="40",
    ),
)
