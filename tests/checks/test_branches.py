from pathlib import Path

import pytest

from tests.checks.whole import faults, findings


def formula(value: str) -> str:
    return f"[rules.net]\nscorer = 'formula'\nvalue = '''{value}'''\n"


def bands(of: str, *rows: str) -> str:
    listed = ", ".join(f"{{ {row} }}" for row in rows)
    return f"[rules.band]\nscorer = 'bands'\nof = '{of}'\nbands = [{listed}]\n"


def test_a_branch_behind_a_wider_one_is_never_chosen(tmp_path: Path) -> None:
    rules = formula("if party >= 60 then 1 else if party >= 90 then 2 else 3")
    assert findings(rules, tmp_path) == ["RC210"]


def test_branches_from_the_narrowest_to_the_widest_are_all_chosen(tmp_path: Path) -> None:
    rules = formula("if party >= 90 then 2 else if party >= 60 then 1 else 3")
    assert findings(rules, tmp_path) == []


def test_an_else_that_no_record_reaches_is_found(tmp_path: Path) -> None:
    rules = formula("if party >= 60 then 1 else if party < 60 then 2 else 3")
    assert findings(rules, tmp_path) == ["RC210"]


def test_a_choice_inside_a_choice_knows_the_conditions_around_it(tmp_path: Path) -> None:
    rules = formula("if accidents > 3 then (if accidents > 2 then 1 else 2) else 3")
    assert findings(rules, tmp_path) == ["RC210"]


def test_a_band_above_the_highest_value_gives_its_label_to_nobody(tmp_path: Path) -> None:
    found = faults(
        bands("party", 'at_least = 101, is = "A"', 'at_least = 60, is = "B"', 'is = "C"'), tmp_path
    )
    labels = [fault.values["value"] for fault in found if fault.code.id == "RC211"]
    assert labels == ['"A"']


def test_the_last_band_is_missed_by_everyone_who_has_the_lowest_value(tmp_path: Path) -> None:
    rules = bands("party", 'at_least = 60, is = "A"', 'at_least = 0, is = "B"', 'is = "C"')
    assert findings(rules, tmp_path) == ["RC211"]


def test_a_band_that_ends_between_two_values_of_the_field_is_empty(tmp_path: Path) -> None:
    # accidents are whole: nothing lies from 2.2 to below 3
    rules = bands("accidents", 'at_least = 3, is = "A"', 'at_least = 2.2, is = "B"', 'is = "C"')
    assert findings(rules, tmp_path) == ["RC211", "RC215"]


def test_bands_within_the_range_are_all_reached(tmp_path: Path) -> None:
    assert findings(bands("party", 'at_least = 60, at_most = 100, is = "A"', 'is = "C"'), tmp_path) == []


def test_stars_nobody_can_get_are_found(tmp_path: Path) -> None:
    rules = "[rules.star]\nscorer = 'stars'\nof = 'party'\nmost = 3\nthresholds = [110, 60]\n"
    assert findings(rules, tmp_path) == ["RC211"]


def test_values_below_the_last_band_are_left_out_with_an_example(tmp_path: Path) -> None:
    found = faults(bands("party - 10", 'at_least = 60, is = "A"', 'at_least = 0, is = "B"'), tmp_path)
    assert [fault.values["example"] for fault in found if fault.code.id == "RC212"] == ["party - 10 = -0.1"]


def test_a_grade_that_the_order_of_a_veto_lacks_is_left_out(tmp_path: Path) -> None:
    rules = bands("party", 'at_least = 90, is = "A"', 'at_least = 60, is = "B"', 'is = "C"') + (
        "[rules.grade]\nscorer = 'veto'\nof = 'band'\norder = ['C', 'B']\n"
        "vetoes = [{ when = 'accidents > 3', reason = '事故', cap = 'C' }]\n"
    )
    assert findings(rules, tmp_path) == ["RC212"]


def test_a_lookup_of_any_text_is_not_blamed_for_texts_it_does_not_know(tmp_path: Path) -> None:
    rules = "[rules.factor]\nscorer = 'lookup'\nof = 'unit'\ntable = { U1 = 1, U2 = 2 }\n"
    assert findings(rules, tmp_path) == []


def test_a_lookup_of_known_texts_is_blamed_for_one_it_forgets(tmp_path: Path) -> None:
    rules = "[rules.factor]\nscorer = 'lookup'\nof = 'rating'\ntable = { '好' = 1, '中' = 2 }\n"
    assert findings(rules, tmp_path) == ["RC212"]


@pytest.mark.parametrize("outside", ["clamp", "extend", "not_applicable"])
def test_a_line_from_end_to_end_of_the_range_is_fine(outside: str, tmp_path: Path) -> None:
    rules = (
        f"[rules.line]\nscorer = 'piecewise'\nof = 'party'\noutside = '{outside}'\n"
        "points = [[0, 0], [60, 50], [100, 100]]\n"
    )
    assert findings(rules, tmp_path) == []
