from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scorers.policies import codes, outcomes, values

QUOTA = """
scorer = "quota"
of = "band"
by = "score"
ties = ["operations"]
undecided = "待评审"
"""
THIRTY = QUOTA + 'limits = [{ grade = "A", share = "30%", surplus = "B" }]'


def cohort(*rows):
    return [dict(zip(("band", "score", "operations"), row, strict=True)) for row in rows]


def places(number, surplus="B"):
    return QUOTA + f'limits = [{{ grade = "A", places = {number}, surplus = "{surplus}" }}]'


def test_scheme_s01_comes_out():
    units = cohort(
        ("A", Fraction("92.06"), 95),
        ("B", Fraction("88.99"), 96),
        ("C", Fraction("91.30"), 91),
        ("A", Fraction("93.86"), 98),
        ("C", Fraction("78.63"), 92),
    )
    assert values(THIRTY, units) == ["B", "B", "C", "A", "C"]


@pytest.mark.parametrize(("size", "kept"), [(3, 0), (4, 1), (6, 1), (7, 2), (9, 2), (10, 3)])
def test_places_are_rounded_down(size, kept):
    units = cohort(*(("A", 100 - place, 0) for place in range(size)))
    assert values(THIRTY, units) == ["A"] * kept + ["B"] * (size - kept)


def test_places_may_be_rounded_otherwise():
    rule = QUOTA + 'limits = [{ grade = "A", share = 0.3, surplus = "B", rounding = "ceil" }]'
    assert values(rule, cohort(("A", 9, 0), ("A", 8, 0), ("A", 7, 0))) == ["A", "B", "B"]


def test_a_tie_at_the_edge_is_decided_by_the_named_key():
    assert values(places(1), cohort(("A", 90, 1), ("A", 90, 2))) == ["B", "A"]


def test_a_full_tie_across_the_edge_waits_for_the_committee():
    units = cohort(("A", 95, 0), ("A", 90, 1), ("A", 90, 1), ("A", 80, 1))
    assert values(places(2), units) == ["A", "待评审", "待评审", "B"]
    assert values(places(3), units) == ["A", "A", "A", "B"]
    assert values(places(1), units) == ["A", "B", "B", "B"]


def test_without_a_text_the_undecided_have_no_grade_and_an_issue():
    rule = places(1).replace('undecided = "待评审"', "")
    tied = cohort(("A", 90, 1), ("A", 90, 1))
    assert outcomes(rule, tied) == [(None, {"full_tie"}), (None, {"full_tie"})]


def test_who_has_another_grade_takes_no_place():
    assert values(places(1), cohort(("C", 99, 0), ("A", 90, 0), ("B", 95, 0))) == ["C", "A", "B"]


def test_a_record_without_grade_or_score_has_no_outcome():
    assert values(places(1), cohort((None, 99, 0), ("A", None, 0), ("A", 90, 0))) == [None, None, "A"]


def test_the_population_of_a_share_can_be_narrowed():
    rule = THIRTY + '\npopulation = "band != \\"C\\""'
    units = cohort(("A", 9, 0), ("A", 8, 0), ("A", 7, 0), ("C", 6, 0), ("C", 5, 0), ("C", 4, 0), ("C", 3, 0))
    assert values(rule, units)[:3] == ["B", "B", "B"]
    assert values(THIRTY, units)[:3] == ["A", "A", "B"]


def test_quotas_may_hold_within_groups():
    units = [
        {"band": "A", "score": score, "operations": 0, "unit": unit}
        for score, unit in ((9, 1), (8, 1), (7, 2))
    ]
    assert values(places(1) + '\nwithin = ["unit"]', units) == ["A", "B", "A"]


def test_limits_apply_in_order_to_what_the_one_before_left():
    rule = QUOTA + (
        'limits = [{ grade = "A", places = 1, surplus = "B" }, { grade = "B", places = 1, surplus = "C" }]'
    )
    assert values(rule, cohort(("A", 9, 0), ("A", 8, 0), ("B", 7, 0), ("C", 6, 0))) == ["A", "B", "C", "C"]


def test_who_waits_may_still_take_a_place_of_the_next_limit():
    rule = QUOTA + (
        'limits = [{ grade = "A", places = 1, surplus = "B" }, { grade = "B", places = 1, surplus = "C" }]'
    )
    assert values(rule, cohort(("A", 9, 0), ("A", 9, 0), ("B", 7, 0))) == ["待评审", "待评审", "待评审"]


def test_stars_are_limited_as_numbers():
    rule = 'scorer = "quota"\nof = "star"\nby = "score"\nlimits = [{ grade = 5, share = 0.5, surplus = 4 }]'
    assert values(rule, [{"star": 5, "score": 9}, {"star": 5, "score": 8}, {"star": 1, "score": 1}]) == [
        5,
        4,
        1,
    ]


def test_places_may_come_from_another_rule():
    units = [{**unit, "n": 1} for unit in cohort(("A", 9, 0), ("A", 8, 0))]
    assert values(places('"n"'), units) == ["A", "B"]


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=12)
)
def test_never_more_than_the_places_and_never_a_better_one_passed_over(rows):
    found = values(THIRTY, cohort(*rows))
    allowed = len(rows) * 3 // 10
    kept = [row[1:] for row, grade in zip(rows, found, strict=True) if grade == "A"]
    waiting = [row[1:] for row, grade in zip(rows, found, strict=True) if grade == "待评审"]
    lost = [row[1:] for row, grade in zip(rows, found, strict=True) if row[0] == "A" and grade == "B"]
    assert len(kept) <= allowed
    assert len(set(waiting)) <= 1
    assert not waiting or len(kept) < allowed < len(kept) + len(waiting)
    assert not lost or len(kept) + len(waiting) >= allowed
    assert all(better > worse for better in kept for worse in (*waiting, *lost))
    assert all(better > worse for better in waiting for worse in lost)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ("", ["RC160"]),
        ('{ grade = "A", surplus = "B" }', ["RC162"]),
        ('{ grade = "A", share = 0.3, places = 1, surplus = "B" }', ["RC161"]),
        ('{ grade = "A", share = 30, surplus = "B" }', ["RC164"]),
        ('{ grade = "A", places = -1, surplus = "B" }', ["RC164"]),
        ('{ grade = "A", places = 1.5, surplus = "B" }', ["RC164"]),
        ('{ grade = "A", places = 1, surplus = "A" }', ["RC191"]),
        ('{ grade = "A", places = 1, surplus = 4 }', ["RC166"]),
        ('{ grade = "B", places = 1, surplus = "C" }, { grade = "A", places = 1, surplus = "B" }', ["RC190"]),
        ('{ grade = "A", places = 1, surplus = "B" }, { grade = "A", places = 2, surplus = "B" }', ["RC165"]),
    ],
)
def test_limits_are_checked(limits, expected):
    assert codes(f"{QUOTA}limits = [{limits}]") == expected
