"""The main job, end to end: the annual set and the two schemes through ``rulecore run``."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from rulecore.cli.main import run

ROOT = Path(__file__).parents[2]
ANNUAL = ROOT / "policies" / "annual"
RECORDS = str(ANNUAL / "records-2024.xlsx")
FAULTY = str(ANNUAL / "records-2024-faulty.xlsx")
SCHEMES = ROOT.parent / "shared" / "schemes"
ENGINES = ("columnar", "exact")
FORMATS = ("xlsx", "csv", "jsonl", "parquet")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def evaluate(output: str, *arguments: str, records: str = RECORDS) -> int:
    return run(["run", str(ANNUAL), "--records", records, "--output", output, *arguments])


def manifest(path: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def test_the_readme_command_scores_all_sixty_units(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from rulecore.cli import main; main()"]
    arguments = ["run", "policies/annual", "--records", "policies/annual/records-2024.xlsx"]
    output = tmp_path / "results.xlsx"
    done = subprocess.run(
        [*program, *arguments, "--output", str(output)], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "60 rows read = 60 scored + 0 quarantined"
    assert "河东氧化铝2024年度双百分考核" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.manifest.json", "results.xlsx"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_input_gives_the_same_bytes_on_both_engines(suffix: str) -> None:
    assert evaluate(f"first.{suffix}") == 0
    assert evaluate(f"second.{suffix}") == 0
    assert evaluate(f"exact.{suffix}", "--engine", "exact") == 0
    contents = {Path(f"{name}.{suffix}").read_bytes() for name in ("first", "second", "exact")}
    assert len(contents) == 1
    columnar, exact = manifest("first.manifest.json"), manifest("exact.manifest.json")
    assert (columnar.pop("engine"), exact.pop("engine")) == ENGINES
    assert list(columnar.pop("files").values()) == list(exact.pop("files").values())  # type: ignore[attr-defined]
    assert columnar == exact


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_manifest_holds_the_hash_of_what_was_written(suffix: str) -> None:
    assert evaluate(f"results.{suffix}", "--report", "markdown=summary.md") == 0
    assert manifest("results.manifest.json")["files"] == {
        name: sha256(Path(name).read_bytes()).hexdigest() for name in (f"results.{suffix}", "summary.md")
    }


def test_every_format_holds_the_same_cells() -> None:
    for suffix in FORMATS:
        assert evaluate(f"results.{suffix}") == 0
    csv = pl.read_csv("results.csv", infer_schema=False).fill_null("")
    xlsx = pl.read_excel("results.xlsx", sheet_id=1, infer_schema_length=0).fill_null("")
    lines = [json.loads(line) for line in Path("results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert xlsx.columns == csv.columns == list(lines[0])
    assert csv.height == xlsx.height == len(lines) == pl.read_parquet("results.parquet").height == 60
    scores = [line["综合得分"] for line in lines]
    assert [float(score) for score in csv["综合得分"]] == [float(score) for score in scores]
    assert [float(score) for score in xlsx["综合得分"]] == [float(score) for score in scores]


def test_the_workbook_has_a_sheet_for_results_quarantine_and_summary() -> None:
    assert evaluate("results.xlsx", records=FAULTY) == 1
    sheets = pl.read_excel("results.xlsx", sheet_id=0, infer_schema_length=0)
    results, quarantined, summary = sheets.values()
    assert results.height == 5
    assert quarantined.to_series(2).n_unique() == 7
    assert summary.height == 6  # five policies, and the rows no policy was found for


def test_rows_add_up_policy_by_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("results.csv", "--summary-format", "json", records=FAULTY) == 1
    summary = json.loads(capsys.readouterr().out)
    rows, policies = summary["rows"], summary["policies"]
    assert rows == {"read": 12, "scored": 5, "quarantined": 7, "blank": 0, "without_policy": 2}
    assert all(policy["records"] == policy["scored"] + policy["quarantined"] for policy in policies)
    assert sum(policy["records"] for policy in policies) + rows["without_policy"] == rows["read"]
    assert all(sum(policy["counts"]["values"].values()) == policy["scored"] for policy in policies)


def test_the_mean_is_the_exact_one_of_the_shown_scores(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("results.csv", "--summary-format", "json") == 0
    policies = json.loads(capsys.readouterr().out)["policies"]
    table = pl.read_csv("results.csv", infer_schema=False)
    for policy in policies:
        scores = table.filter(pl.col("所属单位") == policy["title"].split("2024")[0])["综合得分"].to_list()
        cents = sum(int(score.replace(".", "")) for score in scores)
        half_up = (2 * cents + len(scores)) // (2 * len(scores))
        assert policy["mean"]["value"] == f"{half_up // 100}.{half_up % 100:02}"


def test_a_csv_has_its_quarantined_rows_in_a_file_beside_it(tmp_path: Path) -> None:
    assert evaluate("results.csv", records=FAULTY) == 1
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 3
    assert {"results.csv", "results.manifest.json"} < set(names)


def test_a_strict_run_writes_nothing_if_a_row_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("results.xlsx", "--strict", records=FAULTY) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "RC005: --strict: 7 of 12 rows are refused" in shown.err
    assert shown.err.count("error RC5") == 8  # YL05 has two reasons
    assert list(tmp_path.iterdir()) == []


def test_a_strict_run_of_good_rows_is_a_run() -> None:
    assert evaluate("results.csv", "--strict") == 0


def test_a_quiet_run_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("results.csv", "--quiet", records=FAULTY) == 1
    assert capsys.readouterr() == ("", "")


def test_no_manifest_is_written_where_none_is_wanted(tmp_path: Path) -> None:
    assert evaluate("results.csv", "--no-manifest") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]


def test_several_files_of_records_are_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pl.read_excel(RECORDS, infer_schema_length=0)
    table.head(20).write_csv("first.csv")
    table.slice(20).write_ndjson("second.jsonl")
    arguments = ["--records", "first.csv", "--records", "second.jsonl", "--output", "both.csv"]
    assert run(["run", str(ANNUAL), *arguments]) == 0
    assert evaluate("whole.csv") == 0
    assert Path("both.csv").read_bytes() == Path("whole.csv").read_bytes()


def test_the_report_holds_the_summary_and_the_quarantine(tmp_path: Path) -> None:
    assert evaluate("results.csv", "--report", "markdown=summary.md", records=FAULTY) == 1
    written = Path("summary.md").read_text(encoding="utf-8")
    assert "| 河东氧化铝2024年度双百分考核 | 2024.1 | 4 | 1 | 0 | 3 | 82.94 |" in written
    assert "约一万二" in written


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "scheme"),
    [("double_hundred", "S01_double_hundred"), ("party_branch_star", "S03_party_branch_star")],
)
def test_a_scheme_gives_its_published_results_byte_for_byte(name: str, scheme: str, engine: str) -> None:
    expected = SCHEMES / f"{scheme}_expected.csv"
    if not expected.exists():
        pytest.skip(f"{expected} is not here: the schemes are kept outside the repository")
    policy = str(ROOT / "policies" / name)
    records = str(SCHEMES / f"{scheme}.csv")
    code = run(["run", policy, "--records", records, "--output", "results.csv", "--engine", engine])
    assert code in (0, 1)
    assert Path("results.csv").read_bytes() == expected.read_bytes()
