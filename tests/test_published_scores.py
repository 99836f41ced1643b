"""Published scores of published systems come out to the last digit, where their data stand beside the repository."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from rulecore import load_policies
from rulecore.api import compile_policies
from rulecore.findings import find, render
from rulecore.plugins import load_plugins

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "policies" / "published"
DATA = ROOT.parent / "shared" / "cases"
ROWS = {"epa_aqi_pm25": 9411, "cvss_31_base": 5184, "cms_nursing_home_stars_2020": 12913}

Row = dict[str, str]


def read(name: str, file: str) -> list[Row]:
    path = DATA / name / file
    if not path.exists():
        pytest.skip(f"the published data are kept outside the repository, in {DATA}")
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize("name", ROWS)
def test_every_row_comes_out_as_published(name: str, engine: str) -> None:
    results = load_policies(POLICIES / name).evaluate(read(name, "input.csv"), engine=engine)
    headers = results.output_headers()
    rows = [dict(zip(headers, cells, strict=True)) for cells in results.output_rows()]
    assert len(rows) == ROWS[name]
    assert rows == read(name, "expected.csv")


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_by_the_breakpoints_of_the_other_version_next_to_nothing_comes_out(engine: str) -> None:
    records, expected = read("epa_aqi_pm25", "input.csv"), read("epa_aqi_pm25", "expected.csv")
    other = {"2012": "2024", "2024": "2012"}
    turned = [{**row, "breakpoints": other[row["breakpoints"]]} for row in records]
    results = load_policies(POLICIES / "epa_aqi_pm25").evaluate(turned, engine=engine)
    found = [list(cells) for cells in results.output_rows()]
    assert sum(cells == list(row.values()) for cells, row in zip(found, expected, strict=True)) == 124


def test_the_checks_find_nothing_in_the_versions_of_the_air_quality_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    registry = load_plugins()
    found, errors = compile_policies(POLICIES / "epa_aqi_pm25", registry)
    assert render(errors, "text") == ""
    assert render(find(found.plans, registry), "text") == ""
