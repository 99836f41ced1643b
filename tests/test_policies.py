"""Every shipped policy gives, on both engines, exactly what its scheme says."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import ModuleType

import pytest

import rulecore.api
from rulecore import load_policies, load_policy
from tests.oracles import annual, double_hundred, party_branch_star
from tests.tools import make_annual_records

POLICIES = Path(__file__).parents[1] / "policies"
SCHEMES = Path(__file__).parents[2] / "shared" / "schemes"
ENGINES = ("exact", "columnar")

Row = dict[str, str]
SINGLE = [
    pytest.param("double_hundred", double_hundred, "S01_double_hundred", id="double_hundred"),
    pytest.param("party_branch_star", party_branch_star, "S03_party_branch_star", id="party_branch_star"),
]


def evaluate(name: str, rows: list[Row], engine: str) -> list[Row]:
    results = load_policy(POLICIES / name).evaluate(rows, engine=engine)
    headers = results.output_headers()
    return [dict(zip(headers, cells, strict=True)) for cells in results.output_rows()]


def read(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "oracle", "scheme"), SINGLE)
def test_the_sample_records_come_out_as_the_oracle_says(
    name: str, oracle: ModuleType, scheme: str, engine: str
) -> None:
    records = read(POLICIES / name / "records.csv")
    assert evaluate(name, records, engine) == oracle.rows_out(records)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "oracle", "scheme"), SINGLE)
def test_the_sample_records_come_out_as_published(
    name: str, oracle: ModuleType, scheme: str, engine: str
) -> None:
    expected = SCHEMES / f"{scheme}_expected.csv"
    if not expected.exists():
        pytest.skip(f"{expected} is not here: the schemes are kept outside the repository")
    assert evaluate(name, read(SCHEMES / f"{scheme}.csv"), engine) == read(expected)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [1, 3, 40, 5000])
@pytest.mark.parametrize(("name", "oracle", "scheme"), SINGLE)
def test_records_that_crowd_the_edges_come_out_as_the_oracle_says(
    name: str, oracle: ModuleType, scheme: str, count: int, engine: str
) -> None:
    for seed in range(5 if count < 1000 else 1):
        records = oracle.generate(seed + count, count)
        assert evaluate(name, records, engine) == oracle.rows_out(records)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("rounding", "published"), [("half_up", "88.99"), ("half_even", "88.98")])
def test_the_half_cent_of_u02_goes_where_the_policy_says(
    tmp_path: Path, rounding: str, published: str, engine: str
) -> None:
    text = (POLICIES / "double_hundred" / "policy.toml").read_text(encoding="utf-8")
    changed = text.replace(
        "full_marks = 100\ndecimals = 2", f'full_marks = 100\ndecimals = 2\nrounding = "{rounding}"'
    )
    assert changed != text
    (tmp_path / "policy.toml").write_text(changed, encoding="utf-8")
    records = read(POLICIES / "double_hundred" / "records.csv")
    results = load_policy(tmp_path / "policy.toml").evaluate(records, engine=engine)
    scores = {row[0]: row[3] for row in results.output_rows()}
    assert scores["U02"] == published


# --- the annual set ---


@pytest.mark.parametrize("engine", ENGINES)
def test_the_annual_workbook_is_scored_whole_and_as_the_oracle_says(engine: str) -> None:
    records = POLICIES / "annual" / "records-2024.xlsx"
    results = load_policies(POLICIES / "annual").evaluate(records, engine=engine)
    headers = results.output_headers()
    rows = [dict(zip(headers, cells, strict=True)) for cells in results.output_rows()]
    units = make_annual_records.units()
    expected = annual.results(units)
    codes = [unit[make_annual_records.CODE] for unit in units]
    assert results.quarantined == ()
    assert len(rows) == len(codes) == 60
    shown = ("党建得分", "经营得分", "综合得分", "名次", "分数档", "等次", "绩效系数", "星级")
    found = [{header: row[header] for header in shown} for row in rows]
    assert found == [{header: expected[code].get(header, "") for header in shown} for code in codes]


def test_the_annual_workbook_shows_a_committee_case_and_every_grade() -> None:
    grades = [row["等次"] for row in annual.results(make_annual_records.units()).values()]
    assert grades.count("待评审") == 2
    assert {"A", "B", "C", "D"} <= set(grades)


def test_the_faulty_workbook_loses_no_row() -> None:
    records = POLICIES / "annual" / "records-2024-faulty.xlsx"
    results = load_policies(POLICIES / "annual").evaluate(records)
    quarantined_rows = {reason.row for reason in results.quarantined}
    assert len(results.output_rows()) + len(quarantined_rows) == len(make_annual_records.faulty())
    # HD04 stands in the file twice, and two reasons are given for YL05.
    assert len(quarantined_rows) == 7
    assert len(results.quarantined) > len(quarantined_rows)


SHOWN = ("党建得分", "经营得分", "综合得分", "名次", "分数档", "等次", "绩效系数", "星级")


@pytest.mark.parametrize("engine", ENGINES)
def test_two_years_in_one_run_are_each_scored_by_the_policy_of_the_year(engine: str) -> None:
    folder = POLICIES / "annual"
    workbooks = [folder / "records-2023.xlsx", folder / "records-2024.xlsx"]
    results = load_policies(folder).evaluate(workbooks, engine=engine)
    headers = results.output_headers()
    found = [dict(zip(headers, cells, strict=True)) for cells in results.output_rows()]
    units = [*make_annual_records.units_2023(), *make_annual_records.units()]
    of_2023, of_2024 = (
        annual.results([unit for unit in units if unit[make_annual_records.YEAR] == year])
        for year in ("2023", "2024")
    )
    assert results.quarantined == ()
    assert [(row["年度"], row["版本"]) for row in found] == [("2023", "2023.1")] * 38 + [
        ("2024", "2024.1")
    ] * 60
    expected = [*of_2023.values(), *of_2024.values()]
    assert [{header: row[header] for header in SHOWN} for row in found] == [
        {header: row.get(header, "") for header in SHOWN} for row in expected
    ]


def test_the_group_s_bonus_of_the_year_counts_where_a_subsidiary_sets_none() -> None:
    policies = load_policies(POLICIES / "annual")
    unit = {unit[make_annual_records.CODE]: unit for unit in make_annual_records.units()}["YL05"]
    unit |= {
        make_annual_records.BASIC: "80",
        make_annual_records.BONUS: "4.5",
        make_annual_records.DEDUCTION: "0",
    }
    parties = [
        policies.evaluate([unit | {make_annual_records.YEAR: year}]).table["党建得分"].item()
        for year in ("2023", "2024")
    ]
    assert [str(party) for party in parties] == ["83.00", "84.50"]


def test_a_year_without_a_policy_is_never_scored_by_another_year_s() -> None:
    policies = load_policies(POLICIES / "annual")
    unit = {unit[make_annual_records.CODE]: unit for unit in make_annual_records.units()}["ZY01"]
    for year in ("2022", "2023", "2025"):
        results = policies.evaluate([unit | {make_annual_records.YEAR: year}])
        assert [reason.code.id for reason in results.quarantined] == ["RC541"]


# --- a group policy tried before it is issued ---

DRAFT = Path(__file__).parent / "drafts" / "annual-group.toml"
TIGHTER = {
    "bonus_cap = [{ from = 2023-01-01, value = 3 }, { from = 2024-01-01, value = 4 }]",
    "a_line = [{ from = 2023-01-01, value = 85 }, { from = 2024-01-01, value = 90 }]",
    "top_share = 0.25",
    "weight_at_most = 0.60",
}


def test_the_draft_is_the_group_s_policy_with_four_numbers_tightened() -> None:
    current = (POLICIES / "annual" / "group" / "annual.toml").read_text(encoding="utf-8").splitlines()
    draft = DRAFT.read_text(encoding="utf-8").splitlines()
    changed = {new for old, new in zip(current, draft, strict=True) if old != new}
    words = {line for line in changed if line.startswith(("#", "version", "why"))}
    assert changed - words == TIGHTER
    assert len(words) == 3


def test_a_tightened_group_policy_says_whom_it_would_put_in_breach() -> None:
    report = rulecore.api.check_against(DRAFT, POLICIES / "annual")
    breaches = {
        trial.path.stem: [(fault.code.id, fault.values["key"]) for fault in trial.faults]
        for trial in report.trials
        if trial.faults
    }
    assert breaches == {
        "diannan": [("RC804", "parameters.a_line")],
        "luochuan": [("RC804", "parameters.a_line")],
        "zhongyuan": [("RC809", "rules.indicators.of")],
    }
    changed = {
        trial.path.stem: {change.key[-1] for change in trial.changes if change.key[0] == "parameters"}
        for trial in report.trials
        if not trial.faults
    }
    assert changed == {
        "production": {"bonus_cap", "a_line", "top_share"},
        "hedong-2023": {"a_line", "top_share"},
        "hedong": {"a_line", "top_share"},
        "yunling-2023": {"bonus_cap"},
        "yunling": {"bonus_cap"},
        "luochuan-2023": set(),
    }


def test_the_committed_workbooks_are_those_the_script_makes(tmp_path: Path) -> None:
    for name, rows in (
        ("records-2023.xlsx", make_annual_records.disguised(make_annual_records.units_2023())),
        ("records-2024.xlsx", make_annual_records.disguised(make_annual_records.units())),
        ("records-2024-faulty.xlsx", make_annual_records.faulty()),
    ):
        make_annual_records.write(tmp_path / name, rows)
        assert (tmp_path / name).read_bytes() == (POLICIES / "annual" / name).read_bytes(), name
