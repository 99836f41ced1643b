from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from rulecore.codes import expressions as codes
from rulecore.contracts import Cohort, CohortFunction, Function, FunctionParameter
from rulecore.errors import Code
from rulecore.expr import nodes
from rulecore.expr.errors import ResolveErrors
from rulecore.expr.nodes import FieldRef, ListLiteral, Literal, Node, ParameterRef, RuleRef
from rulecore.expr.parser import parse_expression
from rulecore.expr.types import NumberType
from rulecore.expr.unparse import unparse
from rulecore.functions import FUNCTIONS
from rulecore.plan.resolve import Scope, resolve
from rulecore.source import Span
from tests.expr.trees import SCOPE_NAMES, resolved_trees


def _refuse(value: Node) -> Node:
    raise ValueError("a sentence")


def _break(value: Node) -> Node:
    raise KeyError("oops")


def _share(cohort: Cohort) -> list[Fraction | None]:
    return [None] * cohort.size


SHARE = CohortFunction(
    name="share_of",
    summary="A share.",
    parameters=(
        FunctionParameter(name="value"),
        FunctionParameter(name="pool", kind="number"),
        FunctionParameter(name="mode", kind="text", default="even", choices=("even", "weighted")),
    ),
    compute=_share,
    result_type=lambda types, options: NumberType(),
)
ODD = [
    Function(name="refuse", summary="", parameters=(FunctionParameter(name="value"),), build=_refuse),
    Function(
        name="nothing_built",
        summary="",
        parameters=(FunctionParameter(name="value"),),
        build=lambda value: None,  # type: ignore[arg-type, return-value]
    ),
    Function(name="break_", summary="", parameters=(FunctionParameter(name="value"),), build=_break),
]
CAP = ParameterRef("cap", Literal(Fraction(3)))
GRADES = ListLiteral((Literal("A"), Literal("B")), name="grades")
SCOPE = Scope(
    names={
        "score": FieldRef("score"),
        "得分": RuleRef("得分"),
        "扣分": FieldRef("扣分"),
        "cap": CAP,
        "grades": GRADES,
        "unit": FieldRef("unit"),
    },
    headers={"党建 得分": FieldRef("party"), "单位": FieldRef("unit")},
    functions={name: one for one in [*FUNCTIONS, *ODD] for name in (one.name, *one.aliases)},
    cohort_functions={"share_of": SHARE},
)


def resolved(text: str) -> Node:
    return resolve(parse_expression(text), SCOPE)


def test_names_become_what_they_name() -> None:
    tree = resolved("score + 得分 + cap + 「党建 得分」 + 「score」")
    assert list(_leaves(tree)) == [
        FieldRef("score"),
        RuleRef("得分"),
        CAP,
        FieldRef("party"),
        FieldRef("score"),
    ]


def _leaves(node: Node) -> list[Node]:
    children = [] if isinstance(node, ParameterRef) else list(node.children())
    return [leaf for child in children for leaf in _leaves(child)] if children else [node]


def test_spans_are_kept_and_every_built_node_has_one() -> None:
    tree = resolve(parse_expression("1 + clip(score, 0, 100)", ("rules", "r")), SCOPE)
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        assert node.span is not None
        assert node.span.key == ("rules", "r")
        waiting += node.children()
    assert tree.children()
    assert list(tree.children())[1].span == Span(start=4, end=23, key=("rules", "r"))


def test_a_tree_without_names_or_calls_comes_back_as_it_is() -> None:
    tree = parse_expression("1 + 2 * 3")
    assert resolve(tree, SCOPE) is tree


def test_lists_named_or_written_stand_right_of_in() -> None:
    assert resolved("unit in grades") == nodes.IsIn(FieldRef("unit"), GRADES)
    assert resolved('unit in ("C", grades)') == nodes.IsIn(
        FieldRef("unit"), ListLiteral((Literal("C"), Literal("A"), Literal("B")))
    )
    assert resolved("score in (cap, -cap, 1 / 2)") == nodes.IsIn(
        FieldRef("score"), ListLiteral((CAP, Literal(Fraction(-3)), Literal(Fraction(1, 2))))
    )


def test_a_parameter_serves_where_a_constant_is_asked_for() -> None:
    assert resolved("round(score, cap - 1)") == nodes.Round(FieldRef("score"), Fraction(1, 100))


def test_rank_and_cohort_count_are_nodes_of_their_own() -> None:
    score, unit = FieldRef("score"), FieldRef("unit")
    assert resolved("rank(score)") == nodes.Rank((nodes.SortKey(score),))
    assert resolved(
        '排名(score, 得分, order = "ascending", method = "dense", by = (unit, 得分))'
    ) == nodes.Rank(
        (nodes.SortKey(score, False), nodes.SortKey(RuleRef("得分"), False)),
        "dense",
        (unit, RuleRef("得分")),
    )
    where = nodes.Compare(">", score, Literal(Fraction(0)))
    assert resolved("cohort_count(by = unit, where = score > 0)") == nodes.CohortCount((unit,), where)


def test_a_cohort_function_gets_arguments_options_groups_and_a_condition() -> None:
    assert resolved('share_of(score, 100, by = unit, where = unit in ("A", "B"))') == nodes.CohortCall(
        "share_of",
        (FieldRef("score"),),
        (("pool", Fraction(100)), ("mode", "even")),
        (FieldRef("unit"),),
        nodes.IsIn(FieldRef("unit"), ListLiteral((Literal("A"), Literal("B")))),
    )


