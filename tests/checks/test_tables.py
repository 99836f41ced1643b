from pathlib import Path

import pytest

from tests.checks.whole import faults, findings


def table(hit: str, inputs: str, *rows: str, more: str = "") -> str:
    return (
        f"[rules.outcome]\nscorer = 'decision_table'\nhit_policy = '{hit}'\ninputs = {inputs}\n"
        f"rules = [{', '.join(rows)}]\n{more}\n"
    )


def test_a_complete_table_without_overlaps_is_fine(tmp_path: Path) -> None:
    rules = table(
        "U",
        '["accidents", "rating"]',
        '["0", "-", "A"]',
        "['> 0', '\"好\"', 'B']",
        "['> 0', 'not(\"好\")', 'C']",
    )
    assert findings(rules, tmp_path) == []


def test_a_gap_in_the_product_of_the_inputs_is_found_with_an_example(tmp_path: Path) -> None:
    rules = table(
        "U", '["accidents", "rating"]', '["0", "-", "A"]', "['> 0', '\"好\"', 'B']", "['> 0', '\"中\"', 'C']"
    )
    found = faults(rules, tmp_path)
    assert [fault.values["example"] for fault in found if fault.code.id == "RC220"] == [
        'accidents = 1, rating = "差"'
    ]


@pytest.mark.parametrize(("hit", "more"), [("U", 'otherwise = "C"'), ("C#", ""), ("F", 'otherwise = "C"')])
def test_a_table_that_says_what_else_holds_has_no_gap(hit: str, more: str, tmp_path: Path) -> None:
    assert findings(table(hit, '["accidents"]', '["0", "A"]', '["1", "B"]', more=more), tmp_path) == []


def test_neighbouring_intervals_of_whole_numbers_leave_no_gap(tmp_path: Path) -> None:
    assert findings(table("U", '["accidents"]', '["[0..2]", "A"]', '["[3..50]", "B"]'), tmp_path) == []


def test_the_same_intervals_of_decimals_leave_one(tmp_path: Path) -> None:
    assert findings(table("U", '["party"]', '["[0..2]", "A"]', '["[3..100]", "B"]'), tmp_path) == ["RC220"]


@pytest.mark.parametrize(
    ("hit", "code"), [("U", ["RC221"]), ("A", ["RC223"]), ("F", []), ("C", []), ("R", [])]
)
def test_an_overlap_is_a_fault_where_the_hit_policy_says_so(
    hit: str, code: list[str], tmp_path: Path
) -> None:
    assert findings(table(hit, '["accidents"]', '["<= 3", "A"]', '[">= 3", "B"]'), tmp_path) == code


def test_rows_that_agree_may_overlap_under_hit_policy_a(tmp_path: Path) -> None:
    assert findings(table("A", '["accidents"]', '["<= 3", "A"]', '[">= 3", "A"]'), tmp_path) == []


def test_a_row_that_several_rows_together_cover_is_masked(tmp_path: Path) -> None:
    rules = table("F", '["accidents"]', '["<= 10", "A"]', '["> 5", "B"]', '["[8..12]", "C"]')
    assert findings(rules, tmp_path) == ["RC222"]


def test_a_row_with_tests_that_exclude_its_values_can_never_be_hit(tmp_path: Path) -> None:
    rules = table("F", '["accidents", "rating"]', "['> 50', '-', 'A']", "['-', '-', 'B']")
    assert findings(rules, tmp_path) == ["RC225"]


def test_the_same_tests_twice_are_one_finding(tmp_path: Path) -> None:
    rules = table("U", '["accidents"]', '["0", "A"]', '["> 0", "B"]', '["> 0", "C"]')
    assert findings(rules, tmp_path) == ["RC224"]


def test_rows_for_what_is_not_applicable_are_understood(tmp_path: Path) -> None:
    rules = table("U", '["veto"]', "['不适用', 'A']", "['not(不适用)', 'B']")
    assert findings(rules, tmp_path) == []


def test_a_table_over_a_band_knows_which_scores_the_band_has(tmp_path: Path) -> None:
    rules = (
        "[rules.band]\nscorer = 'bands'\nof = 'party'\n"
        'bands = [{ at_least = 90, is = "A" }, { is = "B" }]\n'
    ) + table("U", '["band", "party"]', "['\"A\"', '>= 90', 1]", "['\"B\"', '< 90', 2]")
    assert findings(rules, tmp_path) == []


def test_a_table_with_too_many_rows_is_said_to_be_too_large(tmp_path: Path) -> None:
    rows = [f'["{number / 10}", {number}]' for number in range(151)]
    assert findings(table("U", '["party"]', *rows, more="otherwise = 0"), tmp_path) == ["RC226"]


def test_a_table_over_many_independent_inputs_is_looked_through(tmp_path: Path) -> None:
    fields = "".join(f"[fields.f{number}]\ntype = 'flag'\n" for number in range(12))
    inputs = "[" + ", ".join(f'"f{number}"' for number in range(12)) + "]"
    rows = [
        "[" + ", ".join("true" if other == number else '"-"' for other in range(12)) + f", {number}]"
        for number in range(12)
    ]
    rules = fields + table("F", inputs, *rows)
    assert findings(rules, tmp_path) == ["RC220"]
