"""Functions of numbers: absolute value, limits, rounding, powers and logarithms."""

from __future__ import annotations

from fractions import Fraction

from rulecore.contracts import Function, FunctionParameter
from rulecore.expr.nodes import (
    Absolute,
    Divide,
    Exponential,
    Literal,
    Maximum,
    Minimum,
    NaturalLogarithm,
    Node,
    NormalProbability,
    Power,
    Round,
)
from rulecore.functions.parameters import DECIMALS, ROUNDING, VALUE, unit_of
from rulecore.language import N_
from rulecore.numbers import Rounding

STEP = FunctionParameter(name="step", kind="number", above=Fraction(0))


def _clip(value: Node, low: Node, high: Node) -> Node:
    return Minimum((Maximum((value, low)), high))


def _round(value: Node, decimals: Fraction, rounding: str) -> Node:
    return Round(value, unit_of(decimals), Rounding(rounding))


def _round_to(value: Node, step: Fraction, rounding: str) -> Node:
    return Round(value, step, Rounding(rounding))


def _log(value: Node, base: Fraction) -> Node:
    if base == 1:
        raise ValueError("there is no logarithm to the base 1")
    return Divide(NaturalLogarithm(value), NaturalLogarithm(Literal(base)))


def _rounded(rounding: Rounding) -> Function:
    name, summary, alias, example, result = _DIRECTIONS[rounding]

    def build(value: Node, decimals: Fraction) -> Node:
        return Round(value, unit_of(decimals), rounding)

    return Function(
        name=name,
        summary=summary,
        parameters=(VALUE, DECIMALS),
        build=build,
        aliases=alias,
        example=example,
        result=result,
    )


_DIRECTIONS = {
    Rounding.HALF_EVEN: (
        "round_half_even",
        N_("Rounds to so many decimals, a tie to the even neighbour (GB/T 8170)."),
        ("四舍六入",),
        "round_half_even(88.985, 2)",
        "88.98",
    ),
    Rounding.FLOOR: (
        "floor",
        N_("The largest number of so many decimals that is not above the value."),
        ("向下取整",),
        "floor(-1.5)",
        "-2",
    ),
    Rounding.CEIL: (
        "ceil",
        N_("The smallest number of so many decimals that is not below the value."),
        ("向上取整",),
        "ceil(1.21, 1)",
        "1.3",
    ),
    Rounding.TRUNCATE: (
        "truncate",
        N_("Cuts the decimals beyond so many off, towards zero."),
        ("截尾", "取整"),
        "truncate(-1.59, 1)",
        "-1.5",
    ),
}


FUNCTIONS = (
    Function(
        name="abs",
        summary=N_("The number without its sign."),
        parameters=(VALUE,),
        build=Absolute,
        aliases=("绝对值",),
        example="abs(-3.5)",
        result="3.5",
    ),
    Function(
        name="clip",
        summary=N_("The value, but no less than low and no more than high."),
        parameters=(VALUE, FunctionParameter(name="low"), FunctionParameter(name="high")),
        build=_clip,
        aliases=("限定",),
        example="clip(103.5, 0, 100)",
        result="100",
    ),
    Function(
        name="round",
        summary=N_("Rounds to so many decimals, a tie away from zero unless rounding says otherwise."),
        parameters=(VALUE, DECIMALS, ROUNDING),
        build=_round,
        aliases=("四舍五入",),
        example="round(88.985, 2)",
        result="88.99",
    ),
    Function(
        name="round_to",
        summary=N_("Rounds to whole multiples of a step."),
        parameters=(VALUE, STEP, ROUNDING),
        build=_round_to,
        aliases=("按步长取整",),
        example='round_to(7.74, 0.5, rounding = "floor")',
        result="7.5",
    ),
    *map(_rounded, _DIRECTIONS),
    Function(
        name="ln",
        summary=N_("Natural logarithm; inexact, so it must be rounded before it is compared."),
        parameters=(VALUE,),
        build=NaturalLogarithm,
        aliases=("自然对数",),
        example="round(ln(10), 4)",
        result="2.3026",
    ),
    Function(
        name="exp",
        summary=N_("e to the power of the value; inexact, so it must be rounded before it is compared."),
        parameters=(VALUE,),
        build=Exponential,
        aliases=("自然指数",),
        example="round(exp(1), 4)",
        result="2.7183",
    ),
    Function(
        name="log",
        summary=N_(
            "Logarithm to a base, 10 unless said otherwise; inexact, so it must be rounded before it is compared."
        ),
        parameters=(
            VALUE,
            FunctionParameter(name="base", kind="number", default=Fraction(10), above=Fraction(0)),
        ),
        build=_log,
        aliases=("对数",),
        example="round(log(1000), 2)",
        result="3",
    ),
    Function(
        name="normal_probability",
        summary=N_(
            "The part of a standard normal distribution below the value; inexact, so it must be rounded."
        ),
        parameters=(VALUE,),
        build=NormalProbability,
        aliases=("正态分布概率",),
        example="round(normal_probability(1), 4)",
        result="0.8413",
    ),
    Function(
        name="sqrt",
        summary=N_("Square root; inexact, so it must be rounded before it is compared."),
        parameters=(VALUE,),
        build=lambda value: Power(value, Fraction(1, 2)),
        aliases=("平方根",),
        example="round(sqrt(2), 3)",
        result="1.414",
    ),
    Function(
        name="power",
        summary=N_("The value to a constant power; exact for whole exponents."),
        parameters=(
            VALUE,
            FunctionParameter(name="exponent", kind="number", low=Fraction(-64), high=Fraction(64)),
        ),
        build=Power,
        aliases=("乘方",),
        example="power(1.1, 2)",
        result="1.21",
    ),
)
