"""The page docs/adjustments.md: its policy takes its file, and its table of headings is the program's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rulecore.adjustments.reading import HEADINGS
from rulecore.results import Results
from tests.adjustments.given import ENGINES, column, loaded

PAGE = (Path(__file__).parents[2] / "docs" / "adjustments.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    """Return the first fenced block of a kind."""
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(name="results", params=ENGINES)
def _results(tmp_path: Path, request: pytest.FixtureRequest) -> Results:
    file = tmp_path / "decisions.csv"
    file.write_text(block("text"), encoding="utf-8")
    units = {"甲": 84, "乙": 95, "丙": 95, "丁": 70}
    records = [{"单位": unit, "年度": 2024, "经营得分": score} for unit, score in units.items()]
    votes = [
        {"单位": unit, "年度": 2024, "评委": judge, "分数": points}
        for unit in units
        for judge, points in (("王五", 90), ("赵六", 88))
    ]
    policy = loaded(tmp_path, block("toml"))
    return policy.evaluate(records, tables={"votes": votes}, adjustments=str(file), engine=str(request.param))


def test_the_file_of_the_page_does_what_the_page_says(results: Results) -> None:
    assert column(results, "综合得分")["甲"] == "86.00"  # the appeal was revoked
    assert (column(results, "等次")["乙"], column(results, "等次")["丙"]) == ("A", "B")
    assert column(results, "评议分")["丁"] == "88.00"
    assert column(results, "状态") == {
        "甲": "已计分",
        "乙": "已计分，经调整",
        "丙": "已计分，经调整",
        "丁": "已计分，经调整",
    }


def test_the_sheet_lists_every_decision_and_marks_the_revoked_one(results: Results) -> None:
    sheet = next(sheet for sheet in results.document().sheets if sheet.name == "调整")
    state = dict(zip(sheet.frame["编号"].to_list(), sheet.frame["状态"].to_list(), strict=True))
    assert state == {"1": "已被 5 撤销", "2": "有效", "3": "有效", "4": "有效", "5": "撤销 1"}


@pytest.mark.parametrize("words", [*HEADINGS.values()])
def test_every_heading_is_on_the_page(words: tuple[str, ...]) -> None:
    for word in words:
        assert word in PAGE
