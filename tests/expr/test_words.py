from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.build import Subject
from rulecore.expr.nodes import FieldRef, Literal, Node, ParameterRef, RuleRef
from rulecore.expr.parser import parse_expression
from rulecore.expr.unparse import unparse
from rulecore.expr.words import formula
from rulecore.functions import FUNCTIONS
from rulecore.plan.resolve import Scope, resolve
from tests.expr.trees import resolved_trees, written_trees

SCOPE = Scope(
    names={
        "party": FieldRef("party"),
        "operations": RuleRef("operations"),
        "cap": ParameterRef("cap", Literal(Fraction(3))),
        "grades": nodes.ListLiteral((Literal("A"), Literal("B")), name="grades"),
        "unit": FieldRef("unit"),
    },
    functions={function.name: function for function in FUNCTIONS},
)
LABELS = {
    "party": "党建得分",
    "operations": "经营得分",
    "cap": "加分上限",
    "unit": "单位",
    "grades": "合格档",
}
ENGLISH = {"party": "party score", "operations": "operations score", "cap": "bonus cap", "unit": "unit"}


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        (
            "round(party * operations / 100, 2)",
            "四舍五入到2位(党建得分 × 经营得分 ÷ 100)",
            "rounded half up to 2 decimals(party score × operations score ÷ 100)",
        ),
        (
            "(party + operations) * 0.5 - (party - 1)",
            "(党建得分 + 经营得分) × 0.5 − (党建得分 − 1)",
            "(party score + operations score) × 0.5 − (party score − 1)",
        ),
        ("clip(party, 0, cap)", "限定在0至加分上限(党建得分)", "limited to 0…bonus cap(party score)"),
        ("min(party, cap)", "最小值(党建得分，加分上限)", "smallest(party score, bonus cap)"),
        (
            'if party >= 90 and unit in grades then "A" else if party < 60 then "D" else "B"',
            "如果 党建得分 ≥ 90 且 单位 属于 合格档 则 “A”，否则如果 党建得分 < 60 则 “D”，否则 “B”",
            "if party score ≥ 90 and unit in grades then “A”, else if party score < 60 then “D”, else “B”",
        ),
        ("is_not_applicable(party)", "党建得分 不适用", "party score is not applicable"),
        ('unit not in ("A", "B")', "单位 不属于 (“A”，“B”)", "unit not in (“A”, “B”)"),
        ("party - -1", "党建得分 − (−1)", "party score − (−1)"),
        ("floor(party)", "向下取整到整数(党建得分)", "rounded down to a whole number(party score)"),
        (
            "round_to(party, 0.5)",
            "四舍五入到0.5的倍数(党建得分)",
            "rounded half up to multiples of 0.5(party score)",
        ),
        ("sqrt(abs(party))", "√(|党建得分|)", "√(|party score|)"),
        ("power(party + 1, 2)", "(党建得分 + 1)^2", "(party score + 1)^2"),
        (
            "rank(party, by = unit, where = party > 0)",
            "排名(党建得分 从高到低; 并列取最小名次; 按 单位 分组; 仅限 党建得分 > 0)",
            "rank(party score from high to low; ties share the smallest rank; grouped by unit; "
            "only party score > 0)",
        ),
    ],
)
def test_a_formula_in_words(text: str, chinese: str, english: str) -> None:
    tree = resolve(parse_expression(text), SCOPE)
    assert formula(tree, "zh", LABELS) == chinese
    assert formula(tree, "en", ENGLISH) == english


