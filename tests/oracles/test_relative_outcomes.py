"""The generators for the schemes that compare records with each other (S09, S18) reach every outcome."""

from __future__ import annotations

from types import ModuleType

from tests.oracles import bidding, contest


def outcomes(oracle: ModuleType, column: str) -> set[str]:
    files = [oracle.generate(seed, count) for seed in range(40) for count in (3, 40)]
    return {row[column] for file in files for row in oracle.rows_out(file)}


def test_the_bids_reach_every_result() -> None:
    eliminated = {"技术分低于30分", "报价超过限价60万元", "利益冲突未申报"}
    assert outcomes(bidding, "结果") == {"中标", "备选", "重新招标", *eliminated}


def test_the_entries_reach_every_award_and_a_wide_final() -> None:
    assert outcomes(contest, "奖项") == {"一等奖", "二等奖", "三等奖", "不授奖", "决赛数据不全", ""}
    files = [contest.rows_out(contest.generate(seed, 40)) for seed in range(20)]
    assert max(sum(row["进入决赛"] == "是" for row in file) for file in files) > 3
