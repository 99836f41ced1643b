"""A changed base is tried before it is issued; who set what is told of every value."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore.api
import rulecore.cli.main as main
from rulecore.errors import PolicyError
from rulecore.policy.load import load_policy_document
from rulecore.policy.origins import changes_from_base, effective_values

GROUP = """[policy]
name = "group"
version = "1"
abstract = true
[record]
entity = "unit"
[fields.unit]
type = "text"
[parameters]
cap = 3
[rules.score]
scorer = "formula"
value = "cap"
[output]
columns = ["unit", "score"]
[guardrails."parameters.cap"]
max = 5
why = "集团上限"
"""


@pytest.fixture
def annual(tmp_path: Path) -> Path:
    folder = tmp_path / "annual"
    folder.mkdir()
    (folder / "_group.toml").write_text(GROUP, encoding="utf-8")
    for name, cap in (("east", "cap = 5"), ("west", "cap = 2"), ("north", "")):
        text = f'[policy]\nname = "{name}"\nversion = "1"\nextends = "_group.toml"\n[parameters]\n{cap}\n'
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    (folder / "alone.toml").write_text(
        GROUP.replace("abstract = true\n", "").replace('"group"', '"alone"'), "utf-8"
    )
    return folder


def draft(folder: Path, text: str) -> Path:
    path = folder.parent / "draft.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lowered_cap_names_the_policies_it_breaks_and_no_others(annual: Path) -> None:
    report = rulecore.api.check_against(draft(annual, GROUP.replace("max = 5", "max = 4")), annual)
    assert [trial.path.stem for trial in report.trials] == ["east", "north", "west"]
    assert [trial.path.stem for trial in report.broken] == ["east"]
    (fault,) = report.broken[0].faults
    assert (fault.code.id, str(fault.values["limit"])) == ("RC803", "4")
    assert [Path(file).stem for file in report.unaffected] == ["alone"]


def test_a_changed_value_is_shown_where_it_is_inherited(annual: Path) -> None:
    report = rulecore.api.check_against(draft(annual, GROUP.replace("cap = 3", "cap = 4")), annual)
    changed = {trial.path.stem: [change.name for change in trial.changes] for trial in report.trials}
    assert changed == {"east": [], "north": ["parameters.cap"], "west": []}


def test_a_base_that_drops_what_policies_use_breaks_them_too(annual: Path) -> None:
    new = GROUP.replace("[parameters]\ncap = 3\n", "").replace('value = "cap"', 'value = "ceiling"')
    report = rulecore.api.check_against(draft(annual, new.replace("max = 5", "min = 0")), annual)
    assert [trial.path.stem for trial in report.broken] == ["east", "north", "west"]


def test_a_base_that_is_wrong_in_itself_is_refused(annual: Path) -> None:
    with pytest.raises(PolicyError, match="RC803"):
        rulecore.api.check_against(draft(annual, GROUP.replace("max = 5", "max = 1")), annual)


def test_a_base_nobody_extends_is_no_success(annual: Path) -> None:
    with pytest.raises(PolicyError, match=r"RC199(?s:.*)bases in use: group"):
        rulecore.api.check_against(draft(annual, GROUP.replace('"group"', '"groop"')), annual)


def test_no_file_is_touched(annual: Path) -> None:
    before = {path: path.read_bytes() for path in annual.iterdir()}
    rulecore.api.check_against(draft(annual, GROUP.replace("max = 5", "max = 4")), annual)
    assert {path: path.read_bytes() for path in annual.iterdir()} == before


def test_every_value_tells_who_set_it_and_what_it_replaced(annual: Path) -> None:
    document = load_policy_document(annual / "east.toml", annual).document
    values = {one.name: one for one in effective_values(document)}
    cap = values["parameters.cap"]
    assert (cap.value, str(cap.place), cap.own) == (5, "east.toml:6:7", True)
    assert [value for value, _ in cap.history] == [3, 5]
    assert (str(values["rules.score.value"].place), values["rules.score.value"].own) == (
        "_group.toml:13:9",
        False,
    )
    changes = [change for change in changes_from_base(document) if change.key[0] != "policy"]
    assert [(change.name, change.before, change.after) for change in changes] == [("parameters.cap", 3, 5)]


def test_the_commands_say_so(
    annual: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")

    def run(*arguments: str) -> tuple[int, str]:
        return main.run(arguments), capsys.readouterr().out

    path = draft(annual, GROUP.replace("max = 5", "max = 4"))
    code, text = run("check", "--against", str(path), str(annual))
    assert code == 2
    assert "east 1" in text
    assert "3 policies extend it, 1 would be in breach" in text
    code, text = run("show", "--origins", str(annual / "east.toml"))
    assert code == 0
    assert "in place of 3" in text
    code, text = run("show", "--diff-base", str(annual / "east.toml"))
    assert "3 → 5" in text
