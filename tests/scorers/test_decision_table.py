import pytest

from tests.scorers.policies import codes, only_problem, outcome, value


def table(hit_policy: str, rows: str, more: str = "") -> str:
    head = f'scorer = "decision_table"\nhit_policy = "{hit_policy}"\ninputs = ["score", "veto"]\n'
    return f"{head}rules = [{rows}]\n{more}"


EXCLUSIVE = (
    """[">= 90", "false", "A"], ["[80..90)", "false", "B"], ["< 80", "false", "C"], ["-", "true", "D"]"""
)
OVERLAPPING = """[">= 60", "-", "pass"], [">= 90", "-", "excellent"], ["-", "true", "vetoed"]"""
POINTS = """[">= 60", "-", 3], [">= 90", "-", 5], ["-", "true", 1]"""
PRIORITIES = 'priorities = ["vetoed", "excellent", "pass"]'


@pytest.mark.parametrize(
    ("score", "veto", "expected"),
    [(90, False, "A"), (89, False, "B"), (80, False, "B"), (79, False, "C"), (95, True, "D")],
)
def test_unique_gives_the_only_row_hit(score, veto, expected):
    assert value(table("U", EXCLUSIVE), score=score, veto=veto) == expected


def test_unique_is_the_default():
    rule = 'scorer = "decision_table"\ninputs = ["x"]\nrules = [["1", "one"], ["-", "any"]]'
    assert outcome(rule, x=1) == (None, {"several_rows"})
    assert value(rule, x=2) == "any"


def test_several_rows_hit_under_unique_are_an_issue():
    assert outcome(table("U", OVERLAPPING), score=95, veto=False) == (None, {"several_rows"})


@pytest.mark.parametrize("hit_policy", ["U", "A", "F", "R", "C"])
def test_no_row_hit_is_an_issue_or_otherwise(hit_policy):
    assert outcome(table(hit_policy, OVERLAPPING), score=50, veto=False) == (None, {"no_row"})
    assert value(table(hit_policy, OVERLAPPING, 'otherwise = "none"'), score=50, veto=False) == "none"


def test_any_wants_the_rows_hit_to_agree():
    rows = """[">= 60", "-", "pass"], ["-", "true", "pass"], ["< 60", "-", "fail"]"""
    assert value(table("A", rows), score=70, veto=True) == "pass"
    assert outcome(table("A", rows), score=50, veto=True) == (None, {"rows_disagree"})
    assert value(table("A", rows), score=50, veto=False) == "fail"


@pytest.mark.parametrize(
    ("hit_policy", "more", "expected"),
    [
        ("F", "", "pass"),
        ("P", PRIORITIES, "vetoed"),
        ("R", "", "pass;excellent;vetoed"),
        ("C", 'separator = "、"', "pass、excellent、vetoed"),
        ("O", PRIORITIES, "vetoed;excellent;pass"),
    ],
)
def test_hit_policies_choose_or_join_texts(hit_policy, more, expected):
    assert value(table(hit_policy, OVERLAPPING, more), score=95, veto=True) == expected


@pytest.mark.parametrize(
    ("hit_policy", "score", "veto", "expected"),
    [
        ("C+", 95, True, 9),
        ("C+", 65, False, 3),
        ("C<", 95, False, 3),
        ("C<", 95, True, 1),
        ("C>", 95, True, 5),
        ("C>", 65, True, 3),
        ("C#", 95, True, 3),
        ("C#", 50, False, 0),
    ],
)
def test_collect_aggregates_numbers(hit_policy, score, veto, expected):
    assert value(table(hit_policy, POINTS), score=score, veto=veto) == expected


@pytest.mark.parametrize("hit_policy", ["C+", "C<", "C>"])
def test_an_aggregate_of_nothing_is_an_issue(hit_policy):
    assert outcome(table(hit_policy, POINTS), score=50, veto=False) == (None, {"no_row"})


@pytest.mark.parametrize("hit_policy", ["U", "A", "F", "R", "C"])
def test_an_input_that_leaves_a_row_open_leaves_the_value_open(hit_policy):
    assert value(table(hit_policy, OVERLAPPING), score=None, veto=True) is None


@pytest.mark.parametrize("hit_policy", ["C+", "C<", "C>", "C#"])
def test_an_open_row_leaves_an_aggregate_open(hit_policy):
    assert value(table(hit_policy, POINTS), score=None, veto=True) is None


@pytest.mark.parametrize("hit_policy", ["U", "F", "A"])
def test_a_column_that_speaks_of_not_applicable_decides_it(hit_policy):
    rows = """[">= 60", "-", "pass"], ["< 60", "-", "fail"], ["不适用", "-", "absent"]"""
    rule = table(hit_policy, rows)
    assert value(rule, score=None, veto=None) == "absent"
    assert value(rule, score=60, veto=None) == "pass"
    assert value(rule, score=59, veto=None) == "fail"


def test_cells_may_be_plain_constants():
    rule = 'scorer = "decision_table"\ninputs = ["x", "f"]\nrules = [[1, true, "a"], ["-", false, "b"]]'
    assert value(rule, x=1, f=True) == "a"
    assert value(rule, x=1, f=False) == "b"


def test_a_cell_that_is_no_test_is_a_fault_at_its_place():
    problem = only_problem(table("U", """[">= ", "-", "A"]"""))
    assert problem.key == ("rules", 0, 0)
    assert problem.span is not None


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (table("U", ""), ["RC160"]),
        (table("U", '["-", "A"]'), ["RC186"]),
        (table("C+", '["-", "-", "A"]'), ["RC187"]),
        (table("R", '["-", "-", 1]'), ["RC187"]),
        (table("P", '["-", "-", "A"]'), ["RC162"]),
        (table("P", '["-", "-", "A"]', 'priorities = ["B"]'), ["RC185"]),
        (table("U", '["-", "-", "A"]', 'priorities = ["A"]'), ["RC163"]),
    ],
)
def test_rows_and_outputs_are_checked(rule, expected):
    assert codes(rule) == expected
