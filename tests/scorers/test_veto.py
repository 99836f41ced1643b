import pytest

from rulecore.expr.nodes import Branch, Conditional, FieldRef, Literal
from rulecore.scorers.veto import Veto, VetoCondition
from tests.scorers.policies import codes, outcome, value

GRADES = """
scorer = "veto"
of = "band"
order = ["D", "C", "B", "A"]
vetoes = [
    { when = "accident", reason = "发生事故", cap = "C" },
    { when = "fraud", reason = "弄虚作假", replace = "D" },
]
"""


@pytest.mark.parametrize(("band", "expected"), [("A", "C"), ("B", "C"), ("C", "C"), ("D", "D")])
def test_a_capped_grade_is_never_raised(band, expected):
    assert value(GRADES, band=band, accident=True, fraud=False) == expected


def test_the_first_condition_that_holds_decides():
    assert value(GRADES, band="A", accident=True, fraud=True) == "C"
    assert value(GRADES, band="A", accident=False, fraud=True) == "D"
    assert value(GRADES, band="A", accident=False, fraud=False) == "A"


def test_an_unknown_condition_leaves_no_value():
    assert value(GRADES, band="A", accident=None, fraud=False) is None


def test_a_grade_that_order_does_not_know_is_an_issue():
    assert outcome(GRADES, band="E", accident=True, fraud=False) == (None, {"not_in_order"})


def test_a_number_is_capped_to_the_smaller():
    rule = 'scorer = "veto"\nof = "score"\nvetoes = [{ when = "v", reason = "r", cap = 60 }]'
    assert value(rule, score=90, v=True) == 60
    assert value(rule, score=50, v=True) == 50
    assert value(rule, score=None, v=True) is None
    assert value(rule, score=90, v=False) == 90


def test_a_replacement_stands_even_where_there_is_no_value():
    rule = 'scorer = "veto"\nof = "star"\nvetoes = [{ when = "v", reason = "r", replace = 0 }]'
    assert value(rule, star=None, v=True) == 0


def test_a_cap_at_the_best_grade_changes_nothing():
    rule = 'scorer = "veto"\nof = "b"\norder = ["B", "A"]\nvetoes = [{ when = "v", reason = "r", cap = "A" }]'
    assert value(rule, b="A", v=True) == "A"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("vetoes = []", ["RC160"]),
        ('vetoes = [{ when = "v", reason = "r" }]', ["RC162"]),
        ('vetoes = [{ when = "v", reason = "r", cap = 1, replace = 2 }]', ["RC161"]),
        ('vetoes = [{ when = "v", reason = "r", cap = "C" }]', ["RC162"]),
        ('order = ["A"]\nvetoes = [{ when = "v", reason = "r", cap = "C" }]', ["RC185"]),
        ('order = ["C", "A", "C"]\nvetoes = [{ when = "v", reason = "r", cap = "C" }]', ["RC165"]),
        ('vetoes = [{ when = "v", reason = "r", cap = true }]', ["RC166"]),
    ],
)
def test_effects_and_order_are_checked(settings, expected):
    assert codes(f'scorer = "veto"\nof = "band"\n{settings}') == expected


def test_its_vetoes_are_grounds_that_adjustments_may_name_or_may_not() -> None:
    scorer = a_veto()
    assert [(ground.reason, ground.unwaivable) for ground in scorer.grounds()] == [
        ("事故", True),
        ("迟报", False),
    ]


def test_a_veto_that_is_waived_is_out_of_force_and_the_others_are_as_they_were() -> None:
    scorer = a_veto()
    waived = scorer.without("迟报", Literal(value=True))
    assert isinstance(waived, Veto)
    assert waived.vetoes[0] == scorer.vetoes[0]
    assert waived.vetoes[1].when == Conditional(
        (Branch(Literal(value=True), Literal(value=False)),), scorer.vetoes[1].when
    )


def a_veto() -> Veto:
    """Return a rule with one unwaivable veto and one that may be waived."""
    vetoes = (
        VetoCondition(when=FieldRef("fatal"), reason="事故", replace=Literal("D"), unwaivable=True),
        VetoCondition(when=FieldRef("late"), reason="迟报", replace=Literal("C")),
    )
    return Veto(of=FieldRef("band"), vetoes=vetoes)
