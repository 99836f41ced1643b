from pathlib import Path

import pytest

from tests.checks.whole import findings


def rules(first: str, second: str, value: str = "mean") -> str:
    return (
        f"[rules.mean]\nscorer = 'formula'\nvalue = '(party + operations) / 2'\n{first}\n"
        f"[rules.published]\nscorer = 'formula'\nvalue = '{value}'\n{second}\n"
    )


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("decimals = 1", "decimals = 0", "mean"),
        ("decimals = 2", "step = 0.5", "mean"),
        ("decimals = 1", "decimals = 0", "min(mean, 100)"),
        ("decimals = 1", "decimals = 0", "if accidents > 3 then 0 else mean"),
        ("", "decimals = 0", "round(operations, 1)"),
    ],
)
def test_a_value_rounded_twice_is_found(first: str, second: str, value: str, tmp_path: Path) -> None:
    assert "RC230" in findings(rules(first, second, value), tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("", "decimals = 0", "mean"),
        ("decimals = 1", "", "mean"),
        ("decimals = 1", "decimals = 1", "mean"),
        ("decimals = 0", "decimals = 2", "mean"),
        ("decimals = 1", "decimals = 0", "mean + party"),
        ("decimals = 1\nrounding = 'floor'", "decimals = 0\nrounding = 'floor'", "mean"),
    ],
)
def test_rounding_once_or_rounding_stages_is_not(first: str, second: str, value: str, tmp_path: Path) -> None:
    assert "RC230" not in findings(rules(first, second, value), tmp_path)


SCORE = "[rules.score]\nscorer = 'formula'\nvalue = 'party * operations / 100'\n"
BAND = "[rules.band]\nscorer = 'bands'\nof = 'score'\nbands = [{ at_least = 90, is = 'A' }, { is = 'B' }]\n"
RANK = "[rules.place]\nscorer = 'rank'\nby = 'score'\n"


def shown(decimals: int) -> str:
    return f'[output]\ncolumns = ["unit", {{ of = "score", header = "得分", decimals = {decimals} }}]\n'


def test_a_score_shown_rounded_and_banded_unrounded_is_found(tmp_path: Path) -> None:
    assert findings(SCORE + BAND + shown(2), tmp_path) == ["RC231"]


def test_a_score_shown_rounded_and_ranked_unrounded_is_noted(tmp_path: Path) -> None:
    assert findings(SCORE + RANK + shown(2), tmp_path) == ["RC232"]


def test_a_score_that_is_banded_as_shown_is_fine(tmp_path: Path) -> None:
    assert findings(SCORE + "decimals = 2\n" + BAND + RANK + shown(2), tmp_path) == []


def test_a_score_shown_with_all_its_decimals_is_fine(tmp_path: Path) -> None:
    assert findings(SCORE + BAND + RANK + shown(5), tmp_path) == []


def test_a_score_that_decides_nothing_may_be_shown_rounded(tmp_path: Path) -> None:
    assert findings(SCORE + shown(1), tmp_path) == []
