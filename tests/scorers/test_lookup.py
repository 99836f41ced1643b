from fractions import Fraction

import pytest

from tests.scorers.policies import codes, outcome, value

RULE = 'scorer = "lookup"\nof = "grade"\ntable = { A = 1.2, B = 1.0, C = 0.8 }\n'


def test_a_key_gives_its_value():
    assert value(RULE, grade="A") == Fraction("1.2")
    assert value(RULE, grade="C") == Fraction("0.8")


def test_an_unknown_key_is_an_issue_or_what_the_policy_says():
    assert outcome(RULE, grade="E") == (None, {"no_row"})
    assert value(RULE + "otherwise = 0", grade="E") == 0


def test_no_key_gives_no_value_even_with_otherwise():
    assert value(RULE + "otherwise = 0", grade=None) is None


def test_numbers_are_looked_up_in_rows():
    rule = (
        'scorer = "lookup"\nof = "stars"\nrows = [{ key = 5, value = "五星" }, { key = 4, value = "四星" }]'
    )
    assert value(rule, stars=5) == "五星"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", ["RC160"]),
        ('table = { A = 1 }\nrows = [{ key = "B", value = 1 }]', ["RC161"]),
        ("rows = [{ key = 5, value = 1 }, { key = 5.0, value = 2 }]", ["RC165"]),
        ('rows = [{ key = 5, value = 1 }, { key = "5", value = 2 }]', ["RC166"]),
    ],
)
def test_tables_are_checked(settings, expected):
    assert codes(f'scorer = "lookup"\nof = "x"\n{settings}') == expected
