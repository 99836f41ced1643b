"""Engines that take a run as a whole: what they are handed, and what other commands say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.api import load_policies
from rulecore.cli.main import run
from rulecore.errors import InputError, UsageError

POLICY = Path(__file__).parents[2] / "policies" / "double_hundred"

PLUGIN = '''
"""An engine that computes nothing: it writes down what it was handed."""

from pathlib import Path

from rulecore.contracts import Code, Engine, Fault
from rulecore.errors import InputError
from rulecore.markers import hookimpl
from rulecore.summary import Summary

REFUSED = Code(id="XX001", message="row {row} is refused", hint="")
NOTE = Code(id="XX002", message="what a person should know", hint="", severity="note")


class Records:
    """Records of this engine's own kind."""


class Results:
    def __init__(self, run):
        self.run = run
        self.rows_in, self.rows_blank = 7, 1
        self.rows_quarantined = 2 if "bad" in str(run.records) else 0
        self.rows_scored = 6 - self.rows_quarantined
        self.notes = (Fault(code=NOTE),)

    def summary(self):
        counts = {"scored": self.rows_scored, "quarantined": self.rows_quarantined}
        return Summary(policies=(), rows=7, blank=1, unrouted=0, **counts)

    def reasons(self, most):
        return tuple(Fault(code=REFUSED, values={"row": row}) for row in (3, 4))[:most]

    def write(self, output, *, manifest=True):
        names = [plan.policy.policy.name for plan in self.run.policies.plans]
        Path(output).write_text(f"{names} {self.run.records} {self.run.as_of} {manifest}")
        return (Path(output),)


@hookimpl
def rulecore_engines():
    return [
        Engine(
            name="whole",
            summary="Writes down what it was handed.",
            evaluate=lambda plan, frame: frame,
            whole=Results,
            recognises=lambda records: isinstance(records, Records),
        )
    ]
'''


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "whole.py").write_text(PLUGIN, encoding="utf-8")
    return folder


def _run(plugins: Path, capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = run(["--lang", "en", "run", str(POLICY), "--plugins-dir", str(plugins), *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_run_is_handed_over_and_its_results_are_told(
    plugins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    asked = ("--records", "a folder", "--records", "b", "--output", output, "--engine", "whole")
    code, said = _run(plugins, capsys, *asked, "--as-of", "2024-05-06", "--no-manifest")
    assert code == 0, said
    assert output.read_text() == "['double-hundred'] ['a folder', 'b'] 2024-05-06 False"
    assert "7 rows read = 6 scored + 0 quarantined + 1 blank" in said
    assert "note XX002: what a person should know" in said
    assert f"written: {output}" in said


def test_refused_rows_are_in_the_exit_code_and_strict_writes_nothing(
    plugins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    asked = ("--records", "bad", "--output", output, "--engine", "whole")
    code, said = _run(plugins, capsys, *asked, "--strict")
    assert code == 2
    assert not output.exists()
    assert "row 3 is refused" in said
    assert "2 of 7 rows are refused" in said
    code, said = _run(plugins, capsys, *asked, "--quiet")
    assert (code, said) == (1, "")


def test_every_option_that_such_an_engine_cannot_take_is_refused_at_once(
    plugins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (
        "--records",
        "a",
        "--output",
        "-",
        "--engine",
        "whole",
        "--sheet",
        "1",
        "--report",
        "markdown=x.md",
    )
    code, said = _run(plugins, capsys, *asked, "--table", "votes=votes.csv")
    assert code == 2
    assert said.count("RC568") == 4
    for option in ("--sheet", "--report", "--table", "--output -"):
        assert f"{option} cannot be used with the engine whole" in said


def test_commands_that_need_results_at_hand_say_so(plugins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = POLICY / "records.csv"
    arguments = ["explain", POLICY, "--records", records, "--engine", "whole", "--plugins-dir", plugins]
    code = run(["--lang", "en", *map(str, arguments), "--entity", "A"])
    assert code == 2
    assert "RC559: the engine whole writes the results of whole runs" in capsys.readouterr().err


def test_records_of_an_engines_own_kind_go_to_it(plugins: Path) -> None:
    policies = load_policies(POLICY, plugins_dir=plugins)
    own = policies.registry.engines["whole"].value
    module = __import__("sys").modules[own.whole.__module__]
    records = module.Records()

    found = policies.evaluate(records)

    assert type(found) is module.Results
    assert found.run.records is records
    with pytest.raises(
        UsageError, match=r"RC569.*records of the engine whole cannot be evaluated by the engine exact"
    ):
        policies.evaluate(records, engine="exact")
    with pytest.raises(UsageError, match="RC568"):
        policies.evaluate(records, tables={"votes": []})
    with pytest.raises(UsageError, match=r"RC003.*\n.*whole"):
        policies.evaluate_whole("records.csv", engine="exact")
    with pytest.raises(InputError):
        policies.evaluate("no such file.csv")
