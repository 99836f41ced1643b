"""Functions of texts: joining, numbers as text, and looking into a text."""

from __future__ import annotations

from fractions import Fraction

from rulecore.contracts import Function, FunctionParameter
from rulecore.expr.nodes import Concatenate, FormatNumber, MissingItems, Node, ReadNumber, TextTest
from rulecore.functions.parameters import VALUE, VALUES
from rulecore.language import N_

PART = FunctionParameter(name="part")
SEPARATOR = FunctionParameter(name="separator", kind="text", required=False, default="")
SHOWN_DECIMALS = FunctionParameter(
    name="decimals", kind="number", default=Fraction(0), whole=True, low=Fraction(0), high=Fraction(30)
)
READ_DECIMALS = FunctionParameter(
    name="decimals", kind="number", default=Fraction(4), whole=True, low=Fraction(0), high=Fraction(18)
)


def _text(value: Node, decimals: Fraction) -> Node:
    return FormatNumber(value, int(decimals))


FUNCTIONS = (
    Function(
        name="concat",
        summary=N_("Texts joined, with a separator between those that are not empty."),
        parameters=(VALUES, SEPARATOR),
        build=Concatenate,
        aliases=("连接",),
        example='concat("党建", "", "经营", separator = "、")',
        result="党建、经营",
    ),
    Function(
        name="text",
        summary=N_("A number as text with so many decimals, rounded half up."),
        parameters=(VALUE, SHOWN_DECIMALS),
        build=_text,
        aliases=("转文本",),
        example="text(88.985, 2)",
        result="88.99",
    ),
    Function(
        name="number",
        summary=N_("The number a text is, if it is a plain number with at most so many decimals."),
        parameters=(VALUE, READ_DECIMALS),
        build=lambda value, decimals: ReadNumber(value, int(decimals)),
        aliases=("转数值",),
        example='number("0.30") * 10',
        result="3",
    ),
    Function(
        name="missing_items",
        summary=N_("Of two lists written as texts, the items of the first that the second lacks, joined."),
        parameters=(
            FunctionParameter(name="wanted"),
            FunctionParameter(name="given"),
            FunctionParameter(name="separator", kind="text", required=False, default="|"),
            FunctionParameter(name="joiner", kind="text", required=False, default="、"),
        ),
        build=MissingItems,
        aliases=("缺少项",),
        example='missing_items("安全|廉洁|环保", "安全|保密")',
        result="廉洁、环保",
    ),
    Function(
        name="contains",
        summary=N_("Whether a text contains another."),
        parameters=(VALUE, PART),
        build=lambda value, part: TextTest("contains", value, part),
        aliases=("包含",),
        example='contains("年度考核优秀", "优秀")',
        result="true",
    ),
    Function(
        name="starts_with",
        summary=N_("Whether a text starts with another."),
        parameters=(VALUE, PART),
        build=lambda value, part: TextTest("starts_with", value, part),
        aliases=("开头是",),
        example='starts_with("U01", "U")',
        result="true",
    ),
    Function(
        name="ends_with",
        summary=N_("Whether a text ends with another."),
        parameters=(VALUE, PART),
        build=lambda value, part: TextTest("ends_with", value, part),
        aliases=("结尾是",),
        example='ends_with("U01", "2")',
        result="false",
    ),
)
