"""Laws of looking back: both engines agree, and one run over many periods is the same as a run for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rulecore
from tests.history.policies import load, policy_text, records

RULES = {
    "change": "score - previous(score)",
    "points": "min(coalesce(previous(points, low = 0, high = 9), 0) + 1, 9)",
    "failed": "consecutive(score < 60, periods = 3)",
    "level": 'if is_first_period() then "Ⅰ" else if score >= 90 then "Ⅱ" else coalesce(previous(level), "Ⅰ")',
}
SCORES = st.dictionaries(
    st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 5)),
    st.sampled_from(["10", "59.9", "60", "95", ""]),
    min_size=1,
)


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> rulecore.CompiledPolicy:
    folder: Path = tmp_path_factory.mktemp("agreement")
    return load(policy_text(RULES), folder)


@given(SCORES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_run_over_many_periods_is_a_run_for_each(
    policy: rulecore.CompiledPolicy, scores: dict[tuple[str, int], str]
) -> None:
    def period(number: int) -> str:
        return f"{2022 + number // 4}Q{number % 4 + 1}"

    rows = [(unit, period(number), score) for (unit, number), score in scores.items()]
    whole = policy.evaluate(records(*rows), history=())
    assert whole.text_table.equals(policy.evaluate(records(*rows), history=(), engine="exact").text_table)
    earlier: list[rulecore.Results] = []
    found: dict[tuple[object, ...], tuple[object, ...]] = {}
    for number in range(6):
        share = [row for row in rows if row[1] == period(number)]
        if share:
            earlier.append(policy.evaluate(records(*share), history=list(earlier)))
            found |= {row[:2]: row for row in earlier[-1].text_table.rows()}
    assert found == {row[:2]: row for row in whole.text_table.rows()}
