"""What an explanation says is what the results say: values, sources, decisions, standings, who is meant."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from attrs import evolve

from rulecore import load_policies, load_policy
from rulecore.errors import InternalError, UsageError
from rulecore.explain import explain_record
from rulecore.explain.values import ExplainedRule, Explanation
from rulecore.planned import PlannedRule
from rulecore.results import Results
from tests.oracles import double_hundred, party_branch_star

POLICIES = Path(__file__).parents[2] / "policies"
RECORDS = POLICIES / "double_hundred" / "records.csv"


@pytest.fixture(scope="module")
def results() -> Results:
    return load_policy(POLICIES / "double_hundred").evaluate(RECORDS)


def rule(explanation: Explanation, name: str) -> ExplainedRule:
    found = explanation.rule(name)
    assert found is not None
    return found


def check_all(results: Results) -> int:
    """Check that every explained value equals the stored one, and return how many were compared."""
    compared = 0
    for part in results.parts:
        shown = {column.of: part.text(column) for column in part.plan.columns}
        for row in range(part.records.height):
            stored = results.values_of(part, row)
            explanation = explain_record(results, part, row)
            visible = [s.name for s in part.plan.steps if isinstance(s, PlannedRule) and not s.hidden]
            assert [found.name for found in explanation.rules] == visible
            for found in explanation.rules:
                if found.name in stored:
                    assert found.value == stored[found.name]
                    compared += 1
                if found.name in shown:
                    assert found.shown == shown[found.name][row]
            assert explanation.text("zh")
            assert explanation.text("en")
            assert explanation.document("en")["explanation"] == 1
    return compared


@pytest.mark.parametrize("engine", ["columnar", "exact"])
def test_every_explained_value_of_the_main_job_is_the_result(engine: str) -> None:
    records = POLICIES / "annual" / "records-2024.xlsx"
    results = load_policies(POLICIES / "annual").evaluate(records, engine=engine)
    assert check_all(results) > 500


@pytest.mark.parametrize(
    ("policy", "oracle"), [("double_hundred", double_hundred), ("party_branch_star", party_branch_star)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_explained_value_of_crowded_records_is_the_result(
    policy: str, oracle: ModuleType, seed: int
) -> None:
    results = load_policy(POLICIES / policy).evaluate(oracle.generate(seed, 40))
    assert check_all(results) > 200


def test_a_result_that_differs_from_its_recomputation_is_never_explained(results: Results) -> None:
    part = results.parts[0]
    forged = evolve(part, steps=part.steps.with_columns(score=pl.lit(9999, dtype=pl.Int64)))
    with pytest.raises(InternalError, match="score: explained as"):
        explain_record(results, forged, 1)


def test_an_explanation_names_the_row_it_was_read_from(results: Results) -> None:
    source = results.explain("U02").source
    assert source is not None
    assert (Path(source.file).name, source.line) == ("records.csv", 3)


def test_the_value_before_rounding_is_exact(results: Results) -> None:
    score = rule(results.explain("U02"), "score")
    assert (score.unrounded, score.value, score.shown) == (
        Fraction(88985, 1000),
        Fraction(8899, 100),
        "88.99",
    )
    assert [(item.before, item.after, item.mode.en) for item in score.roundings] == [
        (Fraction(88985, 1000), Fraction(8899, 100), "rounded half up to 2 decimals")
    ]


def test_the_numbers_stand_in_the_formula(results: Results) -> None:
    score = rule(results.explain("U02"), "score")
    assert score.short.en == "党建得分 × 经营得分 ÷ 100"
    assert score.reduced.en == "92.5 × 96.2 ÷ 100"


def test_the_band_that_applied_is_told_from_those_that_did_not(results: Results) -> None:
    (judgement,) = rule(results.explain("U02"), "band").judgements
    assert [(item.substituted.en, item.decision) for item in judgement.alternatives] == [
        ("88.99 ≥ 90", "not_met"),
        ("88.99 ≥ 80", "taken"),
        ("88.99 ≥ 70", "not_reached"),
        ("", "not_reached"),
    ]


def test_a_veto_names_its_reason(results: Results) -> None:
    first, *_ = rule(results.explain("U03"), "band_after_veto").judgements
    assert (first.alternatives[0].decision, first.alternatives[0].label.zh) == ("taken", "一票否决")


def test_a_quota_tells_who_stands_on_either_side_of_its_edge(results: Results) -> None:
    standing = next(item for item in rule(results.explain("U01"), "grade").standings if item.keys)
    assert (standing.value, standing.among, standing.edge) == (2, 2, 1)
    assert [rival.entity for rival in standing.last_in] == ["U04"]
    assert [rival.entity for rival in standing.first_out] == ["U01"]


def test_a_rank_names_the_neighbours_with_their_keys(results: Results) -> None:
    (standing,) = rule(results.explain("U02"), "rank").standings
    assert [(rival.entity, rival.rank, rival.keys[0]) for rival in standing.before] == [
        ("U03", 3, Fraction(913, 10))
    ]
    assert [rival.entity for rival in standing.after] == ["U05"]


def test_a_parameter_is_shown_with_the_line_that_declares_it(results: Results) -> None:
    (cap,) = rule(results.explain("U03"), "party").parameters
    assert (cap.name, cap.values) == ("bonus_cap", (Fraction(3),))
    assert cap.place is not None
    assert cap.place.key == "parameters.bonus_cap"


def test_not_applicable_is_shown_as_such_and_endless_numbers_are_cut_off_visibly() -> None:
    star = load_policy(POLICIES / "party_branch_star")
    explanation = star.evaluate(POLICIES / "party_branch_star" / "records.csv").explain("B5")
    appraisal = rule(explanation, "appraisal")
    assert appraisal.value == Fraction(1140, 13)
    assert "1140/13 = 87.692307…" in explanation.text("en")
    assert "一票否决事项    不适用" in explanation.text("zh")
    assert appraisal.shown_rounding is not None
    assert appraisal.shown_rounding.after == Fraction(8769, 100)


def test_an_issue_stands_with_its_code() -> None:
    rows = rows_of(RECORDS)
    twins = [{**rows[3], "单位编码": name} for name in ("X1", "X2")]
    explanation = load_policy(POLICIES / "double_hundred").evaluate([*rows, *twins]).explain("X1")
    assert "待评审" in explanation.text("zh")
    (standing,) = rule(explanation, "rank").standings
    assert standing.tied_count == 2


# --- who is meant


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_an_unknown_entity_gives_near_names(results: Results) -> None:
    with pytest.raises(UsageError, match=r"RC020.*u20[\s\S]*U02"):
        results.explain("u20")


def test_an_entity_with_several_periods_needs_one() -> None:
    policies = load_policies(POLICIES / "annual")
    frame = policies.evaluate(POLICIES / "annual" / "records-2024.xlsx")
    with pytest.raises(UsageError, match=r"RC022.*2023[\s\S]*2024"):
        frame.explain("LC03", "2023")


def test_a_quarantined_entity_is_explained_by_its_reasons() -> None:
    rows = rows_of(RECORDS)
    rows[1]["党建加分"] = "many"
    explanation = load_policy(POLICIES / "double_hundred").evaluate(rows).explain("U02")
    assert explanation.rules == ()
    assert [fault.code.id for fault in explanation.refused] == ["RC511"]
    assert explanation.document("en")["status"] == "quarantined"
    assert "many is not a number" in explanation.text("en")


def test_an_entity_in_several_periods_is_explained_once_the_period_is_named(tmp_path: Path) -> None:
    text = (POLICIES / "double_hundred" / "policy.toml").read_text(encoding="utf-8")
    year = '[fields.year]\ncolumn = "年度"\ntype = "integer"\nmin = 2000\nmax = 2100\n\n[fields.unit]'
    text = text.replace('entity = "unit"', 'entity = "unit"\nperiod = "year"').replace("[fields.unit]", year)
    policy = tmp_path / "policy.toml"
    policy.write_text(text, encoding="utf-8")
    rows = [{**row, "年度": period} for period in ("2023", "2024") for row in rows_of(RECORDS)]
    results = load_policy(policy).evaluate(rows)
    with pytest.raises(UsageError, match=r"RC021.*2023, 2024"):
        results.explain("U02")
    explanation = results.explain("U02", "2024")
    (standing,) = rule(explanation, "rank").standings
    assert (explanation.period, standing.among) == ("2024", 5)
    assert [value for _words, value in standing.group] == [2024]


def test_a_quota_with_many_limits_is_explained_in_time(tmp_path: Path) -> None:
    text = (POLICIES / "double_hundred" / "policy.toml").read_text(encoding="utf-8")
    limits = ", ".join(
        f'{{ grade = "{grade}", share = 0.2, surplus = "{lower}" }}'
        for grade, lower in (("A", "B"), ("B", "C"), ("C", "D"), ("D", "E"), ("E", "F"))
    )
    text = text.replace('{ grade = "A", share = "share_of_a", surplus = "B" }', limits)
    policy = tmp_path / "policy.toml"
    policy.write_text(text, encoding="utf-8")
    explanation = load_policy(policy).evaluate(RECORDS, engine="exact").explain("U01")
    assert rule(explanation, "grade").value == "B"
    assert len(explanation.text("zh")) < 100_000
