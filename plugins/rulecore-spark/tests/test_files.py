"""What a run writes: folders of Parquet that are there whole or not at all, and the command that does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from rulecore.api import load_policies
from rulecore.cli.main import run as program
from rulecore.errors import InputError, OutputError

FOLDER = Path(__file__).parent
Run = Callable[..., tuple[int, str]]
POLICY = FOLDER.parents[2] / "policies" / "double_hundred"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("记录 [1]")
    table = pl.read_csv(POLICY / "records.csv", infer_schema=False)
    table.head(3).write_parquet(folder / "甲.parquet")
    table.tail(2).write_parquet(folder / "乙.parquet")
    bad = table.head(2).with_columns(
        pl.lit("新单位").alias(table.columns[0]), pl.lit("许多").alias(table.columns[1])
    )
    bad.write_parquet(folder / "丙.parquet")
    return folder


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Run the program in this process, where Spark is, and return its exit code and what it said."""
    monkeypatch.setenv("RULECORE_LANG", "en")

    def program_run(*arguments: str | Path) -> tuple[int, str]:
        code = program(["run", *map(str, arguments)])
        said = capfd.readouterr()
        return code, said.out + said.err

    return program_run


def test_the_command_writes_a_folder_that_holds_what_the_local_engine_gives(
    spark: object, run: Run, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rulecore_spark.writing.ROWS_IN_A_FILE", 3)
    output = tmp_path / "结果"

    code, said = run(POLICY, "--records", records, "--output", output, "--engine", "spark")

    assert code == 1, said
    assert "7 rows read = 5 scored + 2 quarantined" in said
    assert f"written: {output / 'results'}" in said
    expected = load_policies(POLICY).evaluate(sorted(map(str, records.iterdir())))
    files = sorted((output / "results").iterdir())
    assert [file.name for file in files] == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    found = pl.read_parquet(files)
    assert_frame_equal(found.drop("#order"), expected.table)
    quarantine = pl.read_parquet(output / "quarantine")
    assert quarantine.columns == ["文件", "工作表", "行", "列", "值", "原因"]
    assert quarantine.rows() == expected.quarantine_table.rows()
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["engine"] == "spark"
    assert manifest["rows"] == {"in": 7, "scored": 5, "quarantined": 2, "blank": 0}
    assert manifest["policies"][0]["fingerprint"] == expected.parts[0].plan.fingerprint
    hashes = {file: hashlib.sha256((output / file).read_bytes()).hexdigest() for file in manifest["files"]}
    assert hashes == manifest["files"]
    assert len(hashes) == 4
    assert [item["rows"] for item in manifest["inputs"]] == [2, 2, 3]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["结果"]


def test_the_same_run_writes_the_same_bytes(spark: object, records: Path, tmp_path: Path) -> None:
    policies = load_policies(POLICY)
    for name in ("one", "two"):
        policies.evaluate_whole(str(records), engine="spark").write(str(tmp_path / name))
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two


def test_a_run_that_fails_in_the_middle_leaves_nothing(
    spark, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rulecore_spark.writing as writing

    write = writing._write

    def fails(frame, folder):
        if folder.name == "quarantine":
            raise_once = spark.range(1).selectExpr("raise_error('the disk is on fire') as a")
            write(raise_once, folder)
        write(frame, folder)

    monkeypatch.setattr(writing, "_write", fails)
    found = load_policies(POLICY).evaluate_whole(str(records), engine="spark")
    with pytest.raises(InputError, match=r"SP012: Spark gave up: .*the disk is on fire"):
        found.write(str(tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_not_written_over(
    spark: object, records: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    found = load_policies(POLICY).evaluate_whole(str(records), engine="spark")
    with pytest.raises(OutputError):
        found.write(str(tmp_path / "out"))
    with pytest.raises(OutputError, match=r"SP015"):
        found.write("s3a://bucket/out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_strict_writes_nothing_and_says_why(spark: object, run: Run, records: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    code, said = run(POLICY, "--records", records, "--output", output, "--engine", "spark", "--strict")
    assert code == 2
    assert "2 of 7 rows are refused, so nothing is written" in said
    assert "RC530: 新单位" in said
    assert not output.exists()


def test_options_that_spark_cannot_take_are_refused(run: Run, records: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    common = (POLICY, "--records", records, "--output", output, "--engine", "spark")
    code, said = run(*common, "--encoding", "gb18030", "--report", "markdown=x.md")
    assert code == 2
    assert "--encoding cannot be used with the engine spark" in said
    assert "--report cannot be used with the engine spark" in said
    _code, said = run(POLICY, "--records", records, "--output", "-", "--engine", "spark")
    assert "--output - cannot be used with the engine spark" in said


def test_headers_that_differ_in_case_only_are_refused(spark: object, records: Path, tmp_path: Path) -> None:
    text = (POLICY / "policy.toml").read_text(encoding="utf-8")
    changed = text.replace(
        '  { of = "party", decimals = 2 },',
        '  { of = "party", decimals = 2, header = "Score" },\n  { of = "score", header = "SCORE" },',
    )
    assert changed != text
    (tmp_path / "policy.toml").write_text(changed, encoding="utf-8")
    found = load_policies(tmp_path / "policy.toml").evaluate_whole(str(records), engine="spark")
    with pytest.raises(OutputError, match=r"SP010: the output columns Score and SCORE"):
        found.write(str(tmp_path / "out"))
