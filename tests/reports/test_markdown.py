"""The report ``markdown``."""

import polars as pl

from rulecore.contracts import Document, Sheet
from rulecore.reports.markdown import render


def sheet(name: str, rows: list[str]) -> Sheet:
    frame = pl.DataFrame({"0": rows, "1": ["1"] * len(rows)}, schema={"0": pl.String, "1": pl.String})
    return Sheet(name=name, headers=("单位", "行"), kinds=("text", "number"), frame=frame)


def rendered(*quarantined: str) -> str:
    sheets = (sheet("结果", ["甲"]), sheet("隔离", list(quarantined)), sheet("汇总", ["乙"]))
    return render(Document(title="考核", sheets=sheets)).decode()


def test_the_summary_comes_before_the_quarantine_and_results_are_left_out() -> None:
    assert rendered("丙") == (
        "# 考核\n\n## 汇总\n\n| 单位 | 行 |\n| --- | ---: |\n| 乙 | 1 |\n"
        "\n## 隔离\n\n| 单位 | 行 |\n| --- | ---: |\n| 丙 | 1 |\n"
    )


def test_a_quarantine_without_rows_is_a_dash() -> None:
    assert rendered().endswith("## 隔离\n\n—\n")


def test_cells_stay_cells_whatever_stands_in_them() -> None:
    assert "| a\\|b\\*c \\<i> d | 1 |" in rendered("a|b*c <i>\nd")
