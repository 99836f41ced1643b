from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scorers.policies import codes, only_problem, outcome, sentence, value

SEVENTY_THIRTY = 'scorer = "weighted_sum"\nof = { basic = 0.7, appraisal = 0.3 }\n'
THREE = 'scorer = "weighted_sum"\nof = { a = "30%", b = "30%", c = "40%" }\n'


def test_values_are_weighted_and_added_exactly():
    assert value(SEVENTY_THIRTY, basic=97, appraisal=94) == Fraction("96.1")


def test_a_value_that_is_not_applicable_makes_the_sum_not_applicable():
    assert value(SEVENTY_THIRTY, basic=97, appraisal=None) is None


def test_the_weight_of_a_missing_value_is_shared_out_in_proportion():
    rule = THREE + 'not_applicable = "re_share"'
    assert value(rule, a=80, b=90, c=None) == Fraction(85)
    assert value(rule, a=None, b=None, c=70) == 70
    assert value(rule, a=80, b=90, c=100) == 91


def test_where_nothing_is_applicable_neither_is_the_sum():
    assert value(THREE + 'not_applicable = "re_share"', a=None, b=None, c=None) is None


def test_shared_weights_keep_the_declared_sum():
    rule = 'scorer = "weighted_sum"\nof = { a = 25, b = 50, c = 25 }\nsum_of_weights = 100\n'
    rule += 'not_applicable = "re_share"'
    assert value(rule, a=1, b=Decimal("0.5"), c=None) == Fraction(200, 3)


def test_too_few_applicable_values_are_an_issue_not_a_number():
    rule = THREE + 'not_applicable = "minimum_count"\nminimum_count = 2'
    assert value(rule, a=80, b=90, c=None) == 85
    assert outcome(rule, a=80, b=None, c=None) == (None, {"too_few_applicable"})


def test_items_may_be_expressions():
    assert value('scorer = "weighted_sum"\nof = { "a - b" = 0.5, c = 0.5 }', a=9, b=1, c=4) == 6


def test_weights_must_sum_as_declared():
    problem = only_problem('scorer = "weighted_sum"\nof = { a = 0.69, b = 0.3 }')
    assert sentence(problem) == "the weights sum to 0.99, not to 1"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("of = { a = 36, b = 27, c = 27 }", ["RC171"]),
        ("of = { a = 36, b = 27, c = 27 }\nsum_of_weights = 90", []),
        ("of = { a = 1.5, b = -0.5 }", ["RC170"]),
        ("of = { a = 1, b = 0 }", ["RC170"]),
        ("of = {}", ["RC160"]),
        ('of = { a = 1 }\nnot_applicable = "minimum_count"', ["RC162"]),
        ("of = { a = 1 }\nminimum_count = 1", ["RC163"]),
        ('of = { a = 1 }\nnot_applicable = "minimum_count"\nminimum_count = 2', ["RC164"]),
        ('of = { a = 1 }\nnot_applicable = "minimum_count"\nminimum_count = 0', ["RC164"]),
    ],
)
def test_faults_of_weights_are_named(settings, expected):
    assert codes(f'scorer = "weighted_sum"\n{settings}') == expected


def test_an_item_that_is_no_expression_is_a_fault_at_its_key():
    problem = only_problem('scorer = "weighted_sum"\nof = { "a +" = 1 }')
    assert problem.key == ("of", "a +")


@given(st.lists(st.none() | st.integers(0, 100), min_size=3, max_size=3))
def test_a_re_shared_sum_lies_between_its_applicable_values(cells):
    found = value(THREE + 'not_applicable = "re_share"', **dict(zip("abc", cells, strict=True)))
    applicable = [cell for cell in cells if cell is not None]
    if applicable:
        assert min(applicable) <= found <= max(applicable)
    else:
        assert found is None
