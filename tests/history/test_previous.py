"""What records are given of earlier periods: on both engines, from results at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore
from rulecore.errors import InputError
from tests.history.policies import column, issues, load, policy_text, records

ENGINES = ("columnar", "exact")

CHANGE = {"change": "score - previous(score)", "known": "has_previous()", "first": "is_first_period()"}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_value_of_the_period_before_is_read_from_its_results(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text(CHANGE), tmp_path)
    before = policy.evaluate(records(("甲", "2023", "80.5"), ("乙", "2023", 70)), history=(), engine=engine)
    now = policy.evaluate(
        records(("甲", "2024", 90), ("乙", "2024", "60.5"), ("丙", "2024", 99)), history=before, engine=engine
    )
    assert column(now, "change") == {"甲": "9.5", "乙": "-9.5", "丙": ""}
    assert column(now, "known") == {"甲": "是", "乙": "是", "丙": "否"}
    assert column(now, "first") == {"甲": "否", "乙": "否", "丙": "是"}
    assert issues(now) == {"甲": set(), "乙": set(), "丙": set()}


def test_what_follows_in_the_first_year_the_policy_says(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text({"level": 'coalesce(previous(level), "Ⅰ")'}), tmp_path)
    assert column(policy.evaluate(records(("甲", "2024", 1)), history=(), engine=engine), "level") == {
        "甲": "Ⅰ"
    }


def test_two_periods_before_is_not_one_period_before(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text({"old": "previous(score, periods = 2)"}), tmp_path)
    before = [
        policy.evaluate(records(("甲", year, score)), history=(), engine=engine)
        for year, score in (("2022", 22), ("2023", 23))
    ]
    now = policy.evaluate(records(("甲", "2024", 24)), history=before, engine=engine)
    assert column(now, "old") == {"甲": "22.0"}


def test_an_empty_value_of_the_period_before_is_not_applicable(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text(CHANGE), tmp_path)
    before = policy.evaluate(records(("甲", "2023", None)), history=(), engine=engine)
    now = policy.evaluate(records(("甲", "2024", 90)), history=before, engine=engine)
    assert column(now, "change") == {"甲": ""}
    assert column(now, "known") == {"甲": "是"}


def test_records_of_several_periods_follow_each_other(tmp_path: Path, engine: str) -> None:
    rules = {"points": "min(coalesce(previous(points, low = 0, high = 3), 0) + 1, 3)"}
    policy = load(policy_text(rules), tmp_path)
    years = [("甲", str(year), 1) for year in (2022, 2020, 2023, 2021, 2024)]
    results = policy.evaluate(records(*years), history=(), engine=engine)
    found = dict(zip(results.text_table["年度"], results.text_table["points"], strict=True))
    assert found == {"2020": "1", "2021": "2", "2022": "3", "2023": "3", "2024": "3"}


def test_quarters_follow_each_other_across_the_year(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text({"change": "score - previous(score)"}), tmp_path)
    rows = records(
        ("甲", "2023年第四季度", 80), ("甲", "2024Q1", 85), ("乙", "2023-Q3", 80), ("乙", "2024-Q1", 85)
    )
    results = policy.evaluate(rows, history=(), engine=engine)
    assert results.text_table["change"].to_list() == ["", "5.0", "", ""]


@pytest.mark.parametrize(
    ("scores", "wanted"),
    [
        ((50,), 1),
        ((70,), 0),
        ((50, 50), 2),
        ((70, 50), 1),
        ((50, 70), 0),
        ((50, 50, 50), 3),
        ((50, 50, 50, 50), 3),
    ],
)
def test_consecutive_counts_periods_up_to_now(
    tmp_path: Path, engine: str, scores: tuple[int, ...], wanted: int
) -> None:
    policy = load(policy_text({"failed": "consecutive(score < 60, periods = 3)"}), tmp_path)
    rows = [("甲", str(2020 + number), score) for number, score in enumerate(scores)]
    results = policy.evaluate(records(*rows), history=(), engine=engine)
    assert results.text_table["failed"].to_list()[-1] == str(wanted)


def test_a_period_without_a_record_breaks_the_row(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text({"failed": "consecutive(score < 60, periods = 3)"}), tmp_path)
    results = policy.evaluate(records(("甲", "2021", 1), ("甲", "2023", 1)), history=(), engine=engine)
    assert results.text_table["failed"].to_list() == ["1", "1"]


def test_a_renamed_entity_finds_its_history_and_a_merged_one_is_an_issue(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text({"old": "previous(score)", "known": "has_previous()"}), tmp_path)
    before = policy.evaluate(
        records(("旧甲", "2023", 1), ("乙", "2023", 2), ("丙", "2023", 3), ("丁", "2023", 4)),
        history=(),
        engine=engine,
    )
    mapping = [
        {"old": "旧甲", "new": "甲"},
        {"old": "乙", "new": "乙丙"},
        {"old": "丙", "new": "乙丙"},
        {"old": "丁", "new": "戊", "from": "2023"},
    ]
    now = policy.evaluate(
        records(("甲", "2024", 9), ("乙丙", "2024", 9), ("戊", "2024", 9)),
        history=before,
        mapping=mapping,
        engine=engine,
    )
    assert column(now, "old") == {"甲": "1.0", "乙丙": "", "戊": ""}
    assert column(now, "known") == {"甲": "是", "乙丙": "", "戊": "否"}
    assert issues(now) == {"甲": set(), "乙丙": {"RC720"}, "戊": set()}


def test_an_entity_that_took_in_another_has_no_earlier_value_of_its_own(tmp_path: Path, engine: str) -> None:
    policy = load(policy_text({"old": "previous(score)"}), tmp_path)
    before = policy.evaluate(records(("甲", "2023", 1), ("乙", "2023", 2)), history=(), engine=engine)
    now = policy.evaluate(
        records(("甲", "2024", 9)), history=before, mapping=[{"旧": "乙", "新": "甲"}], engine=engine
    )
    assert issues(now) == {"甲": {"RC720"}}


def test_a_record_that_was_refused_then_is_not_one_that_was_not_there(tmp_path: Path, engine: str) -> None:
    text = policy_text({"old": "previous(score)"}).replace(
        "[fields.unit]", 'refuse = [{ when = "coalesce(score, 0) > 90", reason = "过高" }]\n[fields.unit]'
    )
    policy = load(text + 'refused = { old = "拒收" }\n', tmp_path)
    before = policy.evaluate(records(("甲", "2023", 95), ("乙", "2023", 80)), history=(), engine=engine)
    now = policy.evaluate(records(("甲", "2024", 9), ("乙", "2024", 9)), history=before, engine=engine)
    assert column(now, "old") == {"甲": "", "乙": "80.0"}
    assert issues(now) == {"甲": {"RC721"}, "乙": set()}


def test_one_record_alone_has_no_history_and_says_so(tmp_path: Path) -> None:
    policy = load(policy_text({"change": "score - previous(score)"}), tmp_path)
    result = policy.evaluate_one({"单位": "甲", "年度": "2024", "得分": 9})
    assert result["change"] is None
    assert {reason for reasons in result.issues.values() for reason in reasons} == {"needs_history"}


def test_without_history_a_run_warns(tmp_path: Path) -> None:
    policy = load(policy_text({"change": "score - previous(score)"}), tmp_path)
    assert [note.code.id for note in policy.evaluate(records(("甲", "2024", 9))).notes] == ["RC581"]
    assert policy.evaluate(records(("甲", "2024", 9)), history=()).notes == ()


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [fault.code.id for fault in error.value.faults]


def test_two_results_for_one_period_are_refused_unless_they_are_alike(tmp_path: Path) -> None:
    policy = load(policy_text({"old": "previous(score)"}), tmp_path)
    one, other = (policy.evaluate(records(("甲", "2023", score)), history=()) for score in (1, 2))
    now = records(("甲", "2024", 9))
    assert column(policy.evaluate(now, history=[one, one]), "old") == {"甲": "1.0"}
    with pytest.raises(InputError) as error:
        policy.evaluate(now, history=[one, other])
    assert codes(error) == ["RC577"]


def test_results_of_another_policy_are_refused_unless_it_is_the_same_by_an_old_name(tmp_path: Path) -> None:
    rules = {"old": "previous(score)"}
    before = load(policy_text(rules, name="old-name"), tmp_path).evaluate(
        records(("甲", "2023", 1)), history=()
    )
    now = records(("甲", "2024", 9))
    with pytest.raises(InputError) as error:
        load(policy_text(rules, name="new-name"), tmp_path).evaluate(now, history=before)
    assert codes(error) == ["RC574"]
    text = policy_text(rules, name="new-name").replace(
        'version = "1"', 'version = "1"\nformerly = ["old-name"]'
    )
    assert column(load(text, tmp_path).evaluate(now, history=before), "old") == {"甲": "1.0"}


def test_a_value_that_the_rule_cannot_have_today_is_refused_with_its_row(tmp_path: Path) -> None:
    before = load(policy_text({"level": '"C"'}), tmp_path).evaluate(records(("甲", "2023", 1)), history=())
    policy = load(policy_text({"level": 'coalesce(previous(level), "A")'}), tmp_path)
    with pytest.raises(InputError) as error:
        policy.evaluate(records(("甲", "2024", 9)), history=before)
    assert codes(error) == ["RC576"]
    assert error.value.faults[0].place is not None
    assert error.value.faults[0].place.line == 1


@pytest.mark.parametrize(
    ("period", "before", "code"), [("第三轮", "2023", "RC578"), ("2024", "2023Q4", "RC579")]
)
def test_periods_that_cannot_be_counted_back_are_refused(
    tmp_path: Path, period: str, before: str, code: str
) -> None:
    policy = load(policy_text({"old": "previous(score)"}), tmp_path)
    earlier = policy.evaluate(records(("甲", before, 1)), history=())
    with pytest.raises(InputError) as error:
        policy.evaluate(records(("甲", period, 9)), history=earlier)
    assert codes(error) == [code]


def test_each_key_of_an_entity_has_its_own_history(tmp_path: Path, engine: str) -> None:
    text = policy_text({"old": "previous(score)"}, ["part"]).replace(
        'period = "year"', 'period = "year"\nkey = ["part"]\n[fields.part]\ntype = "text"'
    )
    policy = load(text, tmp_path)
    before = policy.evaluate(
        [
            {**row, "part": part}
            for row, part in zip(records(("甲", "2023", 1), ("甲", "2023", 2)), "xy", strict=True)
        ],
        history=(),
        engine=engine,
    )
    now = policy.evaluate(
        [
            {**row, "part": part}
            for row, part in zip(records(("甲", "2024", 9), ("甲", "2024", 9)), "yz", strict=True)
        ],
        history=before,
        engine=engine,
    )
    assert now.text_table["old"].to_list() == ["2.0", ""]


def test_dates_count_back_by_what_they_stand_for(tmp_path: Path, engine: str) -> None:
    text = policy_text({"old": "previous(score)"}).replace(
        'period = "year"', 'period = "year"\nperiod_length = "quarter"'
    )
    text = text.replace('column = "年度"\ntype = "text"', 'column = "年度"\ntype = "date"')
    policy = load(text, tmp_path)
    rows = records(("甲", "2023-11-30", 1), ("甲", "2024-03-01", 2), ("甲", "2024-08-01", 3))
    assert policy.evaluate(rows, history=(), engine=engine).text_table["old"].to_list() == ["", "1.0", ""]


def test_an_explanation_names_the_period_file_and_row_of_an_earlier_value(tmp_path: Path) -> None:
    policy = load(policy_text({"change": "score - previous(score)"}), tmp_path)
    results = policy.evaluate(records(("甲", "2023", 80), ("甲", "2024", "90.5")), history=())
    explanation = results.explain("甲", "2024")
    assert [(item.period, item.standing, item.source) for item in explanation.earlier] == [
        ("2023", "found", "records:1")
    ]
    assert "上期得分" in explanation.text("zh")
    assert "90.5 − 80 = 10.5" in explanation.text("zh")
    assert "records:1" in explanation.text("en")
    assert isinstance(explanation, rulecore.explain.values.Explanation)


def test_a_refusal_may_look_back_and_its_issue_names_its_reason(tmp_path: Path, engine: str) -> None:
    condition = "coalesce(previous(score), 100) < 50 and coalesce(score, 0) < 50"
    text = policy_text({"old": "coalesce(previous(score), 0)"}).replace(
        "[fields.unit]", f'refuse = [{{ when = "{condition}", reason = "连续过低" }}]\n[fields.unit]'
    )
    rows = records(("甲", "2023", 10), ("甲", "2024", 20), ("甲", "2025", 60), ("乙", "2024", 20))
    results = load(text, tmp_path).evaluate(rows, history=(), engine=engine)
    assert [(item.entity, item.row) for item in results.quarantined] == [("甲", 2)]
    assert results.text_table["old"].to_list() == ["0.0", "0.0", "0.0"]
    assert "refuse@" not in results.text_table["问题"].to_list()[1]


def test_results_without_provenance_are_a_history_too_refused_records_included(
    tmp_path: Path, engine: str
) -> None:
    text = policy_text({"old": "previous(score)"}).replace(
        "[fields.unit]", 'refuse = [{ when = "coalesce(score, 0) > 90", reason = "过高" }]\n[fields.unit]'
    )
    policy = load(text + 'provenance = false\nrefused = { old = "拒收" }\n', tmp_path)
    before = policy.evaluate(records(("甲", "2023", 95), ("乙", "2023", 80)), history=(), engine=engine)
    assert before.text_table.rows() == [("甲", "", "", "拒收"), ("乙", "2023", "80.0", "")]
    now = policy.evaluate(records(("甲", "2024", 9), ("乙", "2024", 9)), history=before, engine=engine)
    assert column(now, "old") == {"甲": "", "乙": "80.0"}
    part = now.parts[0]
    assert [bool(text) for text in part.issues()] == [True, False]