EXAMPLE: Node = FieldRef("party")
SPECIAL: dict[type[Node], Node] = {
    nodes.Literal: Literal(True),
    nodes.ListLiteral: nodes.ListLiteral((Literal("A"),)),
    nodes.ParameterRef: ParameterRef("cap", Literal(Fraction(1, 3))),
    nodes.IsIn: nodes.IsIn(EXAMPLE, nodes.ListLiteral((Literal("A"),))),
    nodes.Compare: nodes.Compare("<", EXAMPLE, EXAMPLE),
    nodes.Branch: nodes.Branch(EXAMPLE, EXAMPLE),
    nodes.Conditional: nodes.Conditional((nodes.Branch(EXAMPLE, EXAMPLE),), EXAMPLE),
    nodes.Round: nodes.Round(EXAMPLE, Fraction(10)),
    nodes.Power: nodes.Power(EXAMPLE, Fraction(1, 3)),
    nodes.FormatNumber: nodes.FormatNumber(EXAMPLE, 2),
    nodes.ReadNumber: nodes.ReadNumber(EXAMPLE, 2),
    nodes.MissingItems: nodes.MissingItems(EXAMPLE, EXAMPLE),
    nodes.TextTest: nodes.TextTest("contains", EXAMPLE, EXAMPLE),
    nodes.DatePart: nodes.DatePart("year", EXAMPLE),
    nodes.WorkdaysBetween: nodes.WorkdaysBetween(EXAMPLE, EXAMPLE),
    nodes.ShiftWorkdays: nodes.ShiftWorkdays(EXAMPLE, EXAMPLE),
    nodes.ShiftDate: nodes.ShiftDate("months", EXAMPLE, EXAMPLE),
    nodes.Rank: nodes.Rank((nodes.SortKey(EXAMPLE, False),), "dense", (EXAMPLE,), EXAMPLE),
    nodes.CohortCount: nodes.CohortCount(),
    nodes.CohortCall: nodes.CohortCall("share", (EXAMPLE,), (("pool", Fraction(1)),), (EXAMPLE,), EXAMPLE),
    nodes.CohortRef: nodes.CohortRef("c1", nodes.CohortCount()),
    nodes.Step: nodes.Step("底分", EXAMPLE),
    nodes.NotApplicable: nodes.NotApplicable(),
    nodes.Undecided: nodes.Undecided("no_row"),
    nodes.Name: nodes.Name("x"),
    nodes.Call: nodes.Call("f", (EXAMPLE,), (("n", EXAMPLE),)),
    nodes.FieldRef: EXAMPLE,
    nodes.RuleRef: RuleRef("r"),
    nodes.SortKey: nodes.SortKey(EXAMPLE),
}


def _example(kind: type[Node]) -> Node:
    if kind in SPECIAL:
        return SPECIAL[kind]
    names = [attribute for attribute in kind.__match_args__ if attribute != "span"]
    if names and names[0] == "operands":
        return kind((EXAMPLE, EXAMPLE))  # type: ignore[call-arg]
    return kind(*[EXAMPLE for _ in names])  # type: ignore[call-arg]


KINDS = [
    kind
    for kind in vars(nodes).values()
    if isinstance(kind, type) and issubclass(kind, Node) and kind is not Node
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_node_has_words_in_both_languages_and_a_text(kind: type[Node]) -> None:
    tree = _example(kind)
    assert formula(tree, "zh")
    assert formula(tree, "en")
    assert unparse(tree)


def test_a_node_without_words_is_named() -> None:
    with pytest.raises(InternalError, match="no words for Subject"):
        formula(Subject())
    with pytest.raises(InternalError, match="no way to write Subject"):
        unparse(Subject())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((("kind", "sample"),), "组内方差(x，样本)"),
        ((("order", "descending, ascending"),), "组内方差(x，从高到低，从低到高)"),
        ((("definition", "r7"), ("p", Fraction(1, 4))), "组内方差(x，R 第7种定义，p = 0.25)"),
        ((("mode", "other"),), "组内方差(x，mode = “other”)"),
        ((("drop", Fraction(0)),), "组内方差(x)"),
        ((("drop", Fraction(2)),), "组内方差(x，drop = 2)"),
    ],
)
def test_an_option_of_a_cohort_function_is_said_in_words_where_there_are_any(
    options: tuple[tuple[str, Fraction | str | bool], ...], expected: str
) -> None:
    labels = {"cohort_variance": "组内方差", "cohort_variance(drop = 0)": ""}
    call = nodes.CohortCall("cohort_variance", (FieldRef("x"),), options)
    assert formula(call, "zh", labels) == expected


@settings(max_examples=200, deadline=None)
@given(written_trees() | resolved_trees())
def test_words_never_fail(tree: Node) -> None:
    for language in ("zh", "en"):
        text = formula(tree, language)  # type: ignore[arg-type]
        assert text
