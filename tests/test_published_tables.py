"""Published systems with detail tables come out to the last digit, where their data stand beside the repository."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
import tomli

from rulecore import load_policy
from rulecore.results import Results

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "policies" / "published"
DATA = ROOT.parent / "shared" / "cases"
SKATING, HOSPITALS = "figure_skating_olympics_2018", "cms_hospital_vbp_fy2024"
SOURCES: Final = {
    SKATING: ("input_performances.csv", "aspects", "input.csv"),
    HOSPITALS: ("input_combined_ssi.csv", "measures", "input.csv"),
}

Row = dict[str, str]
Run = Callable[[str, str], Results]


def file(name: str, stem: str) -> Path:
    path = DATA / name / stem
    if not path.exists():
        pytest.skip(f"the published data are kept outside the repository, in {DATA}")
    return path


def read(name: str, stem: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(file(name, stem).read_text(encoding="utf-8-sig"))))


@pytest.fixture(scope="module")
def run() -> Run:
    """Evaluate a published system with one engine, once for all tests."""
    known: dict[tuple[str, str], Results] = {}

    def evaluated(name: str, engine: str) -> Results:
        if (name, engine) not in known:
            records, table, rows = SOURCES[name]
            policy = load_policy(POLICIES / name)
            known[name, engine] = policy.evaluate(
                file(name, records), tables={table: file(name, rows)}, engine=engine
            )
        return known[name, engine]

    return evaluated


def records_of(results: Results) -> list[Row]:
    headers = results.output_headers()
    return [dict(zip(headers, cells, strict=True)) for cells in results.output_rows()]


def rows_of(results: Results, *key: str) -> dict[tuple[str, ...], Row]:
    """Return the rows of the detail table as they are written, by their key."""
    sheet = results.document().sheets[1]  # the quarantine and the like come after the rows
    rows: list[Row] = list(sheet.frame.iter_rows(named=True))
    return {tuple(row[name] for name in key): row for row in rows}


def matches(found: str, expected: str) -> bool:
    """Tell whether two cells are the same number, or both blank: the published ones have 0.0 and 5.5 for 0 and 5.50."""
    return found == expected or (found != "" and expected != "" and Decimal(found) == Decimal(expected))


def matched(found: dict[tuple[str, ...], Row], expected: Iterable[Row], column: str, *key: str) -> int:
    """Return how many cells of a column are as published, blank ones aside."""
    rows = [row for row in expected if row[column]]
    return sum(matches(found[tuple(row[name] for name in key)][column], row[column]) for row in rows)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(("name", "count"), [(SKATING, 250), (HOSPITALS, 2474)])
def test_every_record_comes_out_as_published(name: str, count: int, engine: str, run: Run) -> None:
    results = run(name, engine)
    assert results.rows_quarantined == 0
    assert len(records_of(results)) == count
    assert records_of(results) == read(name, "expected.csv")


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_every_aspect_of_the_performances_has_its_published_score(engine: str, run: Run) -> None:
    found = rows_of(run(SKATING, engine), "aspect_id")
    expected = read(SKATING, "expected_aspects.csv")
    assert found.keys() == {(row["aspect_id"],) for row in expected}
    assert matched(found, expected, "scores_of_panel", "aspect_id") == len(expected) == 3405
    marked = {row["aspect_id"] for row in read(SKATING, "input.csv") if row["J1"]}
    executed = [row for row in expected if row["goe"] and row["aspect_id"] in marked]
    assert matched(found, executed, "goe", "aspect_id") == 2144
    # The eleven invalidated elements are published with 0 beside those; components have no grade of execution.
    assert matched(found, expected, "goe", "aspect_id") == 2155
    assert sum(not row["goe"] for row in found.values()) == sum(not row["goe"] for row in expected) == 1250


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(
    ("column", "count"),
    [("achievement_points", 43688), ("improvement_points", 42870), ("score", 43688)],
)
def test_every_measure_has_its_published_points(column: str, count: int, engine: str, run: Run) -> None:
    found = rows_of(run(HOSPITALS, engine), "facility_id", "measure")
    expected = read(HOSPITALS, "expected_measures.csv")
    assert matched(found, expected, column, "facility_id", "measure") == count
    blank = [row for row in expected if not row[column]]
    assert len(blank) == len(expected) - count
    assert all(found[row["facility_id"], row["measure"]][column] == "" for row in blank)
    # What is not among the published measures was not scored, and has no points either.
    published = {(row["facility_id"], row["measure"]) for row in expected}
    assert all(row[column] == "" for key, row in found.items() if key not in published)


def test_the_domains_and_totals_of_all_hospitals_are_compared(run: Run) -> None:
    expected = read(HOSPITALS, "expected.csv")
    counts = {column: sum(row[column] != "" for row in expected) for column in expected[0]}
    assert counts["tps"] == 2474
    found = {row["facility_id"]: row for row in records_of(run(HOSPITALS, "columnar"))}
    for column in ("clinical", "person", "safety", "efficiency", "tps", "hcahps_base", "hcahps_consistency"):
        same = sum(found[row["facility_id"]][column] == row[column] for row in expected if row[column])
        assert same == counts[column]


def test_the_standards_of_the_measures_are_those_published() -> None:
    rules = tomli.loads(
        (POLICIES / HOSPITALS / "policy.toml").read_text(encoding="utf-8"), parse_float=Decimal
    )
    tables = rules["tables"]["measures"]["rules"]
    for row in read(HOSPITALS, "measures.csv"):
        name = row["measure"]
        assert tables["threshold"]["table"][name] == Decimal(row["threshold"])
        assert tables["benchmark"]["table"][name] == Decimal(row["benchmark"])
        assert tables["sign"]["table"][name] == (1 if row["better"] == "higher" else -1)
        floor = tables["floor_value"]["table"].get(name)
        assert floor == (Decimal(row["floor"]) if row["floor"] else None)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_ties_in_a_free_segment_are_decided_by_the_components(engine: str, run: Run) -> None:
    rows = records_of(run(SKATING, engine))
    programs = {row["performance_id"]: row["program"] for row in read(SKATING, "input_performances.csv")}
    by_total: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_total.setdefault((programs[row["performance_id"]], row["total_segment_score"]), []).append(row)
    (tied,) = [rows for rows in by_total.values() if len(rows) > 1]
    first, second = sorted(tied, key=lambda row: int(row["rank"]))
    assert (first["rank"], second["rank"]) == ("1", "2")
    assert Decimal(first["total_component_score"]) > Decimal(second["total_component_score"])
