import pytest

from tests.scorers.policies import codes, value

RULE = 'scorer = "bonus"\nof = ["a", "b", "c"]\n'


@pytest.mark.parametrize(
    ("settings", "cells", "expected"),
    [
        ("", (1, 2, 3), 6),
        ("cap = 5", (1, 2, 3), 5),
        ("cap = 5", (1, None, 3), 4),
        ("highest_only = true", (1, 2, 3), 3),
        ("highest_only = true", (1, None, None), 1),
        ("highest_only = true", (None, -1, -2), -1),
        ("highest_only = true\ncap = 2", (1, 2, 3), 2),
        ("", (None, None, None), None),
        ("highest_only = true\ncap = 2", (None, None, None), None),
        ("none = 0", (None, None, None), 0),
    ],
)
def test_a_bonus_is_the_sum_or_the_highest_within_its_cap(settings, cells, expected):
    assert value(RULE + settings, **dict(zip("abc", cells, strict=True))) == expected


def test_items_and_cap_are_checked():
    assert codes('scorer = "bonus"\nof = []\ncap = -1') == ["RC160", "RC164"]
