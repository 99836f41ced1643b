"""``--adjustments``: what a clerk and an auditor see of a committee's decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from rulecore.cli.main import run as run_program

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "policies" / "fault_tolerance"
HEAD = "编号,对象,调整事项,调整为,理由,依据,决定者,决定日期,签字人一,签字人二,撤销\n"
SIGNED = "证据补全,会议纪要7号,容错办,2025-01-10,张三,李四,"


@pytest.fixture(name="decisions")
def _decisions(tmp_path: Path) -> Path:
    file = tmp_path / "decisions.csv"
    file.write_text(f"{HEAD}复1,F4,recognition,减责,{SIGNED}\n", encoding="utf-8")
    return file


@frozen
class Ended:
    """What a command printed, and what it ended with."""

    exit_code: int
    stdout: str
    output: str


@pytest.fixture(name="rulecore")
def _rulecore(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    def rulecore(*arguments: object, language: str = "en") -> Ended:
        monkeypatch.setenv("RULECORE_LANG", language)
        code = run_program([*map(str, arguments)])
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.out + printed.err)

    return rulecore


@pytest.fixture(name="run")
def _run(rulecore: Callable[..., Ended]) -> Callable[..., Ended]:
    def run(output: Path, *more: object) -> Ended:
        return rulecore("run", POLICY, "--records", POLICY / "records.csv", "--output", output, *more)

    return run


def test_a_run_writes_the_decisions_beside_the_results(
    tmp_path: Path, decisions: Path, run: Callable[..., Ended]
) -> None:
    found = run(tmp_path / "out.csv", "--adjustments", decisions)
    assert found.exit_code == 0, found.output
    (sheet,) = tmp_path.glob("out.调整.csv")
    line = sheet.read_text(encoding="utf-8-sig").splitlines()[1].split(",")
    assert line[0] == "复1"
    assert {"不予容错", "减责", "有效", "张三", "李四"} <= {*line}
    manifest = json.loads((tmp_path / "out.manifest.json").read_text(encoding="utf-8"))
    assert manifest["adjustments"]["decisions"][0]["adjusted"] == "减责"
    assert manifest["adjustments"]["files"][0]["rows"] == 1


def test_without_adjustments_the_same_bytes_are_written_as_ever(
    tmp_path: Path, run: Callable[..., Ended]
) -> None:
    assert run(tmp_path / "out.csv").exit_code == 0
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["out.csv", "out.manifest.json"]
    assert "adjustments" not in json.loads((tmp_path / "out.manifest.json").read_text(encoding="utf-8"))


def test_one_mistake_stops_the_run_and_nothing_is_written(
    tmp_path: Path, decisions: Path, run: Callable[..., Ended]
) -> None:
    more = f"复2,F3,recognition,免责,{SIGNED}\n复3,F1,recognition,优秀,{SIGNED}\n"
    decisions.write_text(decisions.read_text(encoding="utf-8") + more, encoding="utf-8")
    found = run(tmp_path / "out.csv", "--adjustments", decisions)
    assert found.exit_code == 2
    assert [file.name for file in tmp_path.iterdir()] == ["decisions.csv"]
    assert 'RC598: the decision 复2 would lift "弄虚作假" of F3' in found.output
    assert "RC593: the decision 复3 sets 优秀, and it may only be 免责, 减责, 不予容错" in found.output
    assert "decisions.csv:3" in found.output
    assert "decisions.csv:4" in found.output


def test_an_explanation_says_what_was_computed_and_who_adjusted_it(
    decisions: Path, rulecore: Callable[..., Ended]
) -> None:
    options = ("--records", POLICY / "records.csv", "--adjustments", decisions, "--entity", "F4")
    text = rulecore("explain", POLICY, *options, language="zh").output
    assert "计算值 不予容错，容错办 于 2025-01-10 调整为 减责（会议纪要7号；决定 复1，" in text
    assert "签字：张三 · 李四" in text
    plain = json.loads(rulecore("explain", POLICY, *options, "--format", "json").stdout)
    (said,) = [rule["adjustments"] for rule in plain["rules"] if "adjustments" in rule]
    assert (said[0]["computed"], said[0]["adjusted"], said[0]["declared"]["line"]) == ("不予容错", "减责", 2)


def test_two_runs_of_one_policy_show_what_the_decisions_changed(
    decisions: Path, rulecore: Callable[..., Ended]
) -> None:
    options = ("--records", POLICY / "records.csv", "--adjustments-new", decisions)
    found = rulecore("diff", POLICY, *options)
    assert found.exit_code == 1, found.output
    assert "F4" in found.output
    assert "复1" in found.output


def test_a_decision_that_a_person_typed_into_a_workbook_is_read(
    tmp_path: Path, run: Callable[..., Ended]
) -> None:
    import datetime

    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "decisions.xlsx", {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.strip().split(","))
    sheet.write_row(1, 0, [1, "F4", "recognition", "减责", "证据补全", "会议纪要7号", "容错办"])
    sheet.write_datetime(1, 7, datetime.datetime(2025, 1, 10))
    sheet.write_row(1, 8, ["张三", "李四"])
    book.close()
    found = run(tmp_path / "out.csv", "--adjustments", tmp_path / "decisions.xlsx")
    assert found.exit_code == 0, found.output
    (written,) = tmp_path.glob("out.调整.csv")
    assert written.read_text(encoding="utf-8-sig").splitlines()[1].startswith("1,")
