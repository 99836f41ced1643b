"""What a run came to, policy by policy."""

from pathlib import Path

from rulecore import load_policy
from rulecore.summary import PolicySummary, Summary, row_count_line, summarize, summary_rows, summary_sheet

MILESTONES = Path(__file__).parents[1] / "policies" / "milestone"
POLICY = """\
[policy]
name = "appraisal"
title = "考核"
version = "2024.1"

[record]
entity = "unit"

[fields]
unit = { column = "单位", type = "text" }
party = { column = "得分", type = "decimal", decimals = 2, min = 0, max = 100, missing = "not_applicable" }

[rules.grade]
label = "等次"
scorer = "bands"
of = "party"
bands = [{ at_least = 90, is = "A" }, { is = "B" }]

[output]
summary = { mean = "party", count = "grade" }
columns = ["unit", "party", "grade"]
"""


def summary_of(folder: Path, *cells: str) -> Summary:
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    rows = [{"单位": f"U{number}", "得分": cell} for number, cell in enumerate(cells)]
    return summarize(load_policy(folder).evaluate(rows))


def test_the_mean_is_of_the_records_that_have_a_value(tmp_path: Path) -> None:
    (policy,) = summary_of(tmp_path, "80.00", "", "90.00").policies
    assert (policy.mean_of, policy.mean) == ("得分", "85.00")


def test_the_mean_is_rounded_half_up_from_its_exact_value(tmp_path: Path) -> None:
    # 80.005 is a tie; a float mean would be 80.00499999999999.
    (policy,) = summary_of(tmp_path, "80.00", "80.01").policies
    assert policy.mean == "80.01"


def test_a_mean_of_nothing_is_empty(tmp_path: Path) -> None:
    (policy,) = summary_of(tmp_path, "").policies
    assert policy.mean == ""


def test_grades_are_counted_best_first_and_not_applicable_last(tmp_path: Path) -> None:
    (policy,) = summary_of(tmp_path, "80", "", "95", "85").policies
    assert policy.counts == (("A", 1), ("B", 2), ("", 1))


def test_refused_rows_and_blank_rows_are_accounted_for(tmp_path: Path) -> None:
    summary = summary_of(tmp_path, "80", "101", "九十")
    assert (summary.rows, summary.scored, summary.quarantined, summary.unrouted) == (3, 1, 2, 0)
    assert summary.policies[0].quarantined == 2


def test_rows_of_refused_records_are_not_rows_without_a_policy() -> None:
    node = {
        "节点": "N1",
        "计划日期": "2024-06-30",
        "实际日期": "2024-06-30",
        "质量分": "90",
        "容错认定": "否",
    }
    rows = [
        node | {"项目编码": "K1", "权重": "50"},
        node | {"项目编码": "K1", "权重": "40", "节点": "N2"},
        node | {"项目编码": "K2", "权重": "100", "质量分": "九十"},
        node | {"项目编码": "K3", "权重": "100"},
    ]
    summary = summarize(load_policy(MILESTONES).evaluate(rows))
    (policy,) = summary.policies
    assert (summary.rows, summary.scored, summary.quarantined, summary.unrouted) == (4, 1, 3, 0)
    assert (policy.records, policy.scored, policy.quarantined) == (3, 1, 2)


def test_rows_without_a_policy_have_a_line_of_their_own() -> None:
    policy = PolicySummary(name="a", title="", version="1", records=1, scored=1, with_issues=0, quarantined=0)
    summary = Summary(policies=(policy,), rows=3, scored=1, quarantined=2, blank=0, unrouted=2)
    _headers, rows = summary_rows(summary, "en")
    assert rows == [["a", "1", "1", "1", "0", "0"], ["(no policy found)", "", "2", "0", "0", "2"]]


def test_the_sheet_has_a_number_in_every_column_but_the_first_two(tmp_path: Path) -> None:
    sheet = summary_sheet(summary_of(tmp_path, "80", "95"))
    assert sheet.kinds[:2] == ("text", "text")
    assert set(sheet.kinds[2:]) == {"number"}
    assert sheet.frame.rows() == [("考核", "2024.1", "2", "2", "0", "0", "87.50", "1", "1")]


def test_the_line_of_rows_names_blank_rows_where_there_are_any() -> None:
    summary = Summary(policies=(), rows=5, scored=3, quarantined=1, blank=1, unrouted=1)
    assert row_count_line(summary, "en") == "5 rows read = 3 scored + 1 quarantined + 1 blank"
