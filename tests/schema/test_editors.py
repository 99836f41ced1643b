"""The language servers tombi and taplo, as linters: they take every shipped policy and point at faults."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.schema.policies import CHANGES, CORRECT, ROOT, SCHEMA_FILE, SHIPPED, changed

TOMBI = """
[schema]
catalog = {{ paths = [] }}
[[schemas]]
path = "{schema}"
include = ["**/*.toml"]
"""


def program(name: str) -> str:
    """Return the path of an editor's program, or skip the test where it is not installed."""
    found = shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    if found is None:
        pytest.skip(f"{name} is not installed (uv sync installs it where PyPI has it for this machine)")
    return found


def lint(tool: str, folder: Path, files: list[Path]) -> tuple[int, str]:
    """Return the exit code of a linter and what it said, for files that lie in ``folder``."""
    if tool == "taplo":
        arguments = ["lint", "--no-auto-config", "--colors", "never", "--schema", SCHEMA_FILE.as_uri()]
    else:
        (folder / "tombi.toml").write_text(TOMBI.format(schema=SCHEMA_FILE.as_posix()), encoding="utf-8")
        arguments = ["lint", "--offline", "--no-cache", "--error-on-warnings"]
    return run(tool, [*arguments, *(str(file.relative_to(folder)) for file in files)], folder)


def run(tool: str, arguments: list[str], folder: Path) -> tuple[int, str]:
    """Return the exit code of a program run in ``folder``, and what it said."""
    environment = {**os.environ, "NO_COLOR": "1", "XDG_CACHE_HOME": str(folder / "cache")}
    command = [program(tool), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def line_of(text: str, part: str) -> int:
    return text.count("\n", 0, text.index(part)) + 1


@pytest.mark.parametrize("tool", ["tombi", "taplo"])
def test_every_shipped_policy_is_accepted(tool: str, tmp_path: Path) -> None:
    copies = []
    for path in SHIPPED:
        copy = tmp_path / path.parent.name / path.name
        copy.parent.mkdir(exist_ok=True)
        copies.append(Path(shutil.copy(path, copy)))
    code, said = lint(tool, tmp_path, copies)
    assert code == 0, said


@pytest.mark.parametrize("tool", ["tombi", "taplo"])
def test_a_fault_is_shown_at_its_line(tool: str, tmp_path: Path) -> None:
    for index, (old, new, _where) in enumerate(CHANGES):
        text = changed(old, new)
        path = tmp_path / f"policy{index}.toml"
        path.write_text(text, encoding="utf-8")
        code, said = lint(tool, tmp_path, [path])
        line = line_of(text, new) + new.count("\n") if new else line_of(CORRECT, "[rules.grade]")
        assert (code, re.findall(rf"policy{index}\.toml:{line}:\d+", said) != []) == (1, True), (
            f"{new}\n{said}"
        )


@pytest.mark.parametrize(
    ("tool", "arguments"), [("tombi", ["--offline", "--no-cache", "--error-on-warnings"]), ("taplo", [])]
)
def test_the_settings_of_this_repository_lead_to_the_schemas(
    tool: str, arguments: list[str], tmp_path: Path
) -> None:
    for name in ("pyproject.toml", ".taplo.toml", "docs/policy.schema.json", "docs/cases.schema.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    policies = [path.relative_to(tmp_path) for path in sorted((tmp_path / "policies").rglob("*.toml"))]
    code, said = run(tool, ["lint", *arguments, *map(str, policies)], tmp_path)
    assert code == 0, said
    for name, old, new in (
        ("policy.toml", 'scorer = "bands"', 'scorer = "band"'),
        ("cases.toml", "name = ", "nmae = "),
    ):
        path = tmp_path / "policies" / "double_hundred" / name
        text = path.read_text(encoding="utf-8").replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        code, said = run(tool, ["lint", *arguments, str(path.relative_to(tmp_path))], tmp_path)
        assert (code, f"{name}:{line_of(text, new)}:" in said) == (1, True), said


def test_a_policy_may_name_its_schema_in_its_first_line(tmp_path: Path) -> None:
    shutil.copy(SCHEMA_FILE, tmp_path / "policy.schema.json")
    directive = "#:schema ./policy.schema.json\n"
    (tmp_path / "right.toml").write_text(directive + CORRECT, encoding="utf-8")
    wrong = directive + changed('type = "decimal"', 'type = "decimel"')
    (tmp_path / "wrong.toml").write_text(wrong, encoding="utf-8")
    for tool, arguments in (("tombi", ["--offline", "--no-cache"]), ("taplo", ["--no-auto-config"])):
        assert run(tool, ["lint", *arguments, "right.toml"], tmp_path)[0] == 0
        code, said = run(tool, ["lint", *arguments, "wrong.toml"], tmp_path)
        assert (code, f"wrong.toml:{line_of(wrong, 'decimel')}:" in said) == (1, True), said
