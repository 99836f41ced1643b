"""``rulecore check``: every fault of every file, the checks, how rules are computed."""

import json
from pathlib import Path

import pytest

from rulecore.cli.main import run
from tests.cli.bad_input import POLICY

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def put(name: str, text: str) -> str:
    Path(name).write_text(text.replace('"appraisal"', f'"{Path(name).stem}"'), encoding="utf-8")
    return name


def test_the_annual_set_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(ROOT / "policies" / "annual")]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("8 policies, 108 rules: ")
    assert "no faults" in last or last.startswith("8 policies, 108 rules: 0 error(s)")


def test_faults_of_several_files_stand_in_one_report(capsys: pytest.CaptureFixture[str]) -> None:
    first = put("first.toml", POLICY.replace("mutual_coefficient", "mutual"))
    second = put("second.toml", POLICY.replace("full_marks", "fullmarks"))
    assert run(["check", first, second, put("third.toml", POLICY), "nowhere"]) == 2
    shown = capsys.readouterr().out
    assert [line.split(" ")[0] for line in shown.splitlines() if ": error" in line] == [
        "first.toml:29:10:",
        "nowhere:",
        "second.toml:31:1:",
    ]
    assert shown.endswith("1 policies, 1 rules: 3 error(s), 0 warning(s), 0 note(s)\n")


def test_warnings_end_with_0_unless_they_are_to_be_strict() -> None:
    policy = put("policy.toml", POLICY.replace('"unit", "score"]', '"unit"]'))
    assert run(["check", policy]) == 0
    assert run(["check", policy, "--strict-warnings"]) == 1


def test_json_has_code_place_and_advice_of_each_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["check", put("policy.toml", POLICY.replace("full_marks", "fullmarks")), "--format", "json"]) == 2
    )
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["code"], fault["severity"], fault["file"]) == ("RC102", "error", "policy.toml")
    assert (fault["line"], fault["column"], fault["length"]) == (31, 1, 9)
    assert fault["advice"].startswith("did you mean full_marks?")


def test_how_each_rule_is_computed_is_told_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    policy = put("policy.toml", POLICY)
    assert run(["check", policy, "--engine-detail"]) == 0
    assert "policy (policy.toml)\n  score  64-bit integers\n" in capsys.readouterr().out
    assert run(["check", policy, "--engine-detail", "--format", "json"]) == 0
    detail = json.loads(capsys.readouterr().out)["engine"]
    assert detail == {"policy": {"score": {"way": "int64", "ratio": False}}}


def test_a_check_that_crashes_is_a_fault_of_its_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    Path("plugins").mkdir()
    source = (
        "from rulecore.contracts import Check\nfrom rulecore.markers import hookimpl\n\n"
        "MINE = Check(name='mine', codes=(), inspect=lambda plan: plan.nothing)\n\n"
        "@hookimpl\ndef rulecore_checks():\n    return [MINE]\n"
    )
    Path("plugins/mine.py").write_text(source, encoding="utf-8")
    assert run(["check", put("policy.toml", POLICY), "--plugins-dir", "plugins"]) == 2
    assert "RC626: the check mine of mine.py" in capsys.readouterr().out


def test_github_shows_each_finding_as_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["check", put("policy.toml", POLICY.replace("full_marks", "fullmarks")), "--format", "github"])
        == 2
    )
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("::error file=policy.toml,line=31,col=1,endColumn=10,title=RC102::")


def test_sarif_is_one_document_with_a_rule_for_each_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["check", put("policy.toml", POLICY.replace("full_marks", "fullmarks")), "--format", "sarif"])
        == 2
    )
    (found,) = json.loads(capsys.readouterr().out)["runs"]
    assert [rule["id"] for rule in found["tool"]["driver"]["rules"]] == ["RC102"]


def test_what_a_comment_allows_is_not_reported(capsys: pytest.CaptureFixture[str]) -> None:
    text = POLICY.replace('"unit", "score"]', '"unit"]')
    policy = put(
        "policy.toml", text.replace("[rules.score]", "[rules.score] # rulecore: allow RC201 以后公布")
    )
    run(["check", policy, "--format", "github"])
    assert "RC201" not in capsys.readouterr().out
