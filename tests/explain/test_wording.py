"""Every kind of node can be worded with its values put in, and no formula loses its meaning by it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given

from rulecore.engines.exact import MAKERS
from rulecore.explain.recompute import Trace, interned
from rulecore.explain.wording import Wording, named_parts
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef, TableCall
from rulecore.expr.types import NumberType
from rulecore.plan.references import parts
from rulecore.planned import Origin, PlannedRule
from rulecore.source import Place
from tests.expr.trees import resolved_trees

VALUES = {"score": Fraction(-3, 2), "党建得分": Fraction(1140, 13), "非": None, "step@1": Fraction(2)}
ONE, TEXT = nodes.Literal(Fraction(1)), nodes.Literal("A")
SCORE = nodes.FieldRef("score")
EXAMPLES: dict[type[Node], Node] = {
    nodes.Literal: ONE,
    nodes.NotApplicable: nodes.NotApplicable(),
    nodes.Undecided: nodes.Undecided("no_row"),
    nodes.Name: nodes.Name("score"),
    nodes.FieldRef: SCORE,
    nodes.RuleRef: nodes.RuleRef("党建得分"),
    nodes.ParameterRef: nodes.ParameterRef("cap", ONE),
    nodes.CohortRef: nodes.CohortRef("step@1", nodes.CohortCount()),
    SuppliedRef: SuppliedRef("step@1", TableCall("count", "votes")),
    nodes.Step: nodes.Step("places", SCORE),
    nodes.Add: nodes.Add(ONE, SCORE),
    nodes.Subtract: nodes.Subtract(ONE, SCORE),
    nodes.Multiply: nodes.Multiply(ONE, SCORE),
    nodes.Divide: nodes.Divide(ONE, SCORE),
    nodes.Negate: nodes.Negate(SCORE),
    nodes.Absolute: nodes.Absolute(SCORE),
    nodes.Minimum: nodes.Minimum((ONE, SCORE)),
    nodes.Maximum: nodes.Maximum((nodes.Minimum((SCORE, ONE)), nodes.Literal(Fraction(0)))),
    nodes.Round: nodes.Round(SCORE, Fraction(1, 100)),
    nodes.NaturalLogarithm: nodes.NaturalLogarithm(SCORE),
    nodes.Exponential: nodes.Exponential(SCORE),
    nodes.NormalProbability: nodes.NormalProbability(SCORE),
    nodes.Power: nodes.Power(SCORE, Fraction(1, 2)),
    nodes.Total: nodes.Total((ONE, SCORE)),
    nodes.Mean: nodes.Mean((ONE, SCORE)),
    nodes.TrimmedMean: nodes.TrimmedMean((ONE, SCORE)),
    nodes.Count: nodes.Count((ONE, SCORE)),
    nodes.Coalesce: nodes.Coalesce((SCORE, ONE)),
    nodes.Compare: nodes.Compare("<=", SCORE, ONE),
    nodes.IsIn: nodes.IsIn(SCORE, nodes.ListLiteral((ONE,), name="list")),
    nodes.And: nodes.And((nodes.Literal(True), nodes.IsApplicable(SCORE))),
    nodes.Or: nodes.Or((nodes.Literal(True), nodes.IsApplicable(SCORE))),
    nodes.Not: nodes.Not(nodes.IsApplicable(SCORE)),
    nodes.IsApplicable: nodes.IsApplicable(SCORE),
    nodes.Conditional: nodes.Conditional((nodes.Branch(nodes.Compare("<", SCORE, ONE), SCORE),), ONE),
    nodes.Concatenate: nodes.Concatenate((TEXT, TEXT)),
    nodes.FormatNumber: nodes.FormatNumber(SCORE, 1),
    nodes.ReadNumber: nodes.ReadNumber(TEXT, 2),
    nodes.MissingItems: nodes.MissingItems(TEXT, TEXT),
    nodes.TextTest: nodes.TextTest("contains", TEXT, TEXT),
    nodes.DatePart: nodes.DatePart("year", SCORE),
    nodes.DaysBetween: nodes.DaysBetween(SCORE, SCORE),
    nodes.WorkdaysBetween: nodes.WorkdaysBetween(SCORE, SCORE),
    nodes.ShiftWorkdays: nodes.ShiftWorkdays(SCORE, ONE),
    nodes.ShiftDate: nodes.ShiftDate("days", SCORE, ONE),
}


def wording_of(node: Node) -> tuple[Wording, Node]:
    place = Place(file="policy.toml", line=1)
    rule = PlannedRule(
        name="rule",
        label="rule",
        reference="",
        note="",
        scorer="formula",
        origin=Origin(distribution="", version=""),
        node=node,
        type=NumberType(),
        place=place,
    )
    trace = Trace(rule=rule, node=interned(node), value=None, values={})
    labels = {"zh": {"score": "得分"}, "en": {"score": "points"}}
    wording = Wording(labels=labels, trace=trace, values={**VALUES, "cap": Fraction(3)})  # type: ignore[arg-type]
    return wording, trace.node


def test_every_kind_of_node_that_can_be_computed_has_an_example() -> None:
    assert set(EXAMPLES) == set(MAKERS)


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
def test_every_kind_of_node_can_be_said_with_its_numbers(kind: type[Node]) -> None:
    wording, node = wording_of(EXAMPLES[kind])
    said = wording.substituted(node)
    assert said.zh
    assert said.en
    assert "points" not in said.en.replace("points is −1.5", "")


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (nodes.Subtract(ONE, SCORE), "1 − (−1.5)"),
        (nodes.Multiply(nodes.RuleRef("党建得分"), ONE), "87.692307… × 1"),
        (nodes.Add(ONE, nodes.RuleRef("非")), "1 + not applicable"),
        (nodes.IsApplicable(nodes.RuleRef("非")), "非 is not applicable"),
        (nodes.Power(SCORE, Fraction(2)), "(−1.5)^2"),
        (EXAMPLES[nodes.Maximum], "limited to 0…1(−1.5)"),
    ],
)
def test_numbers_stand_where_the_names_stood(node: Node, expected: str) -> None:
    wording, node = wording_of(node)
    assert wording.substituted(node).en == expected


@given(resolved_trees())
def test_any_tree_can_be_said(tree: Node) -> None:
    wording, node = wording_of(tree)
    assert named_parts(wording.trace) is not None
    for said in (wording.whole(node), wording.short(node), wording.substituted(node), wording.reduced(node)):
        assert said.zh
        assert said.en


@given(resolved_trees())
def test_equal_parts_become_one_object_and_nothing_else_changes(tree: Node) -> None:
    found = interned(tree)
    assert found == tree
    seen: dict[Node, Node] = {}
    waiting = [found]
    while waiting:
        part = waiting.pop()
        other = seen.setdefault(part, part)
        assert other is part or repr(other) != repr(part)
        waiting += part.children()


def test_a_part_without_a_name_gets_a_letter_that_is_no_name_of_the_rule() -> None:
    x, y = nodes.FieldRef("x"), nodes.ParameterRef("y", ONE)
    total = nodes.Add(x, y)
    wording, node = wording_of(nodes.Multiply(total, nodes.Divide(total, x)))
    trace = evolve(wording.trace, order=tuple(parts(node)))
    assert [name.en for name in named_parts(trace).values()] == ["z"]
