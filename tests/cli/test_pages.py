"""The commands plugins, scorers, functions and completion: what they print, for people and for programs."""

import json

import pytest

from rulecore.cli.main import run
from rulecore.cli.pages import aligned


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def output_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


def test_plugins_lists_everything_loaded_with_version_and_file(capsys: pytest.CaptureFixture[str]) -> None:
    shown = output_of(capsys, "plugins")
    assert "rulecore-example 0.1.0\n  from: " in shown
    assert "  cohort functions: gap_to_best\n" in shown


def test_plugins_as_json_says_who_gives_what(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(output_of(capsys, "plugins", "--format", "json"))
    loaded = {entry["distribution"]: entry for entry in listed}
    assert loaded["rulecore-example"]["gives"]["functions"] == ["middle"]
    assert "weighted_sum" in loaded["rulecore"]["gives"]["scorers"]


def test_a_scorer_has_a_page_with_its_parameters_and_its_origin(capsys: pytest.CaptureFixture[str]) -> None:
    shown = output_of(capsys, "scorers", "target_ratio")
    assert "min(of ÷ target × full_marks, cap)" in shown
    assert "  of: expression (required)\n      What was reached.\n" in shown
    assert "  cap: number or parameter (default: none)\n" in shown
    assert shown.endswith("Given by rulecore-example 0.1.0\n")


def test_a_scorer_as_json_has_the_same_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    page = json.loads(output_of(capsys, "scorers", "target_ratio", "--format", "json"))
    assert [(entry["name"], entry["required"]) for entry in page["parameters"]] == [
        ("of", True),
        ("target", True),
        ("full_marks", True),
        ("cap", False),
    ]


def test_every_scorer_has_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    listed = [line.split()[0] for line in output_of(capsys, "scorers").splitlines()]
    assert "weighted_sum" in listed
    for name in listed:
        assert output_of(capsys, "scorers", name).startswith(f"{name}\n")


def test_a_function_is_found_by_its_chinese_name(capsys: pytest.CaptureFixture[str]) -> None:
    shown = output_of(capsys, "functions", "居中值")
    assert shown.startswith("middle(first, second, third)\n")
    assert "  middle(3, 9, 5) = 5\n" in shown


def test_a_function_is_listed_once_whatever_its_other_names(capsys: pytest.CaptureFixture[str]) -> None:
    names = [entry["name"] for entry in json.loads(output_of(capsys, "functions", "--format", "json"))]
    assert names == sorted(set(names))
    assert {"middle", "gap_to_best", "clip"} <= set(names)


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        (
            ("scorers", "weigthed_sum"),
            "RC001: there is no scorer weigthed_sum\n  = did you mean weighted_sum?",
        ),
        (("functions", "midle"), "RC002: there is no function midle\n  = did you mean middle?"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_one(
    arguments: tuple[str, ...], report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(list(arguments)) == 2
    assert report in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_rulecore(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"_RULECORE_COMPLETE={shell}_complete" in output_of(capsys, "completion", shell)


def test_completion_completes_commands_and_names_no_broken_plugin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_RULECORE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "rulecore sco")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        run([])
    assert capsys.readouterr().out == "plain,scorers\n"


def test_columns_are_aligned_under_wide_characters() -> None:
    assert aligned([("甲", "x"), ("abc", "y")]) == "甲   x\nabc  y"
