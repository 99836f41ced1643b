"""The oracles themselves give what the schemes publish, and their generators reach every outcome."""

from __future__ import annotations

import csv
from pathlib import Path
from types import ModuleType

import pytest

from tests.oracles import double_hundred, party_branch_star

SCHEMES = Path(__file__).parents[3] / "shared" / "schemes"
ORACLES = {"S01_double_hundred": double_hundred, "S03_party_branch_star": party_branch_star}


def read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"{path} is not here: the schemes are kept outside the repository")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("scheme", "oracle"), ORACLES.items())
def test_an_oracle_gives_the_published_result(scheme: str, oracle: ModuleType) -> None:
    expected = read(SCHEMES / f"{scheme}_expected.csv")
    assert oracle.rows_out(read(SCHEMES / f"{scheme}.csv")) == expected
    assert list(expected[0]) == oracle.COLUMNS


@pytest.mark.parametrize("oracle", ORACLES.values())
def test_a_generator_gives_the_same_records_for_the_same_seed(oracle: ModuleType) -> None:
    assert oracle.generate(7, 40) == oracle.generate(7, 40)
    assert oracle.generate(7, 40) != oracle.generate(8, 40)


def test_the_double_hundred_records_reach_every_grade_and_the_committee() -> None:
    rows = [row for seed in range(20) for row in double_hundred.rows_out(double_hundred.generate(seed, 60))]
    assert {row["最终等次"] for row in rows} == {"A", "B", "C", "D", "待评审"}
    assert len({row["名次"] for row in rows[:60]}) < 60


def test_the_party_branch_records_reach_every_star_remark_and_the_committee() -> None:
    files = [party_branch_star.generate(seed, 60) for seed in range(40)]
    rows = [row for file in files for row in party_branch_star.rows_out(file)]
    assert {row["最终星级"] for row in rows} == {"", "0", "1", "2", "3", "4", "5", "待评审"}
    remarks = {"".join(c for c in row["说明"] if not c.isdigit()) for row in rows}
    assert remarks == {"", "一票否决不评星", "逐级晋升", "五星名额个已满", "数据错误"}
