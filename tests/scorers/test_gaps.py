from decimal import Decimal

from tests.scorers.policies import codes, value

SHORTFALL = """
scorer = "gaps"
items = [
    { label = "总分", of = "total", target = "total_line" },
    { label = "学术水平", of = "learning", target = "learning_line" },
]
"""


def gap(total: object, learning: object, *, asked: object = 85) -> object:
    return value(SHORTFALL, total=total, learning=learning, total_line=90, learning_line=asked)


def test_every_gap_is_named_in_the_order_of_the_items():
    assert gap(Decimal("82.41"), Decimal("76.8")) == "总分差7.59;学术水平差8.20"
    assert gap(Decimal("90.28"), Decimal("82.4")) == "学术水平差2.60"
    assert gap(Decimal("82.41"), 85) == "总分差7.59"


def test_what_reaches_its_target_is_not_named():
    assert gap(90, 85) == ""
    assert gap(99, 99) == ""
    assert value(SHORTFALL + 'none = "无"', total=90, learning=99, total_line=90, learning_line=85) == "无"


def test_a_target_that_is_not_applicable_asks_for_nothing():
    assert gap(89, None, asked=None) == "总分差1.00"
    assert gap(90, 10, asked=None) == ""


def test_a_value_that_nobody_knows_leaves_the_gaps_open():
    assert gap(89, None) is None
    assert gap(None, 85) is None


def test_decimals_words_and_separator_are_the_policys():
    rule = SHORTFALL + 'shown_decimals = 0\nwords = "还差"\nseparator = "，"'
    found = value(rule, total=Decimal("82.5"), learning=80, total_line=90, learning_line=85)
    assert found == "总分还差8，学术水平还差5"


def test_costs_come_down_to_their_target():
    rule = """
scorer = "gaps"
items = [{ label = "费用", of = "cost", target = "budget", direction = "lower_is_better" }]
words = "超"
"""
    assert value(rule, cost=Decimal("12.5"), budget=10) == "费用超2.50"
    assert value(rule, cost=10, budget=10) == ""


def test_there_must_be_an_item_and_decimals_that_can_be():
    assert codes('scorer = "gaps"\nitems = []') == ["RC160"]
    assert codes(SHORTFALL + "shown_decimals = -1") == ["RC164"]
