"""With what a run was computed: which plugins it used, and hashes that are the same wherever the code lies."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from attrs import evolve

from rulecore.api import load_policies
from rulecore.archive import request_of
from rulecore.archive.environment import Environment, Part, code_hash, environment_of
from rulecore.archive.environments import compare_environments
from tests.archive.packing import given, plugins

POLICIES = Path(__file__).parents[2] / "policies"


def environment(policy: str, records: str, output: str = "results.csv") -> Environment:
    request = request_of(policy, given(records), output=output)
    plans = load_policies(POLICIES / policy, registry=plugins()).plans
    return environment_of(plugins(), request, plans)


def used(found: Environment) -> set[str]:
    return {part.distribution for part in found.plugins if part.used}


def test_a_plugin_is_used_for_its_scorers_and_for_its_formats() -> None:
    assert used(environment("double_hundred", "a.csv")) == set()
    assert used(environment("double_hundred", "a.xlsx")) == {"rulecore-excel"}
    assert used(environment("double_hundred", "a.csv", "b.xlsx")) == {"rulecore-excel"}
    assert used(environment("annual", "a.csv")) == {"rulecore-luochuan"}


def test_the_libraries_are_those_that_write_what_is_written() -> None:
    assert [name for name, _version in environment("double_hundred", "a.csv").libraries] == ["polars"]
    assert {"polars", "xlsxwriter"} <= {
        name for name, _version in environment("double_hundred", "a.csv", "b.xlsx").libraries
    }


def test_an_environment_comes_back_from_its_json() -> None:
    found = environment("annual", "a.xlsx")
    assert Environment.from_json(found.to_json()) == found


def test_code_has_one_hash_wherever_it_lies_and_another_when_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = []
    for number, source in enumerate(("x = 1\n", "x = 1\n", "x = 2\n")):
        folder = tmp_path / str(number) / "packaged_for_this_test"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("", encoding="utf-8")
        (folder / "part.py").write_text(source, encoding="utf-8")
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / f"{number}.pyc").write_bytes(bytes([number]))
        with monkeypatch.context() as patch:
            patch.syspath_prepend(str(folder.parent))
            code_hash.cache_clear()
            hashes.append(code_hash(("packaged_for_this_test.part",)))
        sys.modules.pop("packaged_for_this_test", None)
        shutil.rmtree(folder)
    code_hash.cache_clear()
    assert hashes[0] == hashes[1]
    assert hashes[2] != hashes[0]


PLUGIN = Part(distribution="p", version="1", sha256="a" * 64, used=True)
CORE = Part(distribution="rulecore", version="1", sha256="b" * 64, used=True)
PACKED = Environment(rulecore=CORE, plugins=(PLUGIN,), libraries=(("polars", "2.1.0"),))


@pytest.mark.parametrize(
    ("here", "sentence"),
    [
        (evolve(PACKED, plugins=()), "the plugin p 1 is not installed here"),
        (evolve(PACKED, plugins=(evolve(PLUGIN, version="2"),)), "the plugin p 1 is 2 here"),
        (evolve(PACKED, plugins=(evolve(PLUGIN, sha256="c" * 64),)), "the plugin p 1 has other code here"),
        (evolve(PACKED, plugins=(evolve(PLUGIN, used=False),)), "the run does not use the plugin p 1"),
        (evolve(PACKED, plugins=(PLUGIN, evolve(PLUGIN, distribution="q"))), "the run uses the plugin q 1"),
    ],
)
def test_another_plugin_that_the_run_used_is_a_difference(here: Environment, sentence: str) -> None:
    differences, notes = compare_environments(PACKED, here)
    assert [item.text("en").startswith(sentence) for item in differences] == [True]
    assert notes == []


def test_other_versions_of_rulecore_and_libraries_and_idle_plugins_are_notes() -> None:
    idle = evolve(PACKED, plugins=(evolve(PLUGIN, used=False),))
    here = Environment(rulecore=evolve(CORE, version="2"), libraries=(("polars", "3.0.0"),))
    differences, notes = compare_environments(idle, here)
    assert differences == []
    assert [item.kind for item in notes] == ["rulecore", "plugin", "library"]
    assert compare_environments(PACKED, PACKED) == ([], [])
