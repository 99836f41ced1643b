"""``rulecore diff``, ``sweep`` and ``robustness``: exit codes, data files, languages, and what they refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from rulecore.cli.main import run

ROOT = Path(__file__).parents[2]
POLICY = str(ROOT / "policies" / "double_hundred")
RECORDS = str(ROOT / "policies" / "double_hundred" / "records.csv")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def draft(tmp_path: Path) -> str:
    text = Path(POLICY, "policy.toml").read_text(encoding="utf-8")
    path = tmp_path / "draft.toml"
    path.write_text(text.replace("bonus_cap = 3", "bonus_cap = 1"), encoding="utf-8")
    return str(path)


@pytest.fixture
def corrected(tmp_path: Path) -> str:
    text = Path(RECORDS).read_text(encoding="utf-8")
    path = tmp_path / "corrected.csv"
    path.write_text(text.replace("研究院,94.0", "研究院,84.0"), encoding="utf-8")
    return str(path)


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_policy_and_itself_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", POLICY, POLICY, "--records", RECORDS]) == 0
    assert "0 differ, 5 do not" in capsys.readouterr().out


def test_a_comparison_is_written_as_tables(draft: str, corrected: str) -> None:
    command = ["diff", POLICY, draft, "--records", RECORDS, "--records-new", corrected]
    assert run([*command, "--money", "coefficient", "--output", "moved.csv"]) == 1
    moved = {(row["entity"], row["rule"]): row for row in rows("moved.csv")}
    assert moved["U03", "score"]["policy effect"] == "-1.83"
    assert moved["U04", "score"]["performance effect"] == "-9.88"
    assert moved["U04", "score"]["because"] == "the record: 党建基本分 94 → 84"
    assert [row["rule"] for row in rows("moved.sums.csv")] == ["coefficient"]
    assert rows("moved.transitions.csv")
    assert rows("moved.effects.csv")


def test_a_comparison_is_written_as_json_and_printed_as_json_alike(
    draft: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["diff", POLICY, draft, "--records", RECORDS, "--format", "json", "--output", "found.json"]
    assert run(command) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(Path("found.json").read_text(encoding="utf-8"))
    assert printed["difference"] == 1
    assert [record["entity"] for record in printed["records"]] == ["U01", "U03"]
    assert printed["records"][0]["moved"][1]["difference"] == "-0.95"


def test_two_results_files_are_compared_once_their_manifests_agree(
    draft: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for policy, file in ((POLICY, "old.csv"), (draft, "new.csv")):
        assert run(["run", policy, "--records", RECORDS, "--output", file, "--quiet"]) == 0
    capsys.readouterr()
    assert run(["diff", "old.csv", "new.csv", "--money", "综合得分"]) == 1
    printed = capsys.readouterr().out
    assert "综合得分  92.06 → 91.11  −0.95" in printed
    assert "results files hold no rules" in printed
    Path("new.csv").write_text(Path("new.csv").read_text(encoding="utf-8").replace("91.11", "91.12"), "utf-8")
    assert run(["diff", "old.csv", "new.csv"]) == 2
    assert "changed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["diff", POLICY, "--records", RECORDS], "RC084"),
        (["diff", POLICY, POLICY], "RC086"),
        (["diff", "a.csv", "b.csv", "--records", RECORDS], "RC085"),
        (["diff", POLICY, POLICY, "--records", "-"], "RC011"),
        (["diff", POLICY, POLICY, "--records", RECORDS, "--output", RECORDS], "RC006"),
        (["diff", POLICY, POLICY, "--records", RECORDS, "--money", "grade"], "RC081"),
        (["sweep", POLICY, "--records", RECORDS, "--parameter", "bonus_cup=1"], "RC087"),
        (["sweep", POLICY, "--records", RECORDS, "--parameter", "bonus_cap=3..1"], "RC088"),
        (["sweep", POLICY, "--records", RECORDS, "--parameter", "bonus_cap=1", "--show", "no"], "RC080"),
        (["robustness", POLICY, "--records", RECORDS, "--vary", "weights"], "RC090"),
        (["robustness", POLICY, "--records", RECORDS, "--vary", "weights=10%"], "RC091"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_compared_is_refused_with_a_code(
    command: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == 2
    caught = capsys.readouterr()
    assert code in caught.err
    assert "Traceback" not in caught.err
    assert caught.out == ""


def test_a_sweep_is_written_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sweep", POLICY, "--records", RECORDS, "--parameter", "bonus_cap=1,3", "--show", "score"]
    assert run([*command, "--output", "sweep.csv"]) == 0
    means = {row["bonus_cap"]: row["value"] for row in rows("sweep.csv") if row["measure"] == "mean"}
    assert means == {"1": "88.412", "3": "88.968"}
    capsys.readouterr()
    assert run([*command, "--format", "json"]) == 0
    points = json.loads(capsys.readouterr().out)["points"]
    assert [point["changed"] for point in points] == [["U01", "U03"], []]


def test_robustness_of_one_seed_is_the_same_file(capsys: pytest.CaptureFixture[str]) -> None:
    command = [
        "robustness",
        POLICY,
        "--records",
        RECORDS,
        "--vary",
        "thresholds=1",
        "--runs",
        "4",
        "--seed",
        "5",
    ]
    for file in ("one.json", "other.json"):
        assert run([*command, "--output", file]) == 0
    assert Path("one.json").read_bytes() == Path("other.json").read_bytes()
    assert run([*command, "--no-sensitivity", "--output", "one.csv"]) == 0
    assert {row["rule"] for row in rows("one.csv")} >= {"score", "grade", "rank"}


def test_all_of_it_reads_in_chinese(
    draft: str, corrected: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RULECORE_LANG", "zh")
    run(["diff", POLICY, draft, "--records", RECORDS, "--records-new", corrected, "--money", "coefficient"])
    run(["sweep", POLICY, "--records", RECORDS, "--parameter", "bonus_cap=1"])
    run(["robustness", POLICY, "--records", RECORDS, "--vary", "thresholds=1", "--runs", "2"])
    printed = capsys.readouterr().out
    for word in ("只因其他记录而变", "办法中的不同之处", "合计", "业绩", "现值", "变动范围", "一阶"):
        assert word in printed
    for word in ("because", "records", "policy:", "draws"):
        assert word not in printed.replace(RECORDS, "")
