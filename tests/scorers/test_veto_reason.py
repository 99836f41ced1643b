from tests.scorers.policies import codes, value

RULE = """
scorer = "veto_reason"
reasons = [{ when = "accident", reason = "发生事故" }, { when = "fraud", reason = "弄虚作假" }]
"""


def test_the_first_reason_that_applies_is_given():
    assert value(RULE, accident=True, fraud=True) == "发生事故"
    assert value(RULE, accident=False, fraud=True) == "弄虚作假"


def test_without_a_reason_the_text_is_empty_or_as_stated():
    assert value(RULE, accident=False, fraud=False) == ""
    assert value(RULE + 'none = "无"', accident=False, fraud=False) == "无"


def test_an_unknown_condition_leaves_the_reason_open():
    assert value(RULE, accident=None, fraud=True) is None


def test_there_must_be_a_reason():
    assert codes('scorer = "veto_reason"\nreasons = []') == ["RC160"]


def test_every_reason_that_applies_can_be_given():
    rule = RULE + "every = true\n"
    assert value(rule, accident=True, fraud=True) == "发生事故;弄虚作假"
    assert value(rule, accident=False, fraud=True) == "弄虚作假"
    assert value(rule, accident=False, fraud=False) == ""
    assert value(rule + 'none = "无"', accident=False, fraud=False) == "无"
    assert value(rule + 'separator = "、"', accident=True, fraud=True) == "发生事故、弄虚作假"


def test_one_unknown_condition_leaves_the_list_open():
    rule = RULE + "every = true\n"
    assert value(rule, accident=True, fraud=None) is None
    assert value(rule, accident=None, fraud=True) is None
