from decimal import Decimal

import pytest

from tests.scorers.policies import codes, value

RULE = 'scorer = "stars"\nof = "score"\nthresholds = [90, 80, 70, 60]\n'


@pytest.mark.parametrize(
    ("score", "stars"), [("98.1", 5), ("90", 5), ("89.99", 4), ("80", 4), ("70", 3), ("60", 2), ("59.99", 1)]
)
def test_each_threshold_belongs_to_the_higher_star(score, stars):
    assert value(RULE, score=Decimal(score)) == stars


def test_no_score_has_no_stars():
    assert value(RULE, score=None) is None


def test_most_and_least_may_be_stated():
    assert value('scorer = "stars"\nof = "x"\nthresholds = [60]\nmost = 1\nleast = 0', x=59) == 0


def test_thresholds_descend_and_fit_the_stars():
    assert codes('scorer = "stars"\nof = "x"\nthresholds = [90, 80, 85, 60]') == ["RC177"]
    assert codes('scorer = "stars"\nof = "x"\nthresholds = [90, 80, 70]') == ["RC181"]
    assert codes('scorer = "stars"\nof = "x"\nthresholds = []\nmost = 1') == ["RC181"]
