"""The type analysis finds nothing wrong with what scorers build, also where values may be not applicable."""

from fractions import Fraction

import pytest

from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Call, FieldRef, IsApplicable, Name, Node
from rulecore.expr.transform import transform
from rulecore.expr.types import FlagType, NumberType, TextType, Type
from rulecore.records.storage import storage
from tests.scorers.policies import scorer

SCORE = NumberType(scale=1, low=Fraction(0), high=Fraction(100), nullable=True)
NAMES: dict[str, Type] = {
    "a": SCORE,
    "b": SCORE,
    "grade": TextType(values=frozenset("ABCD"), nullable=True),
    "flag": FlagType(nullable=True),
    "sure": FlagType(),
    "group": TextType(),
}
RULES = {
    "re-shared sum": 'scorer = "weighted_sum"\nof = { a = 0.3, b = 0.7 }\nnot_applicable = "re_share"',
    "mean": 'scorer = "weighted_mean"\nof = { a = 0.3, b = 0.7 }\n'
    'not_applicable = "minimum_count"\nminimum_count = 1',
    "three factors": 'scorer = "mutual_coefficient"\nof = ["a", "b", "a"]',
    "line": 'scorer = "piecewise"\nof = "a"\npoints = [[0, 0], [50, 60], [100, 100]]',
    "steps": 'scorer = "steps"\nof = "a"\nfrom = "b + 1"\nrelative = true\neach = "3%"\ncount = "whole"',
    "bands": 'scorer = "bands"\nof = "a"\nbands = [{ at_least = 60, at_most = 90, is = 1 }, { is = 0 }]',
    "stars": 'scorer = "stars"\nof = "a"\nthresholds = [90, 80, 70, 60]',
    "veto": 'scorer = "veto"\nof = "grade"\norder = ["D", "C", "B", "A"]\n'
    'vetoes = [{ when = "flag", reason = "r", cap = "C" }]',
    "bonus": 'scorer = "bonus"\nof = ["a", "b"]\nhighest_only = true\ncap = 2\nnone = 0',
    "deduction": 'scorer = "deduction"\nof = ["a", "b"]\nfrom = 100\nfloor = 0',
    "lookup": 'scorer = "lookup"\nof = "grade"\ntable = { A = 1.2, B = 1.0 }',
    "unique": 'scorer = "decision_table"\ninputs = ["a", "flag"]\n'
    'rules = [["> 1", "true", "x"], ["不适用", "-", "y"]]',
    "collect": 'scorer = "decision_table"\nhit_policy = "C"\ninputs = ["grade"]\nrules = [[\'"A"\', "x"]]',
    "sum of outputs": 'scorer = "decision_table"\nhit_policy = "C+"\ninputs = ["a"]\nrules = [["> 1", 2.5]]',
    "rank": 'scorer = "rank"\nby = "a"\nties = ["b"]\nwithin = ["group"]\nwhere = "sure"',
    "quota": 'scorer = "quota"\nof = "grade"\nby = "a"\npopulation = "sure"\nlimits = ['
    '{ grade = "A", share = 0.3, surplus = "B" }, { grade = "B", places = 2, surplus = "C" }]',
    "places": 'scorer = "quota_places"\nshare = 0.3',
}


def resolved(node: Node) -> Node:
    match node:
        case Name(name=name):
            return FieldRef(name)
        case Call(name="is_applicable", arguments=(operand,)):
            return IsApplicable(operand)
    return node


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_what_a_scorer_builds_has_a_type(rule):
    inference = Inference(NAMES)
    type_ = inference.type_of(transform(scorer(rule).expression(), resolved))
    assert inference.faults == []
    if isinstance(type_, NumberType) and type_.scale is not None:
        assert storage(type_) is not None


def test_a_re_shared_sum_has_known_bounds():
    inference = Inference(NAMES)
    type_ = inference.type_of(transform(scorer(RULES["re-shared sum"]).expression(), resolved))
    assert isinstance(type_, NumberType)
    assert type_.low is not None
    assert type_.high is not None
