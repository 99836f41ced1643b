"""The index of docs/composite-indices.md, level by level as its page says, on both engines."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from mpmath import mp, mpf, workdps

from rulecore import load_policy
from rulecore.numbers import Rounding, round_to
from tests.test_docs import blocks, tables

PAGE = Path(__file__).parents[2] / "docs" / "composite-indices.md"
COLUMNS = {
    "research_share": ("研发投入强度（%）", 2, 0, 12),
    "patents": ("每百人专利数", 2, 0, 40),
    "output_per_head": ("人均产值（万元）", 2, 1, 800),
    "return_on_assets": ("资产收益率（%）", 2, -10, 20),
    "accident_rate": ("千人事故率", 3, 0, 6),
    "training_days": ("人均安全培训天数", 1, 0, 12),
}
OPTIONAL = ("research_share", "patents", "training_days")
Row = dict[str, Fraction | None]


def policy(folder: Path) -> Path:
    whole: dict[str, str] = {}
    for _kind, text in blocks(PAGE, "toml"):
        whole |= tables(text)
    (folder / "policy.toml").write_text("\n".join(whole.values()), encoding="utf-8")
    return folder / "policy.toml"


def records() -> list[dict[str, str]]:
    random_ = random.Random(9)  # noqa: S311 - records, not secrets
    rows = []
    for number in range(240):
        row = {"单位": f"U{number:03d}", "年度": str(2023 + number % 2)}
        for name, (header, decimals, low, high) in COLUMNS.items():
            blank = name in OPTIONAL and random_.random() < 0.25
            row[header] = "" if blank else f"{random_.uniform(low, high):.{decimals}f}"
        rows.append(row)
    # Two that share a rank, and one without any optional indicator.
    rows[2] |= {header: rows[0][header] for header, *_ in COLUMNS.values()}
    rows[4] |= {COLUMNS[name][0]: "" for name in OPTIONAL}
    return rows


def number_of(row: dict[str, str], name: str) -> Fraction | None:
    text = row[COLUMNS[name][0]]
    return Fraction(text) if text else None


def held(value: Fraction) -> Fraction:
    return min(max(value, Fraction(0)), Fraction(100))


def mean(parts: list[tuple[Fraction | None, int]]) -> Fraction | None:
    known = [(value, weight) for value, weight in parts if value is not None]
    if not known:
        return None
    return sum((value * weight for value, weight in known), Fraction(0)) / sum(weight for _, weight in known)


def index_of(row: dict[str, str], best_patents: Fraction) -> str:
    cell = {name: number_of(row, name) for name in COLUMNS}
    research = None if cell["research_share"] is None else held(cell["research_share"] * 100 / 8)
    patents = (
        None if cell["patents"] is None else held(min(cell["patents"], best_patents) * 100 / best_patents)
    )
    innovation = mean([(research, 60), (patents, 40)])
    accidents = held((5 - (cell["accident_rate"] or Fraction(0))) * 20)
    training = None if cell["training_days"] is None else held(cell["training_days"] * 10)
    safety = mean([(accidents, 70), (training, 30)])
    if innovation is None or safety is None or sum(value is not None for value in cell.values()) < 4:
        return ""
    with workdps(50):
        output = min(max(cell["output_per_head"] or Fraction(0), Fraction(10)), Fraction(500))
        logarithmic = 100 * mp.log(real(output) / 10) / mp.log(50)
        profit = held(((cell["return_on_assets"] or Fraction(0)) + 5) * 5)
        efficiency = (logarithmic + real(profit)) / 2
        found = mp.cbrt(real(innovation) * efficiency * real(safety))
        tenths = round_to(Fraction(mp.nstr(found, 40)), Fraction(1, 10), Rounding.HALF_UP) * 10
    return f"{int(tenths) / 10:.1f}"


def real(value: Fraction) -> mpf:
    return mpf(value.numerator) / value.denominator


def group_of(index: str) -> str:
    value = Fraction(index)
    return "领先" if value >= 80 else "良好" if value >= 60 else "一般" if value >= 40 else "落后"


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_index_place_and_group_are_those_the_page_describes(engine: str, tmp_path: Path) -> None:
    rows = records()
    results = load_policy(policy(tmp_path)).evaluate(rows, engine=engine)
    found = [dict(zip(results.output_headers(), cells, strict=True)) for cells in results.output_rows()]
    indices: list[str] = []
    for row in rows:
        year = [number_of(other, "patents") for other in rows if other["年度"] == row["年度"]]
        best = sorted(value for value in year if value is not None)[-3]
        indices.append(index_of(row, best))
    assert [row["综合指数"] for row in found] == [index or "资料不足" for index in indices]
    for place, (row, index) in enumerate(zip(rows, indices, strict=True)):
        others = [
            Fraction(other)
            for other, its in zip(indices, rows, strict=True)
            if other and its["年度"] == row["年度"]
        ]
        expected = str(1 + sum(other > Fraction(index) for other in others)) if index else "—"
        assert found[place]["名次"] == expected
        assert found[place]["组别"] == (group_of(index) if index else "—")
    assert found[0]["名次"] == found[2]["名次"]
    assert indices.count("") > 3
    assert set(map(group_of, filter(None, indices))) == {"领先", "良好", "一般", "落后"}
