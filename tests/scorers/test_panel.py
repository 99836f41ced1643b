from fractions import Fraction

import pytest

from tests.scorers.policies import codes, outcome, value

FIVE = 'scorer = "panel"\nof = ["a", "b", "c", "d", "e"]\n'
TRIMMED = FIVE + "drop_low = 1\ndrop_high = 1\n"
SHORT = (None, frozenset({"too_few_applicable"}))


def marks(*given: int | None) -> dict[str, int | None]:
    return dict(zip("abcde", given, strict=True))


def test_the_extremes_are_dropped_once_each():
    assert value(TRIMMED, **marks(60, 90, 91, 92, 100)) == 91
    assert value(TRIMMED, **marks(90, 90, 90, 92, 92)) == Fraction(272, 3)


def test_a_recusal_is_no_mark_and_no_extreme():
    assert value(TRIMMED, **marks(60, None, 91, 92, 100)) == Fraction(183, 2)
    assert value(FIVE, **marks(60, None, None, None, 100)) == 80
    assert value(TRIMMED, **marks(0, 80, 80, None, 81)) == 80


def test_with_too_few_marks_there_is_no_score():
    assert outcome(TRIMMED, **marks(60, None, None, None, 100)) == SHORT
    assert outcome(TRIMMED + "minimum = 4", **marks(60, None, 80, None, 100)) == SHORT
    assert value(TRIMMED + "minimum = 4", **marks(60, None, 80, 90, 100)) == 85
    assert outcome(FIVE, **marks(None, None, None, None, None)) == SHORT


def test_extremes_can_be_kept_where_few_have_marked():
    rule = TRIMMED + "drop_from = 5\n"
    assert value(rule, **marks(60, 90, 91, 92, 100)) == 91
    assert value(rule, **marks(60, 90, None, 90, 100)) == 85
    assert value(rule, **marks(60, None, None, None, None)) == 60
    assert outcome(rule + "minimum = 3", **marks(60, None, None, None, 100)) == SHORT


def test_what_is_left_can_be_added():
    rule = TRIMMED + 'method = "sum"\n'
    assert value(rule, **marks(60, 90, 91, 92, 100)) == 273
    assert value(rule, **marks(60, None, 91, 92, 100)) == 183
    assert value(FIVE + 'method = "sum"', **marks(1, 2, None, 3, 4)) == 10


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("drop_low = -1", "RC164"),
        ("drop_low = 3\ndrop_high = 2", "RC164"),
        ("drop_from = 3", "RC163"),
        ("drop_low = 1\ndrop_from = 1", "RC164"),
        ("drop_low = 1\ndrop_from = 6", "RC164"),
        ("drop_low = 1\nminimum = 1", "RC164"),
        ("minimum = 6", "RC164"),
        ("minimum = 0", "RC164"),
    ],
)
def test_numbers_that_cannot_be_are_refused(more, code):
    assert codes(FIVE + more) == [code]


def test_one_judge_is_no_panel():
    assert codes('scorer = "panel"\nof = ["a"]') == ["RC160"]