FAULTS: list[tuple[str, Code, int, str]] = [
    ("scor + 1", codes.UNKNOWN_NAME, 0, "did you mean score?"),
    ("1 + 党建得分", codes.UNKNOWN_NAME, 4, "did you mean 「党建 得分」?"),
    ("单位", codes.UNKNOWN_NAME, 0, "write 「单位」"),
    ("得分且扣分", codes.UNKNOWN_NAME, 0, "put spaces around 且, as in 得分 且 扣分"),
    ("min", codes.UNKNOWN_NAME, 0, "it is a function: write min(…)"),
    ("rond(1)", codes.UNKNOWN_FUNCTION, 0, "did you mean round?"),
    ("score(2)", codes.UNKNOWN_FUNCTION, 0, "score is a value, not a function"),
    ("clip(1, 2, 3, 4)", codes.TOO_MANY_ARGUMENTS, 14, "value, low, high"),
    ("clip(1, 2)", codes.MISSING_ARGUMENT, 0, "needs the argument high"),
    ("min()", codes.MISSING_ARGUMENT, 0, "needs the argument values"),
    ("rank()", codes.MISSING_ARGUMENT, 0, "needs the argument values"),
    ("round(1, decimal = 2)", codes.UNKNOWN_ARGUMENT, 19, "did you mean decimals?"),
    ("round(1, by = 2)", codes.UNKNOWN_ARGUMENT, 14, "has no argument by"),
    ("round(1, 2, decimals = 3)", codes.DUPLICATE_ARGUMENT, 23, "given the argument decimals twice"),
    ("round(1, score)", codes.NOT_CONSTANT, 9, "decimals of round must be constant"),
    ("round(1, 1.5)", codes.WRONG_CONSTANT, 9, "must be a whole number, not 1.5"),
    ("round(1, true)", codes.WRONG_CONSTANT, 9, "must be a number"),
    ("round(1, 'a')", codes.WRONG_CONSTANT, 9, "must be a number, not a"),
    ("round(1, rounding = 'up_half')", codes.WRONG_CONSTANT, 20, "must be half_up, half_even"),
    ("round_to(1, 0)", codes.WRONG_CONSTANT, 12, "must be > 0, not 0"),
    ("power(2, 100)", codes.WRONG_CONSTANT, 9, "must be <= 64, not 100"),
    ("trimmed_mean(1, 2, low = -1)", codes.WRONG_CONSTANT, 25, "must be >= 0, not -1"),
    ("grades", codes.LIST_AS_VALUE, 0, "right of in"),
    ("unit == grades", codes.LIST_AS_VALUE, 8, "right of in"),
    ("min(grades)", codes.LIST_AS_VALUE, 4, "right of in"),
    ("grades in grades", codes.LIST_AS_VALUE, 0, "right of in"),
    ("rank(score, by = grades)", codes.LIST_AS_VALUE, 17, "right of in"),
    ("score in (得分, 1)", codes.LIST_ITEM_NOT_CONSTANT, 10, "must be constant"),
    ("score in (1, not_applicable)", codes.LIST_ITEM_NOT_CONSTANT, 13, "must be constant"),
    ("1 + score == 不适用", codes.COMPARED_WITH_NOT_APPLICABLE, 0, "write is_not_applicable(x)"),
    ("refuse(1)", codes.FUNCTION_FAILED, 0, "refuses its arguments: a sentence"),
    ("nothing_built(1)", codes.FUNCTION_FAILED, 0, "not a node"),
    ("break_(1)", codes.FUNCTION_FAILED, 0, "KeyError"),
]


@pytest.mark.parametrize(("text", "code", "start", "words"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_does_not_fit_is_told_at_its_place(text: str, code: Code, start: int, words: str) -> None:
    with pytest.raises(ResolveErrors) as caught:
        resolved(text)
    (problem,) = caught.value.problems
    assert problem.span is not None
    assert (problem.code.id, problem.span.start) == (code.id, start)
    (fault,) = caught.value.faults
    assert words in f"{fault.message('en')}; {fault.advice('en')}"


def test_all_faults_of_a_tree_are_told_at_once_and_each_only_once() -> None:
    with pytest.raises(ResolveErrors) as caught:
        resolved("round(nothing, naught) + foo_bar(nichts) + (if rien then grades else 1)")
    assert [problem.code for problem in caught.value.problems] == [
        codes.UNKNOWN_NAME,
        codes.UNKNOWN_NAME,
        codes.UNKNOWN_NAME,
        codes.UNKNOWN_FUNCTION,
        codes.UNKNOWN_NAME,
        codes.LIST_AS_VALUE,
    ]


def test_an_expression_used_at_several_places_is_faulted_once() -> None:
    wrong = parse_expression("scor")
    twice = nodes.And((nodes.Compare(">", wrong, Literal(Fraction(1))), nodes.Compare("<", wrong, wrong)))
    with pytest.raises(ResolveErrors) as caught:
        resolve(twice, SCOPE)
    assert len(caught.value.problems) == 1


@settings(max_examples=300, deadline=None)
@given(resolved_trees())
def test_a_resolved_tree_can_be_written_and_read_again(tree: Node) -> None:
    assert (
        resolve(parse_expression(unparse(tree)), Scope(names=SCOPE_NAMES, functions=SCOPE.functions)) == tree
    )
