from pathlib import Path

import pytest

from tests.checks.whole import faults, findings


def condition(text: str) -> str:
    return f"[rules.net]\nscorer = 'formula'\nvalue = 'if {text} then 1 else party'\n"


@pytest.mark.parametrize(
    ("text", "effective"),
    [
        ("accidents >= 2.5", "≥ 3"),
        ("accidents > 2.5", "> 2"),
        ("accidents <= 2.5", "≤ 2"),
        ("accidents < 2.5", "< 3"),
        ("party >= 89.96", "≥ 90"),
        ("party >= 200/3", "≥ 66.7"),
    ],
)
def test_a_bound_that_is_too_fine_is_shown_as_what_it_means(
    text: str, effective: str, tmp_path: Path
) -> None:
    found = faults(condition(text), tmp_path)
    assert [fault.values["effective"] for fault in found if fault.code.id == "RC215"] == [effective]


@pytest.mark.parametrize("text", ["accidents >= 3", "party >= 89.9", "party / 3 >= 20.125"])
def test_a_bound_with_the_decimals_of_the_value_is_fine(text: str, tmp_path: Path) -> None:
    assert findings(condition(text), tmp_path) == []


def test_an_upper_bound_beyond_the_greatest_value_is_out_of_reach(tmp_path: Path) -> None:
    rules = (
        "[rules.band]\nscorer = 'bands'\nof = 'party'\n"
        "bands = [{ at_least = 90, at_most = 120, is = 'A' }, { is = 'B' }]\n"
    )
    assert findings(rules, tmp_path) == ["RC216"]
