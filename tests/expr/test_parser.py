from __future__ import annotations

import subprocess
import sys
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulecore.codes import expressions as codes
from rulecore.errors import Code, PolicyError
from rulecore.expr import nodes
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import Compare, IsIn, ListLiteral, Literal, Name, Node
from rulecore.expr.parser import MAXIMUM_DEPTH, parse_expression, parse_unary_tests
from rulecore.expr.tokens import MAXIMUM_LENGTH, MAXIMUM_NESTING
from rulecore.expr.transform import depth
from rulecore.source import Span

A, B, X, Y = Name("a"), Name("b"), Name("x"), Name("y")


def number(value: int | str) -> Literal:
    return Literal(Fraction(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", Fraction(1)),
        ("0.05", Fraction(1, 20)),
        ("1_000", Fraction(1000)),
        ("95%", Fraction(95, 100)),
        ("95％", Fraction(95, 100)),
        ("5‰", Fraction(5, 1000)),
        ("-5", Fraction(-5)),
        ("１２．５", Fraction("12.5")),
        ("'A'", "A"),
        ('"A"', "A"),
        ("“A”", "A"),
        ("‘A’", "A"),
        ("'it''s'", "it's"),
        ('"（，）"', "（，）"),
        ("2024-01-31", date(2024, 1, 31)),
        ("true", True),
        ("真", True),
        ("false", False),
        ("假", False),
    ],
)
def test_constants_are_exact(text: str, value: object) -> None:
    tree = parse_expression(text)
    assert isinstance(tree, Literal)
    assert tree.value == value
    assert type(tree.value) is type(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a 且 b", "a and b"),
        ("a 或 b", "a or b"),
        ("非 a", "not a"),
        ("a 属于 (1, 2)", "a in [1, 2]"),
        ("a 不属于 (1, 2)", "not a in (1, 2)"),
        ("a not in (1, 2)", "not a in (1, 2)"),
        ("a ≥ 1", "a >= 1"),
        ("a ≤ 1", "a <= 1"),
        ("a ≠ 1", "a != 1"),
        ("a × b ÷ 2", "a * b / 2"),
        ("（a＋b）－1", "(a + b) - 1"),
        ("a ＜ b", "a < b"),
        ("a ＝＝ b", "a == b"),
        ("min（a，b）", "min(a, b)"),
        ("60 <= x < 80", "60 <= x and x < 80"),
        ("如果 a 则 1 否则 2", "if a then 1 else 2"),
        ("如果 a 则 1 否则如果 b 则 2 否则 3", "if a then 1 else if b then 2 else 3"),
        ("不适用", "not_applicable"),
        ("a + b - 1", "(a + b) - 1"),
        ("a or b and not x == 1", "a or (b and (not (x == 1)))"),
        ("-x * 2", "(-x) * 2"),
    ],
)
def test_two_ways_to_write_the_same(one: str, other: str) -> None:
    assert parse_expression(one) == parse_expression(other)


def test_else_if_makes_one_conditional_and_brackets_make_two() -> None:
    flat = parse_expression("if a then 1 else if b then 2 else 3")
    nested = parse_expression("if a then 1 else (if b then 2 else 3)")
    assert isinstance(flat, nodes.Conditional)
    assert isinstance(nested, nodes.Conditional)
    assert (len(flat.branches), len(nested.branches)) == (2, 1)


def test_a_call_keeps_its_arguments_as_written() -> None:
    tree = parse_expression("f(a, periods = 1, by = (a, b), where = x > 1)")
    assert tree == nodes.Call(
        "f",
        (A,),
        (
            ("periods", number(1)),
            ("by", ListLiteral((A, B))),
            ("where", Compare(">", X, number(1))),
        ),
    )


def test_a_bare_name_right_of_in_is_a_list_of_that_name() -> None:
    assert parse_expression("x in names") == IsIn(X, ListLiteral((Name("names"),)))


def test_a_quoted_name_may_hold_anything_and_says_that_it_was_quoted() -> None:
    assert parse_expression("「党建 得分（%）」") == Name("党建 得分（%）", quoted=True)


def test_every_node_knows_its_place_in_the_text() -> None:
    key = ("rules", "score", "value")
    tree = parse_expression("(a + b) × round(x, 2)", key)
    assert isinstance(tree, nodes.Multiply)
    assert tree.span == Span(start=0, end=21, key=key)
    assert tree.left.span == Span(start=0, end=7, key=key)
    assert tree.right.span == Span(start=10, end=21, key=key)


