"""The generators for the award schemes (S04, S05, S06) reach every outcome."""

from __future__ import annotations

from types import ModuleType

from tests.oracles import benefit_award, science_award, suggestion


def outcomes(oracle: ModuleType, column: str) -> set[str]:
    files = [oracle.generate(seed, 60) for seed in range(40)]
    return {row[column] for file in files for row in oracle.rows_out(file)}


def test_the_science_award_records_reach_every_class_and_remark() -> None:
    classes = {"一等奖", "二等奖", "三等奖", ""}
    assert outcomes(science_award, "推荐等级") == classes
    assert outcomes(science_award, "表决后等级") == classes
    remarks = {"", "数据错误", "有效评委不足5人需补评", "未过半数", "一等奖未达三分之二"}
    assert outcomes(science_award, "说明") == remarks


def test_the_benefit_award_records_reach_every_tier_and_award() -> None:
    assert outcomes(benefit_award, "效益分") == {"0", "10", "15", "20", "30", "40"}
    assert outcomes(benefit_award, "奖级") == {"一等奖", "二等奖", "三等奖", "鼓励奖", "不授奖"}
    assert {"0.00", "0.13", "-0.13"} <= outcomes(benefit_award, "年净效益(万元)")


def test_the_suggestion_records_reach_every_class_and_title() -> None:
    classes = {"一等", "二等", "三等", "四等", "五等", "不评等", "未采纳"}
    assert outcomes(suggestion, "等级") == classes
    assert outcomes(suggestion, "称号") == {"金点子", "银点子", ""}
