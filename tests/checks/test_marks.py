from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from tests.checks.whole import findings


def product(full_marks: int, first: str = "party") -> str:
    return (
        f"[rules.score]\nscorer = 'mutual_coefficient'\nof = ['{first}', 'operations']\n"
        f"full_marks = {full_marks}\ndecimals = 2\n"
    )


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (product(100), []),
        (product(100, "party + 3"), ["RC235"]),
        (product(100, "min(party + 3, 100)"), []),
        (product(120), ["RC236", "RC236"]),
    ],
)
def test_factors_are_held_against_their_full_marks(rules: str, found: list[str], tmp_path: Path) -> None:
    assert findings(rules, tmp_path) == found


@pytest.mark.parametrize(
    ("label", "value", "found"),
    [
        ("满分100分", "party", []),
        ("综合得分（满分为100）", "party * 0.9", ["RC236"]),
        ("综合得分（满分：100）", "party + 5", ["RC235"]),
        ("Score (full marks 90)", "party * 0.9", []),
        ("综合得分", "party + 5", []),
    ],
)
def test_labels_that_name_full_marks_are_held_to_them(
    label: str, value: str, found: list[str], tmp_path: Path
) -> None:
    rules = f"[rules.score]\nlabel = '{label}'\nscorer = 'formula'\nvalue = '{value}'\n"
    assert findings(rules, tmp_path) == found


def test_weights_that_do_not_sum_are_refused_before_any_check(tmp_path: Path) -> None:
    rules = "[rules.score]\nscorer = 'weighted_sum'\nof = { party = 0.59, operations = 0.4 }\n"
    with pytest.raises(PolicyError, match=r"0\.99"):
        findings(rules, tmp_path)
