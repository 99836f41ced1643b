import pytest

from tests.scorers.policies import codes, value

RULE = 'scorer = "deduction"\nof = ["accidents * 10", "violations * 2"]\n'


@pytest.mark.parametrize(
    ("settings", "accidents", "violations", "expected"),
    [
        ("", 1, 2, 14),
        ("cap = 12", 1, 2, 12),
        ("highest_only = true", 1, 2, 10),
        ("from = 100", 1, 2, 86),
        ("from = 100\nfloor = 0", 11, 0, 0),
        ("from = 100\ncap = 40\nfloor = 50", 11, 0, 60),
        ("from = 100", None, 3, 94),
        ("from = 100", None, None, None),
        ("from = 100\nnone = 0", None, None, 100),
        ("none = 0", None, None, 0),
    ],
)
def test_points_are_taken_off_within_cap_and_floor(settings, accidents, violations, expected):
    assert value(RULE + settings, accidents=accidents, violations=violations) == expected


def test_items_cap_and_floor_are_checked():
    assert codes('scorer = "deduction"\nof = []\ncap = -1\nfloor = 0') == ["RC160", "RC164", "RC162"]