def test_importing_the_parser_does_not_load_lark() -> None:
    program = "import rulecore.expr.parser, sys; print('lark' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


FAULTS: list[tuple[str, Code, int, str]] = [
    ("", codes.EMPTY_EXPRESSION, 1, "the expression is empty"),
    ("a = 5", codes.SINGLE_EQUALS, 3, "write == to compare"),
    ("= a", codes.SINGLE_EQUALS, 1, "leave it out"),
    ("a && b", codes.FOREIGN_OPERATOR, 3, "write and (且)"),
    ("a || b", codes.FOREIGN_OPERATOR, 3, "write or (或)"),
    ("a <> b", codes.FOREIGN_OPERATOR, 3, "write != (≠)"),
    ("a ** 2", codes.FOREIGN_OPERATOR, 3, "write power(x, 2)"),
    ("a ^ 2", codes.FOREIGN_OPERATOR, 3, "write power(x, 2)"),
    ("a 、 b", codes.FOREIGN_OPERATOR, 3, "write a comma"),
    ("5 % 3", codes.FOREIGN_OPERATOR, 3, "as in 95%; there is no remainder"),
    ("min(a, b", codes.BRACKET_NOT_CLOSED, 4, "add )"),
    ("a)", codes.BRACKET_NOT_OPENED, 2, "the bracket ) closes nothing"),
    ("a且b c", codes.UNEXPECTED, 5, "a且b is read as one name: put spaces around 且"),
    ("得分>=80且扣分<5", codes.INVALID_NUMBER, 5, "put spaces around 且"),
    ("a # b", codes.UNKNOWN_CHARACTER, 3, "the character # has no meaning"),
    ("x² + 1", codes.UNKNOWN_CHARACTER, 2, "the character ² has no meaning"),
    ("x == 'abc", codes.UNCLOSED_QUOTE, 6, "close it with '"),
    ("「列名 + 1", codes.UNCLOSED_QUOTE, 1, "close it with 」"),
    ("a. b", codes.ATTRIBUTE_ACCESS, 2, "a dot between names is reserved"),
    (".5", codes.INVALID_NUMBER, 1, "as in 0.5"),
    ("90分", codes.INVALID_NUMBER, 1, "no unit follows"),
    ("2024-02-30", codes.INVALID_DATE, 1, "2024-02-30 is not a day"),
    ("d < 2024-1-5", codes.INVALID_DATE, 5, "to subtract put spaces around -"),
    ("2024-01-31.5", codes.INVALID_DATE, 1, "2024-01-31.5 is not a day"),
    ("a b", codes.UNEXPECTED, 3, "an operator or a comma is missing"),
    ("a > 5 and < 10", codes.UNEXPECTED, 11, "chain: 1 < x < 5"),
    ("if a then b", codes.UNFINISHED, 11, "else (否则) was expected"),
    ("a +", codes.UNFINISHED, 3, "a value was expected"),
    ("x in 'A'", codes.UNEXPECTED, 6, "is contains(x,"),
    ("1..5", codes.UNEXPECTED, 2, "only in table cells"),
    ("f(a = 1, b)", codes.POSITIONAL_AFTER_NAMED, 10, "put the arguments without a name first"),
]


