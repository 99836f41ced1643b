"""``rulecore new``: what it writes works at once; nothing is written over or half."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

from rulecore import load_policy
from rulecore.cli import templates
from rulecore.cli.main import run
from rulecore.cli.new_names import name_faults, plugin_values
from rulecore.cli.templates import shell_path


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def new(kind: str, name: str, folder: Path) -> Path:
    assert run(["new", kind, name, "--dir", str(folder)]) == 0
    return folder / (name if kind == "policy" else f"rulecore-{name}")


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["annual-2025", "年度考核"])
def test_a_new_policy_is_checked_without_a_word(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = new("policy", name, tmp_path)
    assert files(policy) == {"README.md", "cases.toml", "policy.toml", "records.csv"}
    capsys.readouterr()
    assert run(["check", "--strict-warnings", str(policy)]) == 0
    assert "no faults" in capsys.readouterr().out


def test_the_cases_of_a_new_policy_pass_and_reach_everything(tmp_path: Path) -> None:
    policy = new("policy", "demo", tmp_path)
    assert run(["test", "--fail-under", "100", str(policy)]) == 0


def test_the_cases_of_a_new_policy_notice_every_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = new("policy", "demo", tmp_path)
    assert run(["test", "--mutate", str(policy)]) == 0
    assert "(100 %)" in capsys.readouterr().out.split("changes noticed in ")[1].splitlines()[0]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_the_records_of_a_new_policy_are_scored(engine: str, tmp_path: Path) -> None:
    policy = new("policy", "demo", tmp_path)
    results = load_policy(policy).evaluate(policy / "records.csv", engine=engine)
    assert (results.rows_scored, results.rows_quarantined) == (4, 0)
    assert load_policy(policy).plan.policy.policy.name == "demo"


def test_the_commands_in_the_files_name_the_folder_that_was_written(tmp_path: Path) -> None:
    policy = new("policy", "demo", tmp_path)
    assert f"rulecore check {shell_path(policy)}\n" in (policy / "README.md").read_text(encoding="utf-8")
    assert f"#   rulecore test {shell_path(policy)}\n" in (policy / "policy.toml").read_text(encoding="utf-8")


def installed(plugin: Path, site: Path) -> dict[str, str]:
    """Install a distribution as an editable installation does; return the environment that sees it."""
    project = tomli.loads((plugin / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    header = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (metadata / "METADATA").write_text(header, encoding="utf-8")
    entries = [f"{name} = {module}" for name, module in project["entry-points"]["rulecore"].items()]
    (metadata / "entry_points.txt").write_text("\n".join(("[rulecore]", *entries, "")), encoding="utf-8")
    path = os.pathsep.join((str(site), str(plugin)))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def test_a_new_plugin_passes_its_own_tests_and_is_found(tmp_path: Path) -> None:
    plugin = new("plugin", "demo-two", tmp_path)
    environment = installed(plugin, tmp_path / "site")
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=plugin,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
    page = subprocess.run(
        [sys.executable, "-c", "from rulecore.cli import main; main()", "scorers", "demo_two_days_late"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert page.stdout.endswith("Given by rulecore-demo-two 0.1.0\n")


def test_a_new_plugin_is_clean_to_the_linters(tmp_path: Path) -> None:
    plugin = new("plugin", "demo", tmp_path)
    for arguments in (["check", "--select", "E,F,I,B,UP"], ["format", "--check"]):
        settings = ["--isolated", "--no-cache", "--line-length", "110"]
        command = [sys.executable, "-m", "ruff", *arguments, *settings, "."]
        done = subprocess.run(command, cwd=plugin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["demo", "rulecore-demo"])
def test_a_plugin_may_be_named_with_or_without_the_prefix(name: str) -> None:
    assert plugin_values(name) == {
        "name": "demo",
        "distribution": "rulecore-demo",
        "module": "rulecore_demo",
        "scorer": "demo_days_late",
        "code": "DEMO",
    }


@pytest.mark.parametrize(
    ("kind", "name", "near"),
    [
        ("policy", "", "年度考核"),
        ("policy", "../escape", "escape"),
        ("policy", "a/b", "a-b"),
        ("policy", "年度 考核", "年度-考核"),
        ("policy", ".hidden", "hidden"),
        ("policy", "_hidden", "hidden"),
        ("policy", "a\nb", "a-b"),
        ("policy", "NUL", "年度考核"),
        ("policy", "长" * 61, "长" * 60),
        ("plugin", "Luo Chuan", "luo-chuan"),
        ("plugin", "luo_chuan", "luo-chuan"),
        ("plugin", "洛川", "luochuan"),
        ("plugin", "9lives", "luochuan"),
        ("plugin", "a--b", "a-b"),
        ("plugin", "rulecore", "luochuan"),
        ("plugin", "rc1", "luochuan"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(kind: str, name: str, near: str) -> None:
    (fault,) = name_faults(kind, name)  # type: ignore[arg-type]
    assert (fault.code.id, fault.values["suggestion"]) == ("RC014", near)
    assert name_faults(kind, near) == () or near == "luochuan"  # type: ignore[arg-type]


def test_what_is_there_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("folder", "file", "link"):
        place = tmp_path / name
        if name == "folder":
            place.mkdir()
        elif name == "file":
            place.write_text("mine", encoding="utf-8")
        else:
            place.symlink_to(tmp_path / "nowhere")
        assert run(["new", "policy", name, "--dir", str(tmp_path)]) == 2
        assert "RC015" in capsys.readouterr().err
    assert files(tmp_path) == {"file"}


def test_a_missing_folder_is_not_created(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "policy", "demo", "--dir", str(tmp_path / "nowhere")]) == 2
    assert "RC016" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_plugin_that_is_installed_is_not_begun_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "plugin", "excel", "--dir", str(tmp_path)]) == 2
    assert "RC018: a plugin rulecore-excel is installed already" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write = Path.write_text

    def fails_at_the_third(path: Path, text: str, **settings: str) -> int:
        if path.name == "policy.toml":
            raise OSError(28, "No space left on device")
        return write(path, text, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(templates.Path, "write_text", fails_at_the_third)
    assert run(["new", "policy", "demo", "--dir", str(tmp_path)]) == 2
    assert "RC017" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("policies/年度考核", "policies/年度考核"),
        ("my folder/demo", "'my folder/demo'"),
        ("a\nb/demo", "demo"),
    ],
)
def test_paths_are_shown_as_a_shell_takes_them(path: str, typed: str) -> None:
    assert shell_path(Path(path)) == typed
