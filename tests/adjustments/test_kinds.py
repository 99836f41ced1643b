"""What each kind of adjustment does to the value it is about, and to all that comes from it, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.api import CompiledPolicy
from tests.adjustments.given import ENGINES, column, decision, loaded, run


@pytest.fixture(name="policy", scope="module")
def _policy(tmp_path_factory: pytest.TempPathFactory) -> CompiledPolicy:
    return loaded(tmp_path_factory.mktemp("policy"))


@pytest.fixture(name="engine", params=ENGINES)
def _engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_an_override_flows_on_into_the_band_the_rank_and_the_grade(
    policy: CompiledPolicy, engine: str
) -> None:
    before, after = run(policy, None, engine), run(policy, [decision(1, "戊", "set_score", "70.9")], engine)
    assert column(before, "score")["戊"] == "68.00"
    assert column(after, "score")["戊"] == "70.90"
    assert column(before, "band")["戊"] == "D"
    assert column(after, "band")["戊"] == "C"
    assert column(after, "grade")["戊"] == "C"


def test_an_exemption_waives_the_veto_it_names_and_the_quota_sees_it(
    policy: CompiledPolicy, engine: str
) -> None:
    found = run(policy, [decision(1, "丙", "waive")], engine)
    assert column(run(policy, None, engine), "after")["丙"] == "C"
    assert column(found, "after")["丙"] == "A"
    assert column(found, "grade")["丙"] == "A"
    assert column(found, "grade")["甲"] == "B"


def test_an_exemption_may_make_a_value_the_stated_one(policy: CompiledPolicy, engine: str) -> None:
    assert column(run(policy, [decision(1, "丙", "clear")], engine), "after")["丙"] == "A"


def test_a_record_taken_out_has_no_rank_and_the_others_move_up(policy: CompiledPolicy, engine: str) -> None:
    found = run(policy, [decision(1, "丙", "recuse")], engine)
    assert column(run(policy, None, engine), "rank") == {
        "甲": "3",
        "乙": "3",
        "丙": "2",
        "丁": "1",
        "戊": "5",
    }
    assert column(found, "rank") == {"甲": "2", "乙": "2", "丙": "", "丁": "1", "戊": "4"}
    assert found.rows_scored == 13


def test_a_vote_taken_out_does_not_count(policy: CompiledPolicy, engine: str) -> None:
    found = run(policy, [decision(1, "戊", "judge", 明细="x")], engine)
    assert column(run(policy, None, engine), "panel")["戊"] == "65.00"
    assert column(found, "panel")["戊"] == "70.00"


def test_a_tie_that_a_committee_resolved_decides_a_quota(policy: CompiledPolicy, engine: str) -> None:
    decisions = [decision(1, "甲", "tie", 2), decision(2, "乙", "tie", 1)]
    assert column(run(policy, None, engine), "grade")["甲"] == "待定"
    assert column(run(policy, decisions, engine), "grade") == {
        "甲": "B",
        "乙": "A",
        "丙": "C",
        "丁": "D",
        "戊": "D",
    }


def test_a_resolved_tie_gives_each_a_rank_of_its_own(policy: CompiledPolicy, engine: str) -> None:
    found = run(policy, [decision(1, "甲", "order", 2), decision(2, "乙", "order", 1)], engine)
    assert (column(found, "rank")["甲"], column(found, "rank")["乙"]) == ("4", "3")


def test_a_value_of_a_detail_row_may_be_set(policy: CompiledPolicy, engine: str) -> None:
    found = run(policy, [decision(1, "戊", "points", 0, 明细="y")], engine)
    assert column(found, "panel")["戊"] == "30.00"


def test_computed_and_adjusted_values_stand_beside_each_other(policy: CompiledPolicy, engine: str) -> None:
    found = run(policy, [decision(1, "戊", "set_score", 69)], engine)
    assert found.adjustments is not None
    (one,) = found.adjustments.applied
    assert (one.rule, one.computed, one.adjusted) == ("score", 68, 69)
    sheet = next(sheet for sheet in found.document().sheets if sheet.name == "调整")
    shown = dict(zip(sheet.headers, sheet.frame.row(0), strict=True))
    assert (shown["计算值"], shown["调整后的值"], shown["签字人二"]) == ("68.00", "69.00", "李四")


def test_the_status_of_an_adjusted_record_says_so(policy: CompiledPolicy, engine: str) -> None:
    status = column(run(policy, [decision(1, "戊", "set_score", 69)], engine), "状态")
    assert status["戊"] == "已计分，经调整"
    assert status["甲"] == "已计分"


def test_the_manifest_holds_the_files_and_every_effect(policy: CompiledPolicy, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    line = decision(1, "戊", "set_score", 69)
    rows = [",".join(line), ",".join("" if cell is None else str(cell) for cell in line.values())]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    from tests.adjustments.given import RECORDS, VOTES

    found = policy.evaluate(RECORDS, tables={"votes": VOTES}, adjustments=str(file))
    written = found.manifest["adjustments"]
    assert isinstance(written, dict)
    assert len(written["files"][0]["sha256"]) == 64
    assert written["decisions"][0]["computed"] == "68.00"
    assert written["decisions"][0]["adjusted"] == "69.00"
    assert "adjustments" not in run(policy, None).manifest
