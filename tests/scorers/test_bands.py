from decimal import Decimal

import pytest

from tests.scorers.policies import codes, only_problem, outcome, sentence, value

RULE = 'scorer = "bands"\nof = "score"\nbands = ['
GRADES = RULE + '{at_least = 90, is = "A"}, {at_least = 80, is = "B"}, {at_least = 70, is = "C"}, {is = "D"}]'


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "A"),
        ("90", "A"),
        ("89.99", "B"),
        ("80", "B"),
        ("79.99", "C"),
        ("70", "C"),
        ("69.99", "D"),
        ("-1", "D"),
    ],
)
def test_a_lower_bound_belongs_to_its_band(score, grade):
    assert value(GRADES, score=Decimal(score)) == grade


def test_no_score_has_no_band():
    assert value(GRADES, score=None) is None


def test_bounds_may_exclude_their_number():
    rule = RULE + '{above = 0, is = "gain"}, {at_least = 0, is = "even"}, {is = "loss"}]'
    assert [value(rule, score=score) for score in (1, 0, -1)] == ["gain", "even", "loss"]


def test_stated_outer_bounds_leave_the_rest_without_a_band():
    rule = RULE + "{at_least = 60, at_most = 100, is = 1}, {at_least = 0, below = 60, is = 0}]"
    assert value(rule, score=100) == 1
    assert value(rule, score=Decimal("59.9")) == 0
    assert outcome(rule, score=Decimal("100.1")) == (None, {"outside_bands"})
    assert outcome(rule, score=Decimal("-0.1")) == (None, {"outside_bands"})


def test_bands_by_upper_bounds_ascend():
    rule = RULE + '{at_most = 3, is = "first"}, {below = 10, is = "second"}, {is = "third"}]'
    assert [value(rule, score=score) for score in (3, 4, 10)] == ["first", "second", "third"]


def test_a_gap_is_refused_with_what_falls_into_it():
    problem = only_problem(
        RULE + '{at_least = 90, is = "五星"}, {at_least = 80, at_most = 89, is = "四星"}, {is = "三星"}]'
    )
    assert sentence(problem) == (
        'there is a gap between "五星" and "四星": (89, 90) is in no band, 89.5 for example'
    )
    assert problem.key == ("bands", 1)


def test_a_gap_may_be_a_single_number():
    problem = only_problem(RULE + '{above = 90, is = "A"}, {below = 90, is = "B"}]')
    assert "[90, 90] is in no band, 90 for example" in sentence(problem)


def test_an_overlap_is_refused_with_what_is_in_both():
    problem = only_problem(
        RULE + '{at_least = 80, is = "A"}, {at_least = 60, at_most = 80, is = "B"}, {is = "C"}]'
    )
    assert sentence(problem) == '"A" and "B" overlap: [80, 80] is in both'


def test_bands_in_the_wrong_order_are_refused():
    problem = only_problem(RULE + '{at_least = 80, is = "B"}, {at_least = 90, is = "A"}, {is = "C"}]')
    assert sentence(problem) == "90 stands after 80: bands goes from largest to smallest"


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        ("", ["RC160"]),
        ('{is = "A"}', ["RC178"]),
        ('{is = "A"}, {at_least = 80, is = "B"}', ["RC178"]),
        ('{at_least = 80, is = "A"}, {at_least = 80, is = "B"}', ["RC177"]),
        ('{at_least = 80, is = "A"}, {below = 80, is = "B"}', []),
        ('{at_least = 80, below = 100, is = "A"}, {at_least = 60, below = 80, is = "B"}', []),
        ('{at_least = 80, above = 90, is = "A"}, {is = "B"}', ["RC161"]),
        ('{at_least = 80, below = 80, is = "A"}, {is = "B"}', ["RC179"]),
        ('{at_least = 80, is = "A"}, {below = 80, is = "B"}, {at_least = 0, is = "C"}', ["RC180"]),
        ('{at_most = 3, is = "A"}, {at_most = 3, is = "B"}', ["RC177"]),
    ],
)
def test_the_shape_of_bands_is_checked(bands, expected):
    assert codes(f"{RULE}{bands}]") == expected