@pytest.mark.parametrize(("text", "code", "column", "words"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_slip_is_told_at_its_character_with_what_to_do(
    text: str, code: Code, column: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    with pytest.raises(PolicyError) as caught:
        parse_expression(text)
    (fault,) = caught.value.faults
    assert fault.place is not None
    assert (fault.code.id, fault.place.column) == (code.id, column)
    assert words in f"{fault.message('en')}; {fault.advice('en')}"
    assert text in fault.render("en")


def test_all_unreadable_characters_are_told_at_once() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression("a && b # c", ("rules", "r", "value"))
    assert [problem.code for problem in caught.value.problems] == [
        codes.FOREIGN_OPERATOR,
        codes.UNKNOWN_CHARACTER,
    ]
    assert [problem.span for problem in caught.value.problems] == [
        Span(start=2, end=4, key=("rules", "r", "value")),
        Span(start=7, end=8, key=("rules", "r", "value")),
    ]


def code_of(text: str) -> Code:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    return caught.value.faults[0].code


def test_length_is_limited() -> None:
    assert parse_expression("a" * MAXIMUM_LENGTH) == Name("a" * MAXIMUM_LENGTH)
    assert code_of("a" * (MAXIMUM_LENGTH + 1)) == codes.TOO_LONG


def test_nesting_is_limited() -> None:
    assert parse_expression("(" * MAXIMUM_NESTING + "a" + ")" * MAXIMUM_NESTING) == A
    assert code_of("(" * (MAXIMUM_NESTING + 1) + "a" + ")" * (MAXIMUM_NESTING + 1)) == codes.TOO_DEEP


@pytest.mark.parametrize("make", [lambda n: "+".join("a" * n), lambda n: "-" * (n - 1) + "a"])
def test_chains_are_limited(make: object) -> None:
    assert callable(make)
    assert depth(parse_expression(make(MAXIMUM_DEPTH))) == MAXIMUM_DEPTH
    assert code_of(make(MAXIMUM_DEPTH + 1)) == codes.TOO_MANY_STEPS
    assert code_of(make(1900)) == codes.TOO_MANY_STEPS


def test_long_alternatives_are_not_deep() -> None:
    tree = parse_expression(" or ".join(["a"] * 500))
    assert tree == nodes.Or((A,) * 500)


WORDS = (
    "a 党 且 非 属于 不适用 and or not in if then else 1 2.5 95% 2024-01-31 'A' “ ” 「 」 ( ) [ ] , ， "
    "= == <= < .. . % + - × min( true # & |"
)
PIECES = st.sampled_from([*WORDS.split(), "\t", "\n"])


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40), st.lists(PIECES, max_size=15).map(" ".join), st.lists(PIECES).map("".join)
    )
)
@example("(" * 3000)
@example("not " * 900 + "a")
@example("\ud800")
def test_any_text_is_an_expression_or_a_fault_inside_it(text: str) -> None:
    for parse in (parse_expression, lambda text: parse_unary_tests(text, X)):
        try:
            tree = parse(text)
        except ExpressionError as error:
            for fault in error.faults:
                assert fault.place is not None
                assert fault.place.column is not None
                assert 1 <= fault.place.column <= max(len(text), 1)
                assert fault.render("en")
        else:
            assert isinstance(tree, Node)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("-", "true"),
        ("5", "x == 5"),
        ("-5", "x == -5"),
        ("95%", "x == 0.95"),
        ('"A"', 'x == "A"'),
        ('"A", "B"', 'x in ("A", "B")'),
        ('"A"，"B"', 'x in ("A", "B")'),
        ('not("A")', 'not x == "A"'),
        ('not("A", "B")', 'x not in ("A", "B")'),
        ('非（"A"）', 'not x == "A"'),
        (">= 5", "x >= 5"),
        ("≥ a + 1", "x >= a + 1"),
        ("!= 5", "x != 5"),
        ("[1..5)", "x >= 1 and x < 5"),
        ("[1..5[", "x >= 1 and x < 5"),
        ("]1..5]", "x > 1 and x <= 5"),
        ("(1..5]", "x > 1 and x <= 5"),
        ("[2024-01-01..2024-12-31]", "x >= 2024-01-01 and x <= 2024-12-31"),
        ("< 5, [7..8], 10", "x < 5 or (x >= 7 and x <= 8) or x == 10"),
        ("limit", "x == limit"),
        ("in names", "x in names"),
        ("not in names", "x not in names"),
        ("属于 names", "x in names"),
        ("true", "x == true"),
    ],
)
def test_a_cell_is_a_flag_over_its_subject(cell: str, expected: str) -> None:
    assert parse_unary_tests(cell, X) == parse_expression(expected)


def test_a_cell_can_ask_whether_the_subject_is_applicable() -> None:
    assert parse_unary_tests("不适用", X) == nodes.Not(nodes.IsApplicable(X))
    assert parse_unary_tests("!= 不适用", X) == nodes.IsApplicable(X)
    assert parse_unary_tests("not(不适用)", X) == nodes.IsApplicable(X)


@pytest.mark.parametrize("cell", ["", "[1..5", "1..5", ">", "= 5", "-, 5", "not 5", ">= 5 and <= 7"])
def test_what_is_no_cell_is_a_fault(cell: str) -> None:
    with pytest.raises(ExpressionError):
        parse_unary_tests(cell, X)
