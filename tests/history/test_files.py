"""Two years run one after another by the program: results as history, their manifest, and files that are none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rulecore.cli.main import run as main
from rulecore.codes import usage as codes

POLICY = Path(__file__).parent / "two_years"
YEARS = {
    "2023": "单位,年度,得分\n甲,2023,91\n乙,2023,70.5\n",
    "2024": "单位,年度,得分\n甲,2024,88.5\n乙,2024,95\n丙,2024,60\n",
    "2025": "单位,年度,得分\n甲,2025,90\n乙,2025,50\n丙,2025,60.5\n",
}
RESULTS_2024 = [
    ["甲", "2024", "88.5", "-2.5", "Ⅰ级"],
    ["乙", "2024", "95.0", "24.5", "Ⅱ级"],
    ["丙", "2024", "60.0", "首年", "Ⅰ级"],
]

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for year, text in YEARS.items():
        Path(f"{year}.csv").write_text(text, encoding="utf-8")

    def run(year: str, output: str, *options: str) -> int:
        arguments = [
            "--lang",
            "en",
            "run",
            str(POLICY),
            "--records",
            f"{year}.csv",
            "--output",
            output,
            *options,
        ]
        return main(arguments)

    return run


def shown(file: str) -> list[list[str]]:
    header, *rows = (line.split(",") for line in Path(file).read_text("utf-8-sig").splitlines())
    names = ["单位", "年度", "得分", "比上年", "等级"]
    return [[dict(zip(header, row, strict=True))[name] for name in names] for row in rows]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "jsonl"])
@pytest.mark.parametrize("engine", ["columnar", "exact"])
def test_two_years_run_one_after_another(run: Run, suffix: str, engine: str) -> None:
    assert run("2023", f"results-2023.{suffix}", "--engine", engine) == 0
    assert run("2024", "results-2024.csv", "--history", f"results-2023.{suffix}", "--engine", engine) == 0
    assert shown("results-2024.csv") == RESULTS_2024


def test_several_years_are_several_files(run: Run) -> None:
    run("2023", "results-2023.csv")
    run("2024", "results-2024.csv", "--history", "results-2023.csv")
    assert run("2025", "out.csv", "--history", "results-2024.csv", "--history", "results-2023.csv") == 0
    assert [row[3:] for row in shown("out.csv")] == [["1.5", "Ⅱ级"], ["-45.0", "Ⅱ级"], ["0.5", "Ⅰ级"]]


def test_the_same_inputs_give_the_same_bytes_and_the_manifest_names_the_history(run: Run) -> None:
    run("2023", "results-2023.csv")
    for name in ("a", "b"):
        run("2024", f"{name}.csv", "--history", "results-2023.csv")
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    manifest = json.loads(Path("a.manifest.json").read_text("utf-8"))
    assert [item["file"] for item in manifest["inputs"]] == ["2024.csv", "results-2023.csv"]


def refused(run: Run, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run("2024", "out.csv", *options) == 2
    assert not Path("out.csv").exists()
    return capsys.readouterr().err


def test_a_history_file_edited_by_hand_is_refused_with_both_hashes(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run("2023", "results-2023.csv")
    path = Path("results-2023.csv")
    sealed = json.loads(Path("results-2023.manifest.json").read_text("utf-8"))["files"]["results-2023.csv"]
    path.write_bytes(path.read_bytes().replace(b"70.5", b"90.5"))
    said = refused(run, capsys, "--history", "results-2023.csv")
    assert "RC572" in said
    assert sealed in said
    assert len([word for word in said.replace(",", " ").split() if len(word) == 64]) == 2


def test_a_history_file_without_its_manifest_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("2023", "results-2023.csv", "--no-manifest")
    assert "RC570" in refused(run, capsys, "--history", "results-2023.csv")


def test_a_manifest_that_is_none_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("2023", "results-2023.csv")
    Path("results-2023.manifest.json").write_text("{}", encoding="utf-8")
    assert "RC571" in refused(run, capsys, "--history", "results-2023.csv")
    Path("results-2023.manifest.json").write_text("{", encoding="utf-8")
    assert "RC571" in refused(run, capsys, "--history", "results-2023.csv")


def test_a_manifest_of_another_file_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("2023", "results-2023.csv")
    shutil.copy("results-2023.csv", "copy.csv")
    shutil.copy("results-2023.manifest.json", "copy.manifest.json")
    assert "RC573" in refused(run, capsys, "--history", "copy.csv")


def test_every_bad_history_file_is_told_of_at_once(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(run, capsys, "--history", "2023.csv", "--history", "nothing.csv")
    assert "RC570" in said
    assert "nothing.csv" in said


def test_renamed_entities_find_their_history(run: Run) -> None:
    run("2023", "results-2023.csv")
    Path("mapping.csv").write_text("原名称,新名称\n甲,丙\n", encoding="utf-8")
    assert run("2024", "out.csv", "--history", "results-2023.csv", "--mapping", "mapping.csv") == 0
    assert shown("out.csv")[2] == ["丙", "2024", "60.0", "-31.0", "Ⅰ级"]


def test_a_history_that_would_be_overwritten_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("2023", "results-2023.csv")
    assert run("2024", "results-2023.csv", "--history", "results-2023.csv") == 2
    assert codes.OVERWRITES_INPUT.id in capsys.readouterr().err


def test_explain_takes_the_history_too(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("2023", "results-2023.csv")
    capsys.readouterr()
    arguments = ["--records", "2024.csv", "--history", "results-2023.csv", "--entity", "乙"]
    assert main(["--lang", "en", "explain", str(POLICY), *arguments]) == 0
    assert "2023  得分 70.5, 等级 Ⅰ级 (results-2023.csv:3)" in capsys.readouterr().out
